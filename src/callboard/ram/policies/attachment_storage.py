"""SQL of attachments: which policies a user, group or role has. Every statement is held to one account."""

from enum import StrEnum

from msgspec import Struct
from sqlalchemy import bindparam, delete, func, select

from callboard.access.grants import CUSTOM, SYSTEM
from callboard.call import Moment
from callboard.database.statement import Connection, Row, Statement, insertion
from callboard.database.tables import attachments, groups, policies, roles, users


class Kind(StrEnum):
    """What a policy is attached to."""

    USER = "user"
    GROUP = "group"
    ROLE = "role"


_ID_AND_NAME = {
    Kind.USER: (users, users.c.user_id, users.c.user_name),
    Kind.GROUP: (groups, groups.c.group_id, groups.c.group_name),
    Kind.ROLE: (roles, roles.c.role_id, roles.c.role_name),
}
_SHOWN = {
    Kind.USER: (users.c.user_id, users.c.user_name, users.c.display_name),
    Kind.GROUP: (groups.c.group_id, groups.c.group_name, groups.c.comments),
    Kind.ROLE: (roles.c.role_id, roles.c.role_name, roles.c.description),
}
_FIND_ENTITY = {
    kind: Statement(
        select(entity_id).where(table.c.account_id == bindparam("account_id"), name == bindparam("entity_name"))
    )
    for kind, (table, entity_id, name) in _ID_AND_NAME.items()
}
_LOCK_ENTITY = {
    kind: Statement(
        select(entity_id)
        .where(table.c.account_id == bindparam("account_id"), name == bindparam("entity_name"))
        .with_for_update()
    )
    for kind, (table, entity_id, name) in _ID_AND_NAME.items()
}

_OF_ACCOUNT = attachments.c.account_id == bindparam("account_id")
_OF_ENTITY = (_OF_ACCOUNT, attachments.c.entity_id == bindparam("entity_id"))
_OF_POLICY = (
    _OF_ACCOUNT,
    attachments.c.policy_type == bindparam("policy_type"),
    attachments.c.policy_name == bindparam("policy_name"),
)
_ADD = insertion(attachments)
_DELETE = Statement(delete(attachments).where(_OF_ENTITY[1], *_OF_POLICY))
_HAS_ANY = Statement(select(attachments.c.policy_name).where(*_OF_ENTITY).limit(1))
_KINDS = Statement(select(attachments.c.entity_kind).where(*_OF_POLICY).distinct())
_PAGE = Statement(
    select(
        attachments.c.policy_type,
        attachments.c.policy_name,
        attachments.c.attached_at,
        policies.c.description,
        policies.c.default_version,
    )
    .outerjoin(
        policies,
        (policies.c.account_id == attachments.c.account_id)
        & (policies.c.policy_name == attachments.c.policy_name)
        & (attachments.c.policy_type == CUSTOM),
    )
    .where(*_OF_ENTITY)
    .order_by(attachments.c.policy_type, attachments.c.policy_name)
)
_ENTITIES = {
    kind: Statement(
        select(*_SHOWN[kind], attachments.c.attached_at)
        .select_from(attachments)
        .join(table, (table.c.account_id == attachments.c.account_id) & (entity_id == attachments.c.entity_id))
        .where(*_OF_POLICY)
        .order_by(name)
    )
    for kind, (table, entity_id, name) in _ID_AND_NAME.items()
}
_COUNTS = Statement(
    select(attachments.c.policy_name, func.count())
    .where(_OF_ACCOUNT, attachments.c.policy_type == SYSTEM)
    .group_by(attachments.c.policy_name)
)


class Attached(Struct, frozen=True):
    """A policy that something has; description and version are those of a custom one."""

    policy_type: str
    policy_name: str
    attached_at: Moment
    description: str | None
    default_version: int | None


class Entity(Struct, frozen=True):
    """A user, group or role that has a policy, with its display name, comments or description."""

    entity_id: str
    name: str
    text: str
    attached_at: Moment


def find_entity(connection: Connection, kind: Kind, account_id: str, name: str) -> str | None:
    """The id of a user, group or role."""
    return _id(connection.one(_FIND_ENTITY[kind], account_id=account_id, entity_name=name))


def lock_entity(connection: Connection, kind: Kind, account_id: str, name: str) -> str | None:
    """The same, where it must not be deleted meanwhile."""
    return _id(connection.one(_LOCK_ENTITY[kind], account_id=account_id, entity_name=name))


def add(
    connection: Connection,
    account_id: str,
    kind: Kind,
    entity_id: str,
    policy_type: str,
    policy_name: str,
    *,
    at: Moment,
) -> None:
    """Attach a policy. Raises Duplicate when it is attached."""
    connection.run(
        _ADD,
        account_id=account_id,
        entity_id=entity_id,
        policy_type=policy_type,
        policy_name=policy_name,
        entity_kind=kind.value,
        attached_at=at,
    )


def delete_(connection: Connection, account_id: str, entity_id: str, policy_type: str, policy_name: str) -> bool:
    """Detach a policy; false when it was not attached."""
    values = {"account_id": account_id, "entity_id": entity_id, "policy_type": policy_type, "policy_name": policy_name}
    return connection.run(_DELETE, **values) == 1


def has_any(connection: Connection, account_id: str, entity_id: str) -> bool:
    """Whether a user, group or role has a policy of its own."""
    return connection.one(_HAS_ANY, account_id=account_id, entity_id=entity_id) is not None


def kinds(connection: Connection, account_id: str, policy_name: str) -> set[str]:
    """To what kinds of things a custom policy is attached."""
    rows = connection.all(_KINDS, account_id=account_id, policy_type=CUSTOM, policy_name=policy_name)
    return {str(row[0]) for row in rows}


def page(connection: Connection, account_id: str, entity_id: str) -> list[Attached]:
    """Every policy that a user, group or role has itself."""
    return [Attached(*row) for row in connection.all(_PAGE, account_id=account_id, entity_id=entity_id)]


def entities(connection: Connection, kind: Kind, account_id: str, policy_type: str, policy_name: str) -> list[Entity]:
    """Every user, group or role that has a policy itself, in the order of names."""
    values = {"account_id": account_id, "policy_type": policy_type, "policy_name": policy_name}
    return [Entity(*row) for row in connection.all(_ENTITIES[kind], **values)]


def counts(connection: Connection, account_id: str) -> dict[str, int]:
    """To how many things each system policy is attached."""
    return {str(name): int(number) for name, number in connection.all(_COUNTS, account_id=account_id)}


def _id(row: Row | None) -> str | None:
    return None if row is None else str(row[0])
