"""SQL of addresses that reach nobody: what was sent there came back. Nothing more is sent there until it is mended."""

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import bindparam, delete, select, text

from callboard.call import Moment
from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection, Slots, Statement
from callboard.database.tables import refusals, unreachable

AT_A_TIME = 50

_KEYS = Slots("key", AT_A_TIME)
_HELD_BACK = Statement(
    select(unreachable.c.target_key).where(
        unreachable.c.directory_id == bindparam("directory_id"), unreachable.c.target_key.in_(_KEYS.parameters)
    )
)
_REFUSED = Statement(
    select(refusals.c.target_key).where(
        refusals.c.directory_id == bindparam("directory_id"), refusals.c.target_key.in_(_KEYS.parameters)
    )
)
_PAGE = Statement(
    select(
        unreachable.c.directory_id,
        unreachable.c.target,
        unreachable.c.reason,
        unreachable.c.letter_id,
        unreachable.c.since,
    ).order_by(unreachable.c.since, unreachable.c.target)
)
# Written out, as Core has no ON CONFLICT that serves both databases.
_ADD = Statement(
    text(
        "INSERT INTO unreachable (directory_id, target_key, target, reason, letter_id, since) "
        "VALUES (:directory_id, :target_key, :target, :reason, :letter_id, :since) ON CONFLICT DO NOTHING"
    )
)
_LIFT = Statement(
    delete(unreachable).where(
        unreachable.c.directory_id == bindparam("directory_id"), unreachable.c.target_key == bindparam("target_key")
    )
)


class Unreachable(Struct, frozen=True):
    """An address that reaches nobody, why, and the letter that came back."""

    directory_id: str
    target: str
    reason: str
    letter_id: str
    since: Moment


def add(connection: Connection, found: Unreachable) -> bool:
    """Keep that an address reaches nobody; false when that was known."""
    values = {name: getattr(found, name) for name in found.__struct_fields__}
    return connection.run(_ADD, target_key=key_of(found.target), **values) == 1


def lift(connection: Connection, directory_id: str, target: str) -> bool:
    """Believe in an address again; false when it was not held to be unreachable."""
    return connection.run(_LIFT, directory_id=directory_id, target_key=key_of(target)) == 1


def page(connection: Connection) -> list[Unreachable]:
    """Every unreachable address of every directory, oldest first; for operators."""
    return [Unreachable(*row) for row in connection.all(_PAGE)]


def keys(connection: Connection, directory_id: str, asked: Iterable[str]) -> tuple[set[str], set[str]]:
    """Of these addresses, by their keys: those that are unreachable, and those that were refused."""
    every = list(dict.fromkeys(asked))
    found: tuple[set[str], set[str]] = set(), set()
    for start in range(0, len(every), AT_A_TIME):
        values = {"directory_id": directory_id, **_KEYS.filled(every[start : start + AT_A_TIME])}
        for each, statement in zip(found, (_HELD_BACK, _REFUSED), strict=True):
            each.update(row[0] for row in connection.all(statement, **values))
    return found
