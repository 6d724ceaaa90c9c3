"""The parameters of the actions about endpoints: rule, refusals and text of each."""

import re
from collections.abc import Callable
from typing import Annotated

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.contacts import errors as contact_errors
from callboard.contacts import rules as contacts
from callboard.delivery.letter import Channel
from callboard.endpoints import errors
from callboard.endpoints.storage import Place
from callboard.profile import Profile
from callboard.tree.scopes import CONTACT_PREFIX

KINDS = (Channel.WEBHOOK.value, Channel.CHAT.value)
LONGEST_NAME, LONGEST_URL = 64, 2000

_ENDPOINT_ID = re.compile(r"e-[A-Za-z0-9]{16}", re.ASCII)
_CODE = re.compile(r"[0-9]{8}", re.ASCII)
_URL = re.compile(r"[\x21-\x7e]{1,2000}")
_TOKEN = re.compile(r"([0-9]{1,15})\.(e-[A-Za-z0-9]{16})", re.ASCII)


def write_token(place: Place) -> str:
    return f"{place.created_at}.{place.endpoint_id}"


def _fits(name: str, pattern: re.Pattern[str]) -> Callable[[str, Profile], str]:
    def check(text: str, _: Profile) -> str:
        if pattern.fullmatch(text) is None:
            raise ParameterInvalid(parameter=name)
        return text

    return check


def _check_name(text: str, _: Profile) -> str:
    if len(text) > LONGEST_NAME or text != text.strip() or not text.isprintable():
        raise ParameterInvalid(parameter="Name")
    return text


def _check_kind(text: str, _: Profile) -> Channel:
    if text not in KINDS:
        raise ParameterInvalid(parameter="Kind")
    return Channel(text)


def _check_url(text: str, _: Profile) -> str:
    if _URL.fullmatch(text) is None:
        raise errors.UrlInvalid(reason=f"it has 1 to {LONGEST_URL} characters of ASCII, without blanks")
    return text


def _check_owner(text: str, profile: Profile) -> str:
    try:
        is_contact = text.startswith(CONTACT_PREFIX)
        return (contacts.check_contact_id if is_contact else contacts.check_member)(text, profile)
    except (contact_errors.ContactIdInvalid, contact_errors.MemberInvalid) as error:
        raise ParameterInvalid(parameter="OwnerId") from error


def _check_token(text: str, _: Profile) -> Place:
    found = _TOKEN.fullmatch(text)
    place = Place(int(found[1]), found[2]) if found else None
    if place is None or write_token(place) != text:
        raise ParameterInvalid(parameter="NextToken")
    return place


EndpointId = Annotated[
    str,
    Parameter(
        description="The ID of the endpoint.",
        example="e-qL4HqKONzOM7abcd",
        schema={"type": "string", "pattern": "^e-[A-Za-z0-9]{16}$"},
        invalid=ParameterInvalid,
        check=_fits("EndpointId", _ENDPOINT_ID),
    ),
]
EndpointName = Annotated[
    str,
    Parameter(
        description=f"What it is called: 1 to {LONGEST_NAME} characters that print, on one line.",
        example="Operations room",
        schema={"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
        invalid=ParameterInvalid,
        check=_check_name,
    ),
]
Kind = Annotated[
    Channel,
    Parameter(
        description="webhook (signed JSON to a web address) or chat (a post by DingTalk, Lark, WeCom, Slack, Teams and "
        "others, as the server's setting chat_services has them).",
        example="webhook",
        schema={"type": "string", "enum": list(KINDS)},
        invalid=ParameterInvalid,
        check=_check_kind,
    ),
]
Url = Annotated[
    str,
    Parameter(
        description="Where it is: of a webhook https, at a public address; of a chat the URL by which Apprise knows "
        "it, as slack://TokenA/TokenB/TokenC/#channel. It is kept encrypted, and never shown whole again.",
        example="https://hooks.example.com/callboard",
        schema={"type": "string", "minLength": 1, "maxLength": LONGEST_URL},
        invalid=errors.UrlInvalid,
        check=_check_url,
    ),
]
OwnerId = Annotated[
    str,
    Parameter(
        description="For whom it is told: a contact (whenever that is told), or a member, a folder or the resource "
        "directory (of every message about a member there).",
        example="fd-ZDNPiTabcd",
        schema={"type": "string", "pattern": "^(c-[A-Za-z0-9]{16}|((rd|r|fd)-)?[A-Za-z0-9]{1,20})$"},
        invalid=ParameterInvalid,
        check=_check_owner,
    ),
]
Code = Annotated[
    str,
    Parameter(
        description="The code that was sent to the endpoint: 8 digits.",
        example="01234567",
        schema={"type": "string", "pattern": "^[0-9]{8}$"},
        invalid=ParameterInvalid,
        check=_fits("Code", _CODE),
    ),
]
NextToken = Annotated[
    Place,
    Parameter(
        description="Where to go on: the NextToken of the answer before.",
        example="1764064973125.e-qL4HqKONzOM7abcd",
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=_check_token,
    ),
]
