"""What the actions of policies and their attachments refuse: codes and messages of RAM's error table."""

from callboard.errors import ApiError


class PolicyNameMissing(ApiError):
    """PolicyName is mandatory for this action."""

    code = "MissingPolicyName"
    when = "PolicyName absent or empty"


class PolicyNameInvalid(ApiError):
    """The parameter - "PolicyName" contains invalid chars."""

    code = "InvalidParameter.PolicyName.InvalidChars"
    when = "a character other than letters, digits and hyphens"


class PolicyNameLengthInvalid(ApiError):
    """The parameter - "PolicyName" beyond the length limit."""

    code = "InvalidParameter.PolicyName.Length"
    when = "longer than 128 characters"


class PolicyTypeMissing(ApiError):
    """PolicyType is mandatory for this action."""

    code = "MissingPolicyType"
    when = "PolicyType absent or empty"


class PolicyTypeInvalid(ApiError):
    """The parameter - "PolicyType" is incorrect."""

    code = "InvalidParameter.PolicyType"
    when = "neither System nor Custom"


class PolicyDocumentMissing(ApiError):
    """PolicyDocument is mandatory for this action."""

    code = "MissingPolicyDocument"
    when = "PolicyDocument absent or empty"


class PolicyDocumentLengthInvalid(ApiError):
    """The parameter - "PolicyDocument" beyond the length limit."""

    code = "InvalidParameter.PolicyDocument.Length"
    when = "more than 6144 characters, without the blanks between them"


class DocumentMalformed(ApiError):
    """{reason}"""

    code = "MalformedPolicyDocument"
    when = "a policy or trust policy that does not keep the grammar; the message says where"


class DescriptionLengthInvalid(ApiError):
    """The parameter - "Description" beyond the length limit."""

    code = "InvalidParameter.Description.Length"
    when = "longer than 1024 characters"


class NewDescriptionLengthInvalid(ApiError):
    """The parameter - "NewDescription" beyond the length limit."""

    code = "InvalidParameter.NewDescription.Length"
    when = "longer than 1024 characters"


class VersionIdMissing(ApiError):
    """VersionId is mandatory for this action."""

    code = "MissingVersionId"
    when = "VersionId absent or empty"


class VersionIdInvalid(ApiError):
    """The format of the parameter - "VersionId" is incorrect."""

    code = "InvalidParameter.VersionId.Format"
    when = "not v1, v2, and so on"


class RotateStrategyInvalid(ApiError):
    """The parameter - "RotateStrategy" is incorrect."""

    code = "InvalidParameter.RotateStrategy"
    when = (
        "neither None nor DeleteOldestNonDefaultVersionWhenLimitExceeded; no document names the code, which follows "
        "InvalidParameter.PolicyType"
    )


class PolicyNotFound(ApiError):
    """The policy does not exist."""

    code, status = "EntityNotExist.Policy", 404
    when = "no such policy of that type in the account; a system policy where only custom ones can be changed"


class PolicyVersionNotFound(ApiError):
    """The policy version does not exist."""

    code, status = "EntityNotExist.Policy.Version", 404
    when = "the policy has no such version, or not any more"


class PolicyAlreadyExists(ApiError):
    """The policy does already EXIST."""

    code, status = "EntityAlreadyExists.Policy", 409
    when = "another policy of the account, or a system policy, has that name"


class PoliciesExceeded(ApiError):
    """The count of policy beyond the current limits."""

    code, status = "LimitExceeded.Policy", 409
    when = "the account has 1500 custom policies"


class PolicyVersionsExceeded(ApiError):
    """The count of policy version beyond the current limits."""

    code, status = "LimitExceeded.Policy.Version", 409
    when = "the policy has five versions, and RotateStrategy is None"


class PolicyHasVersions(ApiError):
    """The policy CAN NOT has any version except the default version."""

    code, status = "DeleteConflict.Policy.Version", 409
    when = "the policy has versions besides its default one, and CascadingDelete is false"


class DefaultVersionInUse(ApiError):
    """The default policy version CAN NOT been deleted directly."""

    code, status = "DeleteConflict.Policy.Version.Default", 409
    when = "the version is the policy's default one"


class PolicyAttachedToUser(ApiError):
    """The policy CAN NOT been attached to any user while deleting the policy."""

    code, status = "DeleteConflict.Policy.User", 409
    when = "a user has the policy"


class PolicyAttachedToGroup(ApiError):
    """The policy CAN NOT been attached to any group while deleting the policy."""

    code, status = "DeleteConflict.Policy.Group", 409
    when = "a group has the policy, and no user"


class PolicyAttachedToRole(ApiError):
    """The policy CAN NOT been attached to any role while deleting the policy."""

    code, status = "DeleteConflict.Policy.Role", 409
    when = (
        "a role has the policy, and no user or group; no document names the code, which follows "
        "DeleteConflict.Policy.User and .Group"
    )


class UserHasPolicy(ApiError):
    """The user has already been attached this policy."""

    code, status = "EntityAlreadyExists.User.Policy", 409
    when = "the user has the policy already"


class PoliciesOfUserExceeded(ApiError):
    """The policy count of the user attached policies beyond the current limits."""

    code, status = "LimitExceeded.User.Policy", 409
    when = "the user itself has ten custom policies"


class UserHasNoSuchPolicy(ApiError):
    """The indicate policy of the user does not exist."""

    code, status = "EntityNotExist.User.Policy", 404
    when = "the policy is not attached to the user"


class GroupHasPolicy(ApiError):
    """The group has already been attached this policy."""

    code, status = "EntityAlreadyExists.Group.Policy", 409
    when = "the group has the policy already"


class PoliciesOfGroupExceeded(ApiError):
    """The policy count of the group beyond the current limits."""

    code, status = "LimitExceeded.Group.Policy", 409
    when = "the group has ten custom policies"


class GroupHasNoSuchPolicy(ApiError):
    """The indicate policy attached to the group does not exist."""

    code, status = "EntityNotExist.Group.Policy", 404
    when = "the policy is not attached to the group"
