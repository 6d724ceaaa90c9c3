"""The parameters of the policy and role actions: rule, refusals and text of each, wherever it occurs."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from callboard.access.policy import DOCUMENT_LENGTH, PolicyMalformed, read_policy, read_trust_policy
from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.errors import ApiError
from callboard.profile import Profile
from callboard.ram.parameters import lines, one_of
from callboard.ram.policies import errors, role_errors

TYPES = ("System", "Custom")
ROTATES = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
STRATEGIES = ("None", ROTATES)
DESCRIPTION_LENGTH = 1024
SENT_LENGTH = 4 * DOCUMENT_LENGTH
"""Of a document as it is kept, with the blanks that its length does not count."""
SESSION_S = range(3600, 43_200 + 1)

_BLANKS = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')
"""What stands between the tokens of JSON; texts are kept, blanks and all."""
_POLICY = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "resourcemanager:Get*", "Resource": "*"}]}'
_TRUST = (
    '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"RAM": ["acs:ram::1234567890123456:root"]}}]}'
)

Check = Callable[[Any, Profile], Any]


def _check_name(characters: str, longest: int, invalid: type[ApiError], too_long: type[ApiError]) -> Check:
    allowed = re.compile(f"[{characters}]+")

    def check(name: str, _: Profile) -> str:
        if allowed.fullmatch(name) is None:
            raise invalid
        if len(name) > longest:
            raise too_long
        return name

    return check


def _check_document(read: Callable[[str], object], too_long: type[ApiError]) -> Check:
    def check(document: str, _: Profile) -> str:
        if len(document) > SENT_LENGTH:
            raise too_long
        try:
            read(document)
        except PolicyMalformed as error:
            raise errors.DocumentMalformed(reason=str(error)) from error
        if len(_BLANKS.sub(r"\1", document)) > DOCUMENT_LENGTH:
            raise too_long
        return document

    return check


def _check_version_id(text: str, _: Profile) -> int:
    """The number of v1, v2, and so on."""
    if re.fullmatch(r"v[1-9][0-9]{0,8}", text, re.ASCII) is None:
        raise errors.VersionIdInvalid
    return int(text[1:])


def _check_session_duration(seconds: int, _: Profile) -> int:
    if seconds not in SESSION_S:
        raise role_errors.MaxSessionDurationInvalid
    return seconds


def _named(
    what: str,
    example: str,
    characters: str,
    longest: int,
    missing: type[ApiError],
    invalid: type[ApiError],
    too_long: type[ApiError],
) -> Parameter:
    return Parameter(
        description=f"The name of the {what}.",
        example=example,
        schema={"type": "string", "pattern": f"^[{characters}]+$", "maxLength": longest},
        missing=missing,
        invalid=invalid,
        check=_check_name(characters, longest, invalid, too_long),
        refusals=(too_long,),
    )


_POLICY_NAME = _named(
    "policy",
    "OSS-Administrator",
    "A-Za-z0-9-",
    128,
    errors.PolicyNameMissing,
    errors.PolicyNameInvalid,
    errors.PolicyNameLengthInvalid,
)
_ROLE_NAME = _named(
    "role",
    "ECSAdmin",
    "A-Za-z0-9.-",
    64,
    role_errors.RoleNameMissing,
    role_errors.RoleNameInvalid,
    role_errors.RoleNameLengthInvalid,
)
_POLICY_TYPE = Parameter(
    description="System: a policy that every account has. Custom: one of the account's own.",
    example="Custom",
    schema={"type": "string", "enum": list(TYPES)},
    missing=errors.PolicyTypeMissing,
    invalid=errors.PolicyTypeInvalid,
    check=one_of(TYPES, errors.PolicyTypeInvalid),
)
_POLICY_DOCUMENT = Parameter(
    description="The policy in RAM's policy language, version 1; kept as it is sent.",
    example=_POLICY,
    schema={"type": "string", "maxLength": SENT_LENGTH},
    missing=errors.PolicyDocumentMissing,
    invalid=errors.DocumentMalformed,
    check=_check_document(read_policy, errors.PolicyDocumentLengthInvalid),
    refusals=(errors.PolicyDocumentLengthInvalid,),
)
_VERSION_ID = Parameter(
    description="The ID of the version: v1, v2, and so on.",
    example="v3",
    schema={"type": "string", "pattern": "^v[1-9][0-9]{0,8}$"},
    missing=errors.VersionIdMissing,
    invalid=errors.VersionIdInvalid,
    check=_check_version_id,
)
_ROTATE_STRATEGY = Parameter(
    description="What happens where a policy has five versions: None refuses the new one, "
    f"{ROTATES} deletes the oldest one that is not the default.",
    example="None",
    schema={"type": "string", "enum": list(STRATEGIES)},
    invalid=errors.RotateStrategyInvalid,
    check=one_of(STRATEGIES, errors.RotateStrategyInvalid),
)


def _flag(description: str) -> Parameter:
    return Parameter(
        description=description, example=True, schema={"type": "boolean"}, kind=bool, invalid=ParameterInvalid
    )


def _description(name: str, too_long: type[ApiError]) -> Parameter:
    return lines(name, DESCRIPTION_LENGTH, too_long, example="For the night shift.")


def _trust_policy(too_long: type[ApiError]) -> Parameter:
    return Parameter(
        description="The trust policy: who may assume the role. Principals are acs:ram::<account>:root (everybody in "
        "that account), user/<name> and role/<name>.",
        example=_TRUST,
        schema={"type": "string", "maxLength": SENT_LENGTH},
        missing=role_errors.TrustPolicyMissing,
        invalid=errors.DocumentMalformed,
        check=_check_document(read_trust_policy, too_long),
        refusals=(too_long,),
    )


_MAX_SESSION_DURATION = Parameter(
    description="How long a session of the role may last, in seconds: 3600 to 43200.",
    example=3600,
    schema={"type": "integer", "minimum": SESSION_S[0], "maximum": SESSION_S[-1]},
    kind=int,
    invalid=role_errors.MaxSessionDurationInvalid,
    check=_check_session_duration,
)

PolicyName = Annotated[str, _POLICY_NAME]
RoleName = Annotated[str, _ROLE_NAME]
PolicyType = Annotated[str, _POLICY_TYPE]
PolicyDocument = Annotated[str, _POLICY_DOCUMENT]
VersionId = Annotated[int, _VERSION_ID]
RotateStrategy = Annotated[str, _ROTATE_STRATEGY]
SetAsDefault = Annotated[bool, _flag("true: the new version is in force at once.")]
CascadingDelete = Annotated[bool, _flag("true: the versions besides the default one are deleted as well.")]
Description = Annotated[str, _description("Description", errors.DescriptionLengthInvalid)]
NewDescription = Annotated[str, _description("NewDescription", errors.NewDescriptionLengthInvalid)]
TrustPolicy = Annotated[str, _trust_policy(role_errors.TrustPolicyLengthInvalid)]
NewTrustPolicy = Annotated[str, _trust_policy(role_errors.NewTrustPolicyLengthInvalid)]
MaxSessionDuration = Annotated[int, _MAX_SESSION_DURATION]
