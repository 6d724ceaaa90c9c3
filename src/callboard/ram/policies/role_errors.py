"""What the actions of roles refuse: codes and messages of RAM's error table."""

from callboard.errors import ApiError


class RoleNameMissing(ApiError):
    """RoleName is mandatory for this action."""

    code = "MissingRoleName"
    when = "RoleName absent or empty"


class RoleNameInvalid(ApiError):
    """The parameter - "RoleName" contains invalid chars."""

    code = "InvalidParameter.RoleName.InvalidChars"
    when = "a character other than letters, digits, periods and hyphens"


class RoleNameLengthInvalid(ApiError):
    """The parameter - "RoleName" beyond the length limit."""

    code = "InvalidParameter.RoleName.Length"
    when = "longer than 64 characters"


class TrustPolicyMissing(ApiError):
    """AssumeRolePolicyDocument is mandatory for this action."""

    code = "MissingAssumeRolePolicyDocument"
    when = "AssumeRolePolicyDocument absent or empty"


class TrustPolicyLengthInvalid(ApiError):
    """The parameter - "AssumeRolePolicyDocument" beyond the length limit."""

    code = "InvalidParameter.AssumeRolePolicyDocument.Length"
    when = "more than 6144 characters, without the blanks between them"


class NewTrustPolicyLengthInvalid(ApiError):
    """The parameter - "NewAssumeRolePolicyDocument" beyond the length limit."""

    code = "InvalidParameter.NewAssumeRolePolicyDocument.Length"
    when = "more than 6144 characters, without the blanks between them"


class MaxSessionDurationInvalid(ApiError):
    """The Min/Max value of MaxSessionDuration is 1hr/12hr."""

    code = "InvalidParameter.MaxSessionDuration"
    when = "no whole number from 3600 to 43200; code and message follow STS's InvalidParameter.DurationSeconds"


class RoleNotFound(ApiError):
    """The role does not exist."""

    code, status = "EntityNotExist.Role", 404
    when = "no role of the account has that name"


class RoleAlreadyExists(ApiError):
    """The role does already EXIST."""

    code, status = "EntityAlreadyExists.Role", 409
    when = "another role of the account has that name, in whatever letter case"


class RolesExceeded(ApiError):
    """The count of roles beyond the current limits."""

    code, status = "LimitExceeded.Role", 409
    when = "the account has 1000 roles"


class RoleHasPolicies(ApiError):
    """The role CAN NOT has any attached policy while deleting the role."""

    code, status = "DeleteConflict.Role.Policy", 409
    when = "policies are attached to the role"


class RoleHasPolicy(ApiError):
    """The role has already been attached this policy."""

    code, status = "EntityAlreadyExists.Role.Policy", 409
    when = "the role has the policy already"


class PoliciesOfRoleExceeded(ApiError):
    """The count of policies attached to the role beyond the current limits."""

    code, status = "LimitExceeded.Role.Policy", 409
    when = "the role has ten custom policies"


class RoleHasNoSuchPolicy(ApiError):
    """The indicate policy of the role does not exist."""

    code, status = "EntityNotExist.Role.Policy", 404
    when = "the policy is not attached to the role; Terraform knows the code, no document has its message"
