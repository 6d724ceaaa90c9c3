"""Pages by a token, as some lists of the directory have them: MaxResults, NextToken."""

import base64
import binascii
from typing import Annotated

import msgspec

from callboard.parameters import most_results, next_token

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


NextToken = Annotated[
    tuple[str, str], next_token(_read_token, example="WyIxMjM0NTY3ODkwMTIzNDU2IiwidGVhbSJd", may_be_empty=True)
]
"""The place in the list, two texts."""
MaxResults = Annotated[int, most_results("entries", example=DEFAULT_RESULTS)]
