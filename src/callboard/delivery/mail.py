"""What a mail looks like on the wire: one recipient, headers that nothing can break out of, both bodies."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy

import idna

from callboard.delivery.letter import Letter, PermanentFailure

_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LOCAL_PART = re.compile(r"""(?:[^\x00-\x20\x7f"(),:;<>@\[\\\]]+|"(?:[^\x00-\x1f\x7f"\\]|\\[\x20-\x7e])*")\Z""")
_ASCII_DOMAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\Z")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,59}", re.ASCII)
_ADDRESS_LENGTH = 320
_HEADER_LENGTH = 900
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


def on_one_line(text: str) -> str:
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
    for name, value in letter.content.headers:
        _write(message, *_header(name, value))
    _write_body(message, letter)
    return Mail(recipient, message.as_bytes())


def _header(name: str, value: str) -> tuple[str, str]:
    """A header of the letter's own, on one line in ASCII: links in it are not to be folded. Raises PermanentFailure for
    what is none.
    """
    clean = on_one_line(value)
    if _HEADER_NAME.fullmatch(name) is None or not clean.isascii() or len(clean) > _HEADER_LENGTH:
        raise PermanentFailure("A header of the letter cannot be written.")
    return name, clean


def _write(message: EmailMessage, name: str, value: str) -> None:
    written = _Written(value)
    written.name = name
    message[name] = written


def _words(text: str, *, is_phrase: bool = False) -> str:
    """A text in a header: as it is where that is safe, else in encoded words. Line breaks become blanks."""
    clean = on_one_line(text)
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
