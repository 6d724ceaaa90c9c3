"""What the actions of RAM share on the wire: the product, dates, and pages by a marker."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, TypedDict, TypeVar

from msgspec import UNSET, Meta, UnsetType

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Operation, Parameter
from callboard.call import Moment
from callboard.profile import Profile

operation = Operation("2015-05-01", ram_code="ram")

MOST_ITEMS = 1000
DEFAULT_ITEMS = 100

_MARKER = re.compile(r"[!-~]{1,256}")
"""A name with what may be put before it; no database would take just anything."""

Date = Annotated[str, Meta(description="YYYY-MM-DDTHH:MM:SSZ, UTC.", examples=["2015-01-23T12:33:18Z"])]
IsTruncated = Annotated[bool, Meta(description="Whether there are more entries.")]
NextMarker = Annotated[str, Meta(description="To be sent with the next call; only where there are more entries.")]

Item = TypeVar("Item")


class Paging(TypedDict):
    """What a reply says of its page besides the entries."""

    is_truncated: bool
    marker: str | UnsetType


def wire_date(moment: Moment) -> str:
    """A moment as RAM writes it."""
    return datetime.fromtimestamp(moment // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check_max_items(number: int, _: Profile) -> int:
    if not 1 <= number <= MOST_ITEMS:
        raise ParameterInvalid(parameter="MaxItems")
    return number


def _check_marker(text: str, _: Profile) -> str:
    if _MARKER.fullmatch(text) is None:
        raise ParameterInvalid(parameter="Marker")
    return text


Marker = Annotated[
    str,
    Parameter(
        description="Where to go on: the Marker of the answer before.",
        example="EXAMPLE",
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=_check_marker,
        may_be_empty=True,
    ),
]
MaxItems = Annotated[
    int,
    Parameter(
        description="The most entries to answer with, 1 to 1000.",
        example=100,
        schema={"type": "integer", "minimum": 1, "maximum": MOST_ITEMS},
        kind=int,
        invalid=ParameterInvalid,
        check=_check_max_items,
    ),
]


def cut(found: Sequence[Item], limit: int, name_of: Callable[[Item], str]) -> tuple[list[Item], Paging]:
    """A page of entries that were read one beyond the limit; its marker is the name of the last one shown."""
    page, is_truncated = list(found[:limit]), len(found) > limit
    return page, Paging(is_truncated=is_truncated, marker=name_of(page[-1]) if is_truncated else UNSET)
