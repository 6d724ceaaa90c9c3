"""The folder actions that change something: what each takes, answers and does."""

from msgspec.structs import replace

from callboard.access.minting import KEY_ALPHABET, random_text
from callboard.api.model import Reply, Request
from callboard.audit import storage as audit
from callboard.call import Call
from callboard.contacts import membership
from callboard.database.statement import Duplicate
from callboard.directory.errors import ConcurrentChange, FolderNotFound
from callboard.directory.folders import errors
from callboard.directory.folders.parameters import ChangeableFolderId, FolderName
from callboard.directory.folders.shapes import FolderReply, shown
from callboard.directory.parameters import ParentFolderId
from callboard.directory.shapes import operation
from callboard.directory.tag_parameters import Tags
from callboard.tree import directories, folders, tags
from callboard.tree.folders import DEEPEST, SEPARATOR, Folder

ID_LENGTH = 10


class CreateFolder(Request, kw_only=True):
    """Make a folder, in the root folder or in another one, at most five levels below the root."""

    parent_folder_id: ParentFolderId = ""
    folder_name: FolderName
    tag: Tags = ()


class CreateFolderReply(FolderReply):
    """The folder that was made."""


@operation(
    access_level="create",
    scopes=("ParentFolderId",),
    errors=[
        FolderNotFound,
        errors.FolderDepthExceeded,
        errors.FoldersExceeded,
        errors.FolderNameAlreadyUsed,
        ConcurrentChange,
    ],
)
def create_folder(call: Call, request: CreateFolder) -> CreateFolderReply:
    at = directories.change(call.connection, call.directory_id, now=call.now)
    parent = find_or_root(call, request.parent_folder_id)
    if parent.depth >= DEEPEST:
        raise errors.FolderDepthExceeded
    if folders.count(call.connection, call.directory_id) >= call.profile.folders:
        raise errors.FoldersExceeded
    folder_id = "fd-" + random_text(KEY_ALPHABET, ID_LENGTH)
    made = Folder(folder_id, parent.folder_id, request.folder_name, parent.path + SEPARATOR + folder_id, at)
    try:
        folders.add(call.connection, call.directory_id, made)
    except Duplicate as error:
        raise errors.FolderNameAlreadyUsed from error
    tags.set_tags(call.connection, call.directory_id, tags.FOLDER, folder_id, dict(request.tag))
    _record(call, "CreateFolder", after=made)
    return CreateFolderReply(folder=shown(made))


class UpdateFolder(Request):
    """Rename a folder."""

    folder_id: ChangeableFolderId
    new_folder_name: FolderName


class UpdateFolderReply(FolderReply):
    """The folder with its new name."""


@operation(
    access_level="update",
    scopes=("FolderId",),
    errors=[FolderNotFound, errors.FolderNameAlreadyUsed, ConcurrentChange],
)
def update_folder(call: Call, request: UpdateFolder) -> UpdateFolderReply:
    directories.change(call.connection, call.directory_id, now=call.now)
    folder = find(call, request.folder_id)
    renamed = replace(folder, name=request.new_folder_name)
    if renamed != folder:
        try:
            folders.rename(call.connection, call.directory_id, folder.folder_id, renamed.name)
        except Duplicate as error:
            raise errors.FolderNameAlreadyUsed from error
        _record(call, "UpdateFolder", before=folder, after=renamed)
    return UpdateFolderReply(folder=shown(renamed))


class DeleteFolder(Request):
    """Delete a folder in which there is nothing. Contacts that are bound to it are bound to it no longer."""

    folder_id: ChangeableFolderId


class DeleteFolderReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="delete",
    scopes=("FolderId",),
    errors=[FolderNotFound, errors.FolderHasSubfolders, errors.FolderHasAccounts, ConcurrentChange],
)
def delete_folder(call: Call, request: DeleteFolder) -> DeleteFolderReply:
    at = directories.change(call.connection, call.directory_id, now=call.now)
    folder = find(call, request.folder_id)
    if folders.has_subfolders(call.connection, call.directory_id, folder.folder_id):
        raise errors.FolderHasSubfolders
    if folders.has_members(call.connection, call.directory_id, folder.folder_id):
        raise errors.FolderHasAccounts
    _record(call, "DeleteFolder", before=folder)
    membership.drop_folder(call, folder.folder_id, at=at)
    tags.remove_all(call.connection, call.directory_id, tags.FOLDER, folder.folder_id)
    folders.remove(call.connection, call.directory_id, folder.folder_id)
    return DeleteFolderReply()


def find(call: Call, folder_id: str) -> Folder:
    """The folder that a call names. Raises FolderNotFound."""
    found = folders.find(call.connection, call.directory_id, folder_id)
    if found is None:
        raise FolderNotFound
    return found


def find_or_root(call: Call, folder_id: str) -> Folder:
    """The same, or the root folder where the call names none. Raises DirectoryNotEnabled when there is none."""
    return find(call, folder_id) if folder_id else folders.root(call.connection, call.directory_id)


def resource_of(call: Call, folder: Folder) -> str:
    """The RAM resource of a folder, by its RDPath."""
    return f"acs:resourcemanager:*:{call.principal.account_id}:folder/{call.directory_id}/{folder.path}"


def _record(call: Call, action: str, *, before: Folder | None = None, after: Folder | None = None) -> None:
    folder = after or before
    assert folder is not None, "a change has something before or after it"
    audit.add(call.connection, audit.Source.of(call), action, resource_of(call, folder), before=before, after=after)
