"""Wishes set and read; what becomes of them; who may."""

from dataclasses import replace
from typing import Any

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from callboard.preferences import storage
from callboard.settings import Settings
from tests.access.rights import allow, user_with
from tests.audit.trail import records
from tests.contract.steps import NOBODYS
from tests.declared import assert_declared
from tests.messages.press import VERSION, Present, call, published, shown, with_bearer
from tests.recipients.world import World
from tests.serving import Server, serving
from tests.signing import Response

SET, GET = "SetMessageContactPreferences", "GetMessageContactPreferences"
WISHES = {
    "Language": "zh",
    "TimeZone": "Asia/Shanghai",
    "QuietHours": "22:00-08:00",
    "DigestTime": "00:00",
    "DigestMessageTypes": ["ProductMessage", "ActivityMessage"],
    "Channels": [{"MessageType": "ServiceMessage", "Channels": "sms,email"}],
}
DECLARED = {(name, error.code) for name in (SET, GET) for error in ACTIONS[VERSION, name].errors}


def wish(world: World, contact_id: str, **wishes: Any) -> Response:
    return with_bearer(world.account, SET, {"ContactId": contact_id, **wishes})


def wishes_of(world: World, contact_id: str) -> dict[str, Any]:
    answer = call(world.account, GET, ContactId=contact_id)
    assert answer.status == 200, answer.body
    return {name: value for name, value in answer.json.items() if name not in ("RequestId", "ContactId")}


def test_what_is_set_is_shown_and_what_is_left_out_is_cleared(world: World) -> None:
    tom = world.contact()
    nothing = {"TimeZone": "UTC", "DigestMessageTypes": [], "Channels": []}
    before = wishes_of(world, tom)

    assert wish(world, tom, **WISHES).status == 200
    set_ = wishes_of(world, tom)
    wish(world, tom, Language="en")
    only_language = wishes_of(world, tom)
    wish(world, tom)

    assert before == nothing
    assert set_ == {**WISHES, "Channels": [{"MessageType": "ServiceMessage", "Channels": ["email", "sms"]}]}
    assert only_language == {**nothing, "Language": "en"}
    assert wishes_of(world, tom) == nothing


def test_the_query_form_sets_the_same(world: World) -> None:
    tom = world.contact()
    given = {"DigestTime": "08:05", "DigestMessageTypes.1": "ProductMessage", "Channels.1.MessageType": "FaultMessage",
             "Channels.1.Channels": "sms"}  # fmt: skip

    assert call(world.account, SET, ContactId=tom, **given).status == 200

    found = wishes_of(world, tom)
    assert (found["DigestTime"], found["DigestMessageTypes"]) == ("08:05", ["ProductMessage"])
    assert found["Channels"] == [{"MessageType": "FaultMessage", "Channels": ["sms"]}]


def test_a_change_is_in_the_trail_and_what_changes_nothing_is_not(world: World) -> None:
    tom = world.contact()
    wish(world, tom, Language="en")
    wish(world, tom, Language="en")

    (record,) = records(world.account, action_name=SET)

    assert record["Resource"].endswith(f"messagecontact/{tom}")
    assert '"language":"en"' in record["After"]


def test_sms_alone_is_sms_once_the_number_is_proven_and_as_usual_until_then(world: World) -> None:
    member, phone = world.member(), "86-13900001234"
    tom = world.contact("tom", email="tom@example.com", phone=phone, types=("ServiceMessage",))
    world.bind(tom, member)
    wish(world, tom, Channels=[{"MessageType": "ServiceMessage", "Channels": "sms"}])

    def told(**changes: str) -> list[str]:
        message_id = published(world.account, member, MessageType="ServiceMessage", **changes)
        return [each["Recipient"] for each in shown(world.account, message_id)["Deliveries"]]

    assert told() == ["tom@example.com"]
    world.prove(tom, phone)
    assert told() == [phone]
    assert told(Severity="Critical") == ["tom@example.com", phone]


PROVOCATIONS: dict[tuple[str, str], dict[str, Any]] = {
    (SET, "MissingParameter.ContactId"): {"ContactId": ""},
    (SET, "InvalidParameter.ContactId"): {"ContactId": "tom"},
    (SET, "EntityNotExists.Contact"): {"ContactId": NOBODYS},
    (SET, "InvalidParameter.DigestMessageTypes"): {"DigestTime": "08:00", "DigestMessageTypes": ["SecurityMessage"]},
    (SET, "InvalidParameter.DigestTime"): {"DigestTime": "08:00"},
    (GET, "MissingParameter.ContactId"): {"ContactId": ""},
    (GET, "InvalidParameter.ContactId"): {"ContactId": "tom"},
    (GET, "EntityNotExists.Contact"): {"ContactId": NOBODYS},
}


@pytest.mark.parametrize(("action", "code"), PROVOCATIONS)
def test_a_declared_error_surfaces_as_it_is_declared(world: World, action: str, code: str) -> None:
    refused = with_bearer(world.account, action, {"ContactId": world.contact(), **PROVOCATIONS[action, code]})

    assert_declared(refused, action, code)


def test_every_declared_error_has_a_provocation_and_no_other() -> None:
    assert set(PROVOCATIONS) == DECLARED


