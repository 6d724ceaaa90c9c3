"""SQL of contacts' wishes, and of what addresses want no more. Every statement is held to one directory."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, exists, null, select, text, tuple_

from callboard.call import Moment
from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection, Slots, Statement
from callboard.database.tables import contacts, preferences, retained_contacts, unsubscribed
from callboard.preferences.rules import Preferences

AT_A_TIME = 25
BATCH = 1000

_CONTACTS = Slots("contact", AT_A_TIME)
_KEYS = Slots("key", AT_A_TIME)
_OF_CONTACTS = Statement(
    select(preferences.c.contact_id, preferences.c.document).where(
        preferences.c.directory_id == bindparam("directory_id"), preferences.c.contact_id.in_(_CONTACTS.parameters)
    )
)
# Written out, as Core has no ON CONFLICT that serves both databases.
_PUT = Statement(
    text(
        "INSERT INTO preferences (directory_id, contact_id, document, modified_at) "
        "VALUES (:directory_id, :contact_id, :document, :modified_at) "
        "ON CONFLICT (directory_id, contact_id) DO UPDATE SET document = excluded.document, "
        "modified_at = excluded.modified_at"
    )
)
_REMOVE = Statement(
    delete(preferences).where(
        preferences.c.directory_id == bindparam("directory_id"), preferences.c.contact_id == bindparam("contact_id")
    )
)
_IS_THERE = exists().where(
    contacts.c.directory_id == preferences.c.directory_id, contacts.c.contact_id == preferences.c.contact_id
)
_IS_KEPT = exists().where(
    retained_contacts.c.directory_id == preferences.c.directory_id,
    retained_contacts.c.contact_id == preferences.c.contact_id,
    retained_contacts.c.released_at.is_(null()),
)
_CLEAR = Statement(
    delete(preferences).where(
        tuple_(preferences.c.directory_id, preferences.c.contact_id).in_(
            select(preferences.c.directory_id, preferences.c.contact_id)
            .where(~_IS_THERE, ~_IS_KEPT)
            .limit(bindparam("limit"))
        )
    )
)
_UNSUBSCRIBED = Statement(
    select(unsubscribed.c.target_key).where(
        unsubscribed.c.directory_id == bindparam("directory_id"),
        unsubscribed.c.message_type == bindparam("message_type"),
        unsubscribed.c.target_key.in_(_KEYS.parameters),
    )
)
_UNSUBSCRIBED_PAGE = Statement(
    select(unsubscribed.c.target_key, unsubscribed.c.message_type, unsubscribed.c.target, unsubscribed.c.at)
    .where(
        unsubscribed.c.directory_id == bindparam("directory_id"),
        tuple_(unsubscribed.c.target_key, unsubscribed.c.message_type)
        > tuple_(bindparam("after_key"), bindparam("after_type")),
    )
    .order_by(unsubscribed.c.target_key, unsubscribed.c.message_type)
    .limit(bindparam("limit"))
)
_UNSUBSCRIBE = Statement(
    text(
        "INSERT INTO unsubscribed (directory_id, target_key, message_type, target, at) "
        "VALUES (:directory_id, :target_key, :message_type, :target, :at) ON CONFLICT DO NOTHING"
    )
)
_SUBSCRIBE = Statement(
    delete(unsubscribed).where(
        unsubscribed.c.directory_id == bindparam("directory_id"),
        unsubscribed.c.target_key == bindparam("target_key"),
        unsubscribed.c.message_type == bindparam("message_type"),
    )
)


class Unsubscribed(Struct, frozen=True):
    """An address that wants no messages of a type, and since when."""

    target_key: str
    message_type: str
    target: str
    at: Moment


def of(connection: Connection, directory_id: str, contact_ids: Iterable[str]) -> dict[str, Preferences]:
    """The wishes of contacts, of those that have any."""
    found: dict[str, Preferences] = {}
    for batch in _CONTACTS.batches(contact_ids):
        rows = connection.all(_OF_CONTACTS, directory_id=directory_id, **batch)
        found |= {row[0]: msgspec.json.decode(row[1], type=Preferences) for row in rows}
    return found


def put(connection: Connection, directory_id: str, contact_id: str, wishes: Preferences, *, at: Moment) -> None:
    document = msgspec.json.encode(wishes).decode()
    connection.run(_PUT, directory_id=directory_id, contact_id=contact_id, document=document, modified_at=at)


def remove(connection: Connection, directory_id: str, contact_id: str) -> bool:
    return connection.run(_REMOVE, directory_id=directory_id, contact_id=contact_id) == 1


def clear(connection: Connection) -> int:
    """Forget the wishes of contacts that are gone, and that no member keeps any more: a batch; how many."""
    return connection.run(_CLEAR, limit=BATCH)


def unsubscribed_keys(connection: Connection, directory_id: str, message_type: str, keys: Iterable[str]) -> set[str]:
    """Of these addresses, by their keys, those that want no messages of a type."""
    found: set[str] = set()
    for batch in _KEYS.batches(keys):
        rows = connection.all(_UNSUBSCRIBED, directory_id=directory_id, message_type=message_type, **batch)
        found |= {row[0] for row in rows}
    return found


def unsubscribe(connection: Connection, directory_id: str, target: str, message_type: str, *, at: Moment) -> bool:
    """Keep that an address wants no messages of a type any more; false when that was known."""
    values = {"directory_id": directory_id, "target_key": key_of(target), "message_type": message_type}
    return connection.run(_UNSUBSCRIBE, target=target, at=at, **values) == 1


def subscribe(connection: Connection, directory_id: str, target: str, message_type: str) -> bool:
    """Forget it; false when the address was not unsubscribed."""
    values = {"directory_id": directory_id, "target_key": key_of(target), "message_type": message_type}
    return connection.run(_SUBSCRIBE, **values) == 1


def unsubscribed_page(
    connection: Connection, directory_id: str, *, after: tuple[str, str], limit: int
) -> list[Unsubscribed]:
    """Addresses with types that they want no messages of, in the order of their keys and types, after such a pair."""
    target_key, message_type = after
    values = {"directory_id": directory_id, "after_key": target_key, "after_type": message_type, "limit": limit}
    return [Unsubscribed(*row) for row in connection.all(_UNSUBSCRIBED_PAGE, **values)]
