"""SMTP servers for the tests, in the test's own event loop: aiosmtpd as it is, and one that answers by a script."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP as Protocol  # noqa: N811
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from callboard.delivery.smtp import SmtpSender
from callboard.settings import Settings

USER, PASSWORD = "callboard", "pässword"


def trusting(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@dataclass
class Postbox:
    """What has arrived, and what the server is to answer instead of yes."""

    at_rcpt: str = ""
    at_end: str = ""
    is_stalled: bool = False
    envelopes: list[Envelope] = field(default_factory=list)
    connections: list["Counted"] = field(default_factory=list)
    port: int = 0
    left: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each.content, policy=SMTP) for each in self.envelopes]

    async def handle_RCPT(self, _: Any, __: Any, envelope: Envelope, address: str, ___: Any) -> str:  # noqa: N802
        if self.at_rcpt:
            return self.at_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.is_stalled:
            await asyncio.Event().wait()
        if self.at_end:
            return self.at_end
        self.envelopes.append(envelope)
        return f"250 OK queued as {len(self.envelopes)}"

    def hang_up(self) -> None:
        for each in self.connections:
            if each.transport is not None:
                each.transport.close()


class Counted(Protocol):
    """aiosmtpd, which says when a connection comes and goes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self not in self.event_handler.connections:  # After STARTTLS it is made once more.
            self.event_handler.connections.append(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.left.set()
        super().connection_lost(error)


def _authenticate(_: Any, __: Any, ___: Any, ____: Any, given: LoginPassword) -> AuthResult:
    is_known = given.login == USER.encode() and given.password == PASSWORD.encode()
    return AuthResult(success=is_known, handled=False)


@asynccontextmanager
async def mail_server(
    postbox: Postbox,
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    with_login: bool = False,
    **options: Any,
) -> AsyncIterator[int]:
    """aiosmtpd on a port of its own."""
    loop = asyncio.get_running_loop()

    def connect() -> Counted:
        with warnings.catch_warnings(action="ignore"):  # aiosmtpd warns of a login without STARTTLS.
            return Counted(
                postbox,
                loop=loop,
                tls_context=starttls,
                require_starttls=starttls is not None,
                auth_required=with_login,
                auth_require_tls=starttls is not None,
                authenticator=_authenticate,
                **options,
            )

    server = await loop.create_server(connect, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        postbox.hang_up()


async def _play(answers: dict[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection by the script: a verb's answer is a line, or nothing to hang up.

    "MAIL once" is what the next MAIL is answered, "middle" hangs up within the message, "pause" is that before each
    answer, in seconds.
    """

    async def say(verb: str, usual: str) -> bool:
        answer = answers.pop(f"{verb} once", "") or answers.get(verb, usual)
        await asyncio.sleep(float(answers.get("pause", "0")))
        writer.write(f"{answer}\r\n".encode() if answer else b"")
        return bool(answer)

    is_on = await say("greeting", "220 ready")
    while is_on and (line := await reader.readline()):
        verb = line[:4].decode().strip().upper()
        is_on = await say(
            verb, {"EHLO": "250-test\r\n250 AUTH PLAIN", "DATA": "354 go on", "AUTH": "235 OK"}.get(verb, "250 OK")
        )
        if verb == "DATA" and answers.get("DATA", "354").startswith("354"):
            if "middle" in answers:
                await reader.readexactly(20)
                break
            await reader.readuntil(b"\r\n.\r\n")
            is_on = await say("end", "250 OK queued as 1")
    writer.close()


@asynccontextmanager
async def scripted(answers: dict[str, str]) -> AsyncIterator[int]:
    """A server without TLS that answers what it is told to."""

    playing: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        playing[asyncio.create_task(_play(answers, reader, writer))] = writer

    server = await asyncio.start_server(play, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in playing.values():
            writer.close()
        await asyncio.gather(*playing, return_exceptions=True)


@asynccontextmanager
async def smtp_sender(port: int, *, idle_s: float = 30, **given: Any) -> AsyncIterator[SmtpSender]:
    """A sender to a server on this machine, closed at the end."""
    values = {"smtp_security": "none", "smtp_from": "Callboard <no-reply@example.com>", "smtp_timeout_s": 5, **given}
    sender = SmtpSender(Settings(smtp_host="127.0.0.1", smtp_port=port, **values), idle_s=idle_s)
    try:
        yield sender
    finally:
        await sender.close()
