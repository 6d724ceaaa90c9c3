"""Pages by a token, as some lists of the directory have them: MaxResults, NextToken."""

import base64
import binascii
from typing import Annotated

import msgspec

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.profile import Profile

MOST_RESULTS = 100
DEFAULT_RESULTS = 10


def write_token(*place: str) -> str:
    """The token of a place in a list: two texts."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _read_token(text: str) -> tuple[str, str] | None:
    try:
        first, second = msgspec.json.decode(
            base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=tuple[str, str]
        )
    except (binascii.Error, ValueError):
        return None
    is_ours = write_token(first, second) == text and "\0" not in first + second
    return (first, second) if is_ours else None


def _check_token(text: str, _: Profile) -> tuple[str, str]:
    found = _read_token(text)
    if found is None:
        raise ParameterInvalid(parameter="NextToken")
    return found


def _check_most(number: int, _: Profile) -> int:
    if not 1 <= number <= MOST_RESULTS:
        raise ParameterInvalid(parameter="MaxResults")
    return number


NextToken = Annotated[
    tuple[str, str],
    Parameter(
        description="Where to go on: the NextToken of the answer before.",
        example="WyIxMjM0NTY3ODkwMTIzNDU2IiwidGVhbSJd",
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=_check_token,
        may_be_empty=True,
    ),
]
"""The place in the list, two texts."""
MaxResults = Annotated[
    int,
    Parameter(
        description="The most entries to answer with, 1 to 100.",
        example=10,
        schema={"type": "integer", "minimum": 1, "maximum": MOST_RESULTS},
        kind=int,
        invalid=ParameterInvalid,
        check=_check_most,
    ),
]
