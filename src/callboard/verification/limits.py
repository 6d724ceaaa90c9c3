"""SQL of limits: the recent moments of each thing that is limited, shared by all replicas.

A row is locked while its moments are read and one is added, so that no two calls take the same place.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, select, text, update

from callboard.call import Moment
from callboard.database.statement import Connection, Statement
from callboard.database.tables import limits as table
from callboard.terms import Limits
from callboard.verification.rules import free_at, remembered

BATCH = 1000

_PEEK = Statement(select(table.c.recent).where(table.c.name == bindparam("name")))
# Written out, as Core has no ON CONFLICT that serves both databases. What it sets is what stands there: it locks.
_LOCK = Statement(
    text(
        "INSERT INTO limits (name, recent, expires_at) VALUES (:name, '[]', 0) "
        "ON CONFLICT (name) DO UPDATE SET expires_at = limits.expires_at RETURNING recent"
    )
)
_SAVE = Statement(
    update(table)
    .values(recent=bindparam("moments"), expires_at=bindparam("until"))
    .where(table.c.name == bindparam("of_name"))
)
_CLEAR = Statement(
    delete(table).where(
        table.c.name.in_(select(table.c.name).where(table.c.expires_at < bindparam("now")).limit(bindparam("limit")))
    )
)


class Limited(Struct, frozen=True, order=True):
    """One thing that is limited, such as the letters to an address; names sort in the order of locking."""

    name: str
    limits: Limits


def peek(connection: Connection, wanted: Iterable[Limited], *, now: Moment) -> Moment | None:
    """When the last of these limits lets one more through; None when they all do now. Locks nothing."""
    return _latest(free_at(_moments(connection.one(_PEEK, name=each.name)), each.limits, now=now) for each in wanted)


def lock(connection: Connection, wanted: Limited) -> None:
    """Make others who would take a place under this limit wait until this transaction ends."""
    connection.one(_LOCK, name=wanted.name)


def take(connection: Connection, wanted: Iterable[Limited], *, now: Moment) -> Moment | None:
    """Count one more under each of these limits, or say when that will be possible and count nothing."""
    ordered = [each for each in sorted(wanted) if any(most for most, _ in each.limits)]
    found = [(each, _moments(connection.one(_LOCK, name=each.name))) for each in ordered]
    waits = _latest(free_at(moments, each.limits, now=now) for each, moments in found)
    if waits is not None:
        return waits
    for each, moments in found:
        kept = [*remembered(moments, each.limits, now=now), now]
        longest = max(period for _, period in each.limits)
        connection.run(_SAVE, of_name=each.name, moments=msgspec.json.encode(kept).decode(), until=now + longest)
    return None


def clear(connection: Connection, *, now: Moment) -> int:
    """Forget what limits nothing any more: a batch of it; how many."""
    return connection.run(_CLEAR, now=now, limit=BATCH)


def _moments(row: tuple[object, ...] | None) -> list[Moment]:
    return [] if row is None else msgspec.json.decode(str(row[0]), type=list[int])


def _latest(moments: Iterable[Moment | None]) -> Moment | None:
    return max((each for each in moments if each is not None), default=None)
