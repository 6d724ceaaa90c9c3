"""Prebuilt statements: built once with SQLAlchemy Core, compiled once a dialect, run on the bare driver.

SQLAlchemy gives names that are checked against the schema and one text for both databases; the driver gives the
speed (docs/decisions/0002-bare-driver.md). A statement's parameters are named; a row is a plain tuple.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from sqlalchemy import BindParameter, Executable, Table, bindparam, insert
from sqlalchemy.engine.interfaces import Dialect

Row = tuple[Any, ...]


class Statement:
    """One statement of a `storage.py`, kept as a module constant."""

    def __init__(self, expression: Executable) -> None:
        self._expression = expression
        self._compiled: dict[str, tuple[str, dict[str, Any]]] = {}

    def compiled(self, dialect: str) -> tuple[str, dict[str, Any]]:
        """The text for a dialect, and the values that the statement itself holds."""
        known = self._compiled.get(dialect)
        return known if known is not None else self._compiled.setdefault(dialect, self._compile(dialect))

    def _compile(self, dialect: str) -> tuple[str, dict[str, Any]]:
        compiled = self._expression.compile(dialect=_dialect(dialect))  # type: ignore[attr-defined]
        if "POSTCOMPILE" in str(compiled):
            raise TypeError(f"A list of any length has no place in a prebuilt statement: {compiled}")
        own = {name: value for name, value in compiled.params.items() if value is not None}
        return str(compiled), own


class Slots:
    """The places of a list of ids in a prebuilt statement: so many and no more, on both databases.

    `parameters` stand in the statement (`column.in_(slots.parameters)`), `filled` gives their values: the ids, and
    empty ones for the rest.
    """

    def __init__(self, name: str, number: int) -> None:
        self._names = [f"{name}_{each}" for each in range(number)]
        self.parameters: list[BindParameter[str]] = [bindparam(each) for each in self._names]

    def filled(self, ids: Sequence[str]) -> dict[str, str]:
        if len(ids) > len(self._names):
            raise ValueError(f"there are {len(self._names)} places, and {len(ids)} ids")
        return dict(zip(self._names, [*ids, *[""] * (len(self._names) - len(ids))], strict=True))


def insertion(table: Table, *, without: frozenset[str] = frozenset()) -> Statement:
    """A statement that adds a row with a value for each column but those that the database fills in itself."""
    names = [column.name for column in table.columns if column.name not in without]
    return Statement(insert(table).values({name: bindparam(name) for name in names}))


@cache
def _dialect(name: str) -> Dialect:
    if name == "sqlite":
        from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

        return SQLiteDialect_pysqlite(paramstyle="named")
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

    return PGDialect_psycopg()  # type: ignore[no-untyped-call]


class Connection(Protocol):
    """One open transaction, as handlers and storage functions see it. They never commit."""

    dialect: str

    def one(self, statement: Statement, **values: object) -> Row | None:
        """The first row, or None."""

    def all(self, statement: Statement, **values: object) -> list[Row]:
        """Every row."""

    def run(self, statement: Statement, **values: object) -> int:
        """Run for effect: the number of rows concerned. Raises Duplicate when a unique value stands already."""

    def run_all(self, statement: Statement, rows: Sequence[Mapping[str, object]]) -> None:
        """Run for the effect of each set of values: cheaper than one by one. Raises Duplicate as `run` does."""


class Duplicate(Exception):
    """A value that must be unique is there already."""
