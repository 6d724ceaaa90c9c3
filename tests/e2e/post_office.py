"""A mail server that takes mails as fast as they come, and remembers of each to whom it went, its name and its subject.

For floods of mails: the one in mail.py knows every fault, and keeps the mails whole.
"""

import asyncio
import hashlib
import re
import threading
from collections.abc import Callable
from typing import NamedTuple, Self, cast

from tests.e2e.processes import until

_NAME = re.compile(rb"\r\nMessage-ID: <([^@>]+)@", re.IGNORECASE)
_SUBJECT = re.compile(rb"\r\nSubject: ([^\r\n]*)\r\n", re.IGNORECASE)


class Taken(NamedTuple):
    """What is remembered of a mail."""

    recipient: str
    name: str
    """What stands before the @ in its Message-ID."""
    subject: str
    digest: bytes


class PostOffice:
    """The server, in a thread of its own."""

    def __init__(self) -> None:
        self.mails: list[Taken] = []
        self.on_mail: Callable[[], None] = lambda: None
        """Told of each mail that is taken, before the client hears of it."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="post-office")

    def __enter__(self) -> Self:
        self._thread.start()
        until(lambda: self._loop, "the post office is open")
        return self

    @property
    def settings(self) -> dict[str, str]:
        return {
            "smtp_host": "127.0.0.1",
            "smtp_port": str(self._port),
            "smtp_security": "none",
            "smtp_from": "no-reply@callboard.example",
        }

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def take(self, recipient: str, octets: bytes) -> None:
        name, subject = _NAME.search(octets), _SUBJECT.search(octets)
        assert name is not None
        assert subject is not None
        digest = hashlib.blake2b(octets, digest_size=16).digest()
        self.mails.append(Taken(recipient, name[1].decode(), subject[1].decode(), digest))
        self.on_mail()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = await loop.create_server(lambda: _Session(self), "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        self._loop = loop
        await self._stop.wait()
        server.close()


class _Session(asyncio.Protocol):
    """One connection. Our client waits for each answer, so that what arrives is one command, or a part of a mail."""

    def __init__(self, office: PostOffice) -> None:
        self._office, self._pending, self._recipient, self._is_in_mail = office, b"", "", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._answer(b"220 ready")

    def data_received(self, octets: bytes) -> None:
        self._pending += octets
        if self._is_in_mail and self._pending.endswith(b"\r\n.\r\n"):
            self._is_in_mail = False
            self._office.take(self._recipient, self._pending)
            self._answer(b"250 taken")
        elif not self._is_in_mail and self._pending.endswith(b"\r\n"):
            self._obey(self._pending)

    def _obey(self, line: bytes) -> None:
        command = line[:4].upper()
        if command == b"RCPT":
            self._recipient = line.partition(b"<")[2].partition(b">")[0].decode()
        self._is_in_mail = command == b"DATA"
        self._answer(b"354 go ahead" if self._is_in_mail else b"250 OK")
        if command == b"QUIT":
            self._transport.close()

    def _answer(self, answer: bytes) -> None:
        self._pending = b""
        self._transport.write(answer + b"\r\n")
