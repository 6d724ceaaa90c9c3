"""What the actions on the directory itself refuse: codes and messages of the official tables (directory-api.yaml).

Never answered, as there is no such thing here: Invalid.EnterpriseName and EnterpriseRealNameVerificationError (nobody's
real name is registered), NotSupport.Account.Site and Invalid.AccountType (accounts are all of one site and type),
MissingSecurityInfo, and InvalidParameter.ManagementAccountName.AlreadyUsed (no new management account is ever made).
"""

from callboard.errors import ApiError


class DirectoryExists(ApiError):
    """The resource directory for the account is already enabled. We recommend that you do not enable the resource directory again."""  # noqa: E501 (the documented text, on one line)

    code, status = "EntityAlreadyExists.ResourceDirectory", 409
    when = "the caller's account manages a resource directory already"


class AccountInAnotherDirectory(ApiError):
    """The specified account is an Alibaba Cloud account or already exists in another resource directory."""

    code, status = "NotSupport.AccountInAnotherResourceDirectory", 409
    when = "the caller's account is a member of a resource directory"


class DirectoryNotInUse(ApiError):
    """The specified account is not an Alibaba Cloud account or a member account of the resource directory."""

    code, status = "ResourceDirectoryNotInUse", 404
    when = "the caller's account neither manages a resource directory nor is a member of one"


class DirectoryHasAccounts(ApiError):
    """Failed to delete the resource directory because one or more member accounts exist. We recommend that you first remove these member accounts."""  # noqa: E501 (the documented text, on one line)

    code, status = "DeleteConflict.ResourceDirectory.Account", 409
    when = "the directory has members"


class EnableModeMissing(ApiError):
    """You must specify EnableMode."""

    code = "MissingParameter.EnableMode"
    when = "EnableMode absent or empty"


class EnableModeInvalid(ApiError):
    """The EnableMode is invalid."""

    code = "InvalidParameter.EnableMode"
    when = "neither CurrentAccount nor NewManagementAccount"


class ManagementAccountNameInvalid(ApiError):
    """The management account name is in the wrong format."""

    code, status = "InvalidParameter.ManagementAccountName", 409
    when = "a new management account, and a MAName that is absent or not <prefix>@rdadmin.aliyunid.com"


class SecureMobilePhoneMissing(ApiError):
    """Secure mobile phone is missing."""

    code, status = "MissingSecureMobilePhone", 409
    when = "a new management account without MASecureMobilePhone: callers have no number that could stand in"


class SecureMobilePhoneInvalid(ApiError):
    """The parameter management account secure mobile phone is invalid."""

    code, status = "InvalidParameter.ManagementAccountSecurityInfo", 409
    when = "not <country code>-<number>, or of a country that the site does not serve"


class VerificationCodeInvalid(ApiError):
    """The verification code is invalid."""

    code, status = "Invalid.VerificationCode", 409
    when = "a new management account with whatever code: no code is ever sent for one"


class StatusMissing(ApiError):
    """You must specify Status."""

    code = "MissingParameter.Status"
    when = "Status absent or empty"


class StatusInvalid(ApiError):
    """The Status is invalid."""

    code = "InvalidParameter.Status"
    when = "neither Enabled nor Disabled"
