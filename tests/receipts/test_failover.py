"""Those whom a letter does not reach are told by another channel; and where nobody is reached, the fallback is."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, update

from callboard import aftercare
from callboard.database.statement import Statement
from callboard.database.tables import deliveries, messages
from callboard.delivery.outbox import State
from callboard.messages.rules import Receipt
from callboard.preferences import storage as preferences
from callboard.preferences.rules import Preferences
from callboard.settings import Settings
from callboard.tree import directories
from tests.audit.trail import records
from tests.e2e.gateway import Gateway
from tests.e2e.mail import MailServer
from tests.e2e.processes import until
from tests.messages.press import SUBJECT, call, letters, published, shown, untold
from tests.messages.test_delivery import _refuse, site
from tests.receipts.steps import BOTH, SMS, claimed, deliver, doubted, end, hear, letter_of, review, rows, wait
from tests.recipients.world import World

pytest_plugins = ["tests.e2e.surroundings"]
TOM, ANN, PHONE, DUTY = "tom@example.com", "ann@example.com", "86-13900001234", "duty@example.com"


def with_tom(world: World, *, phone: str | None = PHONE) -> str:
    """A member of which tom is told; its id."""
    member = world.member()
    world.bind(world.contact("tom", email=TOM, phone=phone, is_phone_proven=True, types=TYPES), member)
    return member


TYPES = ("FaultMessage", "ServiceMessage")
SERVICE = {"MessageType": "ServiceMessage"}
"""A type that does not go by SMS, unless it is critical."""


@BOTH
def test_a_mail_that_failed_for_good_is_followed_by_an_sms(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world), **SERVICE)
        deliver(world, email="550 no such user")
        looked = review(world)
        found = rows(world, message_id)
        again = review(world)
        (record,) = records(world.account, action_name="FailOverMessage")
        deliver(world, sms="sent")
        sent = rows(world, message_id)

    assert (looked, again) == (1, 0)
    assert found == [("email", TOM, "Routed", "Failed"), ("sms", PHONE, "Failover", "Queued")]
    assert sent[1] == ("sms", PHONE, "Failover", "Sent")
    assert record["Principal"] == "operator"
    assert message_id in record["Resource"]


def test_what_was_sent_in_time_is_not_looked_at(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world), **SERVICE)
        deliver(world, email="sent")
        wait(world, 600)

        assert review(world) == 0
        assert rows(world, message_id) == [("email", TOM, "Routed", "Sent")]


@pytest.mark.parametrize(("severity", "minutes"), [("Warning", 30), ("Info", 240)])
def test_a_mail_that_keeps_failing_is_followed_by_an_sms_after_a_time_by_severity(
    own_settings: Settings, severity: str, minutes: int
) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world), **SERVICE, Severity=severity)
        deliver(world, email="451 later")
        deliver(world, email="451 later")
        wait(world, minutes - 1)
        early = review(world)
        wait(world, 2)
        review(world)
        found = rows(world, message_id)
        wait(world, 5000)
        deliver(world, email="sent")
        review(world)
        last = rows(world, message_id)

    assert early == 0
    assert found == [("email", TOM, "Routed", "Queued"), ("sms", PHONE, "Failover", "Queued")]
    assert [each[3] for each in last] == ["Sent", "Queued"]


def test_a_mail_whose_turn_has_not_come_is_looked_at_later(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world), **SERVICE)
        deliver(world, email="451 later")
        wait(world, 31)
        review(world)
        once = rows(world, message_id)
        deliver(world, email="451 later")
        wait(world, 31)
        review(world)

        assert once == [("email", TOM, "Routed", "Queued")]
        assert rows(world, message_id)[1:] == [("sms", PHONE, "Failover", "Queued")]


def test_who_is_told_by_both_channels_gets_nothing_twice_and_the_fallback_only_what_reached_nobody(
    own_settings: Settings,
) -> None:
    with site(own_settings, **SMS, fallback_email=DUTY) as world:
        message_id = published(world.account, with_tom(world), Severity="Critical")
        deliver(world, email="550 no")
        review(world)
        one = rows(world, message_id)
        before = untold(world.server)
        deliver(world, sms="550 no")
        review(world)
        both = rows(world, message_id)
        after = untold(world.server)
        deliver(world, email="550 no")
        ended = review(world)

    assert [each[:3] for each in one] == [("email", TOM, "Routed"), ("sms", PHONE, "Routed")]
    assert both[2:] == [("email", DUTY, "Fallback", "Queued")]
    assert (before, after, ended) == (0, 1, 0)


def test_an_sms_that_fails_is_followed_by_a_mail_where_there_was_none(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        member = with_tom(world)
        wish = Preferences(channels={"ServiceMessage": ("sms",)})
        tom = world.contacts[0]
        world.run(lambda open_: preferences.put(open_, world.directory_id, tom, wish, at=world.now))
        message_id = published(world.account, member, **SERVICE)
        deliver(world, sms="550 no")
        review(world)

        assert rows(world, message_id) == [("sms", PHONE, "Routed", "Failed"), ("email", TOM, "Failover", "Queued")]


@BOTH
def test_a_bounce_is_followed_by_another_channel_and_one_of_the_last_by_the_fallback(own_settings: Settings) -> None:
    with site(own_settings, **SMS, fallback_email=DUTY) as world:
        message_id = published(world.account, with_tom(world), **SERVICE)
        deliver(world, email="sent")
        hear(world, letter_of(world, message_id, TOM), Receipt.BOUNCED, "550 5.7.1 spam")
        review(world)
        deliver(world, sms="sent")
        hear(world, letter_of(world, message_id, PHONE), Receipt.ACCEPTED, "DELIVERED")
        accepted = rows(world, message_id)
        hear(world, letter_of(world, message_id, PHONE), Receipt.BOUNCED, "MK:0001")
        review(world)

        assert accepted == [("email", TOM, "Routed", "Bounced"), ("sms", PHONE, "Failover", "Accepted")]
        assert rows(world, message_id)[2:] == [("email", DUTY, "Fallback", "Queued")]
        assert doubted(world) == []


def test_as_long_as_somebody_else_is_reached_the_fallback_is_not_told(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        member = with_tom(world, phone=None)
        world.bind(world.contact("ann", email=ANN), member)
        message_id = published(world.account, member)
        hear(world, letter_of(world, message_id, TOM), Receipt.BOUNCED)
        review(world)

        assert rows(world, message_id) == [("email", TOM, "Routed", "Bounced"), ("email", ANN, "Routed", "Queued")]


def test_who_shares_a_number_gets_one_sms(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        member = with_tom(world)
        world.bind(world.contact("ann", email=ANN, phone=PHONE, is_phone_proven=True, types=TYPES), member)
        message_id = published(world.account, member, **SERVICE)
        deliver(world, email="550 no")
        review(world)
        review(world)
        deliver(world, sms="sent")

        assert [each for each in rows(world, message_id) if each[0] == "sms"] == [
            ("sms", PHONE, "Failover", "Sent")
        ] * 2
        assert len({each["Attempts"][0]["AttemptDate"] for each in _sms(world, message_id)}) == 1


def _sms(world: World, message_id: str) -> list[dict[str, Any]]:
    return [each for each in shown(world.account, message_id)["Deliveries"] if each["Channel"] == "sms"]


def test_who_refuses_what_waits_is_told_by_nothing_there_and_by_the_other_channel(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world), **SERVICE)
        _refuse(world, TOM)
        wait(world, 31)
        review(world)

        assert rows(world, message_id) == [
            ("email", TOM, "Routed", "Suppressed"),
            ("sms", PHONE, "Failover", "Queued"),
        ]


@pytest.mark.parametrize(
    ("is_kept", "next_one"),
    [
        pytest.param(False, ("email", "administrator", "Fallback", "Kept"), id="gone: nothing more, but the fallback"),
        pytest.param(True, ("sms", PHONE, "Failover", "Queued"), id="kept by the account: by the other channel"),
    ],
)
def test_a_contact_that_is_deleted_meanwhile(
    own_settings: Settings, next_one: tuple[str, ...], *, is_kept: bool
) -> None:
    with site(own_settings, **SMS) as world:
        member = with_tom(world)
        message_id = published(world.account, member, **SERVICE)
        world.delete(world.contacts[0], is_kept=is_kept)
        deliver(world, email="550 no")
        review(world)

        assert rows(world, message_id)[1:] == [next_one]


def test_a_number_that_reaches_nobody_is_no_way_out(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        member = with_tom(world)
        first = published(world.account, member, Severity="Critical")
        hear(world, letter_of(world, first, PHONE), Receipt.BOUNCED, "INVALID_NUMBER", is_about_address=True)
        message_id = published(world.account, member, **SERVICE)
        deliver(world, email="550 no")
        review(world)

        assert rows(world, message_id)[1:] == [("email", "administrator", "Fallback", "Kept")]


@BOTH
def test_what_failed_for_an_address_that_reaches_nobody_is_not_resent_until_that_is_lifted(
    own_settings: Settings,
) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world, phone=None))
        deliver(world, email="550 5.1.1 no such user")
        review(world)
        refused = call(world.account, "ResendMessage", MessageId=message_id).json["DeliveryIds"]
        lifted = call(world.account, "LiftUnreachableAddress", Address=TOM.upper())
        again = call(world.account, "ResendMessage", MessageId=message_id).json["DeliveryIds"]

        assert (refused, lifted.status) == ([], 200)
        assert again == [letter_of(world, message_id, TOM)]


@BOTH
def test_a_letter_of_a_directory_that_is_gone_is_looked_at_in_vain_and_never_again(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        member = with_tom(world)
        published(world.account, member)
        world.delete(world.contacts[0], is_kept=False)
        deliver(world, email="550 no")
        world.remove(member)
        world.run(lambda open_: directories.remove(open_, directories.find(open_, world.directory_id)))

        assert review(world) == 1
        assert review(world) == 0


def test_a_channel_without_provider_reaches_nobody(own_settings: Settings) -> None:
    with site(own_settings, **{**SMS, "sms_gateway_url": ""}) as world:
        member = with_tom(world)
        quiet, loud = published(world.account, member, **SERVICE), published(world.account, member)
        deliver(world, email="550 no")
        review(world)

        assert rows(world, quiet)[1:] == [("email", "administrator", "Fallback", "Kept")]
        assert rows(world, loud)[1:] == [
            ("sms", PHONE, "Routed", "Kept"),
            ("email", "administrator", "Fallback", "Kept"),
        ]
        (letter, _) = letters(world, "administrator")

    assert letter.content.subject == f"[Nobody reached / 均未送达] {SUBJECT}"
    assert "None of those who receive" in letter.content.text


def test_a_bounce_that_is_quicker_than_the_workers_own_record_is_not_lost(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world), **SERVICE)
        (letter,) = claimed(world)
        hear(world, letter.letter.letter_id, Receipt.BOUNCED, "550 no")
        end(world, letter, State.SENT)
        review(world)

        assert rows(world, message_id) == [("email", TOM, "Routed", "Bounced"), ("sms", PHONE, "Failover", "Queued")]


def _change(world: World, table: Table, message_id: str, **values: Any) -> None:
    """Rows of a message as they would be after something that is not made to happen here."""
    changed = Statement(update(table).values(**values).where(table.c.message_id == message_id))
    world.run(lambda open_: open_.run(changed))


@pytest.mark.faults
def test_a_letter_that_cannot_be_looked_at_holds_up_no_other(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        member = with_tom(world)
        broken, sound = published(world.account, member, **SERVICE), published(world.account, member, **SERVICE)
        _change(world, messages, broken, body=b"x" * 40)
        deliver(world, email="550 no")
        review(world)

        assert len(rows(world, sound)) == 2
        assert review(world) == 0


def test_a_test_is_followed_by_nothing(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world), **SERVICE)
        _change(world, messages, message_id, kind="Test")
        deliver(world, email="550 no")
        review(world)

        assert rows(world, message_id) == [("email", TOM, "Routed", "Failed")]


@BOTH
def test_two_processes_look_at_each_letter_once(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        member = with_tom(world)
        ids = [published(world.account, member, **SERVICE) for _ in range(20)]
        deliver(world, email="550 no")
        runtime = world.server.runtime

        async def main() -> list[int]:
            return await asyncio.gather(*(aftercare.review_letters(runtime) for _ in range(4)))

        looked = asyncio.run(main())

        assert sum(looked) == 20
        assert all(len(rows(world, each)) == 2 for each in ids)


def test_a_running_server_sends_an_sms_where_the_mail_server_knows_nobody(
    own_settings: Settings, gateway: Gateway, tmp_path: Path
) -> None:
    post = MailServer(tmp_path, plan=lambda recipient, _: "550 5.1.1 no such user" if recipient == TOM else "")
    post.open()
    given = {**post.settings, **gateway.settings, "background": "true", "administrator_email": "admin@example.com"}
    try:
        with site(own_settings, **given) as world:
            message_id = published(world.account, with_tom(world), **SERVICE)
            sms = gateway.next("+8613900001234")
            notice = post.next("admin@example.com")
            until(lambda: rows(world, message_id)[1][3] == "Sent", "the SMS is recorded")
            found = rows(world, message_id)
    finally:
        post.close()

    assert found == [("email", TOM, "Routed", "Failed"), ("sms", PHONE, "Failover", "Sent")]
    assert SUBJECT in sms.text
    assert "callboard unreachable lift tom@example.com" in notice.text


def test_who_unsubscribes_meanwhile_is_not_told_by_other_means(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world), **SERVICE)
        _change(world, deliveries, message_id, suppression="Unsubscribed")
        deliver(world, email="550 no")
        review(world)

        assert [each[0] for each in rows(world, message_id)] == ["email", "email"]
