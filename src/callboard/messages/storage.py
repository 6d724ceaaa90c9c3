"""SQL of messages. Every statement is held to one directory."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, delete, null, select, tuple_, update

from callboard.access.vault import Vault
from callboard.call import Moment
from callboard.database.statement import Connection, Row, Slots, Statement, insertion
from callboard.database.tables import messages
from callboard.errors import StartupError
from callboard.messages.rules import Kind, Severity
from callboard.messages.shapes import Body

BATCH = 1000
AT_ONCE = 20
EXAMINED = 1000
"""The most messages that a page looks at; of a rare type it may hold fewer than it could."""

_COLUMNS = (
    messages.c.message_id,
    messages.c.account_id,
    messages.c.message_type,
    messages.c.severity,
    messages.c.subject,
    messages.c.is_fallback,
    messages.c.created_at,
    messages.c.deadline_at,
    messages.c.kind,
    messages.c.run_id,
    messages.c.asks_acknowledgement,
    messages.c.acknowledged_at,
    messages.c.escalates_after_ms,
    messages.c.escalates_at,
    messages.c.told_from,
)
_ONE = (messages.c.directory_id == bindparam("directory_id"), messages.c.message_id == bindparam("message_id"))
_ADD = insertion(messages)
_FIND = Statement(select(*_COLUMNS, messages.c.body).where(*_ONE))
_DIRECTORY_OF = Statement(select(messages.c.directory_id).where(messages.c.message_id == bindparam("message_id")))
_KNOWN = Slots("message", AT_ONCE)
_FIND_ALL = Statement(
    select(messages.c.directory_id, *_COLUMNS, messages.c.body).where(messages.c.message_id.in_(_KNOWN.parameters))
)
_EXTEND = Statement(
    update(messages)
    .values(deadline_at=bindparam("deadline"))
    .where(messages.c.directory_id == bindparam("directory"), messages.c.message_id == bindparam("message"))
)
_DUE = Statement(
    select(messages.c.directory_id, messages.c.message_id)
    .where(messages.c.escalates_at <= bindparam("now"))
    .order_by(messages.c.escalates_at, messages.c.message_id)
    .limit(bindparam("limit"))
)
_CLIMB = Statement(
    update(messages)
    .values(escalates_at=bindparam("next_at"), told_from=bindparam("depth"))
    .where(messages.c.directory_id == bindparam("directory"), messages.c.message_id == bindparam("message"))
)
_ACKNOWLEDGE = Statement(
    update(messages)
    .values(acknowledged_at=bindparam("at"), escalates_at=null())
    .where(
        messages.c.directory_id == bindparam("directory"),
        messages.c.message_id == bindparam("message"),
        messages.c.acknowledged_at.is_(null()),
    )
)
_SOUGHT: dict[str, ColumnElement[bool]] = {
    "account_id": messages.c.account_id == bindparam("account_id"),
    "since": messages.c.created_at >= bindparam("since"),
    "before": messages.c.created_at < bindparam("before"),
    "after": tuple_(messages.c.created_at, messages.c.message_id)
    < tuple_(bindparam("after_created_at"), bindparam("after_message_id")),
}
_CLEAR = Statement(
    delete(messages).where(
        messages.c.message_id.in_(
            select(messages.c.message_id)
            .where(messages.c.created_at < bindparam("before"), messages.c.deadline_at < bindparam("before"))
            .limit(bindparam("limit"))
        )
    )
)


class Message(Struct, frozen=True):
    """A message, without what it says."""

    message_id: str
    account_id: str
    message_type: str
    severity: Severity
    subject: str
    is_fallback: bool
    """Whether it went to the fallback, as nobody would have been told."""
    created_at: Moment
    deadline_at: Moment
    kind: Kind = Kind.MESSAGE
    run_id: str | None = None
    """Of the drill's run that it belongs to."""
    asks_acknowledgement: bool = False
    acknowledged_at: Moment | None = None
    """When the first recipient did."""
    escalates_after_ms: int | None = None
    escalates_at: Moment | None = None
    """When those of the next scope upwards are told, unless somebody has acknowledged it by then."""
    told_from: int = 0
    """Who is told comes to the account by a scope at least so deep below the directory, which is 0."""


class Place(Struct, frozen=True):
    """A place in the order of messages: where a page ended."""

    created_at: Moment
    message_id: str


class Query(Struct, frozen=True):
    """Which messages are asked for: a condition that is None is none."""

    account_id: str | None = None
    message_type: str | None = None
    since: Moment | None = None
    before: Moment | None = None


def add(connection: Connection, vault: Vault, directory_id: str, message: Message, body: Body) -> None:
    sealed = vault.encrypt(msgspec.json.encode(body).decode(), belongs_to=message.message_id)
    values = {name: getattr(message, name) for name in message.__struct_fields__}
    values |= {"severity": message.severity.value, "kind": message.kind.value, "body": sealed}
    connection.run(_ADD, directory_id=directory_id, **values)


