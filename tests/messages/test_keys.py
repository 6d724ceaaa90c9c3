"""Idempotency keys: a call that is sent twice has one effect."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from callboard.messages import keys
from callboard.settings import Settings
from tests.messages.press import VERSION, Present, call, letters, publish, published, untold
from tests.recipients.world import World
from tests.serving import Account, Server, serving

CALLS = 1_000
DAY_MS = 24 * 60 * 60 * 1000
WITHOUT_REQUEST_ID = ("MessageId", "CreateDate", "DeliveryCount", "SuppressedCount", "Fallback")


@pytest.fixture
def own(own_settings: Settings) -> Iterator[Server]:
    """A server that one test has for itself."""
    with serving(own_settings) as running:
        yield running


def messages(account: Account) -> list[str]:
    return [each["MessageId"] for each in call(account, "ListMessages").json["Messages"]]


def test_the_same_again_has_no_effect_and_the_same_answer(world: World) -> None:
    member, tom = world.member(), world.contact("tom", email="tom@example.com")
    world.bind(tom, member)

    first = publish(world.account, member, IdempotencyKey="alarm-1").json
    world.unbind(tom, member)
    second = publish(world.account, member, IdempotencyKey="alarm-1").json
    world.remove(member)
    third = publish(world.account, member, IdempotencyKey="alarm-1").json

    for again in (second, third):
        assert {name: again[name] for name in WITHOUT_REQUEST_ID} == {name: first[name] for name in WITHOUT_REQUEST_ID}
        assert again["RequestId"] != first["RequestId"]
    assert messages(world.account) == [first["MessageId"]]
    assert len(letters(world, "tom@example.com")) == 1


def test_a_message_that_told_nobody_is_counted_once(world: World) -> None:
    member, before = world.member(), untold(world.server)

    for _ in range(3):
        published(world.account, member, IdempotencyKey="alarm-1")

    assert untold(world.server) == before + 1


@pytest.mark.parametrize(
    "change",
    [
        {"Subject": "Other"}, {"Content": "Other"}, {"Severity": "Info"}, {"MessageType": "SecurityMessage"},
        {"Link": "https://example.com/"}, {"Sender": "Other"}, {"TimeToLive": "60"}, {"ContentType": "Markdown"},
        {"AccountId": ""},
    ],
)  # fmt: skip
def test_a_key_with_anything_else_is_a_conflict(world: World, change: dict[str, str]) -> None:
    member, other = world.member(), world.member()
    published(world.account, member, IdempotencyKey="alarm-1")
    changed = {"AccountId": other} if "AccountId" in change else change

    refused = publish(world.account, member, IdempotencyKey="alarm-1", **changed)

    assert (refused.status, refused.code) == (409, "IdempotentParameterMismatch")
    assert len(messages(world.account)) == 1


def test_keys_are_the_directorys_own_and_need_not_be_given(world: World, server: Server) -> None:
    other = Present(server.account())
    member = world.member()
    ids = {
        published(world.account, member, IdempotencyKey="alarm-1"),
        published(world.account, member, IdempotencyKey="alarm-2"),
        published(world.account, member),
        published(world.account, member),
        published(other.account, other.member(), IdempotencyKey="alarm-1"),
    }

    assert len(ids) == 5


def test_a_refused_message_leaves_its_key_free(world: World) -> None:
    assert publish(world.account, "1000000000000000", IdempotencyKey="alarm-1").status == 404

    assert publish(world.account, world.member(), IdempotencyKey="alarm-1").status == 200


def test_a_key_stands_for_24_hours(own: Server) -> None:
    world = Present(own.account())
    member = world.member()
    first = published(world.account, member, IdempotencyKey="alarm-1")
    own.runtime.clock.advance(DAY_MS - 60_000)
    within = published(world.account, member, IdempotencyKey="alarm-1")
    own.runtime.clock.advance(60_001)

    after = published(world.account, member, IdempotencyKey="alarm-1", Subject="Another one")

    assert within == first
    assert after != first
    own.runtime.clock.advance(DAY_MS)
    assert [own.run(lambda open_: keys.clear(open_, now=own.runtime.clock())) for _ in range(2)] == [1, 0]


def test_many_calls_with_one_key_on_two_servers_have_one_effect_and_one_answer(
    own: Server, own_settings: Settings
) -> None:
    with serving(replace(own_settings, background=False)) as second:
        world = Present(own.account())
        member = world.member()
        world.bind(world.contact("tom", email="tom@example.com"), member)
        there = replace(world.account, server=second)

        parameters = {
            "AccountId": member, "MessageType": "FaultMessage", "Severity": "Critical", "Subject": "s", "Content": "c",
            "IdempotencyKey": "alarm-1",
        }  # fmt: skip
        answers = asyncio.run(_all_at_once([world.account, there], parameters, CALLS // 2))

        assert len(answers) == CALLS
        assert len({tuple(each[name] for name in WITHOUT_REQUEST_ID) for each in answers}) == 1
        assert len({each["RequestId"] for each in answers}) == CALLS
        assert len(messages(world.account)) == 1
        assert len(letters(world, "tom@example.com")) == 1


async def _all_at_once(accounts: list[Account], parameters: dict[str, str], times: int) -> list[dict[str, Any]]:
    """The same call so many times by each account, every one sent on a connection of its own before any is read."""
    opened = [
        (await asyncio.open_connection(*each.server.endpoint.split(":")), each)
        for each in accounts
        for _ in range(times)
    ]
    for (_, writer), account in opened:
        body = json.dumps({"Action": "PublishMessage", "Version": VERSION, **parameters})
        writer.write(
            f"POST / HTTP/1.1\r\nhost: {account.server.endpoint}\r\nconnection: close\r\n"
            f"authorization: Bearer {account.key_id}.{account.secret}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n{body}".encode()
        )
    answers = []
    for (reader, writer), _ in opened:
        head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
        assert head.startswith("HTTP/1.1 200 "), head + body
        answers.append(json.loads(body))
        writer.close()
        await writer.wait_closed()
    return answers
