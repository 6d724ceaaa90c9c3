"""The parameters of the actions about drills: rule, refusals and text of each."""

import re
from collections.abc import Callable
from typing import Annotated

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.call import Moment
from callboard.clock import read_moment
from callboard.contacts.rules import TARGET_ID
from callboard.drills.rules import LONGEST_WINDOW_S, MOST_DAYS, SHORTEST_WINDOW_S
from callboard.drills.storage import Place
from callboard.profile import Profile

LONGEST_NAME = 64
_DRILL_ID = re.compile(r"d-[A-Za-z0-9]{16}", re.ASCII)
_RUN_ID = re.compile(r"dr-[A-Za-z0-9]{16}", re.ASCII)
_ACCOUNT_ID = re.compile(r"[0-9]{1,20}", re.ASCII)
_RUNS_TOKEN = re.compile(r"([0-9]{1,15})\.(dr-[A-Za-z0-9]{16})", re.ASCII)


def write_token(place: Place) -> str:
    return f"{place.started_at}.{place.run_id}"


def _fits(name: str, pattern: re.Pattern[str]) -> Callable[[str, Profile], str]:
    def check(text: str, _: Profile) -> str:
        if pattern.fullmatch(text) is None:
            raise ParameterInvalid(parameter=name)
        return text

    return check


def _within(name: str, least: int, most: int) -> Callable[[int, Profile], int]:
    def check(number: int, _: Profile) -> int:
        if not least <= number <= most:
            raise ParameterInvalid(parameter=name)
        return number

    return check


def _check_name(text: str, _: Profile) -> str:
    if len(text) > LONGEST_NAME or text != text.strip() or not text.isprintable():
        raise ParameterInvalid(parameter="Name")
    return text


def _check_start(text: str, _: Profile) -> Moment:
    found = read_moment(text)
    if found is None:
        raise ParameterInvalid(parameter="StartTime")
    return found


def _check_token(text: str, _: Profile) -> Place:
    found = _RUNS_TOKEN.fullmatch(text)
    place = Place(int(found[1]), found[2]) if found else None
    if place is None or write_token(place) != text:
        raise ParameterInvalid(parameter="NextToken")
    return place


def _number(name: str, least: int, most: int, *, description: str, example: int) -> Parameter:
    return Parameter(
        description=description,
        example=example,
        schema={"type": "integer", "minimum": least, "maximum": most},
        kind=int,
        invalid=ParameterInvalid,
        check=_within(name, least, most),
    )


def _id(name: str, pattern: re.Pattern[str], *, description: str, example: str) -> Parameter:
    return Parameter(
        description=description,
        example=example,
        schema={"type": "string", "pattern": f"^{pattern.pattern.removesuffix(chr(92) + 'Z')}$"},
        invalid=ParameterInvalid,
        check=_fits(name, pattern),
    )


Name = Annotated[
    str,
    Parameter(
        description=f"What the drill is called: 1 to {LONGEST_NAME} printable characters, without blanks at its ends.",
        example="On-call, weekly",
        schema={"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
        invalid=ParameterInvalid,
        check=_check_name,
    ),
]
TargetId = Annotated[
    str,
    _id(
        "TargetId",
        TARGET_ID,
        description="The ID of a member, a folder or the resource directory: the drill is about the members at or "
        "below it. The root folder is another name of the directory.",
        example="fd-ZDNPiTabcd",
    ),
]
Window = Annotated[
    int,
    _number(
        "Window",
        SHORTEST_WINDOW_S,
        LONGEST_WINDOW_S,
        description="How long people have to acknowledge, in seconds, 60 to 604800, from the publishing on.",
        example=900,
    ),
]
EveryDays = Annotated[
    int,
    _number(
        "EveryDays",
        1,
        MOST_DAYS,
        description="After how many days the drill is run again, 1 to 366. Left out: it is not run again by itself.",
        example=7,
    ),
]
StartTime = Annotated[
    Moment,
    Parameter(
        description="When the drill is run first, not in the past. Left out: with EveryDays so many days from now, "
        "without it by StartDrill alone. ISO 8601 in UTC, as YYYY-MM-DDTHH:MM:SSZ; milliseconds may be given.",
        example="2026-12-01T09:00:00Z",
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=_check_start,
    ),
]
DrillId = Annotated[str, _id("DrillId", _DRILL_ID, description="The ID of the drill.", example="d-qL4HqKONzOM7abcd")]
RunId = Annotated[str, _id("RunId", _RUN_ID, description="The ID of the run.", example="dr-qL4HqKONzOM7abcd")]
RunsToken = Annotated[
    Place,
    Parameter(
        description="Where to go on: the NextToken of the answer before.",
        example="1764064973125.dr-qL4HqKONzOM7abcd",
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=_check_token,
    ),
]
AccountsToken = Annotated[
    str,
    _id(
        "NextToken",
        _ACCOUNT_ID,
        description="Where to go on: the NextToken of the answer before.",
        example="1997968394351234",
    ),
]
