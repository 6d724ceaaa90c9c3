"""The parameters of the actions about messages: rule, refusals and text of each."""

import re
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.messages import rules
from callboard.messages.ladder import LATEST_STEP_S, SOONEST_STEP_S
from callboard.messages.limits import LONGEST_CONTENT, LONGEST_SUBJECT, is_line, is_text
from callboard.messages.listing import Place as DeliveryPlace
from callboard.messages.rules import LONGEST_LIFE_S, SHORTEST_LIFE_S
from callboard.messages.shapes import CONTENT_TYPES, STATES
from callboard.messages.storage import Place
from callboard.profile import Profile

LONGEST_LINK, LONGEST_SENDER = 500, 100

_NOT_IN_LINK = re.compile(r"[^\x21-\x7e]|[\"'<>\\^`{|}]")
_KEY = re.compile(r"[\x21-\x7e]{1,128}", re.ASCII)
_MESSAGE_ID = re.compile(r"m-[A-Za-z0-9]{16}", re.ASCII)
_TOKEN = re.compile(r"([0-9]{1,15})\.(m-[A-Za-z0-9]{16})", re.ASCII)

_DELIVERY_TOKEN = re.compile(r"([0-9]{1,15})\.(m-[A-Za-z0-9]{16})\.([0-9a-f]{32})", re.ASCII)


def write_delivery_token(place: DeliveryPlace) -> str:
    return f"{place.at}.{place.message_id}.{place.delivery_id}"


def _check_delivery_token(text: str, _: Profile) -> DeliveryPlace:
    found = _DELIVERY_TOKEN.fullmatch(text)
    place = DeliveryPlace(int(found[1]), found[2], found[3]) if found else None
    if place is None or write_delivery_token(place) != text:
        raise ParameterInvalid(parameter="NextToken")
    return place


def write_token(place: Place) -> str:
    return f"{place.created_at}.{place.message_id}"


def _check_token(text: str, _: Profile) -> Place:
    found = _TOKEN.fullmatch(text)
    place = Place(int(found[1]), found[2]) if found else None
    if place is None or write_token(place) != text:
        raise ParameterInvalid(parameter="NextToken")
    return place


def _line(name: str, longest: int, *, description: str, example: str) -> Parameter:
    """A text on one line that could stand in a header."""

    def check(text: str, _: Profile) -> str:
        if not is_line(text, longest):
            raise ParameterInvalid(parameter=name)
        return text

    return Parameter(
        description=f"{description} 1 to {longest} characters on one line, without control characters.",
        example=example,
        schema={"type": "string", "minLength": 1, "maxLength": longest},
        invalid=ParameterInvalid,
        check=check,
    )


def _fits(name: str, pattern: re.Pattern[str]) -> Callable[[str, Profile], str]:
    def check(text: str, _: Profile) -> str:
        if pattern.fullmatch(text) is None:
            raise ParameterInvalid(parameter=name)
        return text

    return check


def _check_severity(text: str, _: Profile) -> rules.Severity:
    try:
        return rules.Severity(text)
    except ValueError as error:
        raise ParameterInvalid(parameter="Severity") from error


def _check_content(text: str, _: Profile) -> str:
    if not is_text(text, LONGEST_CONTENT):
        raise ParameterInvalid(parameter="Content")
    return text


def _check_content_type(text: str, _: Profile) -> str:
    if text not in CONTENT_TYPES:
        raise ParameterInvalid(parameter="ContentType")
    return text


def _check_state(text: str, _: Profile) -> str:
    if text not in STATES:
        raise ParameterInvalid(parameter="State")
    return text


def _check_link(text: str, _: Profile) -> str:
    if len(text) > LONGEST_LINK or _NOT_IN_LINK.search(text) or not _is_web(text):
        raise ParameterInvalid(parameter="Link")
    return text


def _is_web(text: str) -> bool:
    """A name before an @ is none: it makes people believe that a link leads elsewhere."""
    try:
        url = urlsplit(text)
        return url.scheme in ("http", "https") and bool(url.hostname) and "@" not in url.netloc
    except ValueError:
        return False


def _check_lifetime(number: int, _: Profile) -> int:
    if not SHORTEST_LIFE_S <= number <= LONGEST_LIFE_S:
        raise ParameterInvalid(parameter="TimeToLive")
    return number


def _check_step(number: int, _: Profile) -> int:
    if not SOONEST_STEP_S <= number <= LATEST_STEP_S:
        raise ParameterInvalid(parameter="EscalateAfter")
    return number


