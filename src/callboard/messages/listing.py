"""SQL that lists deliveries: newest first, a page at a time, in bounded work. Every statement is held to one directory.

Those of a contact, or of a message, are sought in an index, by their own moments. Others, of an account or all, are
found by way of their messages, by the messages' moments. The other conditions are tried on at most EXAMINED of what is
found there.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from msgspec import Struct
from sqlalchemy import BindParameter, ColumnElement, bindparam, select, tuple_

from callboard.call import Moment
from callboard.database.statement import Connection, Row, Statement
from callboard.database.tables import deliveries, letters, messages
from callboard.messages.deliveries import STANDING, Standing, standing_of

EXAMINED = 1000
"""The most deliveries that a page looks at; of a rare kind it may hold fewer than it could."""

_ABOUT = (
    messages.c.account_id,
    messages.c.message_type,
    messages.c.severity,
    messages.c.subject,
    messages.c.kind,
    messages.c.created_at,
)
_LETTER = letters.c.letter_id == deliveries.c.letter_id
_MESSAGE = (messages.c.directory_id == deliveries.c.directory_id) & (messages.c.message_id == deliveries.c.message_id)
_BY_MOMENT = (deliveries.c.created_at, deliveries.c.delivery_id)
_AFTER = ("after_at", "after_message_id", "after_delivery_id")


class About(Struct, frozen=True):
    """What the message of a delivery is."""

    account_id: str
    message_type: str
    severity: str
    subject: str
    kind: str
    created_at: Moment


class Listed(Struct, frozen=True):
    """A delivery, and what its message is."""

    at: Moment
    """When it was made."""
    standing: Standing
    about: About


class Place(Struct, frozen=True):
    """A place in the order of deliveries: where a page ended. The moment is the delivery's, or its message's."""

    at: Moment
    message_id: str
    delivery_id: str


_NEWEST = Place(10**15, "", "")
"""Before all others: given a place to go on after, SQLite goes along the index of messages from the first page on."""


class Query(Struct, frozen=True):
    """Which deliveries are asked for: a condition that is None is none."""

    contact_id: str | None = None
    message_id: str | None = None
    account_id: str | None = None
    message_type: str | None = None
    since: Moment | None = None
    before: Moment | None = None

    @property
    def is_by_message(self) -> bool:
        return self.contact_id is None and self.message_id is None

    @property
    def tried(self) -> tuple[str, ...]:
        """The conditions that no index is asked for."""
        return ("message_type",) if self.is_by_message else ("account_id", "message_type")

    def fits(self, found: Listed) -> bool:
        return self.account_id in (None, found.about.account_id) and (
            self.message_type in (None, found.about.message_type)
        )


def page(
    connection: Connection,
    directory_id: str,
    query: Query,
    *,
    after: Place | None,
    limit: int,
    fits: Callable[[Standing], bool] | None = None,
) -> tuple[list[Listed], Place | None]:
    """Deliveries, newest first, older than a place; and where to go on, if there may be more."""
    given = {name: getattr(query, name) for name in query.__struct_fields__}
    values = {name: value for name, value in given.items() if value is not None}
    tried = {name for name in query.tried if values.pop(name, None) is not None}
    most = EXAMINED if tried or fits is not None else limit
    names = frozenset(values)
    if query.is_by_message:
        after = after or _NEWEST
    if after is not None:
        names |= {"after"}
        values |= dict(zip(_AFTER, (after.at, after.message_id, after.delivery_id), strict=True))
    statement = _by_messages(names) if query.is_by_message else _by_moments(names)
    rows = connection.all(statement, directory_id=directory_id, limit=most + 1, **values)
    examined = [_listed(row) for row in rows[:most]]
    fitting = [each for each in examined if query.fits(each) and (fits is None or fits(each.standing))]
    if len(fitting) > limit:
        return fitting[:limit], _place(query, fitting[limit - 1])
    return fitting, _place(query, examined[-1]) if len(rows) > most else None


@cache
def _by_moments(sought: frozenset[str]) -> Statement:
    """The deliveries of a contact, or of a message."""
    conditions: dict[str, ColumnElement[bool]] = {
        "contact_id": deliveries.c.contact_id == bindparam("contact_id"),
        "message_id": deliveries.c.message_id == bindparam("message_id"),
        "since": deliveries.c.created_at >= bindparam("since"),
        "before": deliveries.c.created_at < bindparam("before"),
        "after": tuple_(*_BY_MOMENT) < tuple_(bindparam("after_at"), bindparam("after_delivery_id")),
    }
    chosen = (
        select(deliveries.c.created_at, *_ABOUT, *STANDING)
        .join(messages, _MESSAGE)
        .outerjoin(letters, _LETTER)
        .where(deliveries.c.directory_id == bindparam("directory_id"), *(conditions[each] for each in sorted(sought)))
    )
    return Statement(chosen.order_by(*(each.desc() for each in _BY_MOMENT)).limit(bindparam("limit")))


@cache
def _by_messages(sought: frozenset[str]) -> Statement:
    """All deliveries, in the order of their messages, which an index gives: only one message's are sorted at a time."""
    order = (messages.c.created_at, messages.c.message_id, deliveries.c.delivery_id)
    place: list[BindParameter[Any]] = [bindparam(each) for each in _AFTER]
    conditions: dict[str, ColumnElement[bool]] = {
        "account_id": messages.c.account_id == bindparam("account_id"),
        "since": messages.c.created_at >= bindparam("since"),
        "before": messages.c.created_at < bindparam("before"),
        # The first part is what the index is asked for.
        "after": (tuple_(*order[:2]) <= tuple_(*place[:2])) & (tuple_(*order) < tuple_(*place)),
    }
    chosen = (
        select(deliveries.c.created_at, *_ABOUT, *STANDING)
        .select_from(messages)
        .join(deliveries, _MESSAGE)
        .outerjoin(letters, _LETTER)
        .where(messages.c.directory_id == bindparam("directory_id"), *(conditions[each] for each in sorted(sought)))
    )
    return Statement(chosen.order_by(*(each.desc() for each in order)).limit(bindparam("limit")))


def _listed(row: Row) -> Listed:
    at, *rest = row
    return Listed(at, standing_of(tuple(rest[len(_ABOUT) :])), About(*rest[: len(_ABOUT)]))


def _place(query: Query, last: Listed) -> Place:
    at: Any = last.about.created_at if query.is_by_message else last.at
    return Place(at, last.standing.message_id, last.standing.delivery_id)
