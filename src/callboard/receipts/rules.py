"""What a report of a letter means, and whether it is about the address or only about this letter. Pure.

Enhanced status codes are those of RFC 3463: class.subject.detail; 5 is for good, 4 for now.
"""

import re
from enum import StrEnum

from msgspec import Struct

from callboard.messages.rules import Receipt

ANSWER_LENGTH = 500

_STATUS = re.compile(r"(?<![0-9.])([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])", re.ASCII)
_REPLY = re.compile(r"(?<![0-9.])([45])[0-9]{2}(?![0-9.])", re.ASCII)
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_OF_CONTENT = ("6", "7")
"""Subjects of a status that are about what the letter says, or who sent it: the next one may be taken."""
_TOO_LARGE = ("5.2.3", "5.3.4")
_REFUSED_AT_ONCE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""No such mailbox or host, no address, moved away, takes no mail at all; switched off."""


class Report(Struct, frozen=True):
    """What somebody says of a letter. The ids may name it; the first that is one of ours counts."""

    letter_ids: tuple[str, ...]
    receipt: Receipt | None
    """None for a letter that is only delayed."""
    answer: str = ""
    is_about_address: bool = False
    """Whether nothing else would reach the address either."""


class Heard(StrEnum):
    """What became of a report, for the metrics."""

    ACCEPTED = "accepted"
    BOUNCED = "bounced"
    CANARY = "canary"
    REPEATED = "repeated"
    """It changed nothing."""
    DELAYED = "delayed"
    UNKNOWN = "unknown"
    """It names no letter of ours."""
    NO_REPORT = "no_report"


def status_of(status: str, diagnostic: str) -> str:
    """The enhanced status of a failure: as given, or as the server's own words have it; 5.0.0 if nothing says."""
    for text in (status, diagnostic):
        if found := _STATUS.search(text):
            return found[0]
    reply = _REPLY.search(diagnostic)
    return f"{reply[1]}.0.0" if reply else "5.0.0"


def is_about_address(status: str) -> bool:
    """Whether a bounce with this status means that nothing reaches the address: for good, and not for what it says."""
    kind, subject, _ = status.split(".")
    return kind == "5" and subject not in _OF_CONTENT and status not in _TOO_LARGE


def refuses_address(answer: str) -> bool:
    """Whether a server that refused a letter at once has said that the address is none.

    A bare 550 may be about what the letter says, so only a status that is about the mailbox counts.
    """
    found = _STATUS.search(answer)
    return found is not None and found[0] in _REFUSED_AT_ONCE


def one_line(text: str) -> str:
    """What others say, fit to be kept and shown."""
    return _UNPRINTABLE.sub(" ", text[: 4 * ANSWER_LENGTH]).strip()[:ANSWER_LENGTH]
