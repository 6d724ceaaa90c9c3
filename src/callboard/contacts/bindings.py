"""SQL of bindings: what contacts are bound to directly, what they were bound to, and unbind tasks.

Every change of them has a moment of its own (`tree.directories.change`), which these functions take as `at`.
"""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import BindParameter, bindparam, delete, select, text

from callboard.call import Moment
from callboard.contacts.rules import Contact
from callboard.contacts.storage import COLUMNS, contact_of
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import bindings, contacts, unbind_tasks

MOST_SCOPES = 7
"""The directory, five levels of folders, and an account."""

_SCOPES: list[BindParameter[str]] = [bindparam(f"scope_{number}") for number in range(MOST_SCOPES)]
_IN_EFFECT = Statement(
    select(*COLUMNS, bindings.c.target_id, bindings.c.bound_at)
    .join(
        bindings,
        (bindings.c.directory_id == contacts.c.directory_id) & (bindings.c.contact_id == contacts.c.contact_id),
    )
    .where(bindings.c.directory_id == bindparam("directory_id"), bindings.c.target_id.in_(_SCOPES))
    .order_by(contacts.c.position, bindings.c.bound_at)
)
_OF_TARGET = (bindings.c.directory_id == bindparam("directory_id"), bindings.c.target_id == bindparam("target_id"))
_OF_CONTACT = (bindings.c.directory_id == bindparam("directory_id"), bindings.c.contact_id == bindparam("contact_id"))
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
_ADD_TASK = insertion(unbind_tasks)
_TASK = Statement(
    select(unbind_tasks.c.target_id)
    .where(unbind_tasks.c.directory_id == bindparam("directory_id"), unbind_tasks.c.target_id.in_(_SCOPES))
    .limit(1)
)


class Bound(Struct, frozen=True):
    """A contact in effect for an account by one of its bindings. Several may lead to the same contact."""

    contact: Contact
    target_id: str
    bound_at: Moment


def in_effect(connection: Connection, directory_id: str, scopes: Sequence[str]) -> list[Bound]:
    """Every contact that is bound to one of these scopes, at most MOST_SCOPES, in the order of the contacts."""
    rows = connection.all(_IN_EFFECT, directory_id=directory_id, **_padded(scopes))
    return [Bound(contact_of(row[:-2]), *row[-2:]) for row in rows]


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
    """Keep that a contact is being taken out of a folder or the directory. Raises Duplicate when that is known."""
    connection.run(_ADD_TASK, directory_id=directory_id, contact_id=contact_id, target_id=target_id, requested_at=at)


def has_task(connection: Connection, directory_id: str, scopes: Sequence[str]) -> bool:
    """Whether a contact is being taken out of one of these scopes, at most MOST_SCOPES."""
    return connection.one(_TASK, directory_id=directory_id, **_padded(scopes)) is not None


def _padded(scopes: Sequence[str]) -> dict[str, str]:
    """Filled up with empty ids: one prepared statement on both databases."""
    padded = [*scopes, *[""] * (MOST_SCOPES - len(scopes))]
    return {f"scope_{number}": scope for number, scope in enumerate(padded)}