def find(connection: Connection, vault: Vault, directory_id: str, message_id: str) -> tuple[Message, Body] | None:
    row = connection.one(_FIND, directory_id=directory_id, message_id=message_id)
    if row is None:
        return None
    plain = vault.decrypt(row[-1], belongs_to=message_id)
    return _message(row[:-1]), _body(plain)


def known(connection: Connection, vault: Vault, message_ids: Iterable[str]) -> dict[str, tuple[str, Message, Body]]:
    """Messages by their ids, each with its directory. For the outbox, whose letters are of every directory.

    One that was encrypted with another master key is not there: it must not hold up the others.
    """
    ids, found = list(message_ids), {}
    for first in range(0, len(ids), AT_ONCE):
        for directory_id, *row in connection.all(_FIND_ALL, **_KNOWN.filled(ids[first : first + AT_ONCE])):
            try:
                plain = vault.decrypt(row[-1], belongs_to=row[0])
            except StartupError:
                continue
            found[str(row[0])] = (str(directory_id), _message(tuple(row[:-1])), _body(plain))
    return found


def directory_of(connection: Connection, message_id: str) -> str | None:
    """The directory of a message. For operators: it asks about every directory."""
    row = connection.one(_DIRECTORY_OF, message_id=message_id)
    return None if row is None else str(row[0])


def page(
    connection: Connection, directory_id: str, query: Query, *, after: Place | None, limit: int
) -> tuple[list[Message], Place | None]:
    """Messages, newest first, older than a place; and where to go on, if there may be more.

    Account and time are sought in an index; the type is tried on at most EXAMINED of what is found there.
    """
    sought = {"account_id": query.account_id, "since": query.since, "before": query.before}
    values: dict[str, Any] = {name: value for name, value in sought.items() if value is not None}
    names = frozenset(values)
    if after is not None:
        names |= {"after"}
        values |= {"after_created_at": after.created_at, "after_message_id": after.message_id}
    most = limit if query.message_type is None else EXAMINED
    examined = [
        _message(row) for row in connection.all(_page(names), directory_id=directory_id, limit=most + 1, **values)
    ]
    fitting = [each for each in examined[:most] if query.message_type in (None, each.message_type)]
    found = fitting[:limit]
    last = found[-1] if len(fitting) > limit else examined[:most][-1] if len(examined) > most else None
    return found, None if last is None else Place(last.created_at, last.message_id)


def extend(connection: Connection, directory_id: str, message_id: str, *, deadline_at: Moment) -> None:
    """Let a message be of use until another moment."""
    connection.run(_EXTEND, directory=directory_id, message=message_id, deadline=deadline_at)


def due(connection: Connection, *, now: Moment, limit: int) -> list[tuple[str, str]]:
    """Messages whose next step is due, of every directory, the most overdue first: directory and message."""
    return [(row[0], row[1]) for row in connection.all(_DUE, now=now, limit=limit)]


def climb(connection: Connection, directory_id: str, message_id: str, *, next_at: Moment | None, depth: int) -> None:
    """Keep from which depth on people have been told, and when the next step is due, if ever."""
    connection.run(_CLIMB, directory=directory_id, message=message_id, next_at=next_at, depth=depth)


def acknowledge(connection: Connection, directory_id: str, message_id: str, *, at: Moment) -> bool:
    """Keep that somebody has acknowledged a message, which escalates no more; false when somebody had before."""
    return connection.run(_ACKNOWLEDGE, directory=directory_id, message=message_id, at=at) == 1


def clear(connection: Connection, *, before: Moment) -> int:
    """Forget messages of before a moment, of no use since then, with their deliveries and keys: a batch; how many."""
    return connection.run(_CLEAR, before=before, limit=BATCH)


@cache
def _page(sought: frozenset[str]) -> Statement:
    conditions = [_SOUGHT[name] for name in sorted(sought)]
    chosen = select(*_COLUMNS).where(messages.c.directory_id == bindparam("directory_id"), *conditions)
    newest_first = (messages.c.created_at.desc(), messages.c.message_id.desc())
    return Statement(chosen.order_by(*newest_first).limit(bindparam("limit")))


def _body(plain: str) -> Body:
    return msgspec.json.decode(plain, type=Body)


def _message(row: Row) -> Message:
    (message_id, account_id, message_type, severity, subject, is_fallback, created_at, deadline_at, kind, *rest) = row
    run_id, asks_acknowledgement, acknowledged_at, escalates_after_ms, escalates_at, told_from = rest
    return Message(
        message_id=message_id,
        account_id=account_id,
        message_type=message_type,
        severity=Severity(severity),
        subject=subject,
        is_fallback=bool(is_fallback),
        created_at=created_at,
        deadline_at=deadline_at,
        kind=Kind(kind),
        run_id=run_id,
        asks_acknowledgement=bool(asks_acknowledgement),
        acknowledged_at=acknowledged_at,
        escalates_after_ms=escalates_after_ms,
        escalates_at=escalates_at,
        told_from=told_from,
    )
