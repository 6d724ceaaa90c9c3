"""SQL of drills and their runs. Every statement is held to one directory, but where a process looks for work."""

from msgspec import Struct
from sqlalchemy import bindparam, delete, func, select, tuple_, update

from callboard.call import Moment
from callboard.database.statement import Connection, Row, Statement, insertion
from callboard.database.tables import drill_runs, drills

BATCH = 1000
PUBLISHING = 0
"""In closes_at: messages of the run are still being published."""

_DRILL = (
    drills.c.drill_id,
    drills.c.name,
    drills.c.target_id,
    drills.c.message_type,
    drills.c.window_ms,
    drills.c.period_ms,
    drills.c.starts_at,
    drills.c.created_at,
)
_RUN = (drill_runs.c.run_id, drill_runs.c.drill_id, drill_runs.c.started_at, drill_runs.c.closes_at)
_OF_DIRECTORY = drills.c.directory_id == bindparam("directory_id")
_ONE = (_OF_DIRECTORY, drills.c.drill_id == bindparam("drill_id"))
_RUNS = (drill_runs.c.directory_id == bindparam("directory_id"), drill_runs.c.drill_id == bindparam("drill_id"))
_IS_PUBLISHING = drill_runs.c.closes_at == PUBLISHING

_ADD = insertion(drills)
_FIND = Statement(select(*_DRILL).where(*_ONE))
_DIRECTORY_OF = Statement(select(drills.c.directory_id).where(drills.c.drill_id == bindparam("drill_id")))
_EVERY = Statement(select(*_DRILL).where(_OF_DIRECTORY).order_by(drills.c.created_at, drills.c.drill_id))
_COUNT = Statement(select(func.count()).select_from(drills).where(_OF_DIRECTORY))
_REMOVE = Statement(delete(drills).where(*_ONE))
_IS_DUE = drills.c.starts_at <= bindparam("now")
_NEXT_DUE = Statement(select(drills.c.directory_id).where(_IS_DUE).order_by(drills.c.starts_at).limit(1))
_DUE = Statement(select(*_DRILL).where(_OF_DIRECTORY, _IS_DUE).order_by(drills.c.starts_at).limit(1))
_PUT_START = Statement(
    update(drills)
    .values(starts_at=bindparam("start"))
    .where(drills.c.directory_id == bindparam("directory"), drills.c.drill_id == bindparam("drill"))
)

_ADD_RUN = insertion(drill_runs)
_FIND_RUN = Statement(select(*_RUN).where(*_RUNS, drill_runs.c.run_id == bindparam("run_id")))
_ANY_PUBLISHING = Statement(select(drill_runs.c.run_id).where(*_RUNS, _IS_PUBLISHING).limit(1))
_NEXT_PUBLISHING = Statement(
    select(drill_runs.c.directory_id)
    .where(_IS_PUBLISHING, drill_runs.c.started_at <= bindparam("now"))
    .order_by(drill_runs.c.started_at)
    .limit(1)
)
_PUBLISHING = Statement(
    select(*_RUN)
    .where(drill_runs.c.directory_id == bindparam("directory_id"), _IS_PUBLISHING)
    .order_by(drill_runs.c.started_at, drill_runs.c.run_id)
    .limit(1)
)
_CLOSE = Statement(
    update(drill_runs)
    .values(closes_at=bindparam("closing"))
    .where(drill_runs.c.directory_id == bindparam("directory"), drill_runs.c.run_id == bindparam("run"))
)
_PAGE = Statement(
    select(*_RUN)
    .where(
        *_RUNS,
        tuple_(drill_runs.c.started_at, drill_runs.c.run_id) < tuple_(bindparam("after_at"), bindparam("after_id")),
    )
    .order_by(drill_runs.c.started_at.desc(), drill_runs.c.run_id.desc())
    .limit(bindparam("limit"))
)
_CLEAR = Statement(
    delete(drill_runs).where(
        tuple_(drill_runs.c.directory_id, drill_runs.c.run_id).in_(
            select(drill_runs.c.directory_id, drill_runs.c.run_id)
            .where(drill_runs.c.closes_at < bindparam("before"), drill_runs.c.closes_at != PUBLISHING)
            .limit(bindparam("limit"))
        )
    )
)


class Drill(Struct, frozen=True):
    """A drill, and when it is run next, if it is by itself."""

    drill_id: str
    name: str
    target_id: str
    message_type: str
    window_ms: int
    period_ms: int | None
    starts_at: Moment | None
    created_at: Moment


