"""SQLite, the embedded default: one writer thread that commits concurrent calls together, and a few readers.

Each call runs in a savepoint of its own; one fsync makes the batch durable, and only then the answers go out.
"""

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from queue import Empty

from callboard.database.guard import FINGERPRINT, Guard
from callboard.database.jobs import Job, Queue, Result, Work
from callboard.database.statement import Duplicate, Row, Statement
from callboard.errors import Conflict, StartupError, Unavailable

READERS = 2
BATCH = 512
MEMORY = ":memory:"


class SqliteConnection:
    """The transaction that is open in this thread."""

    dialect = "sqlite"

    def __init__(self, driver: sqlite3.Connection) -> None:
        self.driver = driver

    def one(self, statement: Statement, **values: object) -> Row | None:
        text, own = statement.compiled("sqlite")
        row: Row | None = self.driver.execute(text, own | values if own else values).fetchone()
        return row

    def all(self, statement: Statement, **values: object) -> list[Row]:
        text, own = statement.compiled("sqlite")
        return self.driver.execute(text, own | values if own else values).fetchall()

    def run(self, statement: Statement, **values: object) -> int:
        text, own = statement.compiled("sqlite")
        try:
            return self.driver.execute(text, own | values if own else values).rowcount
        except sqlite3.IntegrityError as error:
            _check_unique(error)
            raise

    def run_all(self, statement: Statement, rows: Sequence[Mapping[str, object]]) -> None:
        text, own = statement.compiled("sqlite")
        try:
            self.driver.executemany(text, [{**own, **values} for values in rows] if own else rows)
        except sqlite3.IntegrityError as error:
            _check_unique(error)
            raise

    def together(self) -> AbstractContextManager[object]:
        return nullcontext()


class SqliteDatabase:
    """A database file, or `:memory:` for tests, where one thread does everything."""

    def __init__(self, path: str, *, busy_timeout_ms: int) -> None:
        self._path, self._busy_timeout_ms = path, busy_timeout_ms
        self._guard = Guard()
        self._writes = Queue()
        self._reads = Queue()
        readers = 0 if path == MEMORY else READERS
        writer = self._open()
        loops = [(self._write, writer)] + [(self._read, self._open(query_only=True)) for _ in range(readers)]
        self._has_readers = readers > 0
        self._threads = [
            threading.Thread(target=loop, args=(driver,), name=f"sqlite-{number}", daemon=True)
            for number, (loop, driver) in enumerate(loops)
        ]
        for thread in self._threads:
            thread.start()

    async def transact(self, work: Work[Result], *, first: Work[None] | None = None, reads: bool = False) -> Result:
        if not (reads and self._has_readers):
            return await self._submit(self._writes, work, first)
        if first is not None:
            await self._submit(self._writes, first)
        return await self._submit(self._reads, work)

    def run(self, work: Work[Result]) -> Result:
        job = Job(work).blocking()
        self._writes.hand_over(job)
        result: Result = job.wait()
        return result

    def expect(self, fingerprint: str) -> None:
        self._guard.fingerprint = fingerprint

    def close(self) -> None:
        self._writes.end(self._threads[:1])
        self._reads.end(self._threads[1:])

    @staticmethod
    async def _submit(queue: Queue, work: Work[Result], first: Work[None] | None = None) -> Result:
        job = Job(work, first)
        future = job.awaited()
        queue.put_soon(job)
        result: Result = await future
        return result

    def _open(self, *, query_only: bool = False) -> sqlite3.Connection:
        try:
            driver = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, cached_statements=512)
            driver.execute(f"PRAGMA busy_timeout = {self._busy_timeout_ms:d}")
            driver.execute("PRAGMA journal_mode = WAL")
            driver.execute("PRAGMA synchronous = FULL")
            driver.execute("PRAGMA foreign_keys = ON")
            if query_only:
                driver.execute("PRAGMA query_only = ON")
        except sqlite3.Error as error:
            raise StartupError(f"The database {self._path} cannot be opened: {error}.") from error
        return driver

    def _write(self, driver: sqlite3.Connection) -> None:
        connection, is_open = SqliteConnection(driver), True
        while is_open:
            batch, is_open = _gather(self._writes)
            if batch:
                _commit_together(connection, batch, self._guard)
                Job.finish(batch)
        driver.close()

    def _read(self, driver: sqlite3.Connection) -> None:
        connection = SqliteConnection(driver)
        while (job := self._reads.get()) is not None:
            try:
                driver.execute("BEGIN")
                _check(driver, self._guard)
                job.result = job.work(connection)
            except BaseException as error:
                job.error = _translated(error)
            finally:
                if driver.in_transaction:
                    driver.execute("ROLLBACK")
            Job.finish([job])
        driver.close()


def _check_unique(error: sqlite3.IntegrityError) -> None:
    if "UNIQUE" in str(error):
        raise Duplicate(str(error)) from error


def _gather(queue: Queue) -> tuple[list[Job], bool]:
    """Wait for a job, and take along what else waits: the batch, and whether more is to come."""
    batch: list[Job] = []
    job = queue.get()
    while job is not None:
        batch.append(job)
        if len(batch) == BATCH:
            return batch, True
        try:
            job = queue.get_nowait()
        except Empty:
            return batch, True
    return batch, False


def _commit_together(connection: SqliteConnection, batch: list[Job], guard: Guard) -> None:
    driver = connection.driver
    try:
        driver.execute("BEGIN IMMEDIATE")
        _check(driver, guard)
        for job in batch:
            _run_apart(connection, job)
            if not driver.in_transaction:  # A full disk or an I/O error has rolled back the whole batch.
                raise job.error or Unavailable("the transaction was rolled back")
        driver.execute("COMMIT")
    except BaseException as error:
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        failure = _translated(error)
        for job in batch:
            job.error = failure


def _check(driver: sqlite3.Connection, guard: Guard) -> None:
    if guard.is_on:
        guard.check(driver.execute(FINGERPRINT).fetchone())


def _run_apart(connection: SqliteConnection, job: Job) -> None:
    """Run one job so that its failure undoes its own work, and nothing of its neighbours'."""
    driver = connection.driver
    try:
        if job.first is not None:
            job.first(connection)
        driver.execute("SAVEPOINT job")
    except BaseException as error:
        job.error = _translated(error)
        return
    try:
        job.result = job.work(connection)
        driver.execute("RELEASE job")
    except BaseException as error:
        job.error = _translated(error)
        if driver.in_transaction:
            driver.execute("ROLLBACK TO job")
            driver.execute("RELEASE job")


def _translated(error: BaseException) -> BaseException:
    if isinstance(error, sqlite3.OperationalError):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return Conflict(str(error))
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            return Unavailable(str(error))
    return error
