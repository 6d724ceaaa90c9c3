"""What the actions of users and their access keys refuse, in the words of RAM's own list of errors."""

from callboard.errors import ApiError


class UserNameMissing(ApiError):
    """UserName is mandatory for this action."""

    code = "MissingUserName"
    when = "UserName absent or empty"


class UserNameInvalid(ApiError):
    """The parameter - "UserName" contains invalid chars."""

    code = "InvalidParameter.UserName.InvalidChars"
    when = "other characters than letters, digits and . _ -"


class UserNameLengthInvalid(ApiError):
    """The parameter - "UserName" beyond the length limit."""

    code = "InvalidParameter.UserName.Length"
    when = "more than 64 characters"


class NewUserNameInvalid(ApiError):
    """The parameter - "NewUserName" contains invalid chars."""

    code = "InvalidParameter.NewUserName.InvalidChars"
    when = "empty, or other characters than letters, digits and . _ -"


class NewUserNameLengthInvalid(ApiError):
    """The parameter - "NewUserName" beyond the length limit."""

    code = "InvalidParameter.NewUserName.Length"
    when = "more than 64 characters"


class DisplayNameInvalid(ApiError):
    """The parameter - "DisplayName" contains invalid chars."""

    code = "InvalidParameter.DisplayName.InvalidChars"
    when = "a character that cannot be shown"


class DisplayNameLengthInvalid(ApiError):
    """The parameter - "DisplayName" beyond the length limit."""

    code = "InvalidParameter.DisplayName.Length"
    when = "more than 128 characters"


class NewDisplayNameInvalid(ApiError):
    """The parameter - "NewDisplayName" contains invalid chars."""

    code = "InvalidParameter.NewDisplayName.InvalidChars"
    when = "a character that cannot be shown"


class NewDisplayNameLengthInvalid(ApiError):
    """The parameter - "NewDisplayName" beyond the length limit."""

    code = "InvalidParameter.NewDisplayName.Length"
    when = "more than 128 characters"


class MobilePhoneInvalid(ApiError):
    """The format of the parameter - "MobilePhone" is incorrect."""

    code = "InvalidParameter.MobilePhone.Format"
    when = "not <country code>-<number>"


class NewMobilePhoneInvalid(ApiError):
    """The format of the parameter - "NewMobilePhone" is incorrect."""

    code = "InvalidParameter.NewMobilePhone.Format"
    when = "not <country code>-<number>"


class EmailInvalid(ApiError):
    """The format of the parameter - "Email" is incorrect."""

    code = "InvalidParameter.Email.Format"
    when = "not an email address"


class NewEmailInvalid(ApiError):
    """The format of the parameter - "NewEmail" is incorrect."""

    code = "InvalidParameter.NewEmail.Format"
    when = "not an email address"


class CommentsLengthInvalid(ApiError):
    """The parameter - "Comments" beyond the length limit."""

    code = "InvalidParameter.Comments.Length"
    when = "more than 128 characters"


class NewCommentsLengthInvalid(ApiError):
    """The parameter - "NewComments" beyond the length limit."""

    code = "InvalidParameter.NewComments.Length"
    when = "more than 128 characters"


class UserNotFound(ApiError):
    """The user does not exist."""

    code, status = "EntityNotExist.User", 404
    when = "no such user in the caller's account, or a role's session that names none and has no keys of its own"


class LoginProfileNotFound(ApiError):
    """The user login profile does not exist."""

    code, status = "EntityNotExist.User.LoginProfile", 404
    when = "always, as nobody logs on to a console here"


class DeviceNotFound(ApiError):
    """The user has not bound any MFA device."""

    code, status = "EntityNotExist.User.MFADevice", 404
    when = "always, as there is no second factor here"


class UserAlreadyExists(ApiError):
    """The user does already EXIST."""

    code, status = "EntityAlreadyExists.User", 409
    when = "another user of the account has that name"


class UsersExceeded(ApiError):
    """The count of users beyond the current limits."""

    code, status = "LimitExceeded.User", 409
    when = "the account has 5000 users"


class UserHasAccessKeys(ApiError):
    """The user CAN NOT has any access key while deleting the user."""

    code, status = "DeleteConflict.User.AccessKey", 409
    when = "the user has access keys, active or not"


class UserIsInGroups(ApiError):
    """The user CAN NOT be in any group while deleting the user."""

    code, status = "DeleteConflict.User.Group", 409
    when = "the user is in a group"


class UserHasPolicies(ApiError):
    """The user CAN NOT has any attached policy while deleting the user."""

    code, status = "DeleteConflict.User.Policy", 409
    when = "a policy is attached to the user"


class UserAccessKeyIdMissing(ApiError):
    """UserAccessKeyId is mandatory for this action."""

    code = "MissingUserAccessKeyId"
    when = "UserAccessKeyId absent or empty"


class StatusMissing(ApiError):
    """Status is mandatory for this action."""

    code = "MissingStatus"
    when = "Status absent or empty"


class StatusInvalid(ApiError):
    """The parameter - "Status" is incorrect."""

    code = "InvalidParameter.Status"
    when = "neither Active nor Inactive; no document names the code, which follows InvalidParameter.PolicyType"


class AccessKeyNotFound(ApiError):
    """The user access key does not exist."""

    code, status = "EntityNotExist.User.AccessKey", 404
    when = "the user has no access key of that id"


class AccessKeysExceeded(ApiError):
    """The access key count of the user access keys beyond the current limits."""

    code, status = "LimitExceeded.User.AccessKey", 409
    when = "the user, or the account itself, has two access keys already"
