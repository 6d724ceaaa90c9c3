"""A message published: who gets it, by what, why; and what can be read of it afterwards."""

import json
from dataclasses import replace
from typing import Any

import pytest

from callboard.contacts import refusals
from callboard.settings import Settings
from tests.audit.trail import records
from tests.messages.press import (
    CONTENT,
    SUBJECT,
    USUAL,
    Present,
    call,
    deliveries,
    letters,
    publish,
    published,
    shown,
    untold,
    with_bearer,
)
from tests.owner import Owner
from tests.recipients.world import World
from tests.serving import LOG, serving

PHONE = "86-13900001234"
DAY_MS = 24 * 60 * 60 * 1000


def refuse(world: World, address: str) -> None:
    world.run(lambda open_: refusals.add(open_, world.directory_id, address, "c-1", at=world.now))


def test_whoever_is_told_of_the_type_gets_it_and_nobody_else(world: World) -> None:
    folder = world.folder("Finance")
    member, elsewhere = world.member(folder, name="production"), world.member()
    world.bind(world.contact("tom", email="tom@example.com"), world.directory_id)
    world.bind(world.contact("ann", email="ann@example.com"), folder)
    world.bind(world.contact("ann2", email="other@example.com"), elsewhere)
    world.bind(world.contact("sec", email="sec@example.com", types=("SecurityMessage",)), member)
    world.bind(world.contact("new", email="new@example.com", is_proven=False), member)

    answer = publish(world.account, member)
    message = shown(world.account, answer.json["MessageId"])

    assert (answer.status, answer.json["DeliveryCount"], answer.json["Fallback"]) == (200, 2, False)
    assert deliveries(world.account, answer.json["MessageId"]) == [
        ("email", "tom@example.com", "Kept"),
        ("email", "ann@example.com", "Kept"),
    ]
    paths = [path for each in message["Deliveries"] for path in each["Paths"]]
    assert [(each["Kind"], each["ScopeName"]) for each in paths] == [("Inherited", "root"), ("Inherited", "Finance")]
    (letter,) = letters(world, "ann@example.com")
    assert (letter.content.subject, CONTENT in letter.content.text) == (SUBJECT, True)
    assert "bound to Finance" in letter.content.text


def test_a_message_is_read_as_it_was_published(world: World) -> None:
    member = world.member()
    more = {"ContentType": "Markdown", "Link": "https://example.com/17", "Sender": "Monitoring", "TimeToLive": 3600}
    message_id = published(world.account, member, **{**more, "Content": "*now*\n"})

    found = shown(world.account, message_id)

    assert {name: found[name] for name in ("AccountId", "MessageId", "Content", "ContentType", "Link", "Sender")} == {
        "AccountId": member,
        "MessageId": message_id,
        "Content": "*now*\n",
        "ContentType": "Markdown",
        "Link": "https://example.com/17",
        "Sender": "Monitoring",
    }
    assert {name: found[name] for name in ("MessageType", "Severity", "Subject")} == {
        name: USUAL[name] for name in ("MessageType", "Severity", "Subject")
    }
    assert found["CreateDate"] < found["Deadline"]


def test_json_with_a_bearer_key_is_the_same(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)

    answer = with_bearer(world.account, "PublishMessage", {"AccountId": member, **USUAL, "TimeToLive": 60})

    assert (answer.status, answer.json["DeliveryCount"]) == (200, 1)
    assert shown(world.account, answer.json["MessageId"])["Content"] == CONTENT


def test_a_contact_with_several_ways_and_an_address_with_two_contacts_get_it_once(world: World) -> None:
    folder = world.folder("Finance")
    member = world.member(folder)
    tom = world.contact("tom", email="team@example.com")
    world.bind(tom, world.directory_id, folder, member)
    ann = world.contact("ann", email="TEAM@example.com")
    world.bind(ann, member)

    found = shown(world.account, published(world.account, member))["Deliveries"]

    assert [(each["ContactId"], len(each["Paths"]), each["State"]) for each in found] == [
        (tom, 3, "Kept"), (ann, 1, "Kept"),
    ]  # fmt: skip
    (letter,) = letters(world, "team@example.com")
    assert letter.letter_id == found[0]["DeliveryId"]
    assert ("contact tom" in letter.content.text, "contact ann" in letter.content.text) == (True, True)


@pytest.mark.parametrize(
    ("severity", "message_type", "goes"),
    [
        ("Critical", "ServiceMessage", True),
        ("Warning", "ServiceMessage", False),
        ("Info", "SecurityMessage", True),
        ("Info", "FaultMessage", True),
    ],
)
def test_an_sms_goes_where_severity_or_type_ask_for_it(
    world: World, severity: str, message_type: str, *, goes: bool
) -> None:
    member = world.member()
    types = ("ServiceMessage", "SecurityMessage", "FaultMessage")
    world.bind(world.contact("tom", email="tom@example.com", types=types, phone=PHONE, is_phone_proven=True), member)
    world.bind(world.contact("ann", email="ann@example.com", types=types, phone="86-13900005678"), member)

    message_id = published(world.account, member, Severity=severity, MessageType=message_type)

    sms = [each for each in deliveries(world.account, message_id) if each[0] == "sms"]
    assert sms == ([("sms", PHONE, "Kept")] if goes else [])


def test_a_refused_address_is_suppressed_with_the_reason(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)
    world.bind(world.contact("ann", email="ann@example.com"), member)
    refuse(world, "Tom@example.com")

    answer = publish(world.account, member).json
    suppressed, going = shown(world.account, answer["MessageId"])["Deliveries"]

    assert (answer["DeliveryCount"], answer["SuppressedCount"], answer["Fallback"]) == (1, 1, False)
    assert (suppressed["State"], suppressed["SuppressionReason"]) == ("Suppressed", "Refused")
    assert suppressed["Paths"]
    assert going["State"] == "Kept"
    assert letters(world, "tom@example.com") == []


