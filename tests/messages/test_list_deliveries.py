"""ListDeliveries: who was told, when and why; by contact, by message, or all, a page at a time, in bounded work."""

from typing import Any

import pytest

from callboard.contacts import refusals
from callboard.delivery.outbox import State
from callboard.messages import listing
from callboard.settings import Settings
from tests.access.rights import allow, user_with
from tests.audit.trail import records
from tests.messages.press import USUAL, Present, call, claimed, end, published
from tests.messages.test_delivery import ELSEWHERE, site
from tests.recipients.test_rights import account_path, folder_path
from tests.recipients.world import World
from tests.serving import Account, Server

pytest_plugins = ["tests.e2e.surroundings"]
TYPES = ("FaultMessage", "SecurityMessage")


def listed(account: Account, **parameters: Any) -> list[dict[str, Any]]:
    """All pages."""
    found: list[dict[str, Any]] = []
    while True:
        answer = call(account, "ListDeliveries", **parameters)
        assert answer.status == 200, answer.body
        assert len(answer.json["Deliveries"]) <= int(parameters.get("MaxResults", 50))
        found += answer.json["Deliveries"]
        if "NextToken" not in answer.json:
            return found
        parameters["NextToken"] = answer.json["NextToken"]


def pairs(found: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Message and contact of each."""
    return {(each["MessageId"], each.get("ContactId", "")) for each in found}


def test_deliveries_are_listed_by_contact_message_account_type_state_and_time(world: World) -> None:
    one, two = world.member(), world.member()
    tom = world.contact("tom", email="tom@example.com", types=TYPES)
    ann = world.contact("ann", email="ann@example.com", types=TYPES)
    world.bind(tom, world.directory_id)
    world.bind(ann, two)
    made = [published(world.account, member, MessageType=each) for member in (one, two) for each in TYPES]
    world.run(lambda open_: refusals.add(open_, world.directory_id, "tom@example.com", "c-1", at=world.now))
    last = published(world.account, two)
    everything = {*((each, tom) for each in made), *((each, ann) for each in made[2:]), (last, tom), (last, ann)}

    def found(**parameters: Any) -> set[tuple[str, str]]:
        rows = listed(world.account, **parameters)
        assert len(pairs(rows)) == len(rows)
        return pairs(rows)

    middle = call(world.account, "GetMessage", MessageId=made[2]).json["Message"]["CreateDate"]
    assert found() == everything
    assert found(ContactId=ann) == {(each, ann) for each in (*made[2:], last)}
    assert found(MessageId=made[2]) == {(made[2], tom), (made[2], ann)}
    assert found(MessageId=made[2], ContactId=ann) == {(made[2], ann)}
    assert found(MessageId=made[0], ContactId=ann) == set()
    assert found(AccountId=one) == {(each, tom) for each in made[:2]}
    assert found(ContactId=tom, AccountId=two, MessageType="SecurityMessage") == {(made[3], tom)}
    assert found(MessageType="SecurityMessage") == {(made[1], tom), (made[3], tom), (made[3], ann)}
    assert found(State="Suppressed") == {(last, tom)}
    assert found(State="Kept", MessageId=last) == {(last, ann)}
    assert found(State="Bounced") == set()
    for parameters in ({}, {"ContactId": tom}):
        whole = {each for each in everything if not parameters or each[1] == tom}
        since, before = found(**parameters, StartTime=middle), found(**parameters, EndTime=middle)
        assert (since | before, since & before) == (whole, set())
        assert (made[2], tom) in since
    for parameters in ({}, {"ContactId": tom}):
        dates = [each["CreateDate"] for each in listed(world.account, **parameters)]
        assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_of_any_size_hold_every_delivery_once(world: World, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "EXAMINED", 3)  # A bound, so that the test needs no thousand messages.
    member, lonely = world.member(), world.member()
    people = [world.contact(types=TYPES) for _ in range(3)]
    for each in people:
        world.bind(each, member)
    made = [published(world.account, member, MessageType=TYPES[number % 2]) for number in range(4)]
    untold = published(world.account, lonely)

    def found(**parameters: Any) -> list[tuple[str, str]]:
        rows = listed(world.account, MaxResults=size, **parameters)
        return [(each["MessageId"], each.get("ContactId", "")) for each in rows]

    everything = {(message, contact) for message in made for contact in people}
    assert sorted(found()) == sorted({*everything, (untold, "")})
    assert sorted(found(MessageType=TYPES[1])) == sorted(each for each in everything if each[0] in made[1::2])
    assert sorted(found(ContactId=people[1])) == sorted((each, people[1]) for each in made)
    assert sorted(found(ContactId=people[1], MessageType=TYPES[1])) == sorted((each, people[1]) for each in made[1::2])
    assert sorted(found(MessageId=made[0])) == sorted((made[0], each) for each in people)
    assert found(AccountId=lonely) == [(untold, "")]
    assert found(State="Queued") == []


def test_a_delivery_is_shown_with_its_message_and_its_tries(own_settings: Settings) -> None:
    with site(own_settings, **ELSEWHERE) as world:
        member, tom = world.member(name="production"), world.contact("tom", email="tom@example.com")
        world.bind(tom, member)
        message_id = published(world.account, member)

        (queued,) = listed(world.account, ContactId=tom)
        (each,) = claimed(world)
        end(world, each, State.FAILED, "550 no")
        (failed,) = listed(world.account, ContactId=tom, State="Failed")
        whole = call(world.account, "GetMessage", MessageId=message_id).json["Message"]

    assert queued["State"] == "Queued"
    assert queued["Attempts"] == []
    about = ("AccountId", "MessageType", "Severity", "Subject", "Kind", "CreateDate", "MessageId")
    assert {name: failed[name] for name in about} == {name: whole[name] for name in about}
    assert {name: value for name, value in failed.items() if name not in about[:-1]} == whole["Deliveries"][0]
    assert (failed["AttemptCount"], failed["Attempts"][0]["Answer"]) == (1, "550 no")


def test_the_trail_and_the_deliveries_answer_whether_the_finance_director_was_told(
    world: World, server: Server
) -> None:
    """Who published what and when, to whom it went by which binding; also after all of that has changed."""
    folder = world.folder("Finance")
    member = world.member(folder, name="production")
    director = world.contact("director", email="cfo@example.com")
    world.bind(director, folder)
    user = user_with(
        world.account, allow("callboard:PublishMessage", resource=account_path(world, world.root_id, folder, "*"))
    )
    message_id = published(user, member)
    world.unbind(director, folder)
    world.delete(director, is_kept=False)
    not_told = published(user, member)

    (told,) = listed(world.account, ContactId=director)
    (record,) = [
        each for each in records(world.account, action_name="PublishMessage") if told["DeliveryId"] in each["After"]
    ]

    assert (told["MessageId"], told["Name"], told["Recipient"]) == (message_id, "director", "cfo@example.com")
    assert (told["Subject"], told["AccountId"], told["State"]) == (USUAL["Subject"], member, "Kept")
    assert [(path["Kind"], path["ScopeName"]) for path in told["Paths"]] == [("Inherited", "Finance")]
    assert record["EventTime"] >= told["CreateDate"][:19]
    assert record["Principal"].endswith(f"user/{_name(record)}")
    assert message_id in record["Resource"]
    assert not_told not in {each["MessageId"] for each in listed(world.account, ContactId=director)}
    assert {each["Cause"] for each in listed(world.account, MessageId=not_told)} == {"Fallback"}


def _name(record: dict[str, Any]) -> str:
    return str(record["Principal"]).rpartition("/")[2]


def test_a_caller_needs_the_right_to_the_contact_and_the_account_or_to_all(world: World) -> None:
    member, tom = world.member(), world.contact("tom", email="tom@example.com")
    world.bind(tom, member)
    message_id = published(world.account, member)
    of_contact = allow("callboard:ListDeliveries", resource=f"acs:resourcemanager:*:*:messagecontact/{tom}")
    of_account = allow("callboard:ListDeliveries", resource=account_path(world, world.root_id, member))
    of_root = allow("callboard:ListDeliveries", resource=folder_path(world, world.root_id))
    by_contact, by_account, by_both = (
        user_with(world.account, *each) for each in ((of_contact,), (of_account,), (of_contact, of_account))
    )
    everything = user_with(world.account, of_root)

    def statuses(user: Account) -> list[int]:
        asked: tuple[dict[str, str], ...] = (
            {"ContactId": tom}, {"AccountId": member}, {"ContactId": tom, "AccountId": member},
            {"MessageId": message_id}, {},
        )  # fmt: skip
        return [call(user, "ListDeliveries", **each).status for each in asked]

    assert statuses(by_contact) == [200, 403, 403, 403, 403]
    assert statuses(by_account) == [403, 200, 403, 403, 403]
    assert statuses(by_both) == [200, 200, 200, 403, 403]
    assert statuses(everything) == [403, 403, 403, 200, 200]


def test_deliveries_of_another_directory_are_not_listed(world: World, server: Server) -> None:
    other = Present(server.account())
    member, tom = world.member(), world.contact("tom")
    world.bind(tom, member)
    message_id = published(world.account, member)

    for parameters in ({}, {"ContactId": tom}, {"MessageId": message_id}, {"AccountId": member}):
        assert listed(other.account, **parameters) == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("NextToken", "x", "InvalidParameter"),
        ("NextToken", f"01.m-0123456789abcdef.{'0' * 32}", "InvalidParameter"),
        ("NextToken", f"1.m-0123456789abcdef.{'0' * 31}", "InvalidParameter"),
        ("State", "sent", "InvalidParameter"),
        ("MaxResults", "101", "InvalidParameter"),
        ("StartTime", "yesterday", "InvalidParameter"),
        ("MessageId", "m-x", "InvalidParameter"),
        ("MessageType", "Spam", "InvalidParameter"),
        ("ContactId", "tom", "InvalidParameter.ContactId"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(world: World, name: str, value: str, code: str) -> None:
    refused = call(world.account, "ListDeliveries", **{name: value})

    assert (refused.status, refused.code, name in refused.json["Message"]) == (400, code, True)


def test_a_period_that_ends_before_it_begins_is_refused(world: World) -> None:
    period = {"StartTime": "2026-11-25T10:00:00Z", "EndTime": "2026-11-25T09:00:00Z"}

    assert call(world.account, "ListDeliveries", **period).code == "InvalidParameter"
