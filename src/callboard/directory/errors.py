"""What several of the directory's actions refuse: codes and messages of the official tables (directory-api.yaml)."""

from callboard.contacts.errors import ConcurrentCall
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


class ConcurrentChange(ConcurrentCall):
    """The operation conflicts with other operations. Please try again later."""

    # In no table of the folder and account actions, yet what clients try them again on (directory-api.yaml,
    # terraform_retries_on).
    when = "another change of the directory's tree is under way"
