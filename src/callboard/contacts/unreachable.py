"""SQL of addresses that reach nobody: what was sent there came back. Nothing more is sent there until it is mended."""

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import BigInteger, bindparam, delete, false, select, text, true, tuple_

from callboard.call import Moment
from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection, Slots, Statement
from callboard.database.tables import refusals, unreachable

AT_A_TIME = 25

_KEYS = Slots("key", AT_A_TIME)
_CLOSED = Statement(
    select(unreachable.c.target_key, false())
    .where(unreachable.c.directory_id == bindparam("directory_id"), unreachable.c.target_key.in_(_KEYS.parameters))
    .union_all(
        select(refusals.c.target_key, true()).where(
            refusals.c.directory_id == bindparam("directory_id"), refusals.c.target_key.in_(_KEYS.parameters)
        )
    )
)
_COLUMNS = (
    unreachable.c.directory_id,
    unreachable.c.target,
    unreachable.c.reason,
    unreachable.c.letter_id,
    unreachable.c.since,
)
_ONE = (unreachable.c.directory_id == bindparam("directory_id"), unreachable.c.target_key == bindparam("target_key"))
_FIND = Statement(select(*_COLUMNS).where(*_ONE))
_EVERY = Statement(select(*_COLUMNS).order_by(unreachable.c.since, unreachable.c.target))
_PAGE = Statement(
    select(unreachable.c.target_key, *_COLUMNS)
    .where(
        unreachable.c.directory_id == bindparam("directory_id"),
        tuple_(unreachable.c.since, unreachable.c.target_key)
        > tuple_(bindparam("after_since", type_=BigInteger), bindparam("after_key")),
    )
    .order_by(unreachable.c.since, unreachable.c.target_key)
    .limit(bindparam("limit"))
)
# Written out, as Core has no ON CONFLICT that serves both databases.
_ADD = Statement(
    text(
        "INSERT INTO unreachable (directory_id, target_key, target, reason, letter_id, since) "
        "VALUES (:directory_id, :target_key, :target, :reason, :letter_id, :since) ON CONFLICT DO NOTHING"
    )
)
_LIFT = Statement(delete(unreachable).where(*_ONE))


class Unreachable(Struct, frozen=True):
    """An address that reaches nobody, why, and the letter that came back."""

    directory_id: str
    target: str
    reason: str
    letter_id: str
    since: Moment


class Place(Struct, frozen=True):
    """A place in the order of a directory's unreachable addresses: where a page ended."""

    since: Moment
    key: str


def add(connection: Connection, found: Unreachable) -> bool:
    """Keep that an address reaches nobody; false when that was known."""
    values = {name: getattr(found, name) for name in found.__struct_fields__}
    return connection.run(_ADD, target_key=key_of(found.target), **values) == 1


def lift(connection: Connection, directory_id: str, target: str) -> bool:
    """Believe in an address again; false when it was not held to be unreachable."""
    return connection.run(_LIFT, directory_id=directory_id, target_key=key_of(target)) == 1


def find(connection: Connection, directory_id: str, target: str) -> Unreachable | None:
    row = connection.one(_FIND, directory_id=directory_id, target_key=key_of(target))
    return None if row is None else Unreachable(*row)


def page(
    connection: Connection, directory_id: str, *, after: Place | None, limit: int
) -> tuple[list[Unreachable], Place | None]:
    """Unreachable addresses of a directory, oldest first, after a place; and where to go on, if there are more."""
    place = after or Place(-1, "")
    rows = connection.all(
        _PAGE, directory_id=directory_id, after_since=place.since, after_key=place.key, limit=limit + 1
    )
    found = [Unreachable(*row[1:]) for row in rows[:limit]]
    return found, Place(found[-1].since, rows[limit - 1][0]) if len(rows) > limit else None


def every(connection: Connection) -> list[Unreachable]:
    """Every unreachable address of every directory, oldest first; for operators."""
    return [Unreachable(*row) for row in connection.all(_EVERY)]


def keys(connection: Connection, directory_id: str, asked: Iterable[str]) -> tuple[set[str], set[str]]:
    """Of these addresses, by their keys: those that are unreachable, and those that were refused."""
    unreached: set[str] = set()
    refused: set[str] = set()
    for batch in _KEYS.batches(asked):
        for key, is_refused in connection.all(_CLOSED, directory_id=directory_id, **batch):
            (refused if is_refused else unreached).add(key)
    return unreached, refused
