"""The parameters of the audit trail's actions: rule, refusals and text of each."""

import base64
import binascii
import re
from typing import Annotated

from msgspec import UNSET, UnsetType

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.audit.query import Place
from callboard.call import Moment
from callboard.parameters import moment, most_results, next_token

DEFAULT_RESULTS = 50
_PLACE = re.compile(r"(\d{1,18})\.(\d{1,18})", re.ASCII)


def write_token(place: Place) -> str:
    return base64.urlsafe_b64encode(f"{place.at}.{place.position}".encode()).decode().rstrip("=")


def period(start_time: Moment | UnsetType, end_time: Moment | UnsetType) -> tuple[Moment | None, Moment | None]:
    """Since when, and before when. Raises ParameterInvalid for a period that ends before it begins."""
    since = None if start_time is UNSET else start_time
    before = None if end_time is UNSET else end_time
    if since is not None and before is not None and before <= since:
        raise ParameterInvalid(parameter="EndTime")
    return since, before


def _read_token(text: str) -> Place | None:
    try:
        found = _PLACE.fullmatch(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode())
    except (binascii.Error, ValueError):
        return None
    place = None if found is None else Place(int(found[1]), int(found[2]))
    return place if place is not None and write_token(place) == text else None


def _text(description: str, example: str) -> Parameter:
    return Parameter(description=description, example=example, schema={"type": "string"}, invalid=ParameterInvalid)


StartTime = Annotated[Moment, moment("StartTime", description="From this moment on.", example="2026-11-25T00:00:00Z")]
EndTime = Annotated[Moment, moment("EndTime", description="Before this moment.", example="2026-11-26T00:00:00Z")]
Actor = Annotated[
    str,
    _text(
        "Who: the ARN of a principal, the name of a RAM user, `root`, the id of an access key, `operator` (the command "
        "line) or `owner` (the owner of an address). A key that is deleted is known by LTAI or STS. at its beginning.",
        "tom",
    ),
]
ActionName = Annotated[str, _text("The name of the action, to the letter.", "AddMessageContact")]
ResourceArn = Annotated[
    str,
    _text(
        "The resource, to the letter: ARNs hold `*` themselves, so there are no patterns.",
        "acs:resourcemanager:*:1132712747835549:messagecontact/c-qL4HqKONzOM7abcd",
    ),
]
ErrorCode = Annotated[
    str,
    _text("The code of a refusal; `any`: whatever was refused; `none`: what was changed.", "NoPermission"),
]
NextToken = Annotated[Place, next_token(_read_token, example="MTczMjQ5MjgwMDAwMC4xNw")]
MaxResults = Annotated[int, most_results("records", example=DEFAULT_RESULTS)]
