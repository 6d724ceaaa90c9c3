"""SQL of roles. Every statement is held to one account.

A role is known by its name as it was given, and in its ARN by the name in lower case; no two names of an account
differ in letter case alone.
"""

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import bindparam, delete, func, select, update

from callboard.call import Moment
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import roles

_COLUMNS = (
    roles.c.role_id,
    roles.c.role_name,
    roles.c.description,
    roles.c.trust_policy,
    roles.c.max_session_s,
    roles.c.created_at,
    roles.c.modified_at,
)
_OF_ACCOUNT = roles.c.account_id == bindparam("account_id")
_ONE = (_OF_ACCOUNT, roles.c.role_name == bindparam("role_name"))
_IN_ANY_CASE = (_OF_ACCOUNT, func.lower(roles.c.role_name) == bindparam("lower_name"))

_FIND = Statement(select(*_COLUMNS).where(*_ONE))
_LOCK = Statement(select(*_COLUMNS).where(*_ONE).with_for_update())
_SHARE_BY_ARN = Statement(select(*_COLUMNS).where(*_IN_ANY_CASE).with_for_update(read=True))
_NAME_IS_TAKEN = Statement(select(roles.c.role_id).where(*_IN_ANY_CASE))
_PAGE = Statement(
    select(*_COLUMNS)
    .where(_OF_ACCOUNT, roles.c.role_name > bindparam("after"))
    .order_by(roles.c.role_name)
    .limit(bindparam("limit"))
)
_ADD = insertion(roles)
_SAVED = ("description", "trust_policy", "max_session_s", "modified_at")
_SAVE = Statement(
    update(roles)
    .values({name: bindparam(name) for name in _SAVED})
    .where(roles.c.account_id == bindparam("of_account"), roles.c.role_id == bindparam("of_role"))
)
_DELETE = Statement(delete(roles).where(_OF_ACCOUNT, roles.c.role_id == bindparam("role_id")))


class Role(Struct, frozen=True):
    """A role, with its trust policy as it was sent."""

    role_id: str
    role_name: str
    description: str
    trust_policy: str
    max_session_s: int
    created_at: Moment
    modified_at: Moment


def arn_of(account_id: str, role_name: str) -> str:
    return f"acs:ram::{account_id}:role/{role_name.lower()}"


def find(connection: Connection, account_id: str, role_name: str) -> Role | None:
    row = connection.one(_FIND, account_id=account_id, role_name=role_name)
    return None if row is None else Role(*row)


def lock(connection: Connection, account_id: str, role_name: str) -> Role | None:
    """Find a role that this transaction is about to change: others who would change or assume it wait."""
    row = connection.one(_LOCK, account_id=account_id, role_name=role_name)
    return None if row is None else Role(*row)


def share_by_arn(connection: Connection, account_id: str, lower_name: str) -> Role | None:
    """The role of an ARN, which nobody changes or deletes until this transaction ends."""
    row = connection.one(_SHARE_BY_ARN, account_id=account_id, lower_name=lower_name)
    return None if row is None else Role(*row)


def has_name(connection: Connection, account_id: str, role_name: str) -> bool:
    """Whether the name is taken, in whatever letter case, of which no index knows: the account must be locked."""
    return connection.one(_NAME_IS_TAKEN, account_id=account_id, lower_name=role_name.lower()) is not None


def page(connection: Connection, account_id: str, *, after: str, limit: int) -> list[Role]:
    """Roles after a name, in the order of names."""
    return [Role(*row) for row in connection.all(_PAGE, account_id=account_id, after=after, limit=limit)]


def add(connection: Connection, account_id: str, role: Role) -> None:
    """Add a role. Raises Duplicate when the name is taken."""
    connection.run(_ADD, account_id=account_id, **asdict(role))


def save(connection: Connection, account_id: str, role: Role) -> None:
    values = {name: getattr(role, name) for name in _SAVED}
    connection.run(_SAVE, of_account=account_id, of_role=role.role_id, **values)


def delete_(connection: Connection, account_id: str, role_id: str) -> None:
    """Delete a role; its sessions end with it."""
    connection.run(_DELETE, account_id=account_id, role_id=role_id)
