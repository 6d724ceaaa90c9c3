"""SQL of bindings: what contacts are bound to directly, what they were bound to, and unbind tasks.

Every change of them has a moment of its own (`tree.directories.change`), which these functions take as `at`.
"""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, delete, func, select, text

from callboard.call import Moment
from callboard.contacts.rules import Contact
from callboard.contacts.storage import COLUMNS, contact_of
from callboard.database.statement import Connection, Slots, Statement, insertion
from callboard.database.tables import bindings, contacts, unbind_tasks
from callboard.tree import scopes

LONGEST_PAGE = 100

_IS_ITS_OWN = (bindings.c.directory_id == contacts.c.directory_id) & (bindings.c.contact_id == contacts.c.contact_id)
_CONTACTS = Slots("contact", LONGEST_PAGE)
_IN_EFFECT = Statement(
    select(*COLUMNS, bindings.c.target_id, bindings.c.bound_at)
    .join(bindings, _IS_ITS_OWN)
    .where(bindings.c.directory_id == bindparam("directory_id"), bindings.c.target_id.in_(scopes.SLOTS.parameters))
    .order_by(contacts.c.position, bindings.c.bound_at)
)
_OF_TARGET = (bindings.c.directory_id == bindparam("directory_id"), bindings.c.target_id == bindparam("target_id"))
_OF_CONTACT = (bindings.c.directory_id == bindparam("directory_id"), bindings.c.contact_id == bindparam("contact_id"))
_TARGETS = Statement(
    select(bindings.c.target_id, bindings.c.bound_at)
    .where(*_OF_CONTACT)
    .order_by(bindings.c.bound_at, bindings.c.target_id)
)
_PAGE_TARGETS = Statement(
    select(bindings.c.contact_id, bindings.c.target_id, bindings.c.bound_at)
    .where(
        bindings.c.directory_id == bindparam("directory_id"),
        bindings.c.contact_id.in_(_CONTACTS.parameters),
    )
    .order_by(bindings.c.bound_at, bindings.c.target_id)
)
_COUNT = Statement(select(func.count()).select_from(bindings).where(*_OF_TARGET))
_PAGE = Statement(
    select(*COLUMNS, bindings.c.bound_at)
    .join(bindings, _IS_ITS_OWN)
    .where(*_OF_TARGET)
    .order_by(contacts.c.position)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_BIND = insertion(bindings)
_KEEP = (
    "INSERT INTO past_bindings (directory_id, target_id, contact_id, bound_at, unbound_at) "
    "SELECT directory_id, target_id, contact_id, bound_at, :at FROM bindings WHERE directory_id = :directory_id "
)
_KEEP_OF_TARGET = Statement(text(_KEEP + "AND target_id = :target_id"))
_KEEP_OF_CONTACT = Statement(text(_KEEP + "AND contact_id = :contact_id"))
_KEEP_ONE = Statement(text(_KEEP + "AND target_id = :target_id AND contact_id = :contact_id"))
_DROP_OF_TARGET = Statement(delete(bindings).where(*_OF_TARGET))
_DROP_OF_CONTACT = Statement(delete(bindings).where(*_OF_CONTACT))
_DROP_ONE = Statement(delete(bindings).where(*_OF_TARGET, bindings.c.contact_id == bindparam("contact_id")))
_ADD_TASK = Statement(
    text(
        "INSERT INTO unbind_tasks (directory_id, target_id, contact_id, requested_at) "
        "VALUES (:directory_id, :target_id, :contact_id, :requested_at) ON CONFLICT DO NOTHING"
    )
)
_TASK_OF_CONTACT = Statement(
    select(unbind_tasks.c.target_id).where(
        unbind_tasks.c.directory_id == bindparam("directory_id"),
        unbind_tasks.c.target_id == bindparam("target_id"),
        unbind_tasks.c.contact_id == bindparam("contact_id"),
    )
)
_END_TASKS = Statement(delete(unbind_tasks))
_TASK = Statement(
    select(unbind_tasks.c.target_id)
    .where(
        unbind_tasks.c.directory_id == bindparam("directory_id"), unbind_tasks.c.target_id.in_(scopes.SLOTS.parameters)
    )
    .limit(1)
)


class Binding(Struct, frozen=True):
    """What a contact is bound to directly, and since when."""

    target_id: str
    bound_at: Moment


class Bound(Struct, frozen=True):
    """A contact in effect for an account by one of its bindings. Several may lead to the same contact."""

    contact: Contact
    target_id: str
    bound_at: Moment


def in_effect(connection: Connection, directory_id: str, above: Sequence[str]) -> list[Bound]:
    """Every contact that is bound to one of these scopes, at most scopes.MOST, in the order of the contacts."""
    rows = connection.all(_IN_EFFECT, directory_id=directory_id, **scopes.SLOTS.filled(above))
    return [Bound(contact_of(row[:-2]), *row[-2:]) for row in rows]


def targets(connection: Connection, directory_id: str, contact_id: str) -> list[Binding]:
    """What the contact is bound to directly, oldest binding first."""
    rows = connection.all(_TARGETS, directory_id=directory_id, contact_id=contact_id)
    return [Binding(*row) for row in rows]


def targets_of(connection: Connection, directory_id: str, contact_ids: Sequence[str]) -> dict[str, list[Binding]]:
    """The same for the contacts of a page, at most LONGEST_PAGE of them."""
    found: dict[str, list[Binding]] = {contact_id: [] for contact_id in contact_ids}
    for contact_id, target_id, bound_at in connection.all(
        _PAGE_TARGETS, directory_id=directory_id, **_CONTACTS.filled(contact_ids)
    ):
        found[contact_id].append(Binding(target_id, bound_at))
    return found


def count(connection: Connection, directory_id: str, target_id: str) -> int:
    """How many contacts are bound directly to a target."""
    row = connection.one(_COUNT, directory_id=directory_id, target_id=target_id)
    return int(row[0]) if row else 0


def page(
    connection: Connection, directory_id: str, target_id: str, *, limit: int, offset: int
) -> list[tuple[Contact, Moment]]:
    """Contacts bound directly to a target, in the order in which they were added, each with the binding's moment."""
    rows = connection.all(_PAGE, directory_id=directory_id, target_id=target_id, limit=limit, offset=offset)
    return [(contact_of(row[:-1]), row[-1]) for row in rows]


def bind(connection: Connection, directory_id: str, contact_id: str, target_id: str, *, at: Moment) -> None:
    """Bind a contact to what it is not bound to."""
    connection.run(_BIND, directory_id=directory_id, contact_id=contact_id, target_id=target_id, bound_at=at)


def unbind(connection: Connection, directory_id: str, contact_id: str, target_id: str, *, at: Moment) -> bool:
    """Take one binding away; false when there was none."""
    one = {"directory_id": directory_id, "contact_id": contact_id, "target_id": target_id}
    connection.run(_KEEP_ONE, at=at, **one)
    return connection.run(_DROP_ONE, **one) > 0


def unbind_target(connection: Connection, directory_id: str, target_id: str, *, at: Moment) -> None:
    """Take away every binding to a target that is about to go."""
    connection.run(_KEEP_OF_TARGET, directory_id=directory_id, target_id=target_id, at=at)
    connection.run(_DROP_OF_TARGET, directory_id=directory_id, target_id=target_id)


def unbind_contact(connection: Connection, directory_id: str, contact_id: str, *, at: Moment) -> None:
    """Take away every binding of a contact that is about to go."""
    connection.run(_KEEP_OF_CONTACT, directory_id=directory_id, contact_id=contact_id, at=at)
    connection.run(_DROP_OF_CONTACT, directory_id=directory_id, contact_id=contact_id)


def add_task(connection: Connection, directory_id: str, contact_id: str, target_id: str, *, at: Moment) -> None:
    """Keep that a contact is being taken out of a folder or the directory."""
    connection.run(_ADD_TASK, directory_id=directory_id, contact_id=contact_id, target_id=target_id, requested_at=at)


def has_task(connection: Connection, directory_id: str, above: Sequence[str]) -> bool:
    """Whether a contact is being taken out of one of these scopes, at most scopes.MOST."""
    return connection.one(_TASK, directory_id=directory_id, **scopes.SLOTS.filled(above)) is not None


def is_being_unbound(connection: Connection, directory_id: str, contact_id: str, target_id: str) -> bool:
    """Whether a contact is being taken out of this very folder, or the directory."""
    one = {"directory_id": directory_id, "contact_id": contact_id, "target_id": target_id}
    return connection.one(_TASK_OF_CONTACT, **one) is not None


def end_tasks(connection: Connection) -> int:
    """End every task, in every directory; how many they were."""
    return connection.run(_END_TASKS)
