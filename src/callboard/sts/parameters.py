"""The parameters of AssumeRole: rule, refusals and text of each."""

import re
from collections.abc import Callable
from typing import Annotated

from callboard.access.policy import PolicyMalformed, read_policy
from callboard.api.model import Parameter
from callboard.errors import ApiError
from callboard.profile import Profile
from callboard.sts import errors

POLICY_LENGTH = 2048
SHORTEST_S, LONGEST_S = 900, 43_200
"""Of any session; each role has a limit of its own within."""
ROLE_ARN = re.compile(r"acs:ram::(?P<account>[0-9]{1,32}):role/(?P<name>[a-z0-9.-]{1,64})")
_SESSION_FORM = re.compile(r"[A-Za-z0-9.@_-]{2,64}")
_EXTERNAL_FORM = re.compile(r"[A-Za-z0-9_+=,.@:/-]{2,1224}")


def _check(form: re.Pattern[str], invalid: type[ApiError]) -> Callable[[str, Profile], str]:
    def check(text: str, _: Profile) -> str:
        if form.fullmatch(text) is None:
            raise invalid
        return text

    return check


def _check_duration(seconds: int, _: Profile) -> int:
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise errors.DurationInvalid
    return seconds


def _check_policy(document: str, _: Profile) -> str:
    if len(document) > POLICY_LENGTH:
        raise errors.PolicySizeInvalid
    try:
        read_policy(document)
    except PolicyMalformed as error:
        raise errors.PolicyGrammarInvalid(reason=str(error)) from error
    return document


_ROLE_ARN = Parameter(
    # In another spelling the same role would be another resource, which a policy that denies it does not name.
    description="The ARN of the role, as GetRole has it: the name in lower case.",
    example="acs:ram::1234567890123456:role/ecsadmin",
    schema={"type": "string", "pattern": "^acs:ram::[0-9]{1,32}:role/[a-z0-9.-]{1,64}$"},
    missing=errors.RoleArnMissing,
    invalid=errors.RoleArnInvalid,
    check=_check(ROLE_ARN, errors.RoleArnInvalid),
)
_ROLE_SESSION_NAME = Parameter(
    description="The name of the session, which the audit trail keeps.",
    example="alice",
    schema={"type": "string", "pattern": "^[A-Za-z0-9.@_-]{2,64}$"},
    missing=errors.RoleSessionNameMissing,
    invalid=errors.RoleSessionNameInvalid,
    check=_check(_SESSION_FORM, errors.RoleSessionNameInvalid),
)
_DURATION_SECONDS = Parameter(
    description="How long the session lasts: 900 seconds to the role's maximum; 3600 at most where a session assumes "
    "a role.",
    example=3600,
    schema={"type": "integer", "minimum": SHORTEST_S, "maximum": LONGEST_S},
    kind=int,
    invalid=errors.DurationInvalid,
    check=_check_duration,
)
_POLICY = Parameter(
    description="A session policy: the session may do what both it and the role's policies allow.",
    example='{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "resourcemanager:Get*", "Resource": "*"}]}',
    schema={"type": "string", "maxLength": POLICY_LENGTH},
    invalid=errors.PolicyGrammarInvalid,
    check=_check_policy,
    refusals=(errors.PolicySizeInvalid,),
)
_EXTERNAL_ID = Parameter(
    description="What the role's trust policy may ask for under sts:ExternalId.",
    example="abcd1234",
    schema={"type": "string", "pattern": "^[A-Za-z0-9_+=,.@:/-]{2,1224}$"},
    invalid=errors.ExternalIdInvalid,
    check=_check(_EXTERNAL_FORM, errors.ExternalIdInvalid),
    condition_key="sts:ExternalId",
)

RoleArn = Annotated[str, _ROLE_ARN]
RoleSessionName = Annotated[str, _ROLE_SESSION_NAME]
DurationSeconds = Annotated[int, _DURATION_SECONDS]
SessionPolicy = Annotated[str, _POLICY]
ExternalId = Annotated[str, _EXTERNAL_ID]
