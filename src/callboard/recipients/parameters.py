"""The parameters of the questions after recipients: rule, refusals and text of each."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.call import Moment
from callboard.clock import read_moment
from callboard.contacts import errors as contact_errors
from callboard.contacts.rules import MESSAGE_TYPES, check_member
from callboard.profile import Profile
from callboard.recipients.coverage import GAPS, Place
from callboard.recipients.errors import AsOfInvalid, WhatIfInvalid
from callboard.recipients.whatif import CHANGES, MOST_MEMBERS

_ACCOUNT_ID = re.compile(r"[0-9]{1,20}", re.ASCII)
_FOLDER_ID = re.compile(r"(?:r|fd)-[A-Za-z0-9]{4,16}", re.ASCII)
_TOKEN = re.compile(r"([0-9]{1,20})\.([0-9])", re.ASCII)
_FOLDER = {"type": "string", "pattern": "^(r|fd)-[A-Za-z0-9]{4,16}$"}


def write_token(place: Place) -> str:
    return f"{place.account_id}.{place.passed}"


def _fits(name: str, pattern: re.Pattern[str]) -> Callable[[str, Profile], str]:
    def check(text: str, _: Profile) -> str:
        if pattern.fullmatch(text) is None:
            raise ParameterInvalid(parameter=name)
        return text

    return check


def _one_of(name: str, words: tuple[str, ...]) -> Callable[[str, Profile], str]:
    def check(text: str, _: Profile) -> str:
        if text not in words:
            raise ParameterInvalid(parameter=name)
        return text

    return check


def _check_moment(text: str, _: Profile) -> Moment:
    found = read_moment(text)
    if found is None:
        raise AsOfInvalid
    return found


def _check_what_if(text: str, _: Profile) -> str:
    if text not in CHANGES:
        raise WhatIfInvalid(reason=f"it is one of {', '.join(CHANGES)}")
    return text


def _check_members(members: list[str], profile: Profile) -> tuple[str, ...]:
    try:
        found = tuple(dict.fromkeys(check_member(each, profile) for each in members))
    except contact_errors.MemberInvalid as error:
        raise ParameterInvalid(parameter="Members") from error
    if len(members) > MOST_MEMBERS:
        raise ParameterInvalid(parameter="Members")
    return found


def _check_token(text: str, _: Profile) -> Place:
    found = _TOKEN.fullmatch(text)
    if found is None:
        raise ParameterInvalid(parameter="NextToken")
    return Place(found[1], int(found[2]))


def _words(words: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)}


AccountId = Annotated[
    str,
    Parameter(
        description="The ID of the member, or of one that has left the resource directory.",
        example="1997968394351234",
        schema={"type": "string", "pattern": "^[0-9]{1,20}$"},
        invalid=ParameterInvalid,
        check=_fits("AccountId", _ACCOUNT_ID),
    ),
]
MessageType = Annotated[
    str,
    Parameter(
        description="One type of messages.",
        example="FaultMessage",
        schema=_words(MESSAGE_TYPES),
        invalid=ParameterInvalid,
        check=_one_of("MessageType", MESSAGE_TYPES),
    ),
]
AsOf = Annotated[
    Moment,
    Parameter(
        description="A moment of the past, to be answered as things were then. ISO 8601 in UTC, as "
        "YYYY-MM-DDTHH:MM:SSZ; milliseconds may be given.",
        example="2026-11-25T10:00:00Z",
        schema={"type": "string"},
        invalid=AsOfInvalid,
        check=_check_moment,
    ),
]
WhatIf = Annotated[
    str,
    Parameter(
        description="A change, to be answered as things would be after it, without making it. The parameters of that "
        "action are given beside it.",
        example="MoveAccount",
        schema=_words(tuple(CHANGES)),
        invalid=WhatIfInvalid,
        check=_check_what_if,
    ),
]
DestinationFolderId = Annotated[
    str,
    Parameter(
        description="MoveAccount: the folder that the member would be in.",
        example="fd-bVaRIGabcd",
        schema=_FOLDER,
        invalid=ParameterInvalid,
        check=_fits("DestinationFolderId", _FOLDER_ID),
    ),
]
Members = Annotated[
    tuple[str, ...],
    Parameter(
        description="AssociateMembers, DisassociateMembers: the IDs of the resource directory, folders or members.",
        example=["fd-ZDNPiTabcd"],
        schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        kind=list,
        invalid=ParameterInvalid,
        check=_check_members,
    ),
]
FolderId = Annotated[
    str,
    Parameter(
        description="Only members in this folder, or in one below it.",
        example="fd-ZDNPiTabcd",
        schema=_FOLDER,
        invalid=ParameterInvalid,
        check=_fits("FolderId", _FOLDER_ID),
    ),
]
GapKind = Annotated[
    str,
    Parameter(
        description="Only gaps of this kind. None: nobody at all. Unverified: only contacts that have not proven their "
        "email address. One: a single recipient.",
        example="Unverified",
        schema=_words(tuple(GAPS)),
        invalid=ParameterInvalid,
        check=_one_of("Kind", tuple(GAPS)),
    ),
]
NextToken = Annotated[
    Place,
    Parameter(
        description="Where to go on: the NextToken of the answer before.",
        example="1997968394351234.2",
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=_check_token,
    ),
]
