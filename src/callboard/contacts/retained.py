"""SQL of contacts that members keep: from a contact's deletion, or from their own leaving.

A retained contact is a copy, as it was then. It is in effect for the accounts that stood at or below its target at that
moment, wherever they are now: one row is enough for a folder of any size.
"""

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select

from callboard.call import Moment
from callboard.contacts.bindings import MOST_SCOPES
from callboard.contacts.rules import Contact
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import retained_contacts
from callboard.tree import members, scopes

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
        retained_contacts.c.target_id.in_([bindparam(f"scope_{number}") for number in range(MOST_SCOPES)]),
    )
    .order_by(retained_contacts.c.retained_at, retained_contacts.c.contact_id)
)


class Retained(Struct, frozen=True):
    """A contact that an account keeps, and why: its deletion (Deleted), or that the account left (Left)."""

    contact: Contact
    cause: str
    bound_to: str
    """What it was bound to."""
    retained_at: Moment
    released_at: Moment | None = None


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


def of_account(
    connection: Connection, directory_id: str, account_id: str, *, at: Moment | None = None
) -> list[Retained]:
    """What an account keeps, also one that has left: now, or at a moment of the past."""
    places = members.places(connection, directory_id, account_id)
    found: dict[tuple[str, Moment, str], Retained] = {}
    for place in places:
        targets = (*scopes.on_path(directory_id, place.path), account_id)
        padded = [*targets, *[""] * (MOST_SCOPES - len(targets))]
        named = {f"scope_{number}": scope for number, scope in enumerate(padded)}
        for target_id, retained_at, cause, bound_to, contact, released_at in connection.all(
            _AT_TARGETS, directory_id=directory_id, **named
        ):
            is_its_own = target_id == account_id or place.was_at(retained_at)
            is_in_effect = released_at is None if at is None else retained_at <= at and (released_at or at + 1) > at
            if is_its_own and is_in_effect:
                kept = msgspec.json.decode(contact, type=Contact)
                found[kept.contact_id, retained_at, bound_to] = Retained(
                    kept, cause, bound_to, retained_at, released_at
                )
    return sorted(found.values(), key=lambda each: (each.retained_at, each.contact.contact_id))
