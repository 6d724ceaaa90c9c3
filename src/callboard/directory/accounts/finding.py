"""What account actions find before they do anything: the member, the folder, or the refusal."""

from callboard.call import Call
from callboard.directory.errors import AccountNotFound, FolderNotFound
from callboard.tree import directories, folders, member_lists
from callboard.tree.directories import Directory
from callboard.tree.folders import Folder
from callboard.tree.member_lists import Listed


def member(call: Call, account_id: str) -> Listed:
    """Raises AccountNotFound for what is no member of the caller's directory."""
    found = member_lists.find(call.connection, call.directory_id, account_id)
    if found is None:
        raise AccountNotFound
    return found


def folder(call: Call, folder_id: str) -> Folder:
    """The folder, the root folder where none is named. Raises FolderNotFound."""
    found = folders.find(call.connection, call.directory_id, folder_id or directory(call).root_folder_id)
    if found is None:
        raise FolderNotFound
    return found


def directory(call: Call) -> Directory:
    found = directories.find(call.connection, call.directory_id)
    assert found is not None, "a call has the directory that its account manages"
    return found
