"""What the check of a caller's rights refuses, which any action may answer; and the question after somebody's."""

from callboard.errors import ApiError


class DirectoryNotEnabled(ApiError):
    """The resource directory for the account is not enabled. We recommend that you first enable the resource directory for the account."""  # noqa: E501 (the documented text, on one line)

    code, status = "EntityNotExists.ResourceDirectory", 404
    when = "the caller's account has no resource directory"


class MemberAccountNotAllowed(ApiError):
    """The member account is not allowed to perform the operation."""

    code, status = "MemberAccountOperationNotAllowed", 403
    when = "the caller is a member account, not the management account"


class NoPermission(ApiError):
    """You are not authorized to do this action. You should be authorized by RAM."""

    code, status = "NoPermission", 403
    when = "a RAM user or role that no policy allows the action, or that a policy denies it"


class PrincipalNotFound(ApiError):
    """The principal does not exist."""

    code, status = "EntityNotExist.Principal", 404
    when = "the caller's account has no such user or role"
