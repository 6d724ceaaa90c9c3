"""How many calls a principal may make in a minute, over all replicas.

Each process counts for itself, and adds its counts to the database's every second; in between it knows of the others'
calls what it read last. So a limit may be passed by what all replicas let through within about a second.
"""

import hashlib
from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import bindparam, delete, text

from callboard.call import Moment, Principal
from callboard.database.engine import Database
from callboard.database.statement import Connection, Statement
from callboard.database.tables import usage

MINUTE_MS = 60_000
FLUSH_S = 1.0

# Written out, as Core has no ON CONFLICT that serves both databases.
_ADD = Statement(
    text(
        "INSERT INTO usage (name, minute, calls) VALUES (:name, :minute, :calls) "
        "ON CONFLICT (name, minute) DO UPDATE SET calls = usage.calls + :calls RETURNING calls"
    )
)
_CLEAR = Statement(delete(usage).where(usage.c.minute < bindparam("before")))


class Count(Struct):
    """Calls under one name in one minute: what the database knew last, and what it has not been told yet."""

    minute: int
    known: int = 0
    untold: int = 0


class Throttle:
    """Counts the calls of everybody but root keys. A limit of 0 is none."""

    def __init__(self, database: Database, clock: Callable[[], Moment], *, per_principal: int, per_action: int) -> None:
        self._database, self._clock = database, clock
        self._per_principal, self._per_action = per_principal, per_action
        self._counts: dict[str, Count] = {}

    def admit(self, principal: Principal, action: str) -> int:
        """Count one call; 0, or after how many milliseconds to come again."""
        if principal.is_root or not (self._per_principal or self._per_action):
            return 0
        now = self._clock()
        minute = now // MINUTE_MS
        limits = ((principal.arn, self._per_principal), (f"{principal.arn} {action}", self._per_action))
        counts = [(self._count(name, minute), most) for name, most in limits if most]
        if any(count.known + count.untold >= most for count, most in counts):
            return (minute + 1) * MINUTE_MS - now
        for count, _ in counts:
            count.untold += 1
        return 0

    async def flush(self) -> None:
        """Tell the database what was counted here, and learn what others have counted."""
        minute = self._clock() // MINUTE_MS
        self._counts = {name: count for name, count in self._counts.items() if count.minute == minute}
        told = {name: (count, count.untold) for name, count in self._counts.items() if count.untold}
        if not told:
            return

        def work(connection: Connection) -> dict[str, int]:
            found = {}
            for name, (_, calls) in sorted(told.items()):  # In one order, so that replicas do not lock crosswise.
                row = connection.one(_ADD, name=_digest(name), minute=minute, calls=calls)
                found[name] = int(row[0]) if row else 0
            return found

        totals = await self._database.transact(work)
        for name, (count, calls) in told.items():
            count.known, count.untold = totals[name], count.untold - calls

    def _count(self, name: str, minute: int) -> Count:
        count = self._counts.get(name)
        if count is None or count.minute != minute:
            count = self._counts[name] = Count(minute)
        return count


def clear(connection: Connection, *, now: Moment) -> int:
    """Forget the counts of past minutes; none are left for another batch."""
    connection.run(_CLEAR, before=now // MINUTE_MS - 1)
    return 0


def _digest(name: str) -> str:
    """Of one length, whatever users and sessions are called."""
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
