"""Messages on their way: a real SMTP server, a gateway for SMS, and what becomes of what they do not take."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import update

from callboard.access.vault import Vault
from callboard.contacts.addresses import key_of
from callboard.contacts.withdrawal import withdraw_proofs
from callboard.database.statement import Connection, Statement
from callboard.database.tables import letters
from callboard.delivery import lists, outbox
from callboard.delivery.outbox import Outcome, State, Tried
from callboard.settings import FIELDS, Settings
from tests.e2e.gateway import Gateway
from tests.e2e.mail import MailServer
from tests.e2e.processes import until
from tests.messages.press import CONTENT, SUBJECT, Present, call, deliveries, published, shown
from tests.owner import path_of, post
from tests.recipients.world import World
from tests.serving import LOG, Server, serving
from tests.signing import call_v3
from tests.storage.letters import take

pytest_plugins = ["tests.e2e.surroundings"]
TOM, ANN, PHONE = "tom@example.com", "ann@example.com", "86-13900001234"
ELSEWHERE = {"smtp_host": "127.0.0.1", "smtp_port": "1", "smtp_from": "no-reply@example.com", "worker": "false"}
"""A mail server that nobody asks: letters wait."""


@contextmanager
def site(settings: Settings, **given: str) -> Iterator[World]:
    """A world on a server with these settings besides."""
    typed: dict[str, Any] = {
        name: {"true": True, "false": False}.get(value, int(value) if value.isdigit() else value)
        for name, value in given.items()
    }
    assert set(typed) <= set(FIELDS)
    with serving(replace(settings, **typed)) as server:
        yield Present(server.account())


def states(world: World, message_id: str) -> dict[str, str]:
    return {recipient: state for _, recipient, state in deliveries(world.account, message_id)}


def have_ended(world: World, message_id: str) -> bool:
    return "Queued" not in states(world, message_id).values()


def team(world: World) -> str:
    """A member with two people, one of whom has a phone and comes to it by three ways; its id."""
    folder = world.folder("Finance")
    member = world.member(folder, name="production")
    world.bind(world.contact("tom", email=TOM, phone=PHONE, is_phone_proven=True), world.directory_id, folder, member)
    world.bind(world.contact("ann", email=ANN), folder)
    return member


def test_everybody_gets_one_mail_and_an_sms_and_the_receipts_are_right(
    own_settings: Settings, post: MailServer, gateway: Gateway
) -> None:
    with site(own_settings, **post.settings, **gateway.settings, organisation="Example Ltd") as world:
        message_id = published(world.account, team(world), Severity="Critical", Sender="Monitoring")
        until(lambda: have_ended(world, message_id), "everything is sent")
        found = shown(world.account, message_id)["Deliveries"]

    assert [(each["Channel"], each["Recipient"], each["State"]) for each in found] == [
        ("email", TOM, "Sent"), ("sms", PHONE, "Sent"), ("email", ANN, "Sent"),
    ]  # fmt: skip
    assert [len(post.to(each)) for each in (TOM, ANN)] == [1, 1]
    mail = post.to(TOM)[0]
    assert mail.message["Subject"] == SUBJECT
    assert mail.message["Message-ID"] == f"<{found[0]['DeliveryId']}@callboard.example>"
    assert mail.message["From"].startswith("Callboard <")
    for part in (CONTENT, "Published by Monitoring", "bound to Finance", "bound to the account itself"):
        assert part in mail.text
        assert part in mail.html
    (sms,) = gateway.messages
    assert (sms.number, sms.letter_id) == ("+8613900001234", found[1]["DeliveryId"])
    assert SUBJECT in sms.text
    for each in found:
        (attempt,) = each["Attempts"]
        assert (attempt["Number"], attempt["Outcome"], each["AttemptCount"]) == (1, "sent", 1)
    assert found[0]["Attempts"][0]["Provider"] == "smtp"
    assert CONTENT not in LOG.getvalue()


def test_what_fails_is_told_with_the_answer_and_can_be_sent_again_under_the_same_id(
    own_settings: Settings, tmp_path: Path
) -> None:
    verdicts = {TOM: "550 no such user"}
    server = MailServer(tmp_path, plan=lambda recipient, _: verdicts.get(recipient, ""))
    server.open()
    try:
        with site(own_settings, **server.settings) as world:
            message_id = published(world.account, team(world))
            until(lambda: have_ended(world, message_id), "everything is tried")
            failed = shown(world.account, message_id)["Deliveries"][0]
            verdicts.clear()

            again = call(world.account, "ResendMessage", MessageId=message_id).json
            until(lambda: states(world, message_id)[TOM] == "Sent", "it is sent")
            sent = shown(world.account, message_id)["Deliveries"][0]
            nothing = call(world.account, "ResendMessage", MessageId=message_id).json
    finally:
        server.close()

    assert failed["State"] == "Failed"
    assert "550 no such user" in failed["Attempts"][0]["Answer"]
    assert again["DeliveryIds"] == [failed["DeliveryId"]]
    assert nothing["DeliveryIds"] == []
    assert sent["DeliveryId"] == failed["DeliveryId"]
    assert [each["Outcome"] for each in sent["Attempts"]] == ["permanent", "sent"]
    assert [len(server.to(each)) for each in (TOM, ANN)] == [1, 1]


def test_a_message_that_is_too_old_fails_and_resending_gives_it_its_time_again(
    own_settings: Settings, post: MailServer
) -> None:
    with site(own_settings, **{**post.settings, "worker": "false"}) as world:
        message_id = published(world.account, team(world), TimeToLive=60)
        too_early = update(letters).values(deadline_at=letters.c.created_at - 1)
        world.run(lambda open_: open_.run(Statement(too_early)))
        _work_until(own_settings, post, lambda: have_ended(world, message_id))
        too_late = shown(world.account, message_id)
        call(world.account, "ResendMessage", MessageId=message_id)
        _work_until(own_settings, post, lambda: have_ended(world, message_id))
        sent = shown(world.account, message_id)

    assert {each["State"] for each in too_late["Deliveries"]} == {"Kept", "Failed"}
    assert "too late" in too_late["Deliveries"][0]["Attempts"][0]["Answer"]
    assert {each["State"] for each in sent["Deliveries"]} == {"Kept", "Sent"}
    assert sent["Deadline"] > too_late["Deadline"]


def _work_until(settings: Settings, post: MailServer, is_done: Any) -> None:
    """Let a second server with a worker run beside."""
    with site(settings, **post.settings):
        until(is_done, "the worker is done")


def _refuse(world: World, address: str) -> None:
    """The owner of an address says of another contact's letter that it isn't them."""
    added = {"Name": "other", "EmailAddress": address, "Title": "CEO", "MessageTypes.1": "FaultMessage"}
    contact_id = call_v3(world.account, "AddMessageContact", added).json["Contact"]["ContactId"]
    sent = call_v3(
        world.account, "SendEmailVerificationForMessageContact", {"ContactId": contact_id, "EmailAddress": address}
    )
    assert sent.status == 200
    server: Server = world.server
    vault: Vault = server.runtime.vault
    letter = server.run(lambda open_: lists.last(open_, vault, key_of(address)))
    assert post(server, path_of(letter), do="refuse").status == 303


def test_who_refuses_gets_no_message_that_waits_and_none_that_is_resent(own_settings: Settings) -> None:
    with site(own_settings, **ELSEWHERE) as world:
        member = team(world)
        message_id = published(world.account, member)
        failed = published(world.account, member)
        _fail(world, failed)

        _refuse(world, TOM)
        delivery = shown(world.account, message_id)["Deliveries"][0]
        again = call(world.account, "ResendMessage", MessageId=failed).json["DeliveryIds"]

        assert (delivery["Recipient"], delivery["State"], delivery["SuppressionReason"]) == (
            TOM, "Suppressed", "Refused",
        )  # fmt: skip
        assert states(world, message_id)[ANN] == "Queued"
        assert again == [
            each["DeliveryId"] for each in shown(world.account, failed)["Deliveries"] if each["Recipient"] == ANN
        ]


def _fail(world: World, message_id: str) -> None:
    """Let a worker's tries of the message's mails have failed for good."""
    ids = {each["DeliveryId"] for each in shown(world.account, message_id)["Deliveries"]}
    runtime = world.server.runtime

    def work(open_: Connection) -> None:
        now = runtime.clock()
        claimed = take(open_, runtime.vault, now=now, lease_ms=1, limit=100)
        ours = [each for each in claimed if each.letter.letter_id in ids]
        outbox.keep_all(open_, [Tried(each, now, "smtp", Outcome.PERMANENT, "", State.FAILED) for each in ours])

    world.run(work)


def test_an_address_that_waits_no_more_takes_no_message_back(own_settings: Settings) -> None:
    with site(own_settings, **ELSEWHERE) as world:
        member, tom = world.member(), world.contact("tom", email=TOM)
        world.bind(tom, member)
        message_id = published(world.account, member)

        world.run(lambda open_: withdraw_proofs(open_, world.directory_id, tom, [TOM]))

        assert states(world, message_id) == {TOM: "Queued"}


def test_the_mailbox_of_the_administrator_gets_the_fallback_also_where_mail_is_sent(own_settings: Settings) -> None:
    with site(own_settings, **ELSEWHERE) as world:
        message_id = published(world.account, world.member())

        assert states(world, message_id) == {"administrator": "Kept"}
