"""What the actions of groups refuse, in the words of RAM's own list of errors."""

from callboard.errors import ApiError


class GroupNameMissing(ApiError):
    """GroupName is mandatory for this action."""

    code = "MissingGroupName"
    when = "GroupName absent or empty"


class GroupNameInvalid(ApiError):
    """The parameter - "GroupName" contains invalid chars."""

    code = "InvalidParameter.GroupName.InvalidChars"
    when = "other characters than letters, digits and . _ -"


class GroupNameLengthInvalid(ApiError):
    """The parameter - "GroupName" beyond the length limit."""

    code = "InvalidParameter.GroupName.Length"
    when = "more than 64 characters"


class NewGroupNameInvalid(ApiError):
    """The parameter - "NewGroupName" contains invalid chars."""

    code = "InvalidParameter.NewGroupName.InvalidChars"
    when = "empty, or other characters than letters, digits and . _ -"


class NewGroupNameLengthInvalid(ApiError):
    """The parameter - "NewGroupName" beyond the length limit."""

    code = "InvalidParameter.NewGroupName.Length"
    when = "more than 64 characters"


class GroupNotFound(ApiError):
    """The group does not exist."""

    code, status = "EntityNotExist.Group", 404
    when = "no such group in the caller's account"


class GroupAlreadyExists(ApiError):
    """The group does already EXIST."""

    code, status = "EntityAlreadyExists.Group", 409
    when = "another group of the account has that name"


class GroupsExceeded(ApiError):
    """The count of groups beyond the current limits."""

    code, status = "LimitExceeded.Group", 409
    when = "the account has 300 groups"


class GroupHasUsers(ApiError):
    """The group CAN NOT has any user member while deleting the group."""

    code, status = "DeleteConflict.Group.User", 409
    when = "users are in the group"


class GroupHasPolicies(ApiError):
    """The entity CAN NOT has any attached policy while deleting the group."""

    code, status = "DeleteConflict.Group.Policy", 409
    when = "a policy is attached to the group"


class UserAlreadyInGroup(ApiError):
    """The user has already joined the group."""

    code, status = "EntityAlreadyExists.User.Group", 409
    when = "the user is in the group"


class GroupsOfUserExceeded(ApiError):
    """The count of groups the target user joined beyond the current limits."""

    code, status = "LimitExceeded.User.Group", 409
    when = "the user is in ten groups"


class UserNotInGroup(ApiError):
    """The user has not joined the group."""

    code, status = "EntityNotExist.User.Group", 404
    when = "the user is not in the group"
