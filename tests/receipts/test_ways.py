"""The ways by which it comes in: a Maildir, a mail server of our own, and the webhooks of providers."""

import asyncio
import json
import smtplib
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from callboard.delivery.smtp import SmtpSender
from callboard.errors import StartupError
from callboard.receipts.dsn import MOST_BYTES
from callboard.receipts.listener import Listener
from callboard.receipts.maildir import Maildir
from callboard.settings import Settings
from callboard.wiring import Inbound, build_runtime
from tests.delivery.letters import email
from tests.delivery.mail_servers import Postbox, mail_server, smtp_sender
from tests.e2e.mail import MailServer
from tests.e2e.processes import until
from tests.messages.press import published, shown
from tests.messages.test_delivery import site
from tests.receipts.returned import returned
from tests.receipts.steps import BOTH, SMS, counted, deliver, doubted, letter_of, letter_to, review, rows
from tests.recipients.world import World
from tests.serving import LOG
from tests.signing import Response, send

pytest_plugins = ["tests.e2e.surroundings"]
TOM, PHONE, BOUNCES, TOKEN = "tom@example.com", "86-13900001234", "bounces@callboard.example", "token-of-16-signs"
FORM = {"content-type": "application/json"}


def with_tom(world: World) -> str:
    member = world.member()
    world.bind(world.contact("tom", email=TOM, phone=PHONE, is_phone_proven=True), member)
    return member


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "maildir" / name).mkdir(parents=True)
    return tmp_path / "maildir"


def emptied(world: World) -> None:
    """Let the background empty the Maildir once."""
    work = Inbound(world.server.runtime, replace(world.server.settings, bounce_listen="")).emptied
    assert work is not None
    asyncio.run(work())  # type: ignore[arg-type]


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_what_lies_in_the_maildir_is_taken_in_and_moved_to_what_is_seen(own_settings: Settings, maildir: Path) -> None:
    with site(own_settings, **SMS, bounce_maildir=str(maildir)) as world:
        message_id = published(world.account, with_tom(world))
        bounce = returned(letter_of(world, message_id, TOM), TOM)
        (maildir / "new/1795687374.M1P2.mx").write_bytes(bounce)
        (maildir / "new/1795687375.M1P2.mx,S=12:2,").write_bytes(b"nothing of ours")
        (maildir / "new/1795687376.M1P2.mx").write_bytes(bounce + b"x" * MOST_BYTES)
        (maildir / "new/.hidden").write_bytes(bounce)
        (maildir / "tmp/1795687377.M1P2.mx").write_bytes(bounce)
        emptied(world)
        state = shown(world.account, message_id)["Deliveries"][0]["State"]

        assert state == "Bounced"
        assert names(maildir / "new") == [".hidden"]
        assert names(maildir / "cur") == [
            "1795687374.M1P2.mx:2,S", "1795687375.M1P2.mx,S=12:2,S", "1795687376.M1P2.mx:2,S",
        ]  # fmt: skip
        assert counted(world.server, "callboard_receipts_total", source="mail", heard="repeated") == 1


def test_a_mail_taken_in_before_a_crash_and_moved_after_it_changes_nothing_twice(
    own_settings: Settings, maildir: Path
) -> None:
    with site(own_settings, **SMS, bounce_maildir=str(maildir)) as world:
        message_id = published(world.account, with_tom(world))
        file = maildir / "new/1795687374.M1P2.mx"
        file.write_bytes(returned(letter_of(world, message_id, TOM), TOM))
        emptied(world)
        once = shown(world.account, message_id)
        (maildir / "cur/1795687374.M1P2.mx:2,S").rename(file)
        emptied(world)

        assert shown(world.account, message_id) == once
        assert names(maildir / "cur") == ["1795687374.M1P2.mx:2,S"]


def test_a_mail_that_cannot_be_read_holds_up_no_other(own_settings: Settings, maildir: Path) -> None:
    with site(own_settings, **SMS, bounce_maildir=str(maildir)) as world:
        message_id = published(world.account, with_tom(world))
        (maildir / "new/1").symlink_to(maildir / "new/1")
        (maildir / "new/2").mkdir()
        (maildir / "new/3").write_bytes(returned(letter_of(world, message_id, TOM), TOM))
        emptied(world)

        assert names(maildir / "cur") == ["3:2,S"]
        assert doubted(world) == [TOM]


def test_a_running_server_empties_its_maildir_and_acts_on_it(
    own_settings: Settings, maildir: Path, post: MailServer
) -> None:
    with site(own_settings, **post.settings, bounce_maildir=str(maildir), background="true") as world:
        message_id = published(world.account, with_tom(world))
        post.next(TOM)
        (maildir / "new/1").write_bytes(returned(letter_of(world, message_id, TOM), TOM))
        until(lambda: names(maildir / "cur"), "the mail is taken in")
        until(lambda: not names(maildir / "new"), "the mail is moved")

        assert doubted(world) == [TOM]


