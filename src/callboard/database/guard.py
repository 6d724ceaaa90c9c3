"""No transaction runs in a process whose master key was replaced: what it wrote, nobody could read.

Every transaction begins with a look at the fingerprint of the database's master key, and on PostgreSQL holds a lock
that it shares with all others; whoever replaces the key waits until it has that lock alone (`lock_alone`). On SQLite
there is one writer at a time anyway.
"""

from sqlalchemy import bindparam, func, select

from callboard.database.statement import Connection, Row, Statement
from callboard.errors import KeyReplaced

LOCK = 0x63616C6C6B657973  # "callkeys"
FINGERPRINT = "SELECT fingerprint FROM vault WHERE name = 'master'"
BEGIN_ON_POSTGRESQL = f"BEGIN; SELECT pg_advisory_xact_lock_shared({LOCK}); {FINGERPRINT}"
"""In one round trip. The second look at the database comes after the wait for the lock, and sees what was committed."""

_LOCK_ALONE = Statement(select(func.pg_advisory_xact_lock(bindparam("key"))))


class Guard:
    """The fingerprint that this process goes by, once it knows one."""

    def __init__(self) -> None:
        self.fingerprint: str | None = None

    @property
    def is_on(self) -> bool:
        return self.fingerprint is not None

    def check(self, row: Row | None) -> None:
        """Raise KeyReplaced unless the database's fingerprint is the one that this process has."""
        if row is None or row[0] != self.fingerprint:
            raise KeyReplaced


def lock_alone(connection: Connection) -> None:
    """Wait until no other transaction is under way, and let none begin before this one has ended."""
    if connection.dialect == "postgresql":
        connection.one(_LOCK_ALONE, key=LOCK)
