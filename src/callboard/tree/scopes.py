"""What contacts can be bound to, the scopes, and where accounts stand below them.

The scopes of an account are the directory, the folders on the way down to it, and the account itself. The root folder
is another name of the directory (behaviour.md, question 19): it is never kept as a scope.
"""

import re
from collections.abc import Iterable

from sqlalchemy import bindparam, select

from callboard.database.statement import Connection, Slots, Statement
from callboard.database.tables import folders, members
from callboard.tree import directories
from callboard.tree.folders import SEPARATOR

FOLDER_PREFIXES = ("r-", "fd-")
CONTACT_PREFIX = "c-"
MOST = 7
"""The directory, five levels of folders, and an account."""
SLOTS = Slots("scope", MOST)
"""For the scopes of an account, in statements."""
MOST_LOOKED_UP = 100
"""As many scopes as any call may name."""

_ID = re.compile(r"(?:rd-|r-|fd-)?[A-Za-z0-9]{1,29}", re.ASCII)

_PATH_OF_FOLDER = Statement(
    select(folders.c.path).where(
        folders.c.directory_id == bindparam("directory_id"), folders.c.folder_id == bindparam("scope_id")
    )
)
_PATH_OF_MEMBER = Statement(
    select(folders.c.path)
    .join(members, (members.c.directory_id == folders.c.directory_id) & (members.c.folder_id == folders.c.folder_id))
    .where(members.c.directory_id == bindparam("directory_id"), members.c.account_id == bindparam("scope_id"))
)


def is_folder(scope_id: str) -> bool:
    """Whether an id has the form of a folder's."""
    return scope_id.startswith(FOLDER_PREFIXES)


def canonical(connection: Connection, directory_id: str, scope_id: str) -> str | None:
    """The scope that an id names: the directory for its own id and its root folder's; None for what is not in it."""
    if scope_id == directory_id:
        return directory_id
    path = _path(connection, directory_id, scope_id)
    if path is None:
        return None
    return directory_id if path == scope_id else scope_id


def of_account(connection: Connection, directory_id: str, account_id: str) -> tuple[str, ...] | None:
    """The scopes of a member, from the directory down to itself; None when there is no such member."""
    row = connection.one(_PATH_OF_MEMBER, directory_id=directory_id, scope_id=account_id)
    return None if row is None else (*on_path(directory_id, row[0]), account_id)


def on_path(directory_id: str, path: str) -> tuple[str, ...]:
    """The scopes that the path of a folder goes through, from the directory down to the folder."""
    return (directory_id, *path.split(SEPARATOR)[1:])


def resource_directory_path(connection: Connection, directory_id: str, scope_id: str) -> str | None:
    """The RDPath of a folder, a member or the directory: ids with slashes between them (directory-api.yaml)."""
    if scope_id == directory_id:
        found = directories.find(connection, directory_id)
        return None if found is None else f"{directory_id}/{found.root_folder_id}"
    path = _path(connection, directory_id, scope_id)
    if path is None:
        return None
    return f"{directory_id}/{path}" if is_folder(scope_id) else f"{directory_id}/{path}/{scope_id}"


def resources(connection: Connection, directory_id: str, scope_ids: Iterable[str]) -> list[str]:
    """What follows the account in the RAM resources of scopes; one that is not there stands as its id alone.

    The ids are a sender's own texts, before anything has looked at their form or number. Of what no call may name,
    only MOST_LOOKED_UP are looked up; the call is refused in any case. A contact that a call names beside them stands
    as its own resource.
    """
    found = []
    for number, scope_id in enumerate(scope_ids):
        if scope_id.startswith(CONTACT_PREFIX):
            found.append(f"messagecontact/{scope_id}")
            continue
        is_looked_up = number < MOST_LOOKED_UP and _ID.fullmatch(scope_id) is not None
        path = resource_directory_path(connection, directory_id, scope_id) if is_looked_up else None
        path = path or scope_id
        kind = "account" if scope_id.isdigit() else "folder"
        found.append(f"{kind}/{path}")
    return found


def _path(connection: Connection, directory_id: str, scope_id: str) -> str | None:
    statement = _PATH_OF_FOLDER if is_folder(scope_id) else _PATH_OF_MEMBER
    row = connection.one(statement, directory_id=directory_id, scope_id=scope_id)
    return None if row is None else str(row[0])
