"""SQL of directories and accounts."""

from msgspec import Struct
from sqlalchemy import BindParameter, bindparam, case, select, text, update

from callboard.access.errors import DirectoryNotEnabled
from callboard.call import Moment
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import accounts, directories
from callboard.tree import folders
from callboard.tree.folders import ROOT_NAME, Folder

_DIRECTORY = Statement(
    select(directories.c.directory_id, directories.c.root_folder_id, directories.c.management_account_id).where(
        directories.c.directory_id == bindparam("directory_id")
    )
)
_FIRST = Statement(
    select(directories.c.directory_id, directories.c.root_folder_id, directories.c.management_account_id)
    .order_by(directories.c.created_at, directories.c.directory_id)
    .limit(1)
)
_EVERY = Statement(
    select(directories.c.directory_id, directories.c.root_folder_id, directories.c.management_account_id).order_by(
        directories.c.created_at, directories.c.directory_id
    )
)
# SQLite needs no row lock: a write transaction holds the database. Core leaves the clause out there.
_LOCK = Statement(
    select(directories.c.directory_id)
    .where(directories.c.directory_id == bindparam("directory_id"))
    .with_for_update(key_share=True)
)
_CHANGED_AT = directories.c.changed_at
_NOW: BindParameter[int] = bindparam("now")
_CHANGE = Statement(
    update(directories)
    .values(
        changed_at=case(
            (directories.c.changed_at >= bindparam("now"), directories.c.changed_at + 1), else_=bindparam("now")
        )
    )
    .where(directories.c.directory_id == bindparam("directory_id"))
    .returning(directories.c.changed_at)
)
_ADD_DIRECTORY = insertion(directories)
_ADD_ACCOUNT = insertion(accounts)
_ACCOUNT = Statement(select(accounts.c.account_id).where(accounts.c.account_id == bindparam("account_id")))
_ANY_KEY = Statement(text("SELECT 1 FROM access_keys LIMIT 1"))


class Directory(Struct, frozen=True):
    """A resource directory, and the management account that it belongs to."""

    directory_id: str
    root_folder_id: str
    management_account_id: str


def find(connection: Connection, directory_id: str) -> Directory | None:
    row = connection.one(_DIRECTORY, directory_id=directory_id)
    return None if row is None else Directory(*row)


def first(connection: Connection) -> Directory | None:
    """The directory that was made first, with the server itself."""
    row = connection.one(_FIRST)
    return None if row is None else Directory(*row)


def every(connection: Connection) -> list[Directory]:
    """Every directory of the installation, the first one first: for operators alone."""
    return [Directory(*row) for row in connection.all(_EVERY)]


def has_account(connection: Connection, account_id: str) -> bool:
    return connection.one(_ACCOUNT, account_id=account_id) is not None


def has_access_key(connection: Connection) -> bool:
    return connection.one(_ANY_KEY) is not None


def lock(connection: Connection, directory_id: str) -> None:
    """Make others who lock or change the directory wait until this transaction ends.

    Raises DirectoryNotEnabled when it is there no longer.
    """
    if connection.one(_LOCK, directory_id=directory_id) is None:
        raise DirectoryNotEnabled


def change(connection: Connection, directory_id: str, *, now: Moment) -> Moment:
    """Lock the directory for a change of what is in it, or of what is bound where; the moment of that change.

    Moments of changes grow strictly, also where the clocks of replicas differ, so that the past has one order. Lock
    whatever else the change needs afterwards. Raises DirectoryNotEnabled when the directory is there no longer.
    """
    row = connection.one(_CHANGE, directory_id=directory_id, now=now)
    if row is None:
        raise DirectoryNotEnabled
    return int(row[0])


def add(connection: Connection, directory: Directory, *, now: int) -> None:
    """Add a directory with its root folder and its management account."""
    connection.run(
        _ADD_DIRECTORY,
        directory_id=directory.directory_id,
        root_folder_id=directory.root_folder_id,
        management_account_id=directory.management_account_id,
        created_at=now,
        may_delete_members=False,
        has_control_policies=False,
        changed_at=None,
    )
    root_id = directory.root_folder_id
    folders.add(connection, directory.directory_id, Folder(root_id, None, ROOT_NAME, root_id, now))
    add_account(
        connection, directory.management_account_id, directory_id=directory.directory_id, is_management=True, now=now
    )


def add_account(
    connection: Connection, account_id: str, *, directory_id: str | None, is_management: bool, now: int
) -> None:
    """Add an account. Raises Duplicate when the id is taken."""
    connection.run(
        _ADD_ACCOUNT, account_id=account_id, directory_id=directory_id, is_management=is_management, created_at=now
    )
