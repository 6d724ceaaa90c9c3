"""Messages that are published while the directory changes: each finds exactly one state of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from callboard.settings import Settings
from tests.messages.press import FAULT, call, deliveries, publish
from tests.recipients.world import World
from tests.serving import Server, serving
from tests.signing import call_v3

ROUNDS = 40


@pytest.fixture
def pair(own_settings: Settings) -> Iterator[tuple[Server, Server]]:
    """Two servers over one database."""
    with serving(own_settings) as one, serving(own_settings) as two:
        yield one, two


def test_a_message_about_an_account_that_moves_goes_to_those_of_one_place(pair: tuple[Server, Server]) -> None:
    world = World(pair[0].account(), now=pair[0].runtime.clock() - 3_600_000)
    here, there = world.folder("here"), world.folder("there")
    member = world.member(here)
    world.bind(world.contact("tom", email="tom@example.com"), here)
    world.bind(world.contact("ann", email="ann@example.com"), there)
    beside = replace(world.account, server=pair[1])

    def move() -> list[int]:
        targets = [there, here] * (ROUNDS // 2)
        named = [{"AccountId": member, "DestinationFolderId": each} for each in targets]
        return [call_v3(beside, "MoveAccount", each).status for each in named]

    def tell() -> list[str]:
        return [publish(world.account, member).json["MessageId"] for _ in range(ROUNDS)]

    with ThreadPoolExecutor(3) as pool:
        moving, *telling = pool.submit(move), pool.submit(tell), pool.submit(tell)
        told = [message_id for each in telling for message_id in each.result()]

    assert set(moving.result()) == {200}
    found = [[recipient for _, recipient, _ in deliveries(world.account, each)] for each in told]
    assert len(found) == 2 * ROUNDS
    assert all(each in (["tom@example.com"], ["ann@example.com"]) for each in found)
    dates = {
        each["MessageId"]: each["CreateDate"]
        for each in call(world.account, "ListMessages", MaxResults=100).json["Messages"]
    }
    assert len(set(dates.values())) == len(told)
    for message_id, recipients in zip(told, found, strict=True):
        asked = {"AccountId": member, "MessageType": FAULT, "AsOf": dates[message_id]}
        then = call(world.account, "ListRecipients", **asked).json["Recipients"]
        assert [each["EmailAddress"] for each in then] == recipients


def test_messages_with_keys_of_their_own_do_not_hinder_one_another(pair: tuple[Server, Server]) -> None:
    world = World(pair[0].account(), now=pair[0].runtime.clock() - 3_600_000)
    member = world.member()
    accounts = [replace(world.account, server=each) for each in pair]

    with ThreadPoolExecutor(8) as pool:
        sent = [(accounts[number % 2], f"alarm-{number // 4}") for number in range(80)]
        answers = list(pool.map(lambda each: publish(each[0], member, IdempotencyKey=each[1]), sent))

    assert {each.status for each in answers} == {200}
    listed = [each["MessageId"] for each in call(world.account, "ListMessages").json["Messages"]]
    assert sorted(listed) == sorted({each.json["MessageId"] for each in answers})
    assert len(listed) == 20
