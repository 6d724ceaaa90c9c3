"""SQL of custom policies and their versions. Every statement is held to one account."""

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import bindparam, delete, func, select, update

from callboard.access.grants import CUSTOM
from callboard.call import Moment
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import attachments, policies, policy_versions

_COLUMNS = (
    policies.c.policy_name,
    policies.c.description,
    policies.c.default_version,
    policies.c.last_version,
    policies.c.created_at,
    policies.c.modified_at,
)
_OF_ACCOUNT = policies.c.account_id == bindparam("account_id")
_ONE = (_OF_ACCOUNT, policies.c.policy_name == bindparam("policy_name"))
_ATTACHMENTS = (
    select(func.count())
    .select_from(attachments)
    .where(
        attachments.c.account_id == policies.c.account_id,
        attachments.c.policy_type == CUSTOM,
        attachments.c.policy_name == policies.c.policy_name,
    )
    .correlate(policies)
    .scalar_subquery()
)

_FIND = Statement(select(*_COLUMNS, _ATTACHMENTS).where(*_ONE))
_LOCK = Statement(select(*_COLUMNS).where(*_ONE).with_for_update())
_PAGE = Statement(
    select(*_COLUMNS, _ATTACHMENTS)
    .where(_OF_ACCOUNT, policies.c.policy_name > bindparam("after"))
    .order_by(policies.c.policy_name)
    .limit(bindparam("limit"))
)
_ADD = insertion(policies)
_SAVED = ("description", "default_version", "last_version", "modified_at")
_SAVE = Statement(
    update(policies)
    .values({name: bindparam(name) for name in _SAVED})
    .where(policies.c.account_id == bindparam("of_account"), policies.c.policy_name == bindparam("of_name"))
)
_DELETE = Statement(delete(policies).where(*_ONE))

_OF_POLICY = (
    policy_versions.c.account_id == bindparam("account_id"),
    policy_versions.c.policy_name == bindparam("policy_name"),
)
_VERSION_COLUMNS = (policy_versions.c.version, policy_versions.c.document, policy_versions.c.created_at)
_VERSIONS = Statement(select(*_VERSION_COLUMNS).where(*_OF_POLICY).order_by(policy_versions.c.version))
_VERSION = Statement(
    select(*_VERSION_COLUMNS).where(*_OF_POLICY, policy_versions.c.version == bindparam("wanted_version"))
)
_ADD_VERSION = insertion(policy_versions)
_DELETE_VERSION = Statement(
    delete(policy_versions).where(*_OF_POLICY, policy_versions.c.version == bindparam("old_version"))
)


class Policy(Struct, frozen=True):
    """A custom policy, without its documents."""

    policy_name: str
    description: str
    default_version: int
    last_version: int
    created_at: Moment
    modified_at: Moment


class Version(Struct, frozen=True):
    """One version of a policy, with its document as it was sent."""

    version: int
    document: str
    created_at: Moment


def find(connection: Connection, account_id: str, policy_name: str) -> tuple[Policy, int] | None:
    """A policy, and to how many users, groups and roles it is attached."""
    row = connection.one(_FIND, account_id=account_id, policy_name=policy_name)
    return None if row is None else (Policy(*row[:-1]), int(row[-1]))


def lock(connection: Connection, account_id: str, policy_name: str) -> Policy | None:
    """Find a policy that this transaction is about to change, attach or delete: others who would do so wait."""
    row = connection.one(_LOCK, account_id=account_id, policy_name=policy_name)
    return None if row is None else Policy(*row)


def page(connection: Connection, account_id: str, *, after: str, limit: int) -> list[tuple[Policy, int]]:
    """Policies after a name, in the order of names, each with the number of its attachments."""
    rows = connection.all(_PAGE, account_id=account_id, after=after, limit=limit)
    return [(Policy(*row[:-1]), int(row[-1])) for row in rows]


def add(connection: Connection, account_id: str, policy: Policy) -> None:
    """Add a policy, still without a version. Raises Duplicate when the name is taken."""
    connection.run(_ADD, account_id=account_id, **asdict(policy))


def save(connection: Connection, account_id: str, policy: Policy) -> None:
    values = {name: getattr(policy, name) for name in _SAVED}
    connection.run(_SAVE, of_account=account_id, of_name=policy.policy_name, **values)


def delete_(connection: Connection, account_id: str, policy_name: str) -> None:
    """Delete a policy with its versions."""
    connection.run(_DELETE, account_id=account_id, policy_name=policy_name)


def versions(connection: Connection, account_id: str, policy_name: str) -> list[Version]:
    """The versions of a policy, oldest first."""
    return [Version(*row) for row in connection.all(_VERSIONS, account_id=account_id, policy_name=policy_name)]


def version(connection: Connection, account_id: str, policy_name: str, number: int) -> Version | None:
    row = connection.one(_VERSION, account_id=account_id, policy_name=policy_name, wanted_version=number)
    return None if row is None else Version(*row)


def add_version(connection: Connection, account_id: str, policy_name: str, added: Version) -> None:
    """Add a version; the policy must be locked, or new."""
    connection.run(_ADD_VERSION, account_id=account_id, policy_name=policy_name, **asdict(added))


def delete_version(connection: Connection, account_id: str, policy_name: str, number: int) -> None:
    connection.run(_DELETE_VERSION, account_id=account_id, policy_name=policy_name, old_version=number)
