"""An SMTP server for what comes back. It takes mail for our own addresses alone, and hands nothing on."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import parseaddr
from typing import Any

from structlog.typing import FilteringBoundLogger

from callboard.contacts.addresses import key_of
from callboard.errors import Conflict, StartupError, Unavailable
from callboard.log import fault
from callboard.receipts.desk import Desk
from callboard.receipts.dsn import MOST_BYTES
from callboard.settings import Settings

TIMEOUT_S = 60.0
MOST_CONNECTIONS = 50


class Listener:
    """The socket, bound at once, and what is answered on it. Raises StartupError."""

    def __init__(self, settings: Settings) -> None:
        try:
            from aiosmtpd.smtp import SMTP  # An extra, and only few need it.
        except ImportError as error:
            raise StartupError("The setting bounce_listen needs: pip install 'callboard[inbound]'.") from error
        self._protocol = SMTP
        self._takes = _addresses(settings)
        self._socket = _bind(settings.bounce_listen)

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    @asynccontextmanager
    async def open(self, desk: Desk, log: FilteringBoundLogger) -> AsyncIterator[None]:
        """Take mails for as long as the block lasts."""
        sessions: set[Any] = set()
        handler = _Handler(self._takes, desk, log)
        loop = asyncio.get_running_loop()

        class Session(self._protocol):  # type: ignore[name-defined, misc]
            """One connection. One too many is hung up on: a mail server comes again."""

            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                super().connection_made(transport)
                sessions.add(self)
                if len(sessions) > MOST_CONNECTIONS:
                    self.hang_up()

            def connection_lost(self, error: Exception | None) -> None:
                sessions.discard(self)
                super().connection_lost(error)

            def hang_up(self) -> None:
                if self.transport is not None:
                    self.transport.abort()

        def session() -> Session:
            return Session(
                handler,
                data_size_limit=MOST_BYTES,
                enable_SMTPUTF8=True,
                hostname="callboard",
                ident="Callboard",
                loop=loop,
                timeout=TIMEOUT_S,
            )

        server = await loop.create_server(session, sock=self._socket)
        try:
            yield
        finally:
            server.close()
            for each in list(sessions):
                each.hang_up()


class _Handler:
    """What aiosmtpd asks."""

    def __init__(self, takes: frozenset[str], desk: Desk, log: FilteringBoundLogger) -> None:
        self._takes, self._desk, self._log = takes, desk, log

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        if key_of(address) not in self._takes:
            return "550 5.7.1 This server takes bounces alone"
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        """Say yes only once what the mail tells is kept."""
        try:
            await self._desk.take_mail(envelope.content)
        except (Conflict, Unavailable) as error:
            self._log.warning("bounce_unavailable", reason=str(error))
            return "451 4.3.0 Not now: try again later"
        except Exception as error:
            self._log.error("bounce_failed", **fault(error))
            return "451 4.3.0 Not now: try again later"
        return "250 OK"


def _addresses(settings: Settings) -> frozenset[str]:
    """By their keys, the addresses that bounces and canaries come to."""
    given = (settings.bounce_address, settings.canary_email, settings.smtp_from)
    return frozenset(key_of(parseaddr(each)[1]) for each in given if each)


def _bind(listen: str) -> socket.socket:
    """Processes of one machine may share the port."""
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        if hasattr(socket, "SO_REUSEPORT"):
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind((host, int(port)))
    except OSError as error:
        bound.close()
        raise StartupError(f"Cannot listen on {listen}, the setting bounce_listen: {error.strerror}.") from error
    return bound
