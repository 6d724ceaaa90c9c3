"""Emails to an SMTP server, over connections that serve many letters."""

import asyncio
import ssl
from contextlib import suppress
from email.utils import parseaddr

import aiosmtplib

from callboard.delivery.letter import Letter, PermanentFailure, TemporaryFailure
from callboard.delivery.mail import Mail, Mailbox, compose, on_one_line
from callboard.errors import StartupError
from callboard.settings import Settings

PORTS = {"starttls": 587, "tls": 465, "none": 25}
IDLE_S = 30.0
"""A connection that nobody used for so long is closed, before the server does it."""
LETTERS_A_CONNECTION = 100
STEPS_A_LETTER = 4
"""A whole letter may take as long as so many steps may, or a server slow in each would hold the worker."""


class _Connection:
    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self.client = client
        self.letters = 0
        self.expiry: asyncio.TimerHandle | None = None

    async def started(self, sender: Mailbox, mail: Mail) -> "_Connection":
        try:
            await self._start(sender, mail)
        except BaseException:
            self.client.close()
            raise
        return self

    async def _start(self, sender: Mailbox, mail: Mail) -> None:
        """MAIL FROM. The server that refuses it has something against the site, and not against the recipient."""
        options: list[bytes] = []
        if not mail.recipient.isascii():
            if not self.client.supports_extension("smtputf8"):
                raise PermanentFailure("The SMTP server takes no addresses with other characters than ASCII.")
            options = [b"SMTPUTF8", b"BODY=8BITMIME"]
        answer = await self.client.execute_command(b"MAIL", b"FROM:<" + sender.encode() + b">", *options)
        if answer.code != 250:
            raise TemporaryFailure(on_one_line(f"{answer.code} {answer.message}"))

    async def finish(self, mail: Mail) -> str:
        """RCPT TO and DATA; the server's last word."""
        answer = await self.client.execute_command(b"RCPT", b"TO:<" + mail.recipient.encode() + b">")
        if answer.code not in (250, 251):
            raise _refusal(answer.code, answer.message)
        try:
            answer = await self.client.data(mail.octets)
        except aiosmtplib.SMTPDataError as error:
            raise _refusal(error.code, error.message) from error
        self.letters += 1
        return on_one_line(f"{answer.code} {answer.message}")

    async def leave(self) -> None:
        with suppress(aiosmtplib.SMTPException, OSError):
            await self.client.quit()
        self.client.close()


def _refusal(code: int, text: str) -> TemporaryFailure | PermanentFailure:
    return (PermanentFailure if 500 <= code <= 599 else TemporaryFailure)(on_one_line(f"{code} {text}"))


def _reason(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return on_one_line(f"{error.code} {error.message}")
    return on_one_line(str(error)) or type(error).__name__


class SmtpSender:
    """Sends letters by one SMTP server, over as few connections as letters travel at once."""

    name = "smtp"

    def __init__(self, settings: Settings, *, idle_s: float = IDLE_S) -> None:
        self._settings = settings
        self._sender_name, address = parseaddr(on_one_line(settings.smtp_from))
        self._sender = _read_sender(address, "smtp_from")
        self._envelope = _read_sender(settings.bounce_address or address, "bounce_address")
        self._tls = _tls_context(settings)
        self._idle_s = idle_s
        self._idle: list[_Connection] = []
        self._leaving: set[asyncio.Task[None]] = set()

    async def send(self, letter: Letter) -> str:
        mail = compose(letter, sender=self._sender, sender_name=self._sender_name)
        bound_s = STEPS_A_LETTER * self._settings.smtp_timeout_s
        try:
            async with asyncio.timeout(bound_s) as bound:
                return await self._send(mail)
        except (aiosmtplib.SMTPException, OSError) as error:  # A TimeoutError and a fault of TLS are OSErrors.
            reason = f"The SMTP server took more than {bound_s} s." if bound.expired() else _reason(error)
            raise TemporaryFailure(reason) from error

    async def close(self) -> None:
        while self._idle:
            self._retire(self._take())
        await asyncio.gather(*self._leaving)

    async def _send(self, mail: Mail) -> str:
        connection = await self._started(mail)
        try:
            answer = await connection.finish(mail)
        except (TemporaryFailure, PermanentFailure):
            self._retire(connection)
            raise
        except BaseException:  # Also when this task is cancelled: nobody knows what the server would say next.
            connection.client.close()
            raise
        self._keep(connection)
        return answer

    async def _started(self, mail: Mail) -> _Connection:
        """A connection on which the server has said yes to the sender.

        The server may have closed an idle connection meanwhile. That must not cost the letter an attempt, and
        nothing of it is on its way yet, so whatever goes wrong on an old connection is tried on a new one.
        """
        if self._idle:
            connection = self._take()
            with suppress(aiosmtplib.SMTPException, OSError, TemporaryFailure):
                return await connection.started(self._envelope, mail)
        return await (await self._connect()).started(self._envelope, mail)

    async def _connect(self) -> _Connection:
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port or PORTS[settings.smtp_security],
            username=settings.smtp_user or None,
            password=settings.smtp_password or None,
            # Some servers want a full domain; the machine's own name is often none, and costs a look-up.
            local_hostname=self._sender.rpartition("@")[2],
            timeout=settings.smtp_timeout_s,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            tls_context=self._tls,
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except BaseException:
            client.close()
            raise
        return _Connection(client)

    def _take(self) -> _Connection:
        """The connection used last: the others may then grow old."""
        connection = self._idle.pop()
        if connection.expiry is not None:
            connection.expiry.cancel()
        return connection

    def _keep(self, connection: _Connection) -> None:
        if connection.letters >= LETTERS_A_CONNECTION or not connection.client.is_connected:
            self._retire(connection)
        else:
            connection.expiry = asyncio.get_running_loop().call_later(self._idle_s, self._expire, connection)
            self._idle.append(connection)

    def _expire(self, connection: _Connection) -> None:
        self._idle.remove(connection)
        self._retire(connection)

    def _retire(self, connection: _Connection) -> None:
        """Say goodbye without making a letter wait for it."""
        task = asyncio.get_running_loop().create_task(connection.leave())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


def _read_sender(address: str, setting: str) -> Mailbox:
    try:
        sender = Mailbox.read(address)
    except ValueError as error:
        raise StartupError(f"The setting {setting} has no email address that can be sent from.") from error
    if not sender.isascii():
        raise StartupError(f"The address in the setting {setting} must be ASCII before its @.")
    return sender


def _tls_context(settings: Settings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.smtp_ca or None)
    except OSError as error:  # What is in the file but is no certificate is an SSLError, an OSError too.
        raise StartupError(f"The setting smtp_ca names {settings.smtp_ca}, which cannot be read: {error}.") from error
