"""SQL of the deletion of accounts: how its check ended, and that it is done."""

from msgspec import Struct
from sqlalchemy import bindparam, select, text

from callboard.call import Moment
from callboard.database.statement import Connection, Statement
from callboard.database.tables import account_deletions, directories

CHECKED, CHECK_FAILED, SUCCESS = "Checked", "CheckFailed", "Success"

_FIND = Statement(
    select(account_deletions.c.status, account_deletions.c.checked_at, account_deletions.c.ended_at).where(
        account_deletions.c.directory_id == bindparam("directory_id"),
        account_deletions.c.account_id == bindparam("account_id"),
    )
)
_IS_PERMITTED = Statement(
    select(directories.c.may_delete_members).where(directories.c.directory_id == bindparam("directory_id"))
)
# Written out, as Core has no ON CONFLICT that serves both databases.
_SAVE = Statement(
    text(
        "INSERT INTO account_deletions (directory_id, account_id, status, checked_at, ended_at) "
        "VALUES (:directory_id, :account_id, :status, :checked_at, :ended_at) "
        "ON CONFLICT (directory_id, account_id) DO UPDATE "
        "SET status = excluded.status, checked_at = excluded.checked_at, ended_at = excluded.ended_at"
    )
)


class Deletion(Struct, frozen=True):
    """Checked or CheckFailed since a moment; or Success, between two."""

    status: str
    checked_at: Moment
    ended_at: Moment | None = None


def is_permitted(connection: Connection, directory_id: str) -> bool:
    """Whether the directory permits that members are deleted (SetMemberDeletionPermission)."""
    row = connection.one(_IS_PERMITTED, directory_id=directory_id)
    return row is not None and bool(row[0])


def find(connection: Connection, directory_id: str, account_id: str) -> Deletion | None:
    row = connection.one(_FIND, directory_id=directory_id, account_id=account_id)
    return None if row is None else Deletion(*row)


def save(connection: Connection, directory_id: str, account_id: str, deletion: Deletion) -> None:
    """Keep how it stands, in place of what was known."""
    connection.run(
        _SAVE,
        directory_id=directory_id,
        account_id=account_id,
        status=deletion.status,
        checked_at=deletion.checked_at,
        ended_at=deletion.ended_at,
    )
