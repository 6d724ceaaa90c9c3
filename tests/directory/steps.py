"""Steps that the tests of the directory take on their way: folders made and read, members put into them."""

import uuid
from typing import Any

from callboard.clock import wall_clock as now
from callboard.database.statement import Connection
from callboard.tree import directories, folders, members
from callboard.tree.folders import SEPARATOR, Folder
from tests.contract.callers import Caller
from tests.contract.steps import add_member, root_folder
from tests.serving import Account

NOBODYS_FOLDER = "fd-aaaaaaaaaa"
"""A folder id that is well formed, and no folder's."""


def create(caller: Caller, name: str = "team", parent: str | None = None, **given: Any) -> str:
    """Make a folder; its id."""
    reply = caller.call("CreateFolder", folder_name=name, parent_folder_id=parent, **given)
    return str(reply["Folder"]["FolderId"])


def create_chain(caller: Caller, levels: int) -> list[str]:
    """Make folders one in the other; their ids, from the top."""
    made: list[str] = []
    for level in range(levels):
        made.append(create(caller, f"level{level + 1}", made[-1] if made else None))
    return made


def listed(caller: Caller, **given: Any) -> list[str]:
    """The names of the folders in a folder, as ListFoldersForParent has them."""
    reply = caller.call("ListFoldersForParent", **{"page_size": 100, **given})
    return [each["FolderName"] for each in reply["Folders"]["Folder"]]


def fill(account: Account, count: int) -> None:
    """Put folders into the root folder, behind the server's back."""
    directory_id, root_id = account.directory_id, root_folder(account)

    def work(open_: Connection) -> None:
        for number in range(count):
            folder_id = f"fd-{number:010}"
            path = root_id + SEPARATOR + folder_id
            folders.add(open_, directory_id, Folder(folder_id, root_id, f"f{number:04}", path, now() + number))

    account.server.run(work)


def new_account_id() -> str:
    """The id of an account that no other test knows."""
    return f"{uuid.uuid4().int % 10**16:016d}"


def put_member(account: Account, account_id: str, folder_id: str | None = None) -> None:
    """Add a member account to the directory, in the root folder or in another one."""
    directory_id = account.directory_id
    add_member(account.server, directory_id, account_id)
    if folder_id is not None:

        def move(open_: Connection) -> None:
            at = directories.change(open_, directory_id, now=now())
            members.move(open_, directory_id, account_id, folder_id, at=at)

        account.server.run(move)
