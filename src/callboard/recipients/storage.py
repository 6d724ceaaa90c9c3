"""What is known of one account: its place, its bindings, what it keeps; now, or at a moment of the past.

Each is sought by an index, so that the work for one account does not grow with the directory.
"""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import bindparam, null, select

from callboard.call import Moment
from callboard.contacts import bindings as bindings_now
from callboard.contacts import retained
from callboard.contacts import storage as contacts
from callboard.contacts.rules import Contact
from callboard.contacts.shapes import ONE_CONTACT
from callboard.database.statement import Connection, Slots, Statement
from callboard.database.tables import audit_records, bindings, folders, members, past_bindings, past_placements
from callboard.recipients.rules import Situation, Way
from callboard.tree import members as tree_members
from callboard.tree import scopes
from callboard.tree.folders import ROOT_NAME
from callboard.tree.members import Place

NAMED = 20
_FOLDERS = Slots("folder", NAMED)
_BOUND_THEN = Statement(
    select(bindings.c.contact_id, bindings.c.target_id, bindings.c.bound_at)
    .where(
        bindings.c.directory_id == bindparam("directory_id"),
        bindings.c.target_id.in_(scopes.SLOTS.parameters),
        bindings.c.bound_at <= bindparam("moment"),
    )
    .union_all(
        select(past_bindings.c.contact_id, past_bindings.c.target_id, past_bindings.c.bound_at).where(
            past_bindings.c.directory_id == bindparam("directory_id"),
            past_bindings.c.target_id.in_(scopes.SLOTS.parameters),
            past_bindings.c.bound_at <= bindparam("moment"),
            past_bindings.c.unbound_at > bindparam("moment"),
        )
    )
)
# Records of a contact's bindings have the contact's resource too, but no contact in them.
_CHANGES = select(audit_records.c.before).where(
    audit_records.c.account_id == bindparam("account_id"),
    audit_records.c.resource == bindparam("resource"),
    audit_records.c.error.is_(null()),
    audit_records.c.before.like('{"contact_id":%'),
)
_NEXT_CHANGE = Statement(
    _CHANGES.where(audit_records.c.at > bindparam("moment"))
    .order_by(audit_records.c.at, audit_records.c.position)
    .limit(1)
)
_LAST_CHANGE = Statement(_CHANGES.order_by(audit_records.c.at.desc(), audit_records.c.position.desc()).limit(1))
_NAMES = Statement(
    select(folders.c.folder_id, folders.c.name)
    .where(
        folders.c.directory_id == bindparam("directory_id"),
        folders.c.folder_id.in_(_FOLDERS.parameters),
    )
    .union_all(
        select(members.c.account_id, members.c.display_name).where(
            members.c.directory_id == bindparam("directory_id"), members.c.account_id == bindparam("account_id")
        )
    )
)
_DIRECTORY_OF_MEMBER = Statement(select(members.c.directory_id).where(members.c.account_id == bindparam("account_id")))
_DIRECTORY_LEFT = Statement(
    select(past_placements.c.directory_id)
    .where(past_placements.c.account_id == bindparam("account_id"))
    .order_by(past_placements.c.left_at.desc())
    .limit(1)
)


def now(connection: Connection, directory_id: str, account_id: str) -> Situation | None:
    """How things are with a member, or with one that has left; None for any other account."""
    places = tree_members.places(connection, directory_id, account_id)
    if not places:
        return None
    above: tuple[str, ...] = ()
    for place in places:
        if place.until is None:
            above = (*scopes.on_path(directory_id, place.path), account_id)
    bound = bound_to(connection, directory_id, above) if above else ()
    return Situation(account_id, above, (*bound, *_kept(connection, directory_id, account_id, places)))


def bound_to(connection: Connection, directory_id: str, above: Sequence[str]) -> tuple[Way, ...]:
    """The ways of the contacts that are bound to these scopes."""
    found = bindings_now.in_effect(connection, directory_id, above)
    return tuple(Way(each.contact, each.target_id, each.bound_at) for each in found)


def at(
    connection: Connection, directory_id: str, account_id: str, *, management_account_id: str, moment: Moment
) -> Situation | None:
    """How things were with an account at a moment of the past; None if it had never been a member until then."""
    places = tree_members.places(connection, directory_id, account_id)
    if not any(each.since <= moment for each in places):
        return None
    above: tuple[str, ...] = ()
    for place in places:
        if place.was_at(moment):
            above = (*scopes.on_path(directory_id, place.path), account_id)
    bound = _bound_then(connection, directory_id, above, moment) if above else []
    states = {
        contact_id: _contact_then(connection, directory_id, contact_id, management_account_id, moment)
        for contact_id in dict.fromkeys(contact_id for contact_id, _, _ in bound)
    }
    ways = [
        Way(contact, target_id, bound_at)
        for contact_id, target_id, bound_at in bound
        if (contact := states[contact_id]) is not None
    ]
    ways.sort(key=lambda way: (way.contact.created_at, way.contact.contact_id, way.since))
    return Situation(account_id, above, (*ways, *_kept(connection, directory_id, account_id, places, moment=moment)))


def scope_names(connection: Connection, directory_id: str, account_id: str, scope_ids: Iterable[str]) -> dict[str, str]:
    """What scopes are called now: folders, the account itself, and the directory; not those that are gone."""
    found = {directory_id: ROOT_NAME}
    for named in _FOLDERS.batches(scope_ids):
        found |= dict(connection.all(_NAMES, directory_id=directory_id, account_id=account_id, **named))
    return found


def directory_of(connection: Connection, account_id: str) -> str | None:
    """The directory that an account is in, or was in last. For operators: it asks about every directory."""
    row = connection.one(_DIRECTORY_OF_MEMBER, account_id=account_id) or connection.one(
        _DIRECTORY_LEFT, account_id=account_id
    )
    return None if row is None else str(row[0])


def _kept(
    connection: Connection, directory_id: str, account_id: str, places: Iterable[Place], *, moment: Moment | None = None
) -> list[Way]:
    found = retained.of_account(connection, directory_id, account_id, places, at=moment)
    return [Way(each.contact, each.bound_to, each.retained_at, each.cause) for each in found]


def _bound_then(
    connection: Connection, directory_id: str, above: Sequence[str], moment: Moment
) -> list[tuple[str, str, Moment]]:
    rows = connection.all(_BOUND_THEN, directory_id=directory_id, moment=moment, **scopes.SLOTS.filled(above))
    return [(contact_id, target_id, bound_at) for contact_id, target_id, bound_at in rows]


def _contact_then(
    connection: Connection, directory_id: str, contact_id: str, management_account_id: str, moment: Moment
) -> Contact | None:
    """A contact at a moment: what stood there before it was changed next, or as it is, if it never was again."""
    resource = ONE_CONTACT.format(AccountId=management_account_id, ContactId=contact_id)
    row = connection.one(_NEXT_CHANGE, account_id=management_account_id, resource=resource, moment=moment)
    found = None if row is not None else contacts.find(connection, directory_id, contact_id)
    if row is None and found is None:
        # It was bound at that moment and is gone: the moment of its last change is a little ahead of its record.
        row = connection.one(_LAST_CHANGE, account_id=management_account_id, resource=resource)
    return found if row is None else msgspec.json.decode(row[0], type=Contact)
