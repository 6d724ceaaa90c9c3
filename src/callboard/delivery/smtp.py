"""Emails to an SMTP server: what a mail looks like on the wire, and connections that serve many letters."""

import asyncio
import hashlib
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from email.utils import parseaddr

import aiosmtplib
import idna

from callboard.delivery.letter import Letter, PermanentFailure, TemporaryFailure
from callboard.errors import StartupError
from callboard.settings.delivery import DeliverySettings

PORTS = {"starttls": 587, "tls": 465, "none": 25}
IDLE_S = 30.0
"""A connection that nobody used for so long is closed, before the server does it."""
LETTERS_A_CONNECTION = 100
STEPS_A_LETTER = 4
"""A whole letter may take as long as so many steps may, or a server slow in each would hold the worker."""

_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LOCAL_PART = re.compile(r"""(?:[^\x00-\x20\x7f"(),:;<>@\[\\\]]+|"(?:[^\x00-\x1f\x7f"\\]|\\[\x20-\x7e])*")\Z""")
_ASCII_DOMAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\Z")
_ADDRESS_LENGTH = 320
_SHORT_HEADER = 60


class Mailbox(str):
    """One address as it goes on the wire: the domain in ASCII, nothing in it that ends a line or starts another."""

    __slots__ = ()

    @classmethod
    def read(cls, text: str) -> "Mailbox":
        """The address that a text is. Raises ValueError when it is not exactly one."""
        local, _, domain = text.rpartition("@")
        # Readers of mail decode what looks like an encoded word even within an address.
        is_local = _LOCAL_PART.match(local) is not None and local.isprintable() and "=?" not in local
        if not is_local or len(text) > _ADDRESS_LENGTH:
            raise ValueError("The recipient is not an email address.")
        if _ASCII_DOMAIN.match(domain) is None:
            domain = idna.encode(domain, uts46=True).decode()  # Its IDNAError is a ValueError.
        return cls(f"{local}@{domain}")


@dataclass(frozen=True)
class Mail:
    """A letter ready for the wire."""

    recipient: Mailbox
    octets: bytes


def _one_line(text: str) -> str:
    """Surrogates go, too: aiosmtplib has them for octets that are no UTF-8."""
    return _UNPRINTABLE.sub(" ", text).strip()


class _Written(str):
    """A header value that is folded already.

    The folding of the standard library puts a blank before a long subject and into long names, and turns addresses
    that are not ASCII into encoded words, which are none.
    """

    __slots__ = ("name",)
    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def compose(letter: Letter, *, sender: Mailbox, sender_name: str) -> Mail:
    """The mail that a letter is, the same to the byte each time. Raises PermanentFailure for what is no address."""
    try:
        recipient = Mailbox.read(letter.recipient)
    except ValueError as error:
        raise PermanentFailure("The recipient is not an email address.") from error
    message = EmailMessage(policy=SMTP if recipient.isascii() else SMTPUTF8)
    phrase = _words(sender_name, is_phrase=True)
    _write(message, "From", f"{phrase} <{sender}>" if phrase else sender)
    _write(message, "To", recipient)
    _write(message, "Subject", _words(letter.content.subject))
    message["Date"] = datetime.fromtimestamp(letter.created_at / 1000, UTC)
    _write(message, "Message-ID", f"<{letter.letter_id}@{sender.rpartition('@')[2]}>")
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    _write_body(message, letter)
    return Mail(recipient, message.as_bytes())


def _write(message: EmailMessage, name: str, value: str) -> None:
    written = _Written(value)
    written.name = name
    message[name] = written


def _words(text: str, *, is_phrase: bool = False) -> str:
    """A text in a header: as it is where that is safe, else in encoded words. Line breaks become blanks."""
    clean = _one_line(text)
    if not clean.isascii() or len(clean) > _SHORT_HEADER or "=?" in clean:
        return Header(clean, "utf-8", header_name="X" * 12).encode(linesep="\r\n")
    if is_phrase and clean:
        return '"' + re.sub(r'(["\\])', r"\\\1", clean) + '"'
    return clean


def _write_body(message: EmailMessage, letter: Letter) -> None:
    _write_part(message.set_content, letter.content.text, "plain")
    if letter.content.html:
        _write_part(message.add_alternative, letter.content.html, "html")
        # "=_" stands in neither transfer encoding, so this line cannot be in a part; and it is the same each time.
        message.set_boundary("=_" + hashlib.sha256(letter.letter_id.encode()).hexdigest()[:32])


def _write_part(write: Callable[..., None], text: str, subtype: str) -> None:
    whole = text.encode("utf-8", "replace").decode()  # Without lone surrogates.
    write(whole, subtype=subtype, charset="utf-8", cte="quoted-printable" if whole.isascii() else "base64")


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
            raise TemporaryFailure(_one_line(f"{answer.code} {answer.message}"))

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
        return _one_line(f"{answer.code} {answer.message}")

    async def leave(self) -> None:
        with suppress(aiosmtplib.SMTPException, OSError):
            await self.client.quit()
        self.client.close()


def _refusal(code: int, text: str) -> TemporaryFailure | PermanentFailure:
    return (PermanentFailure if 500 <= code <= 599 else TemporaryFailure)(_one_line(f"{code} {text}"))


def _reason(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _one_line(f"{error.code} {error.message}")
    return _one_line(str(error)) or type(error).__name__


class SmtpSender:
    """Sends letters by one SMTP server, over as few connections as letters travel at once."""

    name = "smtp"

    def __init__(self, settings: DeliverySettings, *, idle_s: float = IDLE_S) -> None:
        self._settings = settings
        self._sender_name, address = parseaddr(_one_line(settings.smtp_from))
        self._sender = _read_sender(address)
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
                return await connection.started(self._sender, mail)
        return await (await self._connect()).started(self._sender, mail)

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


def _read_sender(address: str) -> Mailbox:
    try:
        sender = Mailbox.read(address)
    except ValueError as error:
        raise StartupError("The setting smtp_from has no email address that can be sent from.") from error
    if not sender.isascii():
        raise StartupError("The address in the setting smtp_from must be ASCII before its @.")
    return sender


def _tls_context(settings: DeliverySettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.smtp_ca or None)
    except OSError as error:  # What is in the file but is no certificate is an SSLError, an OSError too.
        raise StartupError(f"The setting smtp_ca names {settings.smtp_ca}, which cannot be read: {error}.") from error
