"""The parameters of the actions about unreachable addresses: rule, refusals and text of each."""

import re
from typing import Annotated

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.contacts.unreachable import Place
from callboard.profile import Profile

LONGEST_ADDRESS = 320
_TOKEN = re.compile(r"([0-9]{1,15})\.([0-9a-f]{32})", re.ASCII)


def write_token(place: Place) -> str:
    return f"{place.since}.{place.key}"


def _check_address(text: str, _: Profile) -> str:
    if len(text) > LONGEST_ADDRESS or not text.isprintable():
        raise ParameterInvalid(parameter="Address")
    return text


def _check_token(text: str, _: Profile) -> Place:
    found = _TOKEN.fullmatch(text)
    place = Place(int(found[1]), found[2]) if found else None
    if place is None or write_token(place) != text:
        raise ParameterInvalid(parameter="NextToken")
    return place


Address = Annotated[
    str,
    Parameter(
        description=f"An email address or a phone number, in any spelling; at most {LONGEST_ADDRESS} characters.",
        example="tom@example.com",
        schema={"type": "string", "minLength": 1, "maxLength": LONGEST_ADDRESS},
        invalid=ParameterInvalid,
        check=_check_address,
    ),
]
NextToken = Annotated[
    Place,
    Parameter(
        description="Where to go on: the NextToken of the answer before.",
        example="1764064973125.0f3d9c7d2b6e4a1f8c5d7e9b1a2c3d4e",
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=_check_token,
    ),
]
