"""SQL of directories and accounts."""

from msgspec import Struct
from sqlalchemy import bindparam, case, delete, select, text, update

from callboard.access.errors import DirectoryNotEnabled
from callboard.access.minting import KEY_ALPHABET, random_text
from callboard.call import Moment
from callboard.database.statement import Connection, Row, Statement, insertion
from callboard.database.tables import accounts, directories, folders, members
from callboard.tree import folders as tree
from callboard.tree.folders import ROOT_NAME, Folder

ID_LENGTH = 6

_COLUMNS = (
    directories.c.directory_id,
    directories.c.root_folder_id,
    directories.c.management_account_id,
    directories.c.created_at,
    directories.c.has_control_policies,
    directories.c.may_delete_members,
)
_ONE = directories.c.directory_id == bindparam("directory_id")
_FIND = Statement(select(*_COLUMNS).where(_ONE))
_OF_ACCOUNT = Statement(
    select(*_COLUMNS)
    .join(accounts, accounts.c.directory_id == directories.c.directory_id)
    .where(accounts.c.account_id == bindparam("account_id"))
)
_EVERY = Statement(select(*_COLUMNS).order_by(directories.c.created_at, directories.c.directory_id))
# SQLite needs no row lock: a write transaction holds the database. Core leaves the clause out there.
_LOCK = Statement(select(directories.c.directory_id).where(_ONE).with_for_update(key_share=True))
_CHANGE = Statement(
    update(directories)
    .values(
        changed_at=case(
            (directories.c.changed_at >= bindparam("now"), directories.c.changed_at + 1), else_=bindparam("now")
        )
    )
    .where(_ONE)
    .returning(directories.c.changed_at)
)
_ADD = insertion(directories)
_SWITCH = Statement(
    update(directories)
    .values(has_control_policies=bindparam("control_policies"), may_delete_members=bindparam("member_deletion"))
    .where(directories.c.directory_id == bindparam("directory"))
)
_ANY_MEMBER = Statement(
    select(members.c.account_id).where(members.c.directory_id == bindparam("directory_id")).limit(1)
)
_REMOVE_FOLDERS = Statement(delete(folders).where(folders.c.directory_id == bindparam("directory_id")))
_REMOVE = Statement(delete(directories).where(_ONE))

_ADD_ACCOUNT = insertion(accounts)
_ACCOUNT = Statement(select(accounts.c.account_id).where(accounts.c.account_id == bindparam("account_id")))
_LOCK_ACCOUNT = Statement(
    select(accounts.c.account_id, accounts.c.directory_id, accounts.c.is_management)
    .where(accounts.c.account_id == bindparam("account_id"))
    .with_for_update(key_share=True)
)
_PUT_ACCOUNT = Statement(
    update(accounts)
    .values(directory_id=bindparam("directory"), is_management=bindparam("management"))
    .where(accounts.c.account_id == bindparam("account"))
)
_FIRST_ACCOUNT = Statement(
    select(accounts.c.account_id).order_by(accounts.c.created_at, accounts.c.account_id).limit(1)
)
_ANY_KEY = Statement(text("SELECT 1 FROM access_keys LIMIT 1"))


class Directory(Struct, frozen=True):
    """A resource directory, the management account that it belongs to, and its two switches."""

    directory_id: str
    root_folder_id: str
    management_account_id: str
    created_at: Moment
    has_control_policies: bool = False
    may_delete_members: bool = False


class Account(Struct, frozen=True):
    """An account, and the directory that it manages or is a member of, if any."""

    account_id: str
    directory_id: str | None
    is_management: bool


def new(account_id: str, *, now: Moment) -> Directory:
    """A directory for an account, with ids that nobody can guess; not kept yet."""
    directory_id, root_folder_id = (prefix + random_text(KEY_ALPHABET, ID_LENGTH) for prefix in ("rd-", "r-"))
    return Directory(directory_id, root_folder_id, account_id, now)


def find(connection: Connection, directory_id: str) -> Directory | None:
    return _directory(connection.one(_FIND, directory_id=directory_id))


