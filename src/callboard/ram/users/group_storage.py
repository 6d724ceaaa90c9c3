"""SQL of groups and of who is in them. Every statement is held to one account."""

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import bindparam, delete, select, update

from callboard.call import Moment
from callboard.database.statement import Connection, Row, Statement, insertion
from callboard.database.tables import group_members, groups, users

_COLUMNS = (groups.c.group_id, groups.c.group_name, groups.c.comments, groups.c.created_at, groups.c.modified_at)
_OF_ACCOUNT = groups.c.account_id == bindparam("account_id")
_BY_NAME = (_OF_ACCOUNT, groups.c.group_name == bindparam("group_name"))

_FIND = Statement(select(*_COLUMNS).where(*_BY_NAME))
_LOCK = Statement(select(*_COLUMNS).where(*_BY_NAME).with_for_update())
_PAGE = Statement(
    select(*_COLUMNS)
    .where(_OF_ACCOUNT, groups.c.group_name > bindparam("after"))
    .order_by(groups.c.group_name)
    .limit(bindparam("limit"))
)
_ADD = insertion(groups)
_SAVED = ("group_name", "comments", "modified_at")
_SAVE = Statement(
    update(groups)
    .values({name: bindparam(name) for name in _SAVED})
    .where(groups.c.account_id == bindparam("of_account"), groups.c.group_id == bindparam("of_group"))
)
_DELETE = Statement(delete(groups).where(_OF_ACCOUNT, groups.c.group_id == bindparam("group_id")))

_OF_GROUP = (
    group_members.c.account_id == bindparam("account_id"),
    group_members.c.group_id == bindparam("group_id"),
)
_JOIN = insertion(group_members)
_LEAVE = Statement(delete(group_members).where(*_OF_GROUP, group_members.c.user_id == bindparam("user_id")))
_ANY_MEMBER = Statement(select(group_members.c.user_id).where(*_OF_GROUP).limit(1))
_GROUPS_OF = Statement(
    select(*_COLUMNS, group_members.c.joined_at)
    .join(
        group_members,
        (group_members.c.account_id == groups.c.account_id) & (group_members.c.group_id == groups.c.group_id),
    )
    .where(_OF_ACCOUNT, group_members.c.user_id == bindparam("user_id"))
    .order_by(groups.c.group_name)
)
_MEMBERS = Statement(
    select(users.c.user_name, users.c.display_name, group_members.c.joined_at)
    .join(
        group_members,
        (group_members.c.account_id == users.c.account_id) & (group_members.c.user_id == users.c.user_id),
    )
    .where(*_OF_GROUP, users.c.user_name > bindparam("after"))
    .order_by(users.c.user_name)
    .limit(bindparam("limit"))
)


class Group(Struct, frozen=True):
    """A group of users."""

    group_id: str
    group_name: str
    comments: str
    created_at: Moment
    modified_at: Moment


class Member(Struct, frozen=True):
    """A user in a group, and since when."""

    user_name: str
    display_name: str
    joined_at: Moment


def find(connection: Connection, account_id: str, group_name: str) -> Group | None:
    return _group(connection.one(_FIND, account_id=account_id, group_name=group_name))


def lock(connection: Connection, account_id: str, group_name: str) -> Group | None:
    """Find a group that this transaction is about to change, or to let somebody in: others who would do so wait."""
    return _group(connection.one(_LOCK, account_id=account_id, group_name=group_name))


def page(connection: Connection, account_id: str, *, after: str, limit: int) -> list[Group]:
    """Groups in the order of names, from the first one after a name."""
    return [Group(*row) for row in connection.all(_PAGE, account_id=account_id, after=after, limit=limit)]


def add(connection: Connection, account_id: str, group: Group) -> None:
    """Add a group. Raises Duplicate when the name is taken."""
    connection.run(_ADD, account_id=account_id, **asdict(group))


def save(connection: Connection, account_id: str, group: Group) -> None:
    """Write a changed group. Raises Duplicate when the name is taken."""
    values = {name: getattr(group, name) for name in _SAVED}
    connection.run(_SAVE, of_account=account_id, of_group=group.group_id, **values)


def delete_(connection: Connection, account_id: str, group_id: str) -> None:
    connection.run(_DELETE, account_id=account_id, group_id=group_id)


def join(connection: Connection, account_id: str, group_id: str, user_id: str, *, at: Moment) -> None:
    """Let a user in; user and group must be locked. Raises Duplicate when the user is in it."""
    connection.run(_JOIN, account_id=account_id, group_id=group_id, user_id=user_id, joined_at=at)


def leave(connection: Connection, account_id: str, group_id: str, user_id: str) -> bool:
    """Take a user out; false when the user was not in it."""
    return connection.run(_LEAVE, account_id=account_id, group_id=group_id, user_id=user_id) == 1


def has_members(connection: Connection, account_id: str, group_id: str) -> bool:
    return connection.one(_ANY_MEMBER, account_id=account_id, group_id=group_id) is not None


def groups_of(connection: Connection, account_id: str, user_id: str) -> list[tuple[Group, Moment]]:
    """Every group that a user is in, in the order of names, and since when."""
    rows = connection.all(_GROUPS_OF, account_id=account_id, user_id=user_id)
    return [(Group(*row[:-1]), row[-1]) for row in rows]


def members(connection: Connection, account_id: str, group_id: str, *, after: str, limit: int) -> list[Member]:
    """Users in a group in the order of names, from the first one after a name."""
    rows = connection.all(_MEMBERS, account_id=account_id, group_id=group_id, after=after, limit=limit)
    return [Member(*row) for row in rows]


def _group(row: Row | None) -> Group | None:
    return None if row is None else Group(*row)
