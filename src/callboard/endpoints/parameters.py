"""The parameters of the actions about endpoints: rule, refusals and text of each."""

import re
from typing import Annotated

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.contacts import errors as contact_errors
from callboard.contacts import rules as contacts
from callboard.delivery.letter import Channel
from callboard.endpoints import errors
from callboard.endpoints.storage import Place
from callboard.parameters import Tokens, fitting, label, one_of
from callboard.profile import Profile
from callboard.tree.scopes import CONTACT_PREFIX

KINDS = (Channel.WEBHOOK, Channel.CHAT)
LONGEST_NAME, LONGEST_URL = 64, 2000

_ENDPOINT_ID = r"e-[A-Za-z0-9]{16}"
_URL = re.compile(r"[\x21-\x7e]{1,2000}")
_TOKENS = Tokens(rf"([0-9]{{1,15}})\.({_ENDPOINT_ID})", lambda found: Place(int(found[1]), found[2]))

write_token = _TOKENS.write


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


EndpointId = Annotated[
    str, fitting("EndpointId", _ENDPOINT_ID, description="The ID of the endpoint.", example="e-qL4HqKONzOM7abcd")
]
EndpointName = Annotated[
    str,
    label(
        "Name",
        LONGEST_NAME,
        description=f"What it is called: 1 to {LONGEST_NAME} characters that print, on one line.",
        example="Operations room",
    ),
]
Kind = Annotated[
    Channel,
    one_of(
        "Kind",
        KINDS,
        read=Channel,
        description="webhook (signed JSON to a web address) or chat (a post by DingTalk, Lark, WeCom, Slack, Teams and "
        "others, as the server's setting chat_services has them).",
        example="webhook",
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
    fitting(
        "Code",
        r"[0-9]{8}",
        description="The code that was sent to the endpoint: 8 digits.",
        example="01234567",
    ),
]
NextToken = Annotated[Place, _TOKENS.parameter(example="1764064973125.e-qL4HqKONzOM7abcd")]
