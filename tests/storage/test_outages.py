"""What a database answers when it is locked, gone or full, and that it goes on by itself afterwards."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import make_url, text

from callboard.access import storage as access
from callboard.database.engine import Database, open_database
from callboard.database.statement import Connection, Statement
from callboard.errors import Conflict, Unavailable
from callboard.settings import Settings
from callboard.tree import directories
from tests.storage.work import NOW, add, add_directory, are_there, together, use

ON_SQLITE = pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("empty_url", ["postgresql"], indirect=True)
BACKEND = Statement(text("SELECT pg_backend_pid()"))


@contextmanager
def another_writer(url: str, postgres_statement: str) -> Iterator[None]:
    """Another process's open transaction, which holds the SQLite database, or the rows of a statement."""
    if url.startswith("sqlite"):
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()
    else:
        with psycopg.connect(url) as connection:
            connection.execute(postgres_statement.encode())
            yield
            connection.rollback()


def terminate(url: str, pid: int | None = None) -> None:
    """End one server connection of the database, or every one of them."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND pid = coalesce(%s, pid)",
            [pid],
        )


def accept_connections(url: str, *, is_open: bool) -> None:
    """Let clients into the database, or refuse them all."""
    name = make_url(url).database
    with psycopg.connect(make_url(url).set(database="postgres").render_as_string(False), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {is_open}".encode())


def until_served(database: Database, work: Callable[[Connection], str], *, tries: int) -> str:
    """The first answer that is not Unavailable."""
    for _ in range(tries):
        (answer,) = together(database, [work])
        if not isinstance(answer, Unavailable):
            return str(answer)
    raise AssertionError(f"unavailable {tries} times")


def test_a_lock_held_elsewhere_for_too_long_is_a_conflict_and_the_next_call_is_served(
    database: Database, empty_url: str
) -> None:
    made = add_directory(database)

    def lock(connection: Connection) -> str:
        directories.lock(connection, made.directory_id)
        return "locked"

    with another_writer(empty_url, "SELECT * FROM directories FOR UPDATE"):
        (during,) = together(database, [lock])
    (after,) = together(database, [lock])

    assert isinstance(during, Conflict)
    assert after == "locked"


def test_a_nonce_that_another_replica_is_just_using_is_a_conflict_in_the_end(
    database: Database, empty_url: str
) -> None:
    insert = f"INSERT INTO nonces (digest, expires_at) VALUES ('{'n' * 16}', 1)"

    with another_writer(empty_url, insert):
        (answer,) = together(database, [add("1")], first=use(b"n" * 16))

    assert isinstance(answer, Conflict)
    assert are_there(database, ["1"]) == [False]


@ON_POSTGRESQL
def test_calls_are_served_again_after_the_server_ended_every_connection(database: Database, empty_url: str) -> None:
    together(database, [add(str(number)) for number in range(20)])
    terminate(empty_url)

    answer = until_served(database, add("back"), tries=5)

    assert answer == "back"
    assert are_there(database, ["back"]) == [True]


@ON_POSTGRESQL
def test_a_connection_that_ends_amid_the_work_is_unavailable_and_nothing_is_kept(
    database: Database, empty_url: str
) -> None:
    def work(connection: Connection) -> None:
        add("1")(connection)
        row = connection.one(BACKEND)
        assert row is not None
        terminate(empty_url, pid=row[0])
        add("2")(connection)

    (answer,) = together(database, [work], first=use(b"n" * 16))

    assert isinstance(answer, Unavailable)
    assert until_served(database, add("3"), tries=5) == "3"
    assert are_there(database, ["1", "2"]) == [False, False]
    assert database.run(lambda connection: access.use_nonce(connection, b"n" * 16, expires_at=NOW)) is True


@ON_POSTGRESQL
def test_a_database_that_refuses_connections_is_unavailable_until_it_takes_them_again(
    database: Database, empty_url: str
) -> None:
    accept_connections(empty_url, is_open=False)
    terminate_from_outside(empty_url)

    during = together(database, [add(str(number)) for number in range(8)])
    accept_connections(empty_url, is_open=True)
    after = until_served(database, add("back"), tries=5)

    assert all(isinstance(answer, Unavailable) for answer in during)
    assert after == "back"
    assert not any(are_there(database, [str(number) for number in range(8)]))


def terminate_from_outside(url: str) -> None:
    """End every connection of a database that lets nobody in."""
    made = make_url(url)
    with psycopg.connect(made.set(database="postgres").render_as_string(False), autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [made.database]
        )


@ON_POSTGRESQL
def test_a_serialization_failure_is_tried_again_until_it_succeeds(database: Database) -> None:
    attempts: list[int] = []

    def work(connection: Connection) -> str:
        attempts.append(1)
        add(str(len(attempts)))(connection)
        if len(attempts) < 3:
            raise psycopg.errors.SerializationFailure
        return "done"

    (answer,) = together(database, [work], first=use(b"n" * 16))

    assert answer == "done"
    assert are_there(database, ["1", "2", "3"]) == [False, False, True]


@ON_POSTGRESQL
def test_a_serialization_failure_without_end_is_a_conflict(database: Database) -> None:
    def work(connection: Connection) -> None:
        add("1")(connection)
        raise psycopg.errors.SerializationFailure

    (answer,) = together(database, [work])

    assert isinstance(answer, Conflict)
    assert are_there(database, ["1"]) == [False]


@ON_POSTGRESQL
def test_two_calls_that_lock_each_other_out_both_succeed(migrated: Settings, empty_url: str) -> None:
    with psycopg.connect(empty_url, autocommit=True) as server:
        name = make_url(empty_url).database
        server.execute(f"ALTER DATABASE {name} SET deadlock_timeout = '20ms'".encode())
    database = open_database(migrated)
    one, two = add_directory(database, 1), add_directory(database, 2)
    meeting = threading.Barrier(2)
    attempts: list[str] = []

    def work(*ids: str) -> Callable[[Connection], str]:
        def locking(connection: Connection) -> str:
            attempts.append(ids[0])
            directories.lock(connection, ids[0])
            if attempts.count(ids[0]) == 1:
                meeting.wait(20)
            directories.lock(connection, ids[1])
            return ids[0]

        return locking

    answers = together(database, [work(one.directory_id, two.directory_id), work(two.directory_id, one.directory_id)])
    database.close()

    assert answers == [one.directory_id, two.directory_id]
    assert len(attempts) > 2


@ON_SQLITE
def test_a_full_disk_is_unavailable_and_what_was_acknowledged_stays(database: Database) -> None:
    early = [str(number) for number in range(50)]
    together(database, [add(each) for each in early])
    free_pages(database, 2)
    late = [f"{number:030}" for number in range(100, 1000)]

    answers = [together(database, [add(each) for each in late[start:][:30]]) for start in range(0, len(late), 30)]

    outcomes = [answer for batch in answers for answer in batch]
    refused = [answer for answer in outcomes if isinstance(answer, Exception)]
    assert refused
    assert {type(answer) for answer in refused} == {Unavailable}
    assert all(are_there(database, early))
    assert are_there(database, late) == [not isinstance(answer, Exception) for answer in outcomes]


@ON_SQLITE
def test_calls_are_served_again_once_the_disk_has_space(database: Database) -> None:
    ids = [f"{number:030}" for number in range(1000)]
    free_pages(database, 0)
    assert any(isinstance(answer, Unavailable) for answer in together(database, [add(each) for each in ids]))

    free_pages(database, 10_000)

    assert together(database, [add("back")]) == ["back"]
    assert are_there(database, ["back"]) == [True]


def free_pages(database: Database, number: int) -> None:
    """Let the database grow by so many pages and no more."""

    def limit(connection: Connection) -> None:
        row = connection.one(Statement(text("PRAGMA page_count")))
        assert row is not None
        connection.all(Statement(text(f"PRAGMA max_page_count = {row[0] + number}")))

    database.run(limit)
