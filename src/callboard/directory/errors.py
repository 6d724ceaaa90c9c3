"""What several of the directory's actions refuse: codes and messages of the official tables (directory-api.yaml)."""

from callboard.errors import ApiError


class ParentFolderInvalid(ApiError):
    """The ParentFolderId is invalid."""

    code = "InvalidParameter.ParentFolderId"
    when = "not shaped like a folder id"


class FolderNotFound(ApiError):
    """The resource directory folder does not exist."""

    code, status = "EntityNotExists.Folder", 404
    when = "no such folder in the directory of the caller"


class AccountNotFound(ApiError):
    """This resource directory account does not exist."""

    code, status = "EntityNotExists.Account", 404
    when = "no such member in the directory of the caller"
