"""What providers send to our webhooks, read: a form of our own, and Alibaba Cloud's SmsReport.

Source of the latter: help.aliyun.com/en/sms/developer-reference/smsreport-http. Its codes of what went wrong are many
and most are about this one SMS; those here are about the number.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from callboard.messages.rules import Receipt
from callboard.receipts.rules import Report, one_line

MOST_REPORTS = 1000
LONGEST_ID = 32
NUMBER_CODES = frozenset({"MOBILE_NUMBER_ILLEGAL", "INVALID_NUMBER"})


class BodyInvalid(Exception):
    """The body is not what the provider's form says; the text says why."""


class _Generic(Struct):
    id: str
    status: Literal["delivered", "bounced", "failed", "delayed"]
    detail: str = ""


class _SmsReport(Struct):
    success: bool
    out_id: str = ""
    err_code: str = ""
    err_msg: str = ""


def generic(body: bytes) -> list[Report]:
    """An object, or a list of them: the letter's id, what became of it, and what is said of that."""
    found = _decoded(body, list[_Generic] | _Generic)
    return [
        Report(
            _ids(each.id),
            {"delivered": Receipt.ACCEPTED, "delayed": None}.get(each.status, Receipt.BOUNCED),
            one_line(each.detail or each.status),
            is_about_address=each.status == "bounced",
        )
        for each in (found if isinstance(found, list) else [found])
    ]


def aliyun(body: bytes) -> list[Report]:
    """SmsReport, a list: the id that the SMS went with, and what the carrier said."""
    return [
        Report(
            _ids(each.out_id),
            Receipt.ACCEPTED if each.success else Receipt.BOUNCED,
            one_line(f"{each.err_code} {each.err_msg}"),
            is_about_address=not each.success and each.err_code in NUMBER_CODES,
        )
        for each in _decoded(body, list[_SmsReport])
    ]


PROVIDERS: Mapping[str, Callable[[bytes], list[Report]]] = {"generic": generic, "aliyun": aliyun}


def _decoded(body: bytes, form: Any) -> Any:
    try:
        found = msgspec.json.decode(body, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BodyInvalid(f"The body does not fit: {error}.") from error
    if isinstance(found, list) and len(found) > MOST_REPORTS:
        raise BodyInvalid(f"The body has more than {MOST_REPORTS} reports.")
    return found


def _ids(text: str) -> tuple[str, ...]:
    """What could be an id of ours."""
    is_one = len(text) <= LONGEST_ID and text.isascii() and text.replace("-", "").isalnum()
    return (text,) if is_one else ()
