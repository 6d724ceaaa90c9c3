"""What the folder actions refuse: codes and messages of the official tables (directory-api.yaml)."""

from callboard.errors import ApiError


class FolderIdMissing(ApiError):
    """You must specify FolderId."""

    code = "MissingParameter.FolderId"
    when = "FolderId absent or empty"


class FolderIdInvalid(ApiError):
    """The FolderId is invalid."""

    code = "InvalidParameter.FolderId"
    when = "not shaped like a folder id, or the root folder's where that cannot be changed"


class ChildIdMissing(ApiError):
    """You must specify ChildId."""

    code = "MissingParameter.ChildId"
    when = "ChildId absent or empty"


class ChildIdInvalid(ApiError):
    """The ChildId is invalid."""

    code = "InvalidParameter.ChildId"
    when = "not shaped like a folder id"


class FolderNameMissing(ApiError):
    """You must specify the resource folder name."""

    code = "MissingParameter.Folder.Name"
    when = "the name is absent or empty"


class FolderNameInvalid(ApiError):
    """The Name of folder is invalid."""

    code = "InvalidParameter.Folder.Name"
    when = "a character that the name of a folder may not have"


class FolderNameLengthInvalid(ApiError):
    """The Name of folder exceeds the length limit."""

    code = "InvalidParameter.Folder.Name.Length"
    when = "longer than the name of a folder may be (32 characters)"


class FolderNameAlreadyUsed(ApiError):
    """The name already exists under the same parent. Please change to another name."""

    code = "InvalidParameter.Folder.Name.AlreadyUsed"
    when = "another folder in the same parent folder has that name"


class FolderDepthExceeded(ApiError):
    """The folder depth exceeds the limit of 5."""

    code, status = "LimitExceeded.Folder.Depth", 409
    when = "the parent folder is on the fifth level below the root"


class FoldersExceeded(ApiError):
    """The number of folders exceeds the quota."""

    code, status = "QuotaExceeded.Folder.Count", 409
    when = "the directory holds as many folders as it may (100 below the root)"


class FolderHasSubfolders(ApiError):
    """This folder has sub folders."""

    code, status = "DeleteConflict.Folder.SubFolder", 409
    when = "folders are in the folder; of a directory, in its root folder"


class FolderHasAccounts(ApiError):
    """This folder has accounts."""

    code, status = "DeleteConflict.Folder.Account", 409
    when = "member accounts are in the folder"
