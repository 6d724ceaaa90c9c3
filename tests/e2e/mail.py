"""A real SMTP server in a thread: STARTTLS, login, faults to order, and all the mails that it took."""

import asyncio
import logging
import re
import socket
import ssl
import threading
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP as Protocol  # noqa: N811
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from tests.e2e.processes import until
from tests.e2e.test_tls import self_signed

# It logs as errors the faults that the tests have it make; only servers of ours are to be watched for errors.
logging.getLogger("mail.log").propagate = False

USER, PASSWORD = "callboard", "pässword-of-the-mail-server"
DROP, STALL, FORGET = "drop", "stall", "forget"
"""Hang up within the message; take it and never answer; take it, keep it, and hang up without an answer."""

Plan = Callable[[str, int], str]
"""What befalls a mail to a recipient at its first, second, ... try: nothing, one of the above, or an SMTP answer.

Try 0 is the recipient itself, before any message: its answer refuses it.

An answer may have {link} and {code} in it: the server tells what it has read.
"""


@dataclass(frozen=True)
class Mail:
    """A mail as it arrived."""

    recipient: str
    octets: bytes

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.octets, policy=default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def links(self) -> list[str]:
        """The link as each part has it."""
        found = [set(re.findall(r"http://[^\s\"<]+/v/[A-Za-z0-9]+", part)) for part in (self.text, self.html)]
        assert [len(each) for each in found] == [1, 1]
        return [each.pop() for each in found]

    @property
    def link(self) -> str:
        return self.links[0]

    @property
    def token(self) -> str:
        return self.link.rpartition("/")[2]

    @property
    def code(self) -> str:
        (code,) = set(re.findall(r"(?<![0-9A-Za-z])[0-9]{8}(?![0-9A-Za-z])", self.text))
        return code

    def _part(self, subtype: str) -> str:
        part = self.message.get_body((subtype,))
        assert part is not None
        return str(part.get_content())


class MailServer:
    """The server. Its port is taken at once; connections are refused until it is opened."""

    def __init__(self, folder: Path, *, plan: Plan = lambda _, __: "", pace_s: float = 0) -> None:
        self._certificate, key = self_signed(folder)
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(self._certificate, key)
        self._plan, self._pace_s = plan, pace_s
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="mail-server")
        self._sessions: set[_Session] = set()
        self.mails: list[Mail] = []
        self.seen: list[Mail] = []
        """Those too that were not taken in the end."""
        self.tries: Counter[str] = Counter()
        self.steps = 0
        self.on_step: Callable[[int], None] = lambda _: None
        """Told of every recipient named, message begun and message taken, before the client hears of it."""

    @property
    def settings(self) -> dict[str, str]:
        """What the product's processes need to send mails here."""
        return {
            "smtp_host": "127.0.0.1",
            "smtp_port": str(self._socket.getsockname()[1]),
            "smtp_security": "starttls",
            "smtp_user": USER,
            "smtp_password": PASSWORD,
            "smtp_ca": str(self._certificate),
            "smtp_from": "Callboard <no-reply@callboard.example>",
        }

    def open(self) -> None:
        self._thread.start()
        until(lambda: self._loop, "the mail server listens")

    def close(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()
        self._socket.close()

    def to(self, recipient: str) -> list[Mail]:
        return [mail for mail in self.mails if mail.recipient == recipient]

    def next(self, recipient: str, *, number: int = 1) -> Mail:
        """The first mail to somebody, or a later one, once it is there."""
        until(lambda: len(self.to(recipient)) >= number, f"mail {number} to {recipient} arrives")
        return self.to(recipient)[number - 1]

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = await loop.create_server(lambda: _Session(self, self._tls), sock=self._socket)
        self._loop = loop
        await self._stop.wait()
        server.close()
        for session in list(self._sessions):
            session.hang_up()

    def step(self) -> None:
        self.steps += 1
        self.on_step(self.steps)

    def greet(self, session: "_Session") -> None:
        self._sessions.add(session)

    def forget(self, session: "_Session") -> None:
        self._sessions.discard(session)

    def begin(self, recipient: str) -> str:
        """Count a try to hand over a message; what is to befall it."""
        self.step()
        self.tries[recipient] += 1
        return self._plan(recipient, self.tries[recipient])

    async def handle_RCPT(self, _: Any, __: Any, envelope: Envelope, address: str, ___: Any) -> str:  # noqa: N802
        self.step()
        answer = self._plan(address, 0)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, session: "_Session", _: Any, envelope: Envelope) -> str:  # noqa: N802
        (recipient,), content = envelope.rcpt_tos, envelope.content
        assert isinstance(content, bytes)
        mail, fault = Mail(recipient, content), session.fault
        self.seen.append(mail)
        await asyncio.sleep(self._pace_s)
        if fault == STALL:
            await asyncio.Event().wait()
        answer = fault.format(link=mail.link, code=mail.code) if fault[:1].isdigit() else "250 OK"
        if not answer.startswith("250"):
            return answer
        self.mails.append(mail)
        self.step()
        if fault == FORGET:
            session.hang_up()
            await asyncio.Event().wait()
        return answer


class _Session(Protocol):
    """aiosmtpd, one connection, with the faults that its handler cannot play."""

    fault = ""

    def __init__(self, server: MailServer, tls: ssl.SSLContext) -> None:
        with warnings.catch_warnings(action="ignore"):  # aiosmtpd warns of what a login needs, which is there.
            super().__init__(
                server,
                loop=asyncio.get_running_loop(),
                tls_context=tls,
                require_starttls=True,
                auth_required=True,
                authenticator=_authenticate,
            )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.greet(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.forget(self)
        super().connection_lost(error)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if self.envelope is not None and self.envelope.rcpt_tos:
            self.fault = self.event_handler.begin(self.envelope.rcpt_tos[0])
        if self.fault == DROP:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._reader.readuntil(b"\r\n")
            self.hang_up()
            return
        await super().smtp_DATA(arg)

    def hang_up(self) -> None:
        transport = self._original_transport or self.transport
        if transport is not None:
            transport.abort()


def _authenticate(_: Any, __: Any, ___: Any, ____: Any, given: LoginPassword) -> AuthResult:
    is_known = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_known, handled=False)
