"""SQL of contacts that members keep: from a contact's deletion, or from their own leaving.

A retained contact is a copy, as it was then. Kept from its deletion, it is in effect for the accounts that stood at or
below its target at that moment, wherever they have moved since, for as long as they stay members: one row is enough for
a folder of any size. What an account keeps when it leaves is its own.
"""

from collections.abc import Iterable
from itertools import chain

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select, text

from callboard.call import Moment
from callboard.contacts.rules import Contact
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import retained_contacts
from callboard.tree import scopes
from callboard.tree.members import Place
from callboard.tree.stays import Stay, unbroken

DELETED, LEFT = "Deleted", "Left"

_ADD = insertion(retained_contacts)
_AT_TARGETS = Statement(
    select(
        retained_contacts.c.target_id,
        retained_contacts.c.retained_at,
        retained_contacts.c.cause,
        retained_contacts.c.bound_to,
        retained_contacts.c.contact,
        retained_contacts.c.released_at,
    )
    .where(
        retained_contacts.c.directory_id == bindparam("directory_id"),
        retained_contacts.c.target_id.in_(scopes.SLOTS.parameters),
    )
    .order_by(retained_contacts.c.retained_at, retained_contacts.c.contact_id)
)
_RELEASE = (
    "UPDATE retained_contacts SET released_at = :at "
    "WHERE directory_id = :directory_id AND contact_id = :contact_id AND released_at IS NULL"
)
_RELEASE_EVERYWHERE = Statement(text(_RELEASE))
_RELEASE_AT_TARGET = Statement(text(f"{_RELEASE} AND target_id = :target_id"))


class Retained(Struct, frozen=True):
    """A contact that an account keeps, and why: its deletion (Deleted), or that the account left (Left)."""

    contact: Contact
    cause: str
    bound_to: str
    """What it was bound to."""
    retained_at: Moment
    released_at: Moment | None = None

    def is_in_effect(self, at: Moment | None) -> bool:
        """Whether it is kept now, or was at a moment."""
        if at is None:
            return self.released_at is None
        return self.retained_at <= at and (self.released_at is None or at < self.released_at)


def keep(
    connection: Connection,
    directory_id: str,
    contact: Contact,
    target_id: str,
    *,
    cause: str,
    bound_to: str,
    at: Moment,
) -> None:
    """Let whoever stands at or below the target keep the contact."""
    connection.run(
        _ADD,
        directory_id=directory_id,
        target_id=target_id,
        contact_id=contact.contact_id,
        retained_at=at,
        cause=cause,
        bound_to=bound_to,
        contact=msgspec.json.encode(contact).decode(),
        released_at=None,
    )


def release(
    connection: Connection, directory_id: str, contact_id: str, *, at: Moment, target_id: str | None = None
) -> int:
    """Let nobody keep the contact any more, or only those at one target; at how many targets it was kept."""
    one = {"directory_id": directory_id, "contact_id": contact_id, "at": at}
    if target_id is None:
        return connection.run(_RELEASE_EVERYWHERE, **one)
    return connection.run(_RELEASE_AT_TARGET, target_id=target_id, **one)


def of_account(
    connection: Connection, directory_id: str, account_id: str, places: Iterable[Place], *, at: Moment | None = None
) -> list[Retained]:
    """What an account keeps, also one that has left: now, or at a moment of the past. `places` are all that it had.

    A contact that was bound to several scopes above it is there for each of them, the nearest last.
    """
    stays = [
        Stay((*scopes.on_path(directory_id, place.path), account_id), place.since, place.until) for place in places
    ]
    lasting = unbroken(stays, at=at)
    found: dict[tuple[Moment, str, int, str], Retained] = {}
    for target_id, kept in _at(connection, directory_id, (account_id, *chain(*(stay.scopes for stay in lasting)))):
        if not kept.is_in_effect(at):
            continue
        place = kept.retained_at, kept.contact.contact_id
        if kept.cause == LEFT and target_id == account_id:
            found[*place, scopes.MOST, target_id] = kept
        for stay in lasting:
            if kept.cause == DELETED and target_id in stay.scopes and stay.holds(kept.retained_at):
                found[*place, stay.scopes.index(target_id), target_id] = kept
    return [found[place] for place in sorted(found)]


def _at(connection: Connection, directory_id: str, targets: Iterable[str]) -> list[tuple[str, Retained]]:
    """What was ever kept at these targets."""
    return [
        (target_id, Retained(msgspec.json.decode(contact, type=Contact), cause, bound_to, retained_at, released_at))
        for batch in scopes.SLOTS.batches(targets)
        for target_id, retained_at, cause, bound_to, contact, released_at in connection.all(
            _AT_TARGETS, directory_id=directory_id, **batch
        )
    ]
