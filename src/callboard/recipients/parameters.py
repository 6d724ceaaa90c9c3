"""The parameters of the questions after recipients: rule, refusals and text of each."""

from typing import Annotated

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.call import Moment
from callboard.clock import read_moment
from callboard.contacts import errors as contact_errors
from callboard.contacts.rules import MESSAGE_TYPES, check_member
from callboard.parameters import Tokens, fitting, one_of
from callboard.profile import Profile
from callboard.recipients.coverage import GAPS, Place
from callboard.recipients.errors import AsOfInvalid, WhatIfInvalid
from callboard.recipients.whatif import CHANGES, MOST_MEMBERS

ACCOUNT_ID = r"[0-9]{1,20}"
_FOLDER_ID = r"(r|fd)-[A-Za-z0-9]{4,16}"
_TOKENS = Tokens(rf"({ACCOUNT_ID})\.([0-9])", lambda found: Place(found[1], int(found[2])))

write_token = _TOKENS.write


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


AccountId = Annotated[
    str,
    fitting(
        "AccountId",
        ACCOUNT_ID,
        description="The ID of the member, or of one that has left the resource directory.",
        example="1997968394351234",
    ),
]
MessageType = Annotated[
    str, one_of("MessageType", MESSAGE_TYPES, description="One type of messages.", example="FaultMessage")
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
        schema={"type": "string", "enum": list(CHANGES)},
        invalid=WhatIfInvalid,
        check=_check_what_if,
    ),
]
DestinationFolderId = Annotated[
    str,
    fitting(
        "DestinationFolderId",
        _FOLDER_ID,
        description="MoveAccount: the folder that the member would be in.",
        example="fd-bVaRIGabcd",
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
    fitting(
        "FolderId",
        _FOLDER_ID,
        description="Only members in this folder, or in one below it.",
        example="fd-ZDNPiTabcd",
    ),
]
GapKind = Annotated[
    str,
    one_of(
        "Kind",
        GAPS,
        description="Only gaps of this kind. None: nobody at all. Unverified: only contacts that have not proven their "
        "email address. One: a single recipient.",
        example="Unverified",
    ),
]
NextToken = Annotated[Place, _TOKENS.parameter(example="1997968394351234.2")]