class Run(Struct, frozen=True):
    """One run of a drill."""

    run_id: str
    drill_id: str
    started_at: Moment
    closes_at: Moment = PUBLISHING

    @property
    def is_publishing(self) -> bool:
        return self.closes_at == PUBLISHING

    def is_over(self, *, now: Moment) -> bool:
        """Whether everybody's time is up."""
        return not self.is_publishing and self.closes_at <= now


class Place(Struct, frozen=True):
    """A place in the order of runs: where a page ended."""

    started_at: Moment
    run_id: str


NEWEST = Place(2**62, "")


def add(connection: Connection, directory_id: str, drill: Drill) -> None:
    connection.run(_ADD, directory_id=directory_id, **{name: getattr(drill, name) for name in drill.__struct_fields__})


def find(connection: Connection, directory_id: str, drill_id: str) -> Drill | None:
    return _drill(connection.one(_FIND, directory_id=directory_id, drill_id=drill_id))


def directory_of(connection: Connection, drill_id: str) -> str | None:
    """The directory of a drill. For operators: it asks about every directory."""
    row = connection.one(_DIRECTORY_OF, drill_id=drill_id)
    return None if row is None else str(row[0])


def every(connection: Connection, directory_id: str) -> list[Drill]:
    """Every drill of a directory, in the order in which they were made."""
    return [Drill(*row) for row in connection.all(_EVERY, directory_id=directory_id)]


def count(connection: Connection, directory_id: str) -> int:
    row = connection.one(_COUNT, directory_id=directory_id)
    return int(row[0]) if row else 0


def remove(connection: Connection, directory_id: str, drill_id: str) -> None:
    """Remove a drill with its runs; their messages stay."""
    connection.run(_REMOVE, directory_id=directory_id, drill_id=drill_id)


def next_due(connection: Connection, *, now: Moment) -> str | None:
    """The directory with the drill that has waited the longest for its start, if any is due."""
    row = connection.one(_NEXT_DUE, now=now)
    return None if row is None else str(row[0])


def due(connection: Connection, directory_id: str, *, now: Moment) -> Drill | None:
    return _drill(connection.one(_DUE, directory_id=directory_id, now=now))


def put_start(connection: Connection, directory_id: str, drill_id: str, starts_at: Moment | None) -> None:
    connection.run(_PUT_START, directory=directory_id, drill=drill_id, start=starts_at)


def add_run(connection: Connection, directory_id: str, run: Run) -> None:
    values = {name: getattr(run, name) for name in run.__struct_fields__}
    connection.run(_ADD_RUN, directory_id=directory_id, **values)


def find_run(connection: Connection, directory_id: str, drill_id: str, run_id: str) -> Run | None:
    return _run(connection.one(_FIND_RUN, directory_id=directory_id, drill_id=drill_id, run_id=run_id))


def has_publishing(connection: Connection, directory_id: str, drill_id: str) -> bool:
    """Whether messages of a run of the drill are still being published."""
    return connection.one(_ANY_PUBLISHING, directory_id=directory_id, drill_id=drill_id) is not None


def next_publishing(connection: Connection, *, now: Moment) -> str | None:
    """The directory with the oldest run that began before now and whose messages are still being published, if any."""
    row = connection.one(_NEXT_PUBLISHING, now=now)
    return None if row is None else str(row[0])


def publishing(connection: Connection, directory_id: str) -> Run | None:
    """The oldest run whose messages are still being published."""
    return _run(connection.one(_PUBLISHING, directory_id=directory_id))


def close(connection: Connection, directory_id: str, run_id: str, *, closes_at: Moment) -> None:
    """Keep that all is published, and until when people have time."""
    connection.run(_CLOSE, directory=directory_id, run=run_id, closing=closes_at)


def page(connection: Connection, directory_id: str, drill_id: str, *, after: Place, limit: int) -> list[Run]:
    """Runs of a drill, newest first, older than a place."""
    rows = connection.all(
        _PAGE,
        directory_id=directory_id,
        drill_id=drill_id,
        after_at=after.started_at,
        after_id=after.run_id,
        limit=limit,
    )
    return [Run(*row) for row in rows]


def clear(connection: Connection, *, before: Moment) -> int:
    """Forget runs that closed before a moment: a batch; how many."""
    return connection.run(_CLEAR, before=before, limit=BATCH)


def _drill(row: Row | None) -> Drill | None:
    return None if row is None else Drill(*row)


def _run(row: Row | None) -> Run | None:
    return None if row is None else Run(*row)
