"""What the questions after recipients refuse, besides what the contact actions refuse."""

from callboard.errors import ApiError


class AccountNotFound(ApiError):
    """This resource directory account does not exist."""

    code, status = "EntityNotExists.Account", 404
    when = "an account that is not in the directory of the caller, and never was; with AsOf: was not yet"


class FolderNotFound(ApiError):
    """The resource directory folder does not exist."""

    code, status = "EntityNotExists.Folder", 404
    when = "no such folder in the directory of the caller"


class AsOfInvalid(ApiError):
    """The AsOf is invalid. It must be a moment of the past, in UTC, and cannot go with WhatIf."""

    code = "InvalidParameter.AsOf"
    when = "no moment in ISO 8601 (YYYY-MM-DDTHH:MM:SSZ), one that is still to come, or one together with WhatIf"


class WhatIfInvalid(ApiError):
    """The WhatIf is invalid: {reason}."""

    code = "InvalidParameter.WhatIf"
    when = "a change that is not known, that lacks a parameter, or that comes with a parameter it does not have"
