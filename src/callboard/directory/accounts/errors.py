"""What the account actions refuse: codes, statuses and messages of the official tables (directory-api.yaml).

Never answered, as nothing here could be their occasion: what concerns real names, enterprises, resale, invoices and
arrears of billing accounts (Invalid.PayRelation, PaymentAccount..., MemberAccount...VerifyError, FundAccount...,
UserOwnFundAccountPayForOthers, EcoRelationCheckFailed, InconsistentEnterpriseNameError, UnknownFinancialError,
BusinessRestricted, LegalEntityDifferent, MissingSecurityInfo), NotSupport.SettingResellAccountType
(NotSupport.Site.Action says it in both versions), CreateAccountDisabled, and Deny.TrustedService.
"""

from callboard.errors import ApiError


class AccountIdMissing(ApiError):
    """You must specify AccountId."""

    code = "MissingParameter.AccountId"
    when = "no AccountId, or an empty one"


class AccountIdInvalid(ApiError):
    """The AccountId is invalid."""

    code = "InvalidParameter.AccountId"
    when = "not 16 digits"


class DestinationFolderIdMissing(ApiError):
    """You must specify DestinationFolderId."""

    code = "MissingParameter.DestinationFolderId"
    when = "no DestinationFolderId, or an empty one"


class DestinationFolderIdInvalid(ApiError):
    """The DestinationFolderId is invalid."""

    code = "InvalidParameter.DestinationFolderId"
    when = "not shaped like a folder id"


class DisplayNameMissing(ApiError):
    """You must specify DisplayName."""

    code = "MissingParameter.Account.DisplayName"
    when = "no DisplayName, or an empty one"


class DisplayNameInvalid(ApiError):
    """The DisplayName of account is invalid."""

    code = "InvalidParameter.Account.DisplayName"
    when = "other characters than Chinese ones, English letters, digits, _ . - and spaces, or spaces alone"


class DisplayNameLengthInvalid(ApiError):
    """The DisplayName of the account exceeds the length limit."""

    code = "InvalidParameter.Account.DisplayName.Length"
    when = "not 2 to 50 characters"


class DisplayNameAlreadyUsed(ApiError):
    """The displayname of account has been used."""

    code, status = "InvalidParameter.Account.DisplayName.AlreadyUsed", 409
    when = "another member of the directory has that display name"


class AccountNamePrefixInvalid(ApiError):
    """The account name prefix is invalid."""

    code = "InvalidParameter.Account.AccountNamePrefix"
    when = "other characters than letters, digits and single _ . - between them"


class AccountNamePrefixLengthInvalid(ApiError):
    """The account name prefix exceeds the length limit."""

    code = "InvalidParameter.Account.AccountNamePrefix.Length"
    when = "not 2 to 50 characters"


class AccountNameAlreadyUsed(ApiError):
    """The email address that the system generates when you create a member account already exists. Try again later."""

    code, status = "EntityAlreadyExists.ResourceDirectory.Account", 409
    when = "another member of the directory has an account name with that prefix"


class AccountsExceeded(ApiError):
    """The maximum number of member accounts in a resource directory exceeds the limit."""

    code, status = "LimitExceeded.Account", 409
    when = "the directory holds as many members as the profile admits"


class PayerElsewhere(ApiError):
    # One text, as the table has it.
    """The specified settlement account does not exist in the resource directory. You must specify a valid settlement account."""  # noqa: E501

    code, status = "NotSupport.PayerAccountInAnotherResourceDirectory", 409
    when = "the billing account is neither the management account nor a member of the directory"


class SiteNotSupported(ApiError):
    """Site does not allow current action."""

    code = "NotSupport.Site.Action"
    when = "a ResellAccountType: nobody resells here"


class NothingToUpdate(ApiError):
    """Either display name or account type must be specified."""

    code, status = "MissingDisplayNameOrAccountType", 409
    when = "neither NewDisplayName nor NewAccountType, or both"


class AccountTypeMismatch(ApiError):
    """The type or status of the member account cannot satisfy the current operation."""

    code, status = "AccountTypeMismatch", 409
    when = "a NewAccountType that is no type, or the type that the member has"


class PrimaryKeyInUse(ApiError):
    """The account has the primary AK in use."""

    code, status = "PrimaryAkInUse", 409
    when = "a cloud account is to become a resource account, and its root access key is active"


class CallerIdentityWrong(ApiError):
    """Please use the RAM user or role of the Management Account."""

    code, status = "CallerIdentityError", 409
    when = "a NewAccountType from the account itself, where the setting account_type_by_user demands a RAM user or role"


class TypeOrStatusMismatch(ApiError):
    """You cannot perform the action on the member account."""

    code, status = "AccountTypeOrStatusMismatch", 409
    when = (
        "a resource account is to be removed, or a cloud account deleted; the directory does not permit deletions; "
        "or no check of the deletion was made"
    )


class PayerAccountIdMissing(ApiError):
    """You must specify PayerAccountId."""

    code = "MissingParameter.PayerAccountId"
    when = "no PayerAccountId, or an empty one"