def of_account(connection: Connection, account_id: str) -> Directory | None:
    """The directory that an account manages or is a member of."""
    return _directory(connection.one(_OF_ACCOUNT, account_id=account_id))


def every(connection: Connection) -> list[Directory]:
    """Every directory of the installation, the first one first: for operators alone."""
    return [Directory(*row) for row in connection.all(_EVERY)]


def lock(connection: Connection, directory_id: str) -> None:
    """Make others who lock or change the directory wait until this transaction ends.

    Raises DirectoryNotEnabled when it is there no longer.
    """
    if connection.one(_LOCK, directory_id=directory_id) is None:
        raise DirectoryNotEnabled


def change(connection: Connection, directory_id: str, *, now: Moment) -> Moment:
    """Lock the directory for a change of what is in it, or of what is bound where, or for a message that must see one
    state of it; the moment of that change, or message.

    Moments of changes grow strictly, also where the clocks of replicas differ, so that the past has one order. Lock
    whatever else the change needs afterwards. Raises DirectoryNotEnabled when the directory is there no longer.
    """
    row = connection.one(_CHANGE, directory_id=directory_id, now=now)
    if row is None:
        raise DirectoryNotEnabled
    return int(row[0])


def add(connection: Connection, directory: Directory) -> None:
    """Add a directory with its root folder. Raises Duplicate when an id is taken, or its account has another one."""
    connection.run(
        _ADD,
        directory_id=directory.directory_id,
        root_folder_id=directory.root_folder_id,
        management_account_id=directory.management_account_id,
        created_at=directory.created_at,
        may_delete_members=directory.may_delete_members,
        has_control_policies=directory.has_control_policies,
        changed_at=None,
    )
    root_id = directory.root_folder_id
    tree.add(connection, directory.directory_id, Folder(root_id, None, ROOT_NAME, root_id, directory.created_at))


def switch(connection: Connection, directory: Directory) -> None:
    """Write the two switches of a directory."""
    connection.run(
        _SWITCH,
        directory=directory.directory_id,
        control_policies=directory.has_control_policies,
        member_deletion=directory.may_delete_members,
    )


def has_members(connection: Connection, directory_id: str) -> bool:
    return connection.one(_ANY_MEMBER, directory_id=directory_id) is not None


def remove(connection: Connection, directory: Directory) -> None:
    """Remove a directory that has neither members nor contacts; its account stays, without one."""
    connection.run(_REMOVE_FOLDERS, directory_id=directory.directory_id)
    connection.run(_REMOVE, directory_id=directory.directory_id)
    put_account(connection, Account(directory.management_account_id, None, is_management=False))


def add_account(
    connection: Connection, account_id: str, *, directory_id: str | None, is_management: bool, now: int
) -> None:
    """Add an account. Raises Duplicate when the id is taken."""
    connection.run(
        _ADD_ACCOUNT, account_id=account_id, directory_id=directory_id, is_management=is_management, created_at=now
    )


def has_account(connection: Connection, account_id: str) -> bool:
    return connection.one(_ACCOUNT, account_id=account_id) is not None


def first_account(connection: Connection) -> str | None:
    """The account that was made first, with the server itself."""
    row = connection.one(_FIRST_ACCOUNT)
    return None if row is None else str(row[0])


def lock_account(connection: Connection, account_id: str) -> Account:
    """The account of a caller, which is about to get a directory: others who would give it one wait."""
    row = connection.one(_LOCK_ACCOUNT, account_id=account_id)
    assert row is not None, "whoever calls has an account"
    return Account(row[0], row[1], bool(row[2]))


def put_account(connection: Connection, account: Account) -> None:
    """Write which directory an account manages or is a member of."""
    connection.run(
        _PUT_ACCOUNT,
        account=account.account_id,
        directory=account.directory_id,
        management=account.is_management,
    )


def has_access_key(connection: Connection) -> bool:
    return connection.one(_ANY_KEY) is not None


def _directory(row: Row | None) -> Directory | None:
    if row is None:
        return None
    return Directory(row[0], row[1], row[2], row[3], has_control_policies=bool(row[4]), may_delete_members=bool(row[5]))
