"""Bring a database to this version's schema, all or nothing, whoever else starts at the same time."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from callboard.database.tables import metadata
from callboard.errors import StartupError

VERSION_TABLE = "alembic_version"
HEAD = "0005"
"""The newest revision in migrations/versions (a test checks it)."""

WAL_ATTEMPTS, WAL_PAUSE_S = 100, 0.05
_ADVISORY_LOCK = 0x63616C6C626F6172  # "callboar": replicas that start together migrate one after the other.


def migrate(url: str) -> bool:
    """Apply what is missing; false when nothing was. Raises StartupError for a database that cannot be used.

    A new database gets the present schema at once, and Alembic stays unloaded; an older one is led through the
    migrations. That both come to the same is tested.
    """
    if _sqlite_revision(url) == HEAD:  # The usual start needs not even SQLAlchemy's engine.
        return False
    with _connection(url) as connection:
        if not inspect(connection).has_table(VERSION_TABLE):
            metadata.create_all(connection, checkfirst=False)
            _stamp(connection)
            return True
        found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 (a constant)
        if found == HEAD:
            return False
        _upgrade(connection, found)
        return True


def memory_schema() -> list[str]:
    """The statements that make the schema of an SQLite database in memory, which no migration could reach."""
    from sqlalchemy.dialects.sqlite import dialect
    from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

    tables = metadata.sorted_tables
    made: list[DDLElement] = [CreateTable(table) for table in tables]
    made += [CreateIndex(index) for table in tables for index in table.indexes]
    return [str(element.compile(dialect=dialect())) for element in made]


def _stamp(connection: Connection) -> None:
    connection.execute(text(f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text(f"INSERT INTO {VERSION_TABLE} (version_num) VALUES (:head)"), {"head": HEAD})  # noqa: S608


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
        event.listen(engine, "connect", lambda driver, _: _prepare(driver))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        _make_folder(Path(engine.url.database or ".").parent)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            yield connection
    except OperationalError as error:
        raise StartupError(f"The database {_shown(engine.url)} cannot be opened: {_reason(error)}.") from error
    except DatabaseError as error:
        raise StartupError(f"The database {_shown(engine.url)} cannot be used: {_reason(error)}.") from error
    finally:
        engine.dispose()


def _prepare(driver: sqlite3.Connection) -> None:
    """Autocommit, and write-ahead logging, which stays with the file.

    SQLite refuses at once, without waiting, when several processes switch the same file: so try again. Any other
    fault shows when the transaction begins.
    """
    driver.isolation_level = None
    for _ in range(WAL_ATTEMPTS):
        try:
            driver.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                return
            time.sleep(WAL_PAUSE_S)


def _shown(url: URL) -> str:
    """Which database, without anything that could hold a password."""
    return f"{url.host}/{url.database}" if url.host else str(url.database)


def _reason(error: DatabaseError) -> str:
    """What the driver says, on one line."""
    return " ".join(str(error.orig).split()).rstrip(".")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartupError(f"The folder {folder} for the database cannot be made: {error}.") from error
