"""ListMessages: newest first, a page at a time, in bounded work; and how long messages are kept."""

from typing import Any

import pytest

from callboard.clock import write_moment
from callboard.delivery import outbox
from callboard.messages import storage
from tests.messages.press import call, letters, published
from tests.recipients.world import World
from tests.serving import Account

DAY_MS = 24 * 60 * 60 * 1000


def ids(account: Account, **parameters: Any) -> list[str]:
    """All pages."""
    found: list[str] = []
    while True:
        answer = call(account, "ListMessages", **parameters).json
        assert len(answer["Messages"]) <= int(parameters.get("MaxResults", 50))
        found += [each["MessageId"] for each in answer["Messages"]]
        if "NextToken" not in answer:
            return found
        parameters["NextToken"] = answer["NextToken"]


def test_messages_are_listed_newest_first_by_account_type_and_time(world: World) -> None:
    one, two = world.member(), world.member()
    made = [
        published(world.account, member, MessageType=message_type)
        for member in (one, two)
        for message_type in ("FaultMessage", "SecurityMessage", "FaultMessage")
    ]
    middle = call(world.account, "GetMessage", MessageId=made[3]).json["Message"]["CreateDate"]

    assert sorted(ids(world.account)) == sorted(made)
    dates = [each["CreateDate"] for each in call(world.account, "ListMessages").json["Messages"]]
    assert dates == sorted(dates, reverse=True)
    assert set(ids(world.account, AccountId=one)) == set(made[:3])
    assert set(ids(world.account, AccountId=two, MessageType="SecurityMessage")) == {made[4]}
    before, since = set(ids(world.account, EndTime=middle)), set(ids(world.account, StartTime=middle))
    assert (before | since, before & since) == (set(made), set())
    assert made[3] in since


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_of_any_size_hold_every_message_once(world: World, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "EXAMINED", 3)  # A bound, so that the test needs no thousand messages.
    member = world.member()
    made = [
        published(world.account, member, MessageType=message_type)
        for message_type in ("FaultMessage", "FaultMessage", "ServiceMessage", "FaultMessage", "FaultMessage")
    ]

    assert sorted(ids(world.account, MaxResults=size)) == sorted(made)
    assert ids(world.account, MaxResults=size, MessageType="ServiceMessage") == [made[2]]
    found = ids(world.account, MaxResults=size, MessageType="FaultMessage", AccountId=member)
    assert sorted(found) == sorted(made[:2] + made[3:])


def test_a_list_tells_no_content_and_no_address(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)
    published(world.account, member, Content="secret plan")

    answer = call(world.account, "ListMessages")

    assert answer.json["Messages"][0]["Subject"]
    assert b"secret plan" not in answer.body
    assert b"tom@example.com" not in answer.body


def test_messages_are_kept_until_they_are_old_and_of_no_use(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)
    published(world.account, member, Severity="Info", IdempotencyKey="alarm-1")
    message = call(world.account, "ListMessages").json["Messages"][0]
    letter = letters(world, "tom@example.com")[0]
    deadline = letter.created_at + DAY_MS

    def cleared(before: int) -> tuple[int, int]:
        return world.run(lambda open_: (storage.clear(open_, before=before), outbox.clear(open_, before=before)))

    assert message["Deadline"] == write_moment(deadline)
    early = cleared(deadline)
    assert ids(world.account) == [message["MessageId"]]
    late = cleared(deadline + 1)
    assert min(late) >= 1
    assert early == (0, 0) or ids(world.account) == []
    assert letters(world, "tom@example.com") == []
    assert published(world.account, member, Severity="Info", IdempotencyKey="alarm-1") != message["MessageId"]