@pytest.mark.parametrize("is_refused", [False, True])
def test_where_nobody_would_be_told_the_administrators_mailbox_is_and_it_is_counted(
    world: World, *, is_refused: bool
) -> None:
    member, before = world.member(), untold(world.server)
    world.bind(world.contact("new", is_proven=False), member)
    if is_refused:
        world.bind(world.contact("tom", email="tom@example.com"), member)
        refuse(world, "tom@example.com")

    answer = publish(world.account, member).json
    found = shown(world.account, answer["MessageId"])

    assert (answer["DeliveryCount"], answer["Fallback"], found["Fallback"]) == (1, True, True)
    fallback = found["Deliveries"][-1]
    assert (fallback["Recipient"], fallback["State"], fallback["Cause"]) == ("administrator", "Kept", "Fallback")
    assert "ContactId" not in fallback
    assert untold(world.server) == before + 1
    newest = letters(world, "administrator")[0]
    assert newest.letter_id == fallback["DeliveryId"]
    assert "Nobody with a proven address" in newest.content.text


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"fallback_email": "duty@example.com", "administrator_email": "admin@example.com"}, "duty@example.com"),
        ({"administrator_email": "admin@example.com"}, "admin@example.com"),
    ],
)
def test_the_fallback_is_the_one_that_is_set(own_settings: Settings, given: dict[str, str], address: str) -> None:
    with serving(replace(own_settings, **given)) as server:
        world = Present(server.account())

        message_id = published(world.account, world.member())

        assert deliveries(world.account, message_id) == [("email", address, "Kept")]


def test_the_administrator_is_told_once_a_day_that_only_the_fallback_gets_it(own_settings: Settings) -> None:
    given = {"fallback_email": "duty@example.com", "administrator_email": "admin@example.com"}
    with serving(replace(own_settings, **given)) as server:
        world = Present(server.account())
        member, before = world.member(), untold(server)

        first = published(world.account, member)
        published(world.account, member)
        published(world.account, member, MessageType="SecurityMessage")
        server.runtime.clock.advance(DAY_MS)
        published(world.account, member)
        notices = Owner(server, "admin@example.com").letters

    assert untold(server) == before + 4
    assert len(notices) == 3
    assert notices[-1].content.subject.startswith(f"Nobody told: account {member}")
    for part in (f"FaultMessage {first}", f"callboard contacts-of {member}", "once a day", "无人接收"):
        assert part in notices[-1].content.text
        assert part in notices[-1].content.html or part == "无人接收"


def test_what_is_refused_counts_nobody_as_untold(world: World) -> None:
    before = untold(world.server)

    assert publish(world.account, world.member(), Subject="").status == 400
    assert publish(world.account, "1000000000000000").status == 404
    assert untold(world.server) == before


def test_what_an_account_keeps_counts_after_it_has_left(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)
    world.remove(member)

    message_id = published(world.account, member)

    (delivery,) = shown(world.account, message_id)["Deliveries"]
    assert delivery["Paths"][0]["Kind"] == "Retained"


def test_who_is_told_is_who_was_to_be_told_when_it_was_published(world: World) -> None:
    member, tom = world.member(), world.contact("tom", email="tom@example.com")
    world.bind(tom, member)
    message_id = published(world.account, member)

    world.unbind(tom, member)

    assert deliveries(world.account, message_id) == [("email", "tom@example.com", "Kept")]
    assert shown(world.account, published(world.account, member))["Fallback"] is True


def test_publishing_is_in_the_audit_trail_without_the_content_or_any_address(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)
    message_id = published(world.account, member, Content="a secret plan", Link="https://example.com/secret")
    publish(world.account, "1000000000000000")

    refused, (record) = records(world.account, action_name="PublishMessage")

    after = json.loads(record["After"])
    assert after["message_id"] == message_id
    assert after["subject"] == SUBJECT
    assert after["delivery_ids"] == [each["DeliveryId"] for each in shown(world.account, message_id)["Deliveries"]]
    assert record["Resource"] == f"acs:callboard:*:{world.account.account_id}:message/{message_id}"
    assert refused["ErrorCode"] == "EntityNotExists.Account"
    assert "secret" not in json.dumps(record)
    assert "tom@" not in json.dumps(record)


def test_no_log_and_no_column_holds_what_a_message_says(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)
    published(world.account, member, Content="geheimnis-des-inhalts", Sender="geheimnis-des-senders")

    assert "geheimnis" not in LOG.getvalue()
    assert b"geheimnis" not in _bodies(world)


def _bodies(world: World) -> bytes:
    from sqlalchemy import select

    from callboard.database.statement import Statement
    from callboard.database.tables import deliveries as table
    from callboard.database.tables import letters as outbox_table
    from callboard.database.tables import messages

    def work(open_: Any) -> str:
        return repr([
            open_.all(Statement(select(*each.columns).where(each.c.directory_id == world.directory_id)))
            for each in (messages, table, outbox_table)
        ])  # fmt: skip

    return str(world.run(work)).encode()


def test_unknown_messages_are_not_found(world: World) -> None:
    member, other = world.member(), world.member()
    message_id = published(world.account, member)

    assert call(world.account, "GetMessage", MessageId=message_id, AccountId=member).status == 200
    for parameters in ({"MessageId": "m-0123456789abcdef"}, {"MessageId": message_id, "AccountId": other}):
        answer = call(world.account, "GetMessage", **parameters)
        assert (answer.status, answer.code) == (404, "EntityNotExists.Message")
