"""SQL of messages. Every statement is held to one directory."""

from functools import cache
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, delete, select, tuple_, update

from callboard.access.vault import Vault
from callboard.call import Moment
from callboard.database.statement import Connection, Row, Statement, insertion
from callboard.database.tables import messages
from callboard.messages.rules import Severity
from callboard.messages.shapes import Body

BATCH = 1000
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
)
_ONE = (messages.c.directory_id == bindparam("directory_id"), messages.c.message_id == bindparam("message_id"))
_ADD = insertion(messages)
_FIND = Statement(select(*_COLUMNS, messages.c.body).where(*_ONE))
_DIRECTORY_OF = Statement(select(messages.c.directory_id).where(messages.c.message_id == bindparam("message_id")))
_EXTEND = Statement(
    update(messages)
    .values(deadline_at=bindparam("deadline"))
    .where(messages.c.directory_id == bindparam("directory"), messages.c.message_id == bindparam("message"))
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
    connection.run(
        _ADD,
        directory_id=directory_id,
        message_id=message.message_id,
        account_id=message.account_id,
        message_type=message.message_type,
        severity=message.severity.value,
        subject=message.subject,
        body=vault.encrypt(msgspec.json.encode(body).decode(), belongs_to=message.message_id),
        is_fallback=message.is_fallback,
        created_at=message.created_at,
        deadline_at=message.deadline_at,
    )


def find(connection: Connection, vault: Vault, directory_id: str, message_id: str) -> tuple[Message, Body] | None:
    row = connection.one(_FIND, directory_id=directory_id, message_id=message_id)
    if row is None:
        return None
    plain = vault.decrypt(row[-1], belongs_to=message_id)
    return _message(row[:-1]), msgspec.json.decode(plain, type=Body)


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


def clear(connection: Connection, *, before: Moment) -> int:
    """Forget messages of before a moment, of no use since then, with their deliveries and keys: a batch; how many."""
    return connection.run(_CLEAR, before=before, limit=BATCH)


@cache
def _page(sought: frozenset[str]) -> Statement:
    conditions = [_SOUGHT[name] for name in sorted(sought)]
    chosen = select(*_COLUMNS).where(messages.c.directory_id == bindparam("directory_id"), *conditions)
    newest_first = (messages.c.created_at.desc(), messages.c.message_id.desc())
    return Statement(chosen.order_by(*newest_first).limit(bindparam("limit")))


def _message(row: Row) -> Message:
    return Message(row[0], row[1], row[2], Severity(row[3]), row[4], bool(row[5]), row[6], row[7])