@pytest.mark.parametrize("missing", ["new", "cur", ""])
def test_a_folder_that_is_no_maildir_is_told_at_the_start(maildir: Path, missing: str) -> None:
    path = maildir / "nowhere" if not missing else maildir
    if missing:
        (maildir / missing).rmdir()

    with pytest.raises(StartupError, match=r"bounce_maildir names .* no folders new and cur"):
        Maildir(str(path))


@pytest.fixture
def port() -> int:
    """A free one."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def listening(own_settings: Settings, port: int) -> Iterator[tuple[World, int]]:
    given = {**SMS, "bounce_listen": f"127.0.0.1:{port}", "bounce_address": BOUNCES}
    with site(own_settings, **given) as world:
        yield world, port


@BOTH
def test_a_bounce_is_taken_by_smtp_and_answered_once_it_is_kept(listening: tuple[World, int]) -> None:
    world, port = listening
    message_id = published(world.account, with_tom(world))
    with smtplib.SMTP("127.0.0.1", port) as client:
        refused = client.sendmail("", [BOUNCES], returned(letter_of(world, message_id, TOM), TOM))
        state = shown(world.account, message_id)["Deliveries"][0]["State"]
        client.sendmail("", [BOUNCES.upper()], b"Subject: Away\r\n\r\nUntil Monday.\r\n")

    assert (refused, state) == ({}, "Bounced")
    assert doubted(world) == [TOM]
    assert counted(world.server, "callboard_receipts_total", source="mail", heard="no_report") == 1


def test_nothing_is_relayed_and_nothing_large_is_taken(listening: tuple[World, int]) -> None:
    _, port = listening
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.docmd("MAIL FROM:<>")
        relayed = client.docmd("RCPT TO:<somebody@example.org>")
        own = client.docmd(f"RCPT TO:<{BOUNCES}>")
        second = client.docmd(f"RCPT TO:<{BOUNCES}>")
        client.rset()
        announced = client.docmd(f"MAIL FROM:<> SIZE={MOST_BYTES + 1}")
        client.docmd("MAIL FROM:<>")
        client.docmd(f"RCPT TO:<{BOUNCES}>")
        large = client.data(b"x" * 900 + b"\r\n" + (b"x" * 900 + b"\r\n") * (MOST_BYTES // 900 + 2))

    assert relayed == (550, b"5.7.1 This server takes bounces alone")
    assert (own[0], second[0], announced[0], large[0]) == (250, 452, 552, 552)


def test_a_bounce_that_cannot_be_kept_is_to_come_again(own_settings: Settings) -> None:
    settings = replace(own_settings, bounce_listen="127.0.0.1:0", bounce_address=BOUNCES)
    runtime = build_runtime(settings, log_stream=LOG)
    inbound = Inbound(runtime, settings)
    runtime.database.close()

    async def main() -> tuple[int, bytes]:
        assert inbound.listener is not None
        async with inbound.listening():
            return await asyncio.to_thread(_sent, inbound.listener.port)

    assert asyncio.run(main()) == (451, b"4.3.0 Not now: try again later")


def _sent(port: int) -> tuple[int, bytes]:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.docmd("MAIL FROM:<>")
        client.docmd(f"RCPT TO:<{BOUNCES}>")
        return client.data(returned("0" * 32))


def test_an_address_that_cannot_be_listened_on_is_told_at_the_start() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(bounce_listen=f"127.0.0.1:{taken.getsockname()[1]}")

        with pytest.raises(StartupError, match=r"Cannot listen on 127.0.0.1:\d+"):
            Listener(settings)


def test_mails_go_out_with_the_address_that_bounces_come_to_as_their_envelope_sender() -> None:
    postbox = Postbox()

    async def act() -> None:
        async with mail_server(postbox) as port, smtp_sender(port, bounce_address=BOUNCES) as sender:
            await sender.send(email())

    asyncio.run(act())

    (envelope,), (mail,) = postbox.envelopes, postbox.mails
    assert envelope.mail_from == BOUNCES
    assert mail["From"] == "Callboard <no-reply@example.com>"
    assert mail["Message-ID"].endswith("@example.com>")


@pytest.mark.parametrize("address", ["bounces@", "bounces@ex ample.com", "börse@example.com"])
def test_a_bounce_address_that_cannot_be_sent_from_is_told_at_the_start(address: str) -> None:
    given = {"smtp_host": "127.0.0.1", "smtp_from": "no-reply@example.com", "bounce_address": address}

    with pytest.raises(StartupError, match="bounce_address"):
        SmtpSender(Settings(**given))


@pytest.fixture
def hooked(own_settings: Settings) -> Iterator[World]:
    with site(own_settings, **SMS, receipts_token=TOKEN) as world:
        yield world


def told(world: World, body: Any, *, provider: str = "generic", token: str = TOKEN) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return send(world.server.endpoint, "POST", f"/receipts/{provider}/{token}", FORM, content)


@BOTH
def test_a_provider_tells_by_webhook_what_arrived_and_what_came_back(hooked: World) -> None:
    message_id = published(hooked.account, with_tom(hooked))
    mail, sms = letter_of(hooked, message_id, TOM), letter_of(hooked, message_id, PHONE)

    answers = [
        told(hooked, [{"id": mail, "status": "delayed"}, {"id": sms, "status": "delivered", "more": 1}]),
        told(hooked, {"id": mail, "status": "bounced", "detail": "no such\nuser\u0000"}),
        told(hooked, {"id": "0" * 32, "status": "bounced"}),
        told(hooked, {"id": "\u0000'", "status": "failed"}),
        told(hooked, []),
    ]

    assert [(each.status, each.json) for each in answers] == [(200, {"code": 0, "msg": "OK"})] * 5
    found = shown(hooked.account, message_id)["Deliveries"]
    assert [(each["State"], each["ReceiptAnswer"]) for each in found] == [
        ("Bounced", "no such user"), ("Accepted", "delivered"),
    ]  # fmt: skip
    assert doubted(hooked) == [TOM]
    assert counted(hooked.server, "callboard_receipts_total", source="generic", heard="unknown") == 2


def test_what_failed_without_coming_back_is_followed_by_another_channel_and_doubts_no_address(hooked: World) -> None:
    message_id = published(hooked.account, with_tom(hooked), Severity="Critical")
    sms = letter_of(hooked, message_id, PHONE)
    told(hooked, {"id": sms, "status": "failed"})
    review(hooked)

    assert [each[3] for each in rows(hooked, message_id)] == ["Queued", "Bounced"]
    assert doubted(hooked) == []


def sms_report(out_id: str, code: str = "DELIVERED", **changes: Any) -> dict[str, Any]:
    """As help.aliyun.com/document_detail/101867.html has it."""
    return {
        "phone_number": "13900001234", "send_time": "2026-11-25 10:02:53", "report_time": "2026-11-25 10:02:55",
        "success": code == "DELIVERED", "err_code": code, "err_msg": "用户接收成功", "sms_size": "1",
        "biz_id": "12345", "out_id": out_id, **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "state", "is_doubted"),
    [("DELIVERED", "Accepted", False), ("MK:0001", "Bounced", False), ("MOBILE_NUMBER_ILLEGAL", "Bounced", True)],
)
def test_alibaba_cloud_tells_what_became_of_an_sms(hooked: World, code: str, state: str, *, is_doubted: bool) -> None:
    message_id = published(hooked.account, with_tom(hooked))
    deliver(hooked, sms="sent")
    reports = [sms_report(letter_of(hooked, message_id, PHONE), code), sms_report("of another system")]

    answer = told(hooked, reports, provider="aliyun")

    assert (answer.status, answer.json) == (200, {"code": 0, "msg": "OK"})
    found = shown(hooked.account, message_id)["Deliveries"][1]
    assert (found["State"], found["ReceiptAnswer"]) == (state, f"{code} 用户接收成功")
    assert bool(doubted(hooked)) is is_doubted


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("generic", b""),
        ("generic", b"{"),
        ("generic", b"\xff"),
        ("generic", b"[" * 100_000),
        ("generic", b'"delivered"'),
        ("generic", b'{"id": "x"}'),
        ("generic", b'{"id": "x", "status": "eaten"}'),
        ("generic", b'{"id": 1, "status": "bounced"}'),
        ("generic", json.dumps([{"id": "x", "status": "failed"}] * 1001).encode()),
        ("aliyun", b"{}"),
        ("aliyun", b'[{"out_id": "x"}]'),
        ("aliyun", b'[{"out_id": "x", "success": "yes"}]'),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(hooked: World, provider: str, body: bytes) -> None:
    answer = told(hooked, body, provider=provider)

    assert answer.status == 400
    assert answer.json["Message"].startswith("The body ")


def test_a_body_that_is_too_large_is_refused(hooked: World) -> None:
    assert told(hooked, b" " * (1024 * 1024 + 1)).status == 413


@pytest.mark.parametrize(
    "path", [f"/receipts/generic/{TOKEN}x", f"/receipts/sendgrid/{TOKEN}", "/receipts/generic/%FF"]
)
def test_whoever_does_not_know_the_token_or_names_no_provider_is_told_of_no_page(hooked: World, path: str) -> None:
    answer = send(hooked.server.endpoint, "POST", path, FORM, b'{"id": "x", "status": "failed"}')

    assert answer.status == 404
    assert TOKEN.encode() not in answer.body


def test_without_a_token_there_are_no_webhooks(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        assert told(world, {"id": "x", "status": "failed"}).code == "InvalidAction.NotFound"


def test_no_receipt_of_one_directory_reaches_another(hooked: World) -> None:
    other = type(hooked)(hooked.server.account())
    message_id = published(other.account, with_tom(other))
    published(hooked.account, with_tom(hooked))
    told(hooked, {"id": letter_to(hooked, PHONE), "status": "bounced"})

    assert {each["State"] for each in shown(other.account, message_id)["Deliveries"]} == {"Queued"}
    assert doubted(other) == []
