"""The schema, how it comes to be on both databases, and databases that cannot be used."""

import re
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

import callboard.database
from callboard.database.engine import open_database
from callboard.database.migrate import HEAD, VERSION_TABLE, memory_schema, migrate
from callboard.database.tables import metadata
from callboard.errors import StartupError
from callboard.settings import Settings, load
from tests.storage.test_outages import ON_SQLITE
from tests.storage.work import add

TABLES = set(metadata.tables)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def tables(url: str) -> set[str]:
    with connected(url) as connection:
        return set(inspect(connection).get_table_names())


def revision(url: str) -> str | None:
    with connected(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def run(url: str, *statements: str) -> None:
    with connected(url) as connection:
        for statement in statements:
            connection.execute(text(statement))


def migrate_from_nothing(url: str) -> None:
    """Go through every migration, as a database of the first version would."""
    run(url, f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL)")
    assert migrate(url) is True


def differences(connection: Connection) -> list[Any]:
    """Where a database departs from tables.py. SQLite tells nothing of the default of a row's own number."""
    options = {"compare_type": True, "compare_server_default": connection.dialect.name != "sqlite"}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def sqlite_texts(url: str) -> dict[str, str]:
    """What SQLite says of its tables and indexes, with neither quotes nor layout."""
    with connected(url) as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {name: re.sub(r'[\s"]+', " ", sql).replace(" ", "") for name, sql in rows if name != VERSION_TABLE}


def settings_of(url: str) -> Settings:
    return load({"CALLBOARD_DATABASE_URL": url}, config=Path("no-such-file.toml"))


def test_a_new_database_has_the_schema_of_this_version(empty_url: str) -> None:
    migrate(empty_url)

    with connected(empty_url) as connection:
        assert differences(connection) == []
    assert tables(empty_url) == TABLES | {VERSION_TABLE}
    assert revision(empty_url) == HEAD


def test_the_sum_of_the_migrations_is_the_schema_of_this_version(empty_url: str) -> None:
    migrate_from_nothing(empty_url)

    with connected(empty_url) as connection:
        assert differences(connection) == []
    assert tables(empty_url) == TABLES | {VERSION_TABLE}
    assert revision(empty_url) == HEAD


@ON_SQLITE
def test_a_new_and_a_migrated_sqlite_database_are_the_same_to_the_letter(empty_url: str, tmp_path: Path) -> None:
    other_url = f"sqlite:///{tmp_path / 'other.db'}"
    migrate(empty_url)
    migrate_from_nothing(other_url)

    new, migrated = sqlite_texts(empty_url), sqlite_texts(other_url)

    assert set(new) == set(migrated)
    assert {name for name, sql in new.items() if "WITHOUTROWID" in sql} == {"nonces"}
    assert {name for name, sql in migrated.items() if "WITHOUTROWID" in sql} == {"nonces"}


@ON_SQLITE
def test_a_database_in_memory_has_the_same_schema(empty_url: str, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    migrate(empty_url)

    driver = sqlite3.connect(other)
    for statement in memory_schema():
        driver.execute(statement)
    driver.close()

    assert sqlite_texts(f"sqlite:///{other}") == sqlite_texts(empty_url)


def test_the_newest_revision_is_the_one_that_the_program_expects() -> None:
    migrations = Path(callboard.database.__file__).parent / "migrations"

    assert ScriptDirectory(str(migrations)).get_heads() == [HEAD]


def test_a_second_migration_finds_nothing_to_do(empty_url: str) -> None:
    migrate(empty_url)

    assert migrate(empty_url) is False


def test_migrations_at_the_same_time_all_succeed_and_one_does_the_work(empty_url: str) -> None:
    start = threading.Barrier(4)

    def replica(_: int) -> bool:
        start.wait(20)
        return migrate(empty_url)

    with ThreadPoolExecutor(4) as pool:
        changed = list(pool.map(replica, range(4)))

    assert sorted(changed) == [False, False, False, True]
    assert tables(empty_url) == TABLES | {VERSION_TABLE}


def test_processes_that_open_a_new_database_together_are_all_served(empty_url: str) -> None:
    start = threading.Barrier(4)

    def replica(number: int) -> str:
        start.wait(20)
        migrate(empty_url)
        database = open_database(settings_of(empty_url))
        database.run(add(str(number)))
        database.close()
        return str(number)

    with ThreadPoolExecutor(4) as pool:
        served = list(pool.map(replica, range(4)))

    assert served == ["0", "1", "2", "3"]


def test_a_first_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    run(empty_url, "CREATE TABLE vault (strange INTEGER)")  # The last one to be made.

    with pytest.raises(StartupError, match="vault"):
        migrate(empty_url)

    assert tables(empty_url) == {"vault"}


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    run(
        empty_url,
        f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL)",
        "CREATE TABLE deletions (strange INTEGER)",
    )

    with pytest.raises(StartupError, match="deletions"):
        migrate(empty_url)

    assert tables(empty_url) == {"deletions", VERSION_TABLE}


def test_a_newer_database_is_refused_and_left_as_it_is(empty_url: str) -> None:
    migrate(empty_url)
    run(empty_url, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")

    with pytest.raises(StartupError, match=r"revision 9999, which is newer"):
        migrate(empty_url)

    assert revision(empty_url) == "9999"


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear reader, this is no database.\n" * 100)

    with pytest.raises(StartupError, match="not a database"):
        migrate(f"sqlite:///{file}")

    assert file.read_text() == "Dear reader, this is no database.\n" * 100


def test_a_folder_in_place_of_a_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="cannot be opened"):
        migrate(f"sqlite:///{tmp_path}")


def test_a_database_below_a_regular_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    url = f"sqlite:///{tmp_path / 'file' / 'callboard.db'}"

    with pytest.raises(StartupError):
        migrate(url)
    with pytest.raises(StartupError, match=re.escape(str(tmp_path / "file"))):
        open_database(settings_of(url))


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'not' / 'there' / 'callboard.db'}"

    assert migrate(url) is True

    assert tables(url) == TABLES | {VERSION_TABLE}


def test_a_server_that_is_not_there_is_refused_without_the_password() -> None:
    url = "postgresql://callboard:geheimnis@127.0.0.1:1/callboard"

    for attempt in (lambda: migrate(url), lambda: open_database(settings_of(url))):
        with pytest.raises(StartupError) as refusal:
            attempt()
        assert "127.0.0.1" in str(refusal.value)
        assert "geheimnis" not in str(refusal.value)
