"""What the parameters of many features have in common: texts that fit a pattern, words, numbers, moments, pages.

Each function makes a parameter that is refused as InvalidParameter, by the name that it is given.
"""

import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Generic, TypeVar

from msgspec import Meta, Struct
from msgspec.structs import astuple

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.call import Moment
from callboard.clock import read_moment
from callboard.profile import Profile

MOST_RESULTS = 100

NextTokenShown = Annotated[str, Meta(description="To be sent with the next call; not there at the end.")]
"""In an answer: how to go on."""

Place = TypeVar("Place", bound=Struct)


def fitting(name: str, pattern: str, *, description: str, example: str) -> Parameter:
    """A text that fits a pattern as a whole."""
    return Parameter(
        description=description,
        example=example,
        schema={"type": "string", "pattern": f"^{pattern}$"},
        invalid=ParameterInvalid,
        check=_fits(name, pattern),
    )


def one_of(
    name: str, words: Iterable[str], *, description: str, example: str, read: Callable[[str], Any] = str
) -> Parameter:
    """One of some words, which `read` makes into what is kept."""
    known = [str(each) for each in words]

    def check(text: str, _: Profile) -> Any:
        if text not in known:
            raise ParameterInvalid(parameter=name)
        return read(text)

    return Parameter(
        description=description,
        example=example,
        schema={"type": "string", "enum": known},
        invalid=ParameterInvalid,
        check=check,
    )


def label(name: str, longest: int, *, description: str, example: str) -> Parameter:
    """What something is called: characters that print, without blanks at the ends."""

    def check(text: str, _: Profile) -> str:
        if len(text) > longest or text != text.strip() or not text.isprintable():
            raise ParameterInvalid(parameter=name)
        return text

    return Parameter(
        description=description,
        example=example,
        schema={"type": "string", "minLength": 1, "maxLength": longest},
        invalid=ParameterInvalid,
        check=check,
    )


def number(name: str, least: int, most: int, *, description: str, example: int) -> Parameter:
    """A whole number within bounds."""

    def check(given: int, _: Profile) -> int:
        if not least <= given <= most:
            raise ParameterInvalid(parameter=name)
        return given

    return Parameter(
        description=description,
        example=example,
        schema={"type": "integer", "minimum": least, "maximum": most},
        kind=int,
        invalid=ParameterInvalid,
        check=check,
    )


def boolean(description: str) -> Parameter:
    return Parameter(
        description=description, example=True, schema={"type": "boolean"}, kind=bool, invalid=ParameterInvalid
    )


def moment(name: str, *, description: str, example: str) -> Parameter:
    """A moment, in the one form that there is."""

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


def most_results(things: str, *, example: int) -> Parameter:
    """MaxResults: how many things there are on a page at the most."""
    description = f"The most {things} to answer with, 1 to {MOST_RESULTS}."
    return number("MaxResults", 1, MOST_RESULTS, description=description, example=example)


def next_token(read: Callable[[str], Any], *, example: str, may_be_empty: bool = False) -> Parameter:
    """NextToken: `read` makes it the place where a page ended, or None when it is no token of ours."""

    def check(text: str, _: Profile) -> Any:
        found = read(text)
        if found is None:
            raise ParameterInvalid(parameter="NextToken")
        return found

    return Parameter(
        description="Where to go on: the NextToken of the answer before.",
        example=example,
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=check,
        may_be_empty=may_be_empty,
    )


class Tokens(Generic[Place]):
    """Tokens that are written as the fields of a place with dots between them."""

    def __init__(self, pattern: str, place: Callable[[re.Match[str]], Place]) -> None:
        """`place` is what a text that fits the pattern says."""
        self._pattern, self._place = re.compile(pattern, re.ASCII), place

    def write(self, place: Place) -> str:
        return ".".join(str(each) for each in astuple(place))

    def read(self, text: str) -> Place | None:
        """None for what `write` would not write."""
        found = self._pattern.fullmatch(text)
        place = self._place(found) if found else None
        return place if place is not None and self.write(place) == text else None

    def parameter(self, *, example: str) -> Parameter:
        return next_token(self.read, example=example)


def _fits(name: str, pattern: str) -> Callable[[str, Profile], str]:
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str, _: Profile) -> str:
        if compiled.fullmatch(text) is None:
            raise ParameterInvalid(parameter=name)
        return text

    return check
