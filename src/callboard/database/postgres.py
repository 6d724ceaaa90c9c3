"""PostgreSQL, and engines that speak its protocol: a few threads, each with a connection, a transaction a call.

Nothing that matters lives in this process, so any number of replicas may serve one database.
"""

import random
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import msgspec
import psycopg
from psycopg import errors

from callboard.database.guard import BEGIN_ON_POSTGRESQL, Guard
from callboard.database.jobs import Job, Queue, Result, Work
from callboard.database.statement import Duplicate, Insertion, Row, Statement
from callboard.errors import Conflict, StartupError, Unavailable

ATTEMPTS = 5
CONNECT_TIMEOUT_S = 5
RETRYABLE = (errors.SerializationFailure, errors.DeadlockDetected)


class OutcomeUnknown(Exception):
    """The connection broke while the transaction was being committed: it may have been kept, or not."""


class PostgresConnection:
    """The transaction that is open in this thread."""

    dialect = "postgresql"

    def __init__(self, cursor: psycopg.Cursor[Row]) -> None:
        self.cursor = cursor

    def one(self, statement: Statement, **values: object) -> Row | None:
        text, own = statement.compiled("postgresql")
        return self.cursor.execute(text.encode(), own | values if own else values).fetchone()

    def all(self, statement: Statement, **values: object) -> list[Row]:
        text, own = statement.compiled("postgresql")
        return self.cursor.execute(text.encode(), own | values if own else values).fetchall()

    def run(self, statement: Statement, **values: object) -> int:
        text, own = statement.compiled("postgresql")
        try:
            return self.cursor.execute(text.encode(), own | values if own else values).rowcount
        except errors.UniqueViolation as error:
            raise Duplicate(str(error)) from error

    def run_all(self, statement: Statement, rows: Sequence[Mapping[str, object]]) -> None:
        try:
            if isinstance(statement, Insertion):
                self.cursor.execute(statement.of_json.encode(), {"rows": msgspec.json.encode(rows).decode()})
                return
            text, own = statement.compiled("postgresql")
            self.cursor.executemany(text.encode(), [{**own, **values} for values in rows] if own else rows)
        except errors.UniqueViolation as error:
            raise Duplicate(str(error)) from error

    def together(self) -> AbstractContextManager[object]:
        return self.cursor.connection.pipeline()


class PostgresDatabase:
    """A pool of threads with a connection each."""

    def __init__(self, url: str, *, connections: int, lock_timeout_ms: int) -> None:
        self._jobs, self._guard = Queue(), Guard()
        self._threads = [
            PostgresThread(url, self._jobs, self._guard, lock_timeout_ms, number) for number in range(connections)
        ]
        try:
            self._threads[0].connect()
        except psycopg.Error as error:
            raise StartupError(f"PostgreSQL cannot be reached: {_first_line(error)}") from error
        for thread in self._threads:
            thread.start()

    async def transact(self, work: Work[Result], *, first: Work[None] | None = None, reads: bool = False) -> Result:
        del reads  # Readers and writers do not stand in each other's way here.
        job = Job(work, first)
        future = job.awaited()
        self._jobs.put_soon(job)
        result: Result = await future
        return result

    def run(self, work: Work[Result]) -> Result:
        job = Job(work).blocking()
        self._jobs.hand_over(job)
        result: Result = job.wait()
        return result

    def expect(self, fingerprint: str) -> None:
        self._guard.fingerprint = fingerprint

    def close(self) -> None:
        self._jobs.end(self._threads)


class PostgresThread(threading.Thread):
    """Takes jobs one after the other, on a connection of its own that it opens anew when it broke."""

    def __init__(self, url: str, jobs: Queue, guard: Guard, lock_timeout_ms: int, number: int) -> None:
        super().__init__(name=f"postgres-{number}", daemon=True)
        self._url, self._jobs, self._guard, self._lock_timeout_ms = url, jobs, guard, lock_timeout_ms
        self._driver: psycopg.Connection[Row] | None = None

    def run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job.result = self._finished(job)
            except BaseException as error:
                job.error = _translated(error)
            Job.finish([job])
        if self._driver is not None:
            self._driver.close()

    def connect(self) -> psycopg.Connection[Row]:
        self._driver = psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S)
        self._driver.execute(f"SET lock_timeout = {self._lock_timeout_ms:d}")
        return self._driver

    def _finished(self, job: Job) -> Any:
        """The job's result. A connection that broke before COMMIT has changed nothing, so the job is run once
        more on a new one: a database that was restarted costs nobody a call.
        """
        if self._driver is not None and not self._driver.closed:
            try:
                return _attempt(self._driver, job, self._guard)
            except psycopg.OperationalError:
                if not self._driver.closed:
                    raise
        return _attempt(self.connect(), job, self._guard)


def _attempt(driver: psycopg.Connection[Row], job: Job, guard: Guard) -> Any:
    """Run the job, again after a serialization failure; what it refuses leaves `first` behind."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with driver.cursor() as cursor:
                return _transaction(cursor, job, guard)
        except RETRYABLE:
            if attempt == ATTEMPTS:
                raise
            time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 (jitter, no secret)
    raise AssertionError("unreachable")


def _transaction(cursor: psycopg.Cursor[Row], job: Job, guard: Guard) -> Any:
    connection = PostgresConnection(cursor)
    has_first_run = False
    try:
        _begin(cursor, guard)
        if job.first is not None:
            job.first(connection)
            has_first_run = True
        result = job.work(connection)
    except BaseException as error:
        if cursor.connection.closed:
            raise
        cursor.execute("ROLLBACK")
        # A refusal undoes its own work and keeps `first`. Whoever sent the same `first` in between has won,
        # and this call then says so instead: each nonce is taken once.
        if job.first is not None and has_first_run and not isinstance(error, psycopg.Error):
            with cursor.connection.transaction():
                job.first(connection)
        raise
    try:
        cursor.execute("COMMIT")
    except psycopg.OperationalError as error:
        if cursor.connection.closed:
            raise OutcomeUnknown(_first_line(error)) from error
        raise
    return result


def _begin(cursor: psycopg.Cursor[Row], guard: Guard) -> None:
    if not guard.is_on:
        cursor.execute("BEGIN")
        return
    cursor.execute(BEGIN_ON_POSTGRESQL.encode(), prepare=False)  # Several statements cannot be prepared as one.
    while cursor.nextset():
        continue
    guard.check(cursor.fetchone())


def _translated(error: BaseException) -> BaseException:
    if isinstance(error, (errors.LockNotAvailable, *RETRYABLE)):
        return Conflict(_first_line(error))
    if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
        return Unavailable(_first_line(error))
    return error


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
