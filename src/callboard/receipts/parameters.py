"""The parameters of the actions about unreachable addresses: rule, refusals and text of each."""

from typing import Annotated

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.contacts.unreachable import Place
from callboard.parameters import Tokens
from callboard.profile import Profile

LONGEST_ADDRESS = 320
_TOKENS = Tokens(r"([0-9]{1,15})\.([0-9a-f]{32})", lambda found: Place(int(found[1]), found[2]))

write_token = _TOKENS.write


def _check_address(text: str, _: Profile) -> str:
    if len(text) > LONGEST_ADDRESS or not text.isprintable():
        raise ParameterInvalid(parameter="Address")
    return text


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
NextToken = Annotated[Place, _TOKENS.parameter(example="1764064973125.0f3d9c7d2b6e4a1f8c5d7e9b1a2c3d4e")]
