"""What a mail looks like on the wire: one recipient, headers that nothing can break out of, both bodies."""

import hashlib
import re
from binascii import b2a_base64, b2a_qp
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime

import idna

from callboard.delivery.letter import Letter, PermanentFailure

_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LOCAL_PART = re.compile(r"""(?:[^\x00-\x20\x7f"(),:;<>@\[\\\]]+|"(?:[^\x00-\x1f\x7f"\\]|\\[\x20-\x7e])*")\Z""")
_ASCII_DOMAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\Z")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,59}", re.ASCII)
_ADDRESS_LENGTH = 320
_HEADER_LENGTH = 900
_SHORT_HEADER = 60
_LINE = 76
EOL = b"\r\n"


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


def compose(letter: Letter, *, sender: Mailbox, sender_name: str) -> Mail:
    """The mail that a letter is, the same to the byte each time. Raises PermanentFailure for what is no address.

    Written out, as the standard library takes a millisecond for a mail: as long as everything else that a mail costs.
    """
    try:
        recipient = Mailbox.read(letter.recipient)
    except ValueError as error:
        raise PermanentFailure("The recipient is not an email address.") from error
    phrase = _words(sender_name, is_phrase=True)
    headers = [
        f"From: {phrase} <{sender}>" if phrase else f"From: {sender}",
        f"To: {recipient}",
        f"Subject: {_words(letter.content.subject)}",
        f"Date: {format_datetime(datetime.fromtimestamp(letter.created_at / 1000, UTC))}",
        f"Message-ID: <{letter.letter_id}@{sender.rpartition('@')[2]}>",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        *(_header(*each) for each in letter.content.headers),
        "MIME-Version: 1.0",
    ]
    return Mail(recipient, EOL.join(each.encode() for each in headers) + EOL + _body(letter))


def _header(name: str, value: str) -> str:
    """A header of the letter's own, on one line in ASCII: links in it are not to be folded. Raises PermanentFailure for
    what is none.
    """
    clean = on_one_line(value)
    if _HEADER_NAME.fullmatch(name) is None or not clean.isascii() or len(clean) > _HEADER_LENGTH:
        raise PermanentFailure("A header of the letter cannot be written.")
    return f"{name}: {clean}"


def _words(text: str, *, is_phrase: bool = False) -> str:
    """A text in a header: as it is where that is safe, else in encoded words. Line breaks become blanks."""
    clean = on_one_line(text)
    if not clean.isascii() or len(clean) > _SHORT_HEADER or "=?" in clean:
        return Header(clean, "utf-8", header_name="X" * 12).encode(linesep="\r\n")
    if is_phrase and clean:
        return '"' + re.sub(r'(["\\])', r"\\\1", clean) + '"'
    return clean


def _body(letter: Letter) -> bytes:
    """The headers that tell what the body is, and the body."""
    plain = _part(letter.content.text, "plain")
    if not letter.content.html:
        return plain
    # "=_" stands in neither transfer encoding, so this line cannot be in a part; and it is the same each time.
    boundary = b"=_" + hashlib.sha256(letter.letter_id.encode()).hexdigest()[:32].encode()
    between = EOL + b"--" + boundary
    parts = [b'Content-Type: multipart/alternative; boundary="' + boundary + b'"' + EOL, between[2:], EOL, plain]
    return b"".join([*parts, between, EOL, _part(letter.content.html, "html"), between, b"--", EOL])


def _part(text: str, subtype: str) -> bytes:
    """A text with its headers, in a transfer encoding that any server carries. Lone surrogates become ?."""
    octets = text.encode("utf-8", "replace")
    whole = b"".join([line + EOL for line in octets.splitlines()])
    if octets.isascii():
        encoding, coded = b"quoted-printable", b2a_qp(whole)
    else:
        long = b2a_base64(whole, newline=False)
        lines = [long[first : first + _LINE] + EOL for first in range(0, len(long), _LINE)]
        encoding, coded = b"base64", b"".join(lines)
    head = b'Content-Type: text/%b; charset="utf-8"%bContent-Transfer-Encoding: %b' % (subtype.encode(), EOL, encoding)
    return head + EOL + EOL + coded
