"""The parameters of the actions about messages: rule, refusals and text of each."""

import re
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
from callboard.parameters import Tokens, boolean, fitting, number, one_of
from callboard.profile import Profile

LONGEST_LINK, LONGEST_SENDER = 500, 100

_NOT_IN_LINK = re.compile(r"[^\x21-\x7e]|[\"'<>\\^`{|}]")
_MESSAGE_ID = r"m-[A-Za-z0-9]{16}"
_TOKENS = Tokens(rf"([0-9]{{1,15}})\.({_MESSAGE_ID})", lambda found: Place(int(found[1]), found[2]))
_DELIVERY_TOKENS = Tokens(
    rf"([0-9]{{1,15}})\.({_MESSAGE_ID})\.([0-9a-f]{{32}})",
    lambda found: DeliveryPlace(int(found[1]), found[2], found[3]),
)

write_token, write_delivery_token = _TOKENS.write, _DELIVERY_TOKENS.write


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


def _check_content(text: str, _: Profile) -> str:
    if not is_text(text, LONGEST_CONTENT):
        raise ParameterInvalid(parameter="Content")
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


Severity = Annotated[
    rules.Severity,
    one_of(
        "Severity",
        rules.Severity,
        read=rules.Severity,
        description="How much it matters: Critical (somebody must act now: by SMS besides, to proven numbers), "
        "Warning (somebody should act soon) or Info (good to know).",
        example="Critical",
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
    one_of(
        "ContentType",
        CONTENT_TYPES,
        description="Text, or Markdown (CommonMark; HTML in it is shown as it stands, images are left out). Default: "
        "Text.",
        example="Text",
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
    number(
        "TimeToLive",
        SHORTEST_LIFE_S,
        LONGEST_LIFE_S,
        description="How long delivery is tried, in seconds, 60 to 604800. Default: 3 days for Critical, 2 days for "
        "Warning, 1 day for Info.",
        example=3600,
    ),
]
AcknowledgementRequired = Annotated[
    bool,
    boolean("true: recipients are asked to acknowledge it, by a link in the mail, and in the SMS where there is room."),
]
EscalateAfter = Annotated[
    int,
    number(
        "EscalateAfter",
        SOONEST_STEP_S,
        LATEST_STEP_S,
        description="Seconds, 60 to 86400, and less than the message is of use. It goes first to those who come to the "
        "account by the nearest scope at which anybody is told (what the account keeps counts as the account); after "
        "each such time without an acknowledgement to those of the next scope upwards, at last to the fallback. It "
        "asks for an acknowledgement, too.",
        example=900,
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
    fitting(
        "IdempotencyKey",
        r"[!-~]{1,128}",
        description="1 to 128 characters of ASCII, without blanks. A call that comes again with the same key and the "
        "same parameters within 24 hours has no further effect and the same answer. Keys are the directory's.",
        example="alarm-4711-2026-11-25",
    ),
]
MessageId = Annotated[
    str, fitting("MessageId", _MESSAGE_ID, description="The ID of the message.", example="m-qL4HqKONzOM7abcd")
]
State = Annotated[
    str,
    one_of("State", STATES, description=f"Only those that stand there: {', '.join(STATES)}.", example="Sent"),
]
DeliveryToken = Annotated[
    DeliveryPlace,
    _DELIVERY_TOKENS.parameter(example="1764064973125.m-qL4HqKONzOM7abcd.0f3d9c7d2b6e4a1f8c5d7e9b1a2c3d4e"),
]
NextToken = Annotated[Place, _TOKENS.parameter(example="1764064973125.m-qL4HqKONzOM7abcd")]
