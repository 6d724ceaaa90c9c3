"""Prebuilt statements: built once with SQLAlchemy Core, compiled once a dialect, run on the bare driver.

SQLAlchemy gives names that are checked against the schema and one text for both databases; the driver gives the
speed (docs/decisions/0002-bare-driver.md). A statement's parameters are named; a row is a plain tuple.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache, cached_property
from typing import Any, Protocol

from sqlalchemy import BindParameter, Executable, LargeBinary, Table, bindparam, insert
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


class Insertion(Statement):
    """A statement that adds a row with a value for each of these columns."""

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        super().__init__(insert(table).values({name: bindparam(name) for name in names}))
        self._table, self._names = table, names

    @cached_property
    def of_json(self) -> str:
        """The same for PostgreSQL and any number of rows, an array of JSON: half the time of row by row."""
        columns = [self._table.c[name] for name in self._names]
        is_binary = {column.name: isinstance(column.type, LargeBinary) for column in columns}
        types = {column.name: column.type.compile(dialect=_dialect("postgresql")) for column in columns}
        names = ", ".join(self._names)
        read = ", ".join(f"decode({name}, 'base64')" if is_binary[name] else name for name in self._names)
        shape = ", ".join(f"{name} {'TEXT' if is_binary[name] else types[name]}" for name in self._names)
        return (
            f"INSERT INTO {self._table.name} ({names}) "  # noqa: S608 (names of the schema)
            f"SELECT {read} FROM json_to_recordset(%(rows)s) AS given ({shape})"
        )


class Slots:
    """The places of a list of ids in a prebuilt statement: so many and no more, on both databases.

    `parameters` stand in the statement (`column.in_(slots.parameters)`), `filled` gives their values: the ids, and
    empty ones for the rest. The driver for PostgreSQL reads a statement of more than 50 parameters anew at each call.
    """

    def __init__(self, name: str, number: int) -> None:
        self._names = [f"{name}_{each}" for each in range(number)]
        self.parameters: list[BindParameter[str]] = [bindparam(each) for each in self._names]

    def filled(self, ids: Sequence[str]) -> dict[str, str]:
        if len(ids) > len(self._names):
            raise ValueError(f"there are {len(self._names)} places, and {len(ids)} ids")
        return dict(zip(self._names, [*ids, *[""] * (len(self._names) - len(ids))], strict=True))

    def batches(self, ids: Iterable[str]) -> Iterator[dict[str, str]]:
        """The same for any number of ids, each taken once: the values for one statement after the other."""
        every, number = list(dict.fromkeys(ids)), len(self._names)
        return (self.filled(every[start : start + number]) for start in range(0, len(every), number))


def insertion(table: Table, *, without: frozenset[str] = frozenset()) -> Insertion:
    """A statement that adds a row with a value for each column but those that the database fills in itself."""
    return Insertion(table, [column.name for column in table.columns if column.name not in without])


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

    def together(self) -> AbstractContextManager[object]:
        """A block of `run` and `run_all` that need no answers, so that PostgreSQL waits for none before its end.

        There `run` tells no number, and what goes wrong is an error of the driver, at the block's end at the latest.
        """


class Duplicate(Exception):
    """A value that must be unique is there already."""
