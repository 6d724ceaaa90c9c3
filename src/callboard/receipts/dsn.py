"""Mails that come back, read: delivery status notifications (RFC 3464), and canaries.

Whoever writes to the address may send anything, so nothing here is believed but a letter's id, which only those know
who had the letter. What is read is bounded: the beginning of the mail, its parts, its recipients, its ids.
"""

import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import Any

from msgspec import Struct

from callboard.messages.rules import Receipt
from callboard.receipts.rules import Report, is_about_address, one_line, status_of

MOST_BYTES = 1024 * 1024
READ_BYTES = 256 * 1024
"""A report and the headers of what it is about stand at the beginning; what comes back whole is at its end."""
MOST_PARTS = 20
MOST_RECIPIENTS = 50
MOST_IDS = 20
LONGEST_HEADERS = 64 * 1024
FAILED, DELIVERED, DELAYED = "failed", "delivered", "delayed"

_ID = re.compile(r"<([0-9A-Za-z-]{16,32})@[^<>@\s]{1,255}>", re.ASCII)


class Mail(Struct, frozen=True):
    """A mail that came in: what it reports, if anything, and by what id it goes itself."""

    report: Report | None
    own_ids: tuple[str, ...] = ()


def read(octets: bytes) -> Mail:
    """What a mail says. Never raises: what cannot be understood says nothing."""
    beginning = octets[:READ_BYTES]
    lower = beginning.lower()
    # Each part within a part costs the parser another pass over every line, and another level of calls.
    if lower.count(b"multipart/") > MOST_PARTS or lower.count(b"message/") > MOST_PARTS:
        return Mail(None)
    try:
        return _read(message_from_bytes(beginning))
    except Exception:  # Of what is no mail, Python's parser raises errors of all kinds: TypeError, LookupError, ...
        return Mail(None)


def _read(mail: Message) -> Mail:
    if mail.get_content_type() != "multipart/report":
        return Mail(None, _ids([mail], "Message-ID"))
    parts = list(mail.walk())
    return Mail(_report(_recipients(parts), _letter_ids(mail, parts)))


def _report(recipients: list[Message], letter_ids: tuple[str, ...]) -> Report | None:
    """One word for all recipients: each of our letters has one, unless it is forwarded to several."""
    by_action = {_text(each, "Action").strip().lower(): each for each in reversed(recipients)}
    if DELIVERED in by_action:
        return Report(letter_ids, Receipt.ACCEPTED, _answer(by_action[DELIVERED]))
    if FAILED in by_action:
        failed = by_action[FAILED]
        status = status_of(_text(failed, "Status"), _text(failed, "Diagnostic-Code"))
        return Report(letter_ids, Receipt.BOUNCED, _answer(failed, status), is_about_address(status))
    return Report(letter_ids, None) if DELAYED in by_action else None


def _answer(recipient: Message, status: str = "") -> str:
    said = _text(recipient, "Diagnostic-Code").partition(";")[2] or _text(recipient, "Diagnostic-Code")
    status = status or _text(recipient, "Status")
    return one_line(said if status and status in said else f"{status} {said}")


def _recipients(parts: Iterable[Message]) -> list[Message]:
    """The fields of each recipient. Those of the mail as a whole, which come first, have no action."""
    found = (block for each in parts for block in _blocks(each))
    return [each for each in found if _text(each, "Action")][:MOST_RECIPIENTS]


def _blocks(part: Message) -> Iterator[Message]:
    if part.get_content_type() == "message/delivery-status":
        yield from _within(part)
    if part.get_content_type() == "message/global-delivery-status":  # RFC 6533; the parser takes it for a mail.
        for whole in _within(part):
            body = whole.get_payload()
            yield whole
            if isinstance(body, str):
                yield from map(message_from_string, re.split(r"\r?\n\r?\n", body)[:MOST_RECIPIENTS])


def _letter_ids(mail: Message, parts: Iterable[Message]) -> tuple[str, ...]:
    """The ids of what came back; then those that the report refers to, as some bring nothing back."""
    returned = [each for part in parts for each in _returned(part)]
    return tuple(
        dict.fromkeys((*_ids(returned, "Message-ID"), *_ids([mail], "References"), *_ids([mail], "In-Reply-To")))
    )[:MOST_IDS]


def _returned(part: Message) -> Iterator[Message]:
    if part.get_content_type() in ("message/rfc822", "message/global", "message/global-headers"):
        yield from _within(part)
    if part.get_content_type() == "text/rfc822-headers":
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            # The headers alone: a body would be parsed for parts.
            headers = payload[:LONGEST_HEADERS].decode("latin-1").replace("\r\n", "\n").partition("\n\n")[0]
            yield message_from_string(re.sub(r"(?im)^content-type:.*$", "", headers))


def _within(part: Message) -> list[Message]:
    payload: Any = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _ids(messages: Iterable[Message], header: str) -> tuple[str, ...]:
    return tuple(found for each in messages for found in _ID.findall(_text(each, header)))[:MOST_IDS]


def _text(message: Message, name: str) -> str:
    """A header as it stands; what is no ASCII in it shows as such."""
    return str(message.get(name, ""))[:LONGEST_HEADERS]
