"""SQL of users. Every statement is held to one account."""

from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import bindparam, delete, select, text, update

from callboard.call import Moment
from callboard.database.statement import Connection, Row, Statement, insertion
from callboard.database.tables import access_keys, group_members, users

_COLUMNS = (
    users.c.user_id,
    users.c.user_name,
    users.c.display_name,
    users.c.mobile_phone,
    users.c.email,
    users.c.comments,
    users.c.created_at,
    users.c.modified_at,
)
_OF_ACCOUNT = users.c.account_id == bindparam("account_id")
_BY_NAME = (_OF_ACCOUNT, users.c.user_name == bindparam("user_name"))

_FIND = Statement(select(*_COLUMNS).where(*_BY_NAME))
_LOCK = Statement(select(*_COLUMNS).where(*_BY_NAME).with_for_update())
_NAME_OF = Statement(select(users.c.user_name).where(_OF_ACCOUNT, users.c.user_id == bindparam("user_id")))
_PAGE = Statement(
    select(*_COLUMNS)
    .where(_OF_ACCOUNT, users.c.user_name > bindparam("after"))
    .order_by(users.c.user_name)
    .limit(bindparam("limit"))
)
_ADD = insertion(users)
# Written out, as Core has no ON CONFLICT that serves both databases.
_ENSURE = Statement(
    text(
        "INSERT INTO users (account_id, user_id, user_name, display_name, mobile_phone, email, comments, created_at, "
        "modified_at) VALUES (:account_id, :user_id, :user_name, :display_name, :mobile_phone, :email, :comments, "
        ":created_at, :modified_at) ON CONFLICT (account_id, user_name) DO NOTHING"
    )
)
_SAVED = ("user_name", "display_name", "mobile_phone", "email", "comments", "modified_at")
_SAVE = Statement(
    update(users)
    .values({name: bindparam(name) for name in _SAVED})
    .where(users.c.account_id == bindparam("of_account"), users.c.user_id == bindparam("of_user"))
)
_RENAME_KEYS = Statement(
    update(access_keys)
    .values(user_name=bindparam("new_name"))
    .where(access_keys.c.account_id == bindparam("of_account"), access_keys.c.user_name == bindparam("old_name"))
)
_DELETE = Statement(delete(users).where(_OF_ACCOUNT, users.c.user_id == bindparam("user_id")))
_GROUP = Statement(
    select(group_members.c.group_id)
    .where(group_members.c.account_id == bindparam("account_id"), group_members.c.user_id == bindparam("user_id"))
    .limit(1)
)


class User(Struct, frozen=True):
    """A RAM user. What is empty was not given."""

    user_id: str
    user_name: str
    display_name: str
    mobile_phone: str
    email: str
    comments: str
    created_at: Moment
    modified_at: Moment


def find(connection: Connection, account_id: str, user_name: str) -> User | None:
    return _user(connection.one(_FIND, account_id=account_id, user_name=user_name))


def lock(connection: Connection, account_id: str, user_name: str) -> User | None:
    """Find a user that this transaction is about to change, or to give something: others who would do so wait."""
    return _user(connection.one(_LOCK, account_id=account_id, user_name=user_name))


def name_of(connection: Connection, account_id: str, user_id: str) -> str | None:
    row = connection.one(_NAME_OF, account_id=account_id, user_id=user_id)
    return None if row is None else str(row[0])


def page(connection: Connection, account_id: str, *, after: str, limit: int) -> list[User]:
    """Users in the order of names, from the first one after a name."""
    return [User(*row) for row in connection.all(_PAGE, account_id=account_id, after=after, limit=limit)]


def add(connection: Connection, account_id: str, user: User) -> None:
    """Add a user. Raises Duplicate when the name is taken."""
    connection.run(_ADD, account_id=account_id, **_values(user))


def ensure(connection: Connection, account_id: str, user: User) -> bool:
    """Add a user unless there is one of that name; whether it was added."""
    return connection.run(_ENSURE, account_id=account_id, **_values(user)) == 1


def save(connection: Connection, account_id: str, user: User, *, old_name: str) -> None:
    """Write a changed user, whose access keys take the name along. Raises Duplicate when the name is taken."""
    values = {name: value for name, value in _values(user).items() if name in _SAVED}
    connection.run(_SAVE, of_account=account_id, of_user=user.user_id, **values)
    if user.user_name != old_name:
        connection.run(_RENAME_KEYS, of_account=account_id, old_name=old_name, new_name=user.user_name)


def delete_(connection: Connection, account_id: str, user_id: str) -> None:
    connection.run(_DELETE, account_id=account_id, user_id=user_id)


def is_in_a_group(connection: Connection, account_id: str, user_id: str) -> bool:
    return connection.one(_GROUP, account_id=account_id, user_id=user_id) is not None


def _values(user: User) -> dict[str, Any]:
    return asdict(user)


def _user(row: Row | None) -> User | None:
    return None if row is None else User(*row)
