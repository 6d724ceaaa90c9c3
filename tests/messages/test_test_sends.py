"""SendTestMessage: whether a contact is reached, by all that it has proven; marked as a test wherever it is read."""

from collections.abc import Callable

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from callboard.contacts import refusals
from callboard.messages import letters as writing
from callboard.messages.rules import Kind, Severity
from callboard.messages.shapes import Body
from callboard.preferences import storage as preferences
from callboard.preferences.rules import Preferences, QuietHours
from tests.access.rights import allow, user_with
from tests.audit.trail import records
from tests.declared import assert_declared
from tests.messages.press import VERSION, Present, call, deliveries, letters, publish, shown
from tests.recipients.world import World
from tests.serving import Server
from tests.signing import Response

PHONE, ADDRESS, NO_ONE = "86-13900001234", "tom@example.com", "c-0123456789abcdef"


def send(world: World, contact_id: str, **parameters: str) -> Response:
    return call(world.account, "SendTestMessage", ContactId=contact_id, **parameters)


def test_a_test_goes_by_all_that_is_proven_whatever_is_received_otherwise(world: World) -> None:
    tom = world.contact("tom", email=ADDRESS, phone=PHONE, is_phone_proven=True, types=("SecurityMessage",))

    answer = send(world, tom)
    message = shown(world.account, answer.json["MessageId"])

    assert deliveries(world.account, answer.json["MessageId"]) == [("email", ADDRESS, "Kept"), ("sms", PHONE, "Kept")]
    assert [each["DeliveryId"] for each in message["Deliveries"]] == answer.json["DeliveryIds"]
    assert {each["ContactId"] for each in message["Deliveries"]} == {tom}
    assert {name: message[name] for name in ("AccountId", "Kind", "MessageType", "Severity", "Fallback")} == {
        "AccountId": world.account.account_id,
        "Kind": "Test",
        "MessageType": "ServiceMessage",
        "Severity": "Info",
        "Fallback": False,
    }
    (mail,), (sms,) = letters(world, ADDRESS), letters(world, PHONE)
    assert mail.content.subject == "[Test] Test message / [测试] 测试消息"
    for part in ("[Test] This is a test", "[测试] 这是一次测试", "tries whether the contact tom is reached"):
        assert part in mail.content.text
        assert part in mail.content.html.replace("<bdi>", "").replace("</bdi>", "")
    assert "receives this type of messages" not in mail.content.text
    assert "[测试] 测试消息" in sms.content.text
    (record,) = records(world.account, action_name="SendTestMessage")
    assert answer.json["MessageId"] in record["Resource"]


def test_nothing_else_is_told_and_no_wish_delays_a_test(world: World) -> None:
    tom = world.contact("tom", email=ADDRESS, phone=PHONE)
    world.bind(world.contact("ann"), world.directory_id)
    wishes = Preferences("en", quiet_hours=QuietHours(0, 1439), digest_minute=1, digest_types=("ActivityMessage",))
    world.run(lambda open_: preferences.put(open_, world.directory_id, tom, wishes, at=world.now))

    answer = send(world, tom, MessageType="ActivityMessage")

    assert deliveries(world.account, answer.json["MessageId"]) == [("email", ADDRESS, "Kept")]
    (mail,) = letters(world, ADDRESS)
    assert (mail.content.subject, "测试" in mail.content.text) == ("[Test] Test message", False)


def test_an_address_that_was_refused_is_told_to_be_and_nobody_gets_the_test_instead(world: World) -> None:
    tom = world.contact("tom", email=ADDRESS)
    world.run(lambda open_: refusals.add(open_, world.directory_id, ADDRESS, "c-1", at=world.now))

    message_id = send(world, tom).json["MessageId"]

    assert deliveries(world.account, message_id) == [("email", ADDRESS, "Suppressed")]
    assert shown(world.account, message_id)["Fallback"] is False


PROVOCATIONS: dict[str, Callable[[World], Response]] = {
    "EntityNotExists.Contact": lambda world: send(world, NO_ONE),
    "NotVerified.Contact": lambda world: send(world, world.contact("new", is_proven=False)),
    "MissingParameter.ContactId": lambda world: call(world.account, "SendTestMessage"),
    "InvalidParameter.ContactId": lambda world: send(world, "tom"),
}


@pytest.mark.parametrize("code", PROVOCATIONS)
def test_a_declared_error_surfaces_as_it_is_declared(world: World, code: str) -> None:
    refused = PROVOCATIONS[code](world)

    assert_declared(refused, "SendTestMessage", code)
    assert call(world.account, "ListMessages").json["Messages"] == []


def test_every_declared_error_has_a_provocation() -> None:
    assert set(PROVOCATIONS) == {error.code for error in ACTIONS[VERSION, "SendTestMessage"].errors}


def test_a_user_tests_the_contacts_that_it_may_and_no_directory_another_ones(world: World, server: Server) -> None:
    tom, ann, other = world.contact("tom"), world.contact("ann"), Present(server.account())
    rights = allow("callboard:SendTestMessage", resource=f"acs:resourcemanager:*:*:messagecontact/{tom}")
    user = user_with(world.account, rights)

    assert call(user, "SendTestMessage", ContactId=tom).status == 200
    assert call(user, "SendTestMessage", ContactId=ann).code == "NoPermission"
    assert send(other, tom).code == "EntityNotExists.Contact"


@pytest.mark.parametrize(
    ("kind", "language", "subject"),
    [
        (Kind.TEST, "en", "[Test] s"),
        (Kind.TEST, "zh", "[测试] s"),
        (Kind.DRILL, "both", "[Drill / 演练] s"),
        (Kind.DRILL, "zh", "[演练] s"),
        (Kind.MESSAGE, "both", "s"),
    ],
)
def test_what_is_not_in_earnest_is_marked_in_subject_and_text(kind: Kind, language: str, subject: str) -> None:
    told = writing.Facts("Example", "rd-1", "1", "", "FaultMessage", Severity.INFO, "s", Body("c"), language, kind=kind)
    reason = writing.Reason("tom", [])

    mail = writing.email(told, [reason])

    assert mail.subject == subject
    assert ("drill" in mail.text.lower() or "演练" in mail.text) == (kind is Kind.DRILL)
    mark = subject.partition("]")[0][1:].partition(" /")[0] if kind is not Kind.MESSAGE else ""
    assert (f"[{mark}]" in mail.text.partition("\n\n")[2]) == bool(mark)


def test_a_message_in_earnest_has_no_mark(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email=ADDRESS), member)

    assert publish(world.account, member).status == 200
    (mail,) = letters(world, ADDRESS)

    assert "[" not in mail.content.subject
    assert "测试" not in mail.content.text