@pytest.mark.parametrize("types", [["FaultMessage"], ["ProductMessage", "SecurityMessage"]])
def test_what_always_passes_at_once_is_named_in_the_refusal(world: World, types: list[str]) -> None:
    refused = wish(world, world.contact(), DigestTime="08:00", DigestMessageTypes=types)

    assert refused.json["Message"].startswith(f"Messages of the type {types[-1]} always pass at once")


def test_types_without_a_time_are_as_incomplete_as_a_time_without_types(world: World) -> None:
    assert wish(world, world.contact(), DigestMessageTypes=["ProductMessage"]).code == "InvalidParameter.DigestTime"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "") for name in WISHES),
        ("Language", "de"),
        *(("TimeZone", text) for text in ("Mars/Base", "UTC+8", "localtime", "asia/shanghai", "../etc/passwd", "a\0b")),
        *(("QuietHours", text) for text in ("22-8", "22:00", "24:00-08:00", "22:00-08:60", "2200-0800", "22:00-08:00\n",
                                            "٢٢:00-08:00")),
        *(("DigestTime", text) for text in ("8:00", "24:00", "08:00:00", "noon")),
        ("DigestMessageTypes", ["Spam"]),
        ("DigestMessageTypes", ["ProductMessage", "ProductMessage"]),
        *(("Channels", each) for each in (
            "sms",
            [{}],
            [{"MessageType": "FaultMessage"}],
            [{"MessageType": "FaultMessage", "Channels": ""}],
            [{"MessageType": "FaultMessage", "Channels": "webhook"}],
            [{"MessageType": "FaultMessage", "Channels": "sms, email"}],
            [{"MessageType": "FaultMessage", "Channels": "sms,sms"}],
            [{"MessageType": "Spam", "Channels": "sms"}],
            [{"MessageType": "FaultMessage", "Channels": "sms", "Other": "x"}],
            [{"MessageType": "FaultMessage", "Channels": "sms"}] * 2,
        )),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_its_name(world: World, name: str, value: Any) -> None:
    refused = wish(world, NOBODYS, **{name: value})

    assert (refused.status, refused.code, name in refused.json["Message"]) == (400, "InvalidParameter", True)


def test_nothing_of_another_directory_is_seen_or_set(world: World, server: Server) -> None:
    other, tom = Present(server.account()), world.contact()
    wish(world, tom, Language="en")

    assert call(other.account, GET, ContactId=tom).code == "EntityNotExists.Contact"
    assert wish(other, tom, Language="zh").code == "EntityNotExists.Contact"
    assert wishes_of(world, tom)["Language"] == "en"


def test_a_user_sets_and_reads_the_wishes_of_the_contacts_that_it_may(world: World) -> None:
    tom, ann = world.contact(), world.contact()
    resource = f"acs:resourcemanager:*:{world.account.account_id}:messagecontact/{tom}"
    user = user_with(world.account, allow(f"callboard:{SET}", f"callboard:{GET}", resource=resource))
    reader = user_with(world.account, allow(f"callboard:{GET}"))

    assert [call(user, each, ContactId=tom).status for each in (SET, GET)] == [200, 200]
    assert [call(user, each, ContactId=ann).code for each in (SET, GET)] == ["NoPermission", "NoPermission"]
    assert [call(reader, each, ContactId=ann).status for each in (SET, GET)] == [403, 200]


def test_wishes_go_with_their_contact_once_no_member_keeps_it(world: World) -> None:
    kept, gone, there = world.contact(), world.contact(), world.contact()
    world.bind(kept, world.member())
    for each in (kept, gone, there):
        wish(world, each, Language="en")

    def known() -> list[str]:
        return sorted(world.run(lambda open_: storage.of(open_, world.directory_id, [kept, gone, there])))

    world.delete(kept, is_kept=True)
    world.delete(gone, is_kept=False)
    world.run(storage.clear)
    assert known() == sorted([kept, there])

    call_release = {"ContactId": kept}
    assert with_bearer(world.account, "ReleaseRetainedContact", call_release).status == 200
    world.run(storage.clear)
    assert known() == [there]


def test_quiet_hours_and_what_passes_them(own_settings: Settings) -> None:
    """The server's clock stands in the quiet hours; they end in the time zone of the contact."""
    with serving(
        replace(own_settings, smtp_host="127.0.0.1", smtp_port=1, smtp_from="a@example.com", worker=False)
    ) as (server):
        world = Present(server.account())
        member = world.member()
        types = ("ServiceMessage", "FaultMessage")
        world.bind(tom := world.contact("tom", email="tom@example.com", types=types), member)
        clock = server.runtime.clock
        hour_ms = 3_600_000
        to_two = (2 * hour_ms - clock()) % (24 * hour_ms)
        clock.advance(to_two)  # 02:00 in UTC is 10:00 in Shanghai.
        wish(world, tom, TimeZone="Asia/Shanghai", QuietHours="09:30-11:00")

        def delivery(**changes: str) -> dict[str, Any]:
            message_id = published(world.account, member, **changes)
            (found,) = shown(world.account, message_id)["Deliveries"]
            return {"due": found["DueDate"][11:16], "state": found["State"]}

        waiting = delivery(MessageType="ServiceMessage")
        urgent = delivery(MessageType="ServiceMessage", Severity="Critical")
        fault = delivery(MessageType="FaultMessage")
        clock.advance(hour_ms)
        later = delivery(MessageType="ServiceMessage")

    assert waiting == {"due": "03:00", "state": "Queued"}
    assert (urgent["due"], fault["due"]) == ("02:00", "02:00")
    assert later["due"] == "03:00"
