"""SQL that searches the audit trail: newest first, a page at a time, in bounded work.

What an index serves (account, period, principal, resource) is sought; the other conditions are tried on the records
found there. So that a rare one cannot keep the database busy, a page looks at `EXAMINED` records at most, and may hold
fewer than it could, or none, though there are more to come.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import ColumnElement, bindparam, select, tuple_

from callboard.access import storage as access
from callboard.audit.storage import AuditRecord
from callboard.call import Moment
from callboard.database.statement import Connection, Statement
from callboard.database.tables import audit_records as table

EXAMINED = 50_000
ANY, NONE = "any", "none"
APART = ("operator", "owner")
"""Principals that are no RAM entity: who sits at the command line, and who confirms an address."""

KEY_PREFIXES = ("LTAI", "STS.")

_COLUMNS = (
    table.c.position,
    table.c.at,
    table.c.request_id,
    table.c.principal,
    table.c.access_key_id,
    table.c.source_address,
    table.c.action,
    table.c.resource,
    table.c.before,
    table.c.after,
    table.c.error,
    table.c.account_id,
    table.c.seal_number,
)
_SOUGHT: dict[str, ColumnElement[bool]] = {
    "account_id": table.c.account_id == bindparam("account_id"),
    "since": table.c.at >= bindparam("since"),
    "before": table.c.at < bindparam("before"),
    "principal": table.c.principal == bindparam("principal"),
    "resource": table.c.resource == bindparam("resource"),
}
_TRIED: dict[str, ColumnElement[bool]] = {
    "access_key_id": table.c.access_key_id == bindparam("access_key_id"),
    "action": table.c.action == bindparam("action"),
    "error": table.c.error == bindparam("error"),
    ANY: table.c.error.is_not(None),
    NONE: table.c.error.is_(None),
}
_ONE_ACCOUNT, _ALL_ACCOUNTS = (table.c.at, table.c.position), (table.c.position,)
"""The order of the records: by moment within an account; of all accounts by position, which needs no index more."""


class Query(Struct, frozen=True):
    """What is asked for: a condition that is None is none. Without an account, of every one: for operators alone."""

    account_id: str | None = None
    since: Moment | None = None
    before: Moment | None = None
    principal: str | None = None
    access_key_id: str | None = None
    action: str | None = None
    resource: str | None = None
    error: str | None = None
    """A code, or `any`, or `none`."""

    @property
    def conditions(self) -> dict[str, Any]:
        """By their names in `_SOUGHT` and `_TRIED`."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        return {(value if name == "error" and value in (ANY, NONE) else name): value for name, value in given.items()}


class Place(Struct, frozen=True):
    """A place in the order of the records: where a page ended."""

    at: Moment
    position: int


class Found(AuditRecord, frozen=True):
    """A record with its account, and its number in the chain once it has one."""

    account_id: str
    seal_number: int | None


def page(
    connection: Connection, query: Query, *, after: Place | None, limit: int, examined: int = EXAMINED
) -> tuple[list[Found], Place | None]:
    """Records, newest first, older than a place; and where to go on, if there may be more."""
    values = query.conditions
    sought, tried = frozenset(values.keys() & _SOUGHT.keys()), frozenset(values.keys() & _TRIED.keys())
    if after is not None:
        sought, values = sought | {"after"}, values | asdict(after)
    last = connection.one(_last_examined(sought), **values, examined=examined - 1) if tried else None
    if last is not None:
        sought, values = sought | {"last"}, values | {"last_at": last[0], "last_position": last[1]}
    rows = connection.all(_page(sought, tried), **values, limit=limit + 1)
    found = [Found(*row) for row in rows[:limit]]
    if len(rows) > limit:
        return found, Place(found[-1].at, found[-1].position)
    return found, None if last is None else Place(*last)


def of_actor(connection: Connection, query: Query, name: str) -> Query:
    """The query, for what one did: an ARN, a word of APART, an access key, `root`, or else a RAM user's name.

    A key that is deleted is known by its prefix alone.
    """
    if name in APART or name.startswith("acs:"):
        return replace(query, principal=name)
    key = access.find(connection, name)
    if name.startswith(KEY_PREFIXES) or (key is not None and query.account_id in (None, key.account_id)):
        return replace(query, access_key_id=name)
    return replace(query, principal=f"acs:ram::{query.account_id}:{name if name == 'root' else f'user/{name}'}")


@cache
def _last_examined(sought: frozenset[str]) -> Statement:
    """The last record that a page looks at, where there are so many: found in the index alone."""
    chosen = select(table.c.at, table.c.position).where(*_conditions(sought))
    return Statement(chosen.order_by(*_newest_first(sought)).limit(1).offset(bindparam("examined")))


@cache
def _page(sought: frozenset[str], tried: frozenset[str]) -> Statement:
    chosen = select(*_COLUMNS).where(*_conditions(sought), *(_TRIED[name] for name in sorted(tried)))
    return Statement(chosen.order_by(*_newest_first(sought)).limit(bindparam("limit")))


def _conditions(sought: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    yield from (_SOUGHT[name] for name in sorted(sought & _SOUGHT.keys()))
    order = _order(sought)
    if "after" in sought:
        yield tuple_(*order) < tuple_(*(bindparam(column.name) for column in order))
    if "last" in sought:
        yield tuple_(*order) >= tuple_(*(bindparam(f"last_{column.name}") for column in order))


def _order(sought: frozenset[str]) -> tuple[Any, ...]:
    return _ONE_ACCOUNT if "account_id" in sought else _ALL_ACCOUNTS


def _newest_first(sought: frozenset[str]) -> Iterator[ColumnElement[Any]]:
    return (column.desc() for column in _order(sought))
