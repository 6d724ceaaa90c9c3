"""Bring a database to this version's schema, all or nothing, whoever else starts at the same time."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError

from callboard.errors import StartupError

HEAD = "0001"
"""The newest revision in migrations/versions (a test checks it)."""

_ADVISORY_LOCK = 0x63616C6C626F6172  # "callboar": replicas that start together migrate one after the other.


def migrate(url: str) -> bool:
    """Apply what is missing; false when nothing was. Raises StartupError for a database that cannot be used."""
    if _sqlite_revision(url) == HEAD:  # The usual start needs neither SQLAlchemy's engine nor Alembic.
        return False
    with _connection(url) as connection:
        found = _revision(connection)
        if found == HEAD:
            return False
        _upgrade(connection, found)
        return True


def _sqlite_revision(url: str) -> str | None:
    path = url.removeprefix("sqlite:///")
    if path == url or not Path(path).is_file():
        return None
    driver = sqlite3.connect(path, isolation_level=None)
    try:
        row = driver.execute("SELECT version_num FROM alembic_version").fetchone()
        return None if row is None else str(row[0])
    except sqlite3.DatabaseError:  # No such table, or no database at all: the full path finds out and says so.
        return None
    finally:
        driver.close()


def _revision(connection: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "callboard:database/migrations")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StartupError(
            f"The database is at revision {found}, which is newer than this Callboard knows ({HEAD}). "
            "Install the version that made it, or a later one."
        )
    command.upgrade(config, "head")


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    engine = create_engine(
        url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg://", 1)
    )
    if engine.dialect.name == "sqlite":
        # The driver's own transactions do not cover DDL: with autocommit and a BEGIN of ours, half a
        # migration is no migration.
        event.listen(engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            yield connection
    except OperationalError as error:
        raise StartupError(f"The database cannot be opened: {error.orig}.") from error
    except DatabaseError as error:
        raise StartupError(f"The database cannot be used: {error.orig}.") from error
    finally:
        engine.dispose()
