"""The parameters of the audit trail's actions: rule, refusals and text of each."""

import base64
import binascii
import re
from typing import Annotated

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.audit.query import Place
from callboard.call import Moment
from callboard.clock import read_moment
from callboard.profile import Profile

MOST_RESULTS, DEFAULT_RESULTS = 100, 50
_PLACE = re.compile(r"(\d{1,18})\.(\d{1,18})", re.ASCII)


def write_token(place: Place) -> str:
    return base64.urlsafe_b64encode(f"{place.at}.{place.position}".encode()).decode().rstrip("=")


def check_period(since: Moment | None, before: Moment | None) -> None:
    """Raise ParameterInvalid for a period that ends before it begins."""
    if since is not None and before is not None and before <= since:
        raise ParameterInvalid(parameter="EndTime")


def _read_token(text: str) -> Place | None:
    try:
        found = _PLACE.fullmatch(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode())
    except (binascii.Error, ValueError):
        return None
    place = None if found is None else Place(int(found[1]), int(found[2]))
    return place if place is not None and write_token(place) == text else None


def _moment(name: str, description: str, example: str) -> Parameter:
    def check(text: str, _: Profile) -> Moment:
        found = read_moment(text)
        if found is None:
            raise ParameterInvalid(parameter=name)
        return found

    return Parameter(
        description=f"{description} ISO 8601 in UTC, as YYYY-MM-DDTHH:MM:SSZ; milliseconds may be given.",
        example=example,
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=check,
    )


def _check_token(text: str, _: Profile) -> Place:
    found = _read_token(text)
    if found is None:
        raise ParameterInvalid(parameter="NextToken")
    return found


def _check_most(number: int, _: Profile) -> int:
    if not 1 <= number <= MOST_RESULTS:
        raise ParameterInvalid(parameter="MaxResults")
    return number


def _text(description: str, example: str) -> Parameter:
    return Parameter(description=description, example=example, schema={"type": "string"}, invalid=ParameterInvalid)


StartTime = Annotated[Moment, _moment("StartTime", "From this moment on.", "2026-11-25T00:00:00Z")]
EndTime = Annotated[Moment, _moment("EndTime", "Before this moment.", "2026-11-26T00:00:00Z")]
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
NextToken = Annotated[
    Place,
    Parameter(
        description="Where to go on: the NextToken of the answer before.",
        example="MTczMjQ5MjgwMDAwMC4xNw",
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=_check_token,
    ),
]
MaxResults = Annotated[
    int,
    Parameter(
        description="The most records to answer with, 1 to 100.",
        example=50,
        schema={"type": "integer", "minimum": 1, "maximum": MOST_RESULTS},
        kind=int,
        invalid=ParameterInvalid,
        check=_check_most,
    ),
]
