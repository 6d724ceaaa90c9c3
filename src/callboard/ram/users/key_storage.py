"""SQL of the access keys of an owner, who is a user or, where the name is None, the account itself."""

from msgspec import Struct
from sqlalchemy import bindparam, delete, func, select

from callboard.call import Moment
from callboard.database.statement import Connection, Row, Statement
from callboard.database.tables import access_keys

_COLUMNS = (
    access_keys.c.access_key_id,
    access_keys.c.is_active,
    access_keys.c.created_at,
    access_keys.c.last_used_at,
)
_OF_OWNER = (
    access_keys.c.account_id == bindparam("account_id"),
    func.coalesce(access_keys.c.user_name, "") == bindparam("owner"),
)
_ONE = (*_OF_OWNER, access_keys.c.access_key_id == bindparam("access_key_id"))

_FIND = Statement(select(*_COLUMNS).where(*_ONE))
_LOCK = Statement(select(*_COLUMNS).where(*_ONE).with_for_update())
_PAGE = Statement(select(*_COLUMNS).where(*_OF_OWNER).order_by(access_keys.c.created_at, access_keys.c.access_key_id))
_DELETE = Statement(delete(access_keys).where(*_ONE))


class Key(Struct, frozen=True):
    """What may be shown of an access key."""

    access_key_id: str
    is_active: bool
    created_at: Moment
    last_used_at: Moment | None


def find(connection: Connection, account_id: str, owner: str | None, access_key_id: str) -> Key | None:
    return _key(connection.one(_FIND, account_id=account_id, owner=owner or "", access_key_id=access_key_id))


def lock(connection: Connection, account_id: str, owner: str | None, access_key_id: str) -> Key | None:
    """Find a key that this transaction is about to change or delete."""
    return _key(connection.one(_LOCK, account_id=account_id, owner=owner or "", access_key_id=access_key_id))


def page(connection: Connection, account_id: str, owner: str | None) -> list[Key]:
    """Every key of an owner, oldest first."""
    return [Key(*row) for row in connection.all(_PAGE, account_id=account_id, owner=owner or "")]


def delete_(connection: Connection, account_id: str, owner: str | None, access_key_id: str) -> None:
    connection.run(_DELETE, account_id=account_id, owner=owner or "", access_key_id=access_key_id)


def _key(row: Row | None) -> Key | None:
    if row is None:
        return None
    access_key_id, is_active, *moments = row
    return Key(access_key_id, bool(is_active), *moments)
