"""How transactions run: the one face of both databases.

`transact` runs a plain synchronous function over one open transaction and answers once its effect is durable.
SQLite commits concurrent calls together (sqlite.py); PostgreSQL runs a transaction a call (postgres.py).
"""

from typing import Protocol

from callboard.database.jobs import Result, Work
from callboard.database.sqlite import SqliteDatabase
from callboard.settings import Settings


class Database(Protocol):
    """An open database. Its own threads run the work; nothing blocks the event loop."""

    async def transact(self, work: Work[Result], *, first: Work[None] | None = None, reads: bool = False) -> Result:
        """Run `work` in a transaction of its own and wait until it is durable.

        `first` is one statement that is kept even when `work` refuses (a used nonce). With `reads` the work
        changes nothing, and does not stand in the way of work that does.
        Raises what the work raises, Conflict for a lock that is held too long, Unavailable for a database
        that does not answer.
        """

    def run(self, work: Work[Result]) -> Result:
        """The same for a program without event loop: waits in the calling thread."""

    def expect(self, fingerprint: str) -> None:
        """Begin no transaction from now on unless the database's master key has this fingerprint (KeyReplaced)."""

    def close(self) -> None:
        """Finish the work under way and let go of the database."""


def open_database(settings: Settings) -> Database:
    """Open the database that the settings name. Raises StartupError that says what to do."""
    if settings.url.startswith("sqlite:"):
        return SqliteDatabase(settings.url.removeprefix("sqlite:///"), busy_timeout_ms=settings.lock_timeout_ms)
    from callboard.database.postgres import PostgresDatabase  # The driver costs memory; only one database needs it.

    return PostgresDatabase(
        settings.url, connections=settings.postgres_connections, lock_timeout_ms=settings.lock_timeout_ms
    )
