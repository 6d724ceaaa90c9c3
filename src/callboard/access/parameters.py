"""The parameters of the question who may do what: rule, refusals and text of each."""

import re
from ipaddress import ip_address
from typing import Annotated

from callboard.access.explain import PRINCIPAL
from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.call import Moment
from callboard.clock import read_moment
from callboard.profile import Profile

ACTION = re.compile(r"[A-Za-z0-9-]{1,64}:[A-Za-z0-9]{1,128}")


def _check_principal(text: str, _: Profile) -> str:
    if PRINCIPAL.fullmatch(text) is None:
        raise ParameterInvalid(parameter="Principal")
    return text


def _check_action(text: str, _: Profile) -> str:
    if ACTION.fullmatch(text) is None:
        raise ParameterInvalid(parameter="ActionName")
    return text


def _check_resource(text: str, _: Profile) -> str:
    if not text.startswith("acs:") or text.count(":") < 4:
        raise ParameterInvalid(parameter="ResourceArn")
    return text


def _check_address(text: str, _: Profile) -> str:
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise ParameterInvalid(parameter="SourceAddress") from error


def _check_moment(text: str, _: Profile) -> Moment:
    found = read_moment(text)
    if found is None:
        raise ParameterInvalid(parameter="CurrentTime")
    return found


_TEXT = {"type": "string"}

PrincipalArn = Annotated[
    str,
    Parameter(
        description="Whose right: the ARN of a user, a role or the account itself (root). Not of a session, which may "
        "have less than its role.",
        example="acs:ram::1132712747835549:user/tom",
        schema=_TEXT,
        invalid=ParameterInvalid,
        check=_check_principal,
    ),
]
RamAction = Annotated[
    str,
    Parameter(
        description="The RAM action, as the reference has it for each action.",
        example="resourcemanager:GetMessageContact",
        schema=_TEXT,
        invalid=ParameterInvalid,
        check=_check_action,
    ),
]
ResourceArn = Annotated[
    str,
    Parameter(
        description="The resource, as the reference has it for each action. Where there are several, ask for each.",
        example="acs:resourcemanager:*:1132712747835549:messagecontact/c-qL4HqKONzOM7abcd",
        schema=_TEXT,
        invalid=ParameterInvalid,
        check=_check_resource,
    ),
]
SourceAddress = Annotated[
    str,
    Parameter(
        description="Where the call would come from (acs:SourceIp).",
        example="192.0.2.7",
        schema=_TEXT,
        invalid=ParameterInvalid,
        check=_check_address,
    ),
]
CurrentTime = Annotated[
    Moment,
    Parameter(
        description="When it would be made (acs:CurrentTime), as YYYY-MM-DDTHH:MM:SSZ; now, if it is not given.",
        example="2026-11-25T10:00:00Z",
        schema=_TEXT,
        invalid=ParameterInvalid,
        check=_check_moment,
    ),
]
SecureTransport = Annotated[
    bool,
    Parameter(
        description="Whether it would come over TLS (acs:SecureTransport).",
        example=True,
        schema={"type": "boolean"},
        kind=bool,
        invalid=ParameterInvalid,
    ),
]
MessageTypes = Annotated[
    list[str],
    Parameter(
        description="The message types that it would give a contact (callboard:MessageType).",
        example=["FaultMessage"],
        schema={"type": "array", "items": {"type": "string"}},
        kind=list,
        invalid=ParameterInvalid,
    ),
]
ContactDomain = Annotated[
    str,
    Parameter(
        description="The domain of the email address that it would give a contact (callboard:ContactDomain).",
        example="example.com",
        schema=_TEXT,
        invalid=ParameterInvalid,
    ),
]
