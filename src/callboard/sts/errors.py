"""What STS refuses: codes and messages of protocol.md, section 8."""

from callboard.errors import ApiError


class RoleArnMissing(ApiError):
    """RoleArn is mandatory for this action."""

    code = "MissingRoleArn"
    when = "RoleArn absent or empty"


class RoleArnInvalid(ApiError):
    """The parameter RoleArn is wrongly formed."""

    code = "InvalidParameter.RoleArn"
    when = "not acs:ram::<account>:role/<name>, with the name in lower case as the role's ARN has it"


class RoleSessionNameMissing(ApiError):
    """RoleSessionName is mandatory for this action."""

    code = "MissingRoleSessionName"
    when = "RoleSessionName absent or empty"


class RoleSessionNameInvalid(ApiError):
    """The parameter RoleSessionName is wrongly formed."""

    code = "InvalidParameter.RoleSessionName"
    when = "not 2 to 64 letters, digits and . @ - _"


class DurationInvalid(ApiError):
    """The Min/Max value of DurationSeconds is 15min/1hr."""

    code = "InvalidParameter.DurationSeconds"
    when = "less than 900, more than the role allows, or more than 3600 where a session assumes a role"


class PolicyGrammarInvalid(ApiError):
    """The parameter Policy has not passed grammar check. {reason}"""

    code = "InvalidParameter.PolicyGrammar"
    when = "the session policy is no policy; the message says where"


class PolicySizeInvalid(ApiError):
    """The size of Policy must be smaller than 2048 bytes."""

    code = "InvalidParameter.PolicySize"
    when = "a session policy of more than 2048 characters"


class ExternalIdInvalid(ApiError):
    """The parameter ExternalId is wrongly formed."""

    code = "InvalidParameter.ExternalId"
    when = "not 2 to 1224 letters, digits and + = , . @ : / - _"


class RoleNotFound(ApiError):
    """The specified Role not exists ."""

    code, status = "EntityNotExist.Role", 404
    when = "the caller's account has no such role; another account's roles are not told of"