Severity = Annotated[
    rules.Severity,
    Parameter(
        description="How much it matters: Critical (somebody must act now: by SMS besides, to proven numbers), "
        "Warning (somebody should act soon) or Info (good to know).",
        example="Critical",
        schema={"type": "string", "enum": [each.value for each in rules.Severity]},
        invalid=ParameterInvalid,
        check=_check_severity,
    ),
]
Subject = Annotated[
    str,
    _line(
        "Subject",
        LONGEST_SUBJECT,
        description="What it is about. It stands in the audit trail, so it must hold no secret.",
        example="Database production-1 does not answer",
    ),
]
Content = Annotated[
    str,
    Parameter(
        description=f"What it says: 1 to {LONGEST_CONTENT} characters, without control characters but tabs and line "
        "breaks. It is in the mail; an SMS has the subject and the link.",
        example="Since 10:02 UTC no connection succeeds. Writes are paused.",
        schema={"type": "string", "minLength": 1, "maxLength": LONGEST_CONTENT},
        invalid=ParameterInvalid,
        check=_check_content,
    ),
]
ContentType = Annotated[
    str,
    Parameter(
        description="Text, or Markdown (CommonMark; HTML in it is shown as it stands, images are left out). Default: "
        "Text.",
        example="Text",
        schema={"type": "string", "enum": list(CONTENT_TYPES)},
        invalid=ParameterInvalid,
        check=_check_content_type,
    ),
]
Link = Annotated[
    str,
    Parameter(
        description=f"Where more is to be read: http or https, at most {LONGEST_LINK} characters of ASCII, without a "
        "user name.",
        example="https://status.example.com/incidents/17",
        schema={"type": "string", "maxLength": LONGEST_LINK},
        invalid=ParameterInvalid,
        check=_check_link,
    ),
]
TimeToLive = Annotated[
    int,
    Parameter(
        description="How long delivery is tried, in seconds, 60 to 604800. Default: 3 days for Critical, 2 days for "
        "Warning, 1 day for Info.",
        example=3600,
        schema={"type": "integer", "minimum": SHORTEST_LIFE_S, "maximum": LONGEST_LIFE_S},
        kind=int,
        invalid=ParameterInvalid,
        check=_check_lifetime,
    ),
]
AcknowledgementRequired = Annotated[
    bool,
    Parameter(
        description="true: recipients are asked to acknowledge it, by a link in the mail, and in the SMS where "
        "there is room.",
        example=True,
        schema={"type": "boolean"},
        kind=bool,
        invalid=ParameterInvalid,
    ),
]
EscalateAfter = Annotated[
    int,
    Parameter(
        description="Seconds, 60 to 86400, and less than the message is of use. It goes first to those who come to the "
        "account by the nearest scope at which anybody is told (what the account keeps counts as the account); after "
        "each such time without an acknowledgement to those of the next scope upwards, at last to the fallback. It "
        "asks for an acknowledgement, too.",
        example=900,
        schema={"type": "integer", "minimum": SOONEST_STEP_S, "maximum": LATEST_STEP_S},
        kind=int,
        invalid=ParameterInvalid,
        check=_check_step,
    ),
]
Sender = Annotated[
    str,
    _line(
        "Sender",
        LONGEST_SENDER,
        description="Who publishes it, as the mail names it in its text; mails are always from the server's address.",
        example="Monitoring",
    ),
]
IdempotencyKey = Annotated[
    str,
    Parameter(
        description="1 to 128 characters of ASCII, without blanks. A call that comes again with the same key and the "
        "same parameters within 24 hours has no further effect and the same answer. Keys are the directory's.",
        example="alarm-4711-2026-11-25",
        schema={"type": "string", "pattern": "^[!-~]{1,128}$"},
        invalid=ParameterInvalid,
        check=_fits("IdempotencyKey", _KEY),
    ),
]
MessageId = Annotated[
    str,
    Parameter(
        description="The ID of the message.",
        example="m-qL4HqKONzOM7abcd",
        schema={"type": "string", "pattern": "^m-[A-Za-z0-9]{16}$"},
        invalid=ParameterInvalid,
        check=_fits("MessageId", _MESSAGE_ID),
    ),
]
State = Annotated[
    str,
    Parameter(
        description=f"Only those that stand there: {', '.join(STATES)}.",
        example="Sent",
        schema={"type": "string", "enum": list(STATES)},
        invalid=ParameterInvalid,
        check=_check_state,
    ),
]
DeliveryToken = Annotated[
    DeliveryPlace,
    Parameter(
        description="Where to go on: the NextToken of the answer before.",
        example="1764064973125.m-qL4HqKONzOM7abcd.0f3d9c7d2b6e4a1f8c5d7e9b1a2c3d4e",
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=_check_delivery_token,
    ),
]
NextToken = Annotated[
    Place,
    Parameter(
        description="Where to go on: the NextToken of the answer before.",
        example="1764064973125.m-qL4HqKONzOM7abcd",
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=_check_token,
    ),
]
