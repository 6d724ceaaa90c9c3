"""SQL of messages, of their deliveries, and of idempotency keys. Every statement is held to one directory.

Where a delivery stands is read from its letter, which has the same id: the outbox knows it, and nobody else.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, delete, select, text, tuple_, update

from callboard.access.vault import Vault
from callboard.call import Moment
from callboard.database.statement import Connection, Row, Statement, insertion
from callboard.database.tables import attempts, deliveries, letters, message_keys, messages
from callboard.messages.rules import Delivery, Severity, Suppression
from callboard.messages.shapes import Body, ReasonShown

BATCH = 1000
EXAMINED = 1000
"""The most messages that a page looks at; of a rare type it may hold fewer than it could."""
LAST_TRIES = 10

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

_OF_MESSAGE = (
    deliveries.c.directory_id == bindparam("directory_id"),
    deliveries.c.message_id == bindparam("message_id"),
)
_ADD_DELIVERY = insertion(deliveries)
_DELIVERIES = Statement(
    select(
        deliveries.c.delivery_id,
        deliveries.c.contact_id,
        deliveries.c.channel,
        deliveries.c.recipient,
        deliveries.c.suppression,
        deliveries.c.reasons,
        letters.c.state,
        letters.c.attempts,
    )
    .outerjoin(letters, letters.c.letter_id == deliveries.c.delivery_id)
    .where(*_OF_MESSAGE)
    .order_by(deliveries.c.position)
)
_SUPPRESSIONS = Statement(select(deliveries.c.suppression).where(*_OF_MESSAGE))
_TRIES = Statement(
    select(
        attempts.c.letter_id,
        attempts.c.number,
        attempts.c.at,
        attempts.c.sender,
        attempts.c.outcome,
        attempts.c.answer,
    )
    .join(letters, letters.c.letter_id == attempts.c.letter_id)
    .join(deliveries, deliveries.c.delivery_id == letters.c.letter_id)
    .where(*_OF_MESSAGE, attempts.c.number > letters.c.attempts - LAST_TRIES)
    .order_by(attempts.c.letter_id, attempts.c.number)
)

_FIND_KEY = Statement(
    select(message_keys.c.digest, message_keys.c.message_id).where(
        message_keys.c.directory_id == bindparam("directory_id"),
        message_keys.c.idempotency_key == bindparam("idempotency_key"),
        message_keys.c.expires_at > bindparam("now"),
    )
)
# Written out, as Core has no ON CONFLICT that serves both databases. One that has expired may still be there.
_PUT_KEY = Statement(
    text(
        "INSERT INTO message_keys (directory_id, idempotency_key, digest, message_id, expires_at) "
        "VALUES (:directory_id, :idempotency_key, :digest, :message_id, :expires_at) "
        "ON CONFLICT (directory_id, idempotency_key) DO UPDATE SET digest = excluded.digest, "
        "message_id = excluded.message_id, expires_at = excluded.expires_at"
    )
)
_CLEAR_KEYS = Statement(
    delete(message_keys).where(
        tuple_(message_keys.c.directory_id, message_keys.c.idempotency_key).in_(
            select(message_keys.c.directory_id, message_keys.c.idempotency_key)
            .where(message_keys.c.expires_at <= bindparam("now"))
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


class Standing(Struct, frozen=True):
    """A delivery, and where its letter stands: no state where there is no letter."""

    delivery_id: str
    contact_id: str
    channel: str
    recipient: str
    suppression: str | None
    reasons: list[ReasonShown]
    letter_state: str | None
    attempts: int


class Try(Struct, frozen=True):
    """One try to hand over the letter of a delivery."""

    delivery_id: str
    number: int
    at: Moment
    sender: str
    outcome: str
    answer: str


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


def add_delivery(
    connection: Connection,
    directory_id: str,
    message_id: str,
    delivery: Delivery,
    reasons: Sequence[ReasonShown],
    *,
    position: int,
) -> None:
    connection.run(
        _ADD_DELIVERY,
        directory_id=directory_id,
        message_id=message_id,
        delivery_id=delivery.delivery_id,
        position=position,
        contact_id=delivery.contact_id,
        channel=delivery.channel.value,
        recipient=delivery.recipient,
        suppression=None if delivery.suppression is None else delivery.suppression.value,
        reasons=msgspec.json.encode(reasons).decode(),
    )


def standings(connection: Connection, directory_id: str, message_id: str) -> list[Standing]:
    """Every delivery of a message, in their order."""
    rows = connection.all(_DELIVERIES, directory_id=directory_id, message_id=message_id)
    return [
        Standing(
            delivery_id=row[0],
            contact_id=row[1],
            channel=row[2],
            recipient=row[3],
            suppression=row[4],
            reasons=msgspec.json.decode(row[5], type=list[ReasonShown]),
            letter_state=row[6],
            attempts=int(row[7] or 0),
        )
        for row in rows
    ]


def suppressions(connection: Connection, directory_id: str, message_id: str) -> list[Suppression | None]:
    """Of every delivery of a message, why it was suppressed when the message was published."""
    rows = connection.all(_SUPPRESSIONS, directory_id=directory_id, message_id=message_id)
    return [None if row[0] is None else Suppression(row[0]) for row in rows]


def tries(connection: Connection, directory_id: str, message_id: str) -> Iterator[Try]:
    """The last tries of every delivery of a message, oldest first."""
    return (Try(*row) for row in connection.all(_TRIES, directory_id=directory_id, message_id=message_id))


def find_key(connection: Connection, directory_id: str, key: str, *, now: Moment) -> tuple[bytes, str] | None:
    """What a key stands for now: the digest of what was sent with it, and the message."""
    row = connection.one(_FIND_KEY, directory_id=directory_id, idempotency_key=key, now=now)
    return None if row is None else (bytes(row[0]), str(row[1]))


def put_key(
    connection: Connection, directory_id: str, key: str, *, digest: bytes, message_id: str, expires_at: Moment
) -> None:
    connection.run(
        _PUT_KEY,
        directory_id=directory_id,
        idempotency_key=key,
        digest=digest,
        message_id=message_id,
        expires_at=expires_at,
    )


def clear_keys(connection: Connection, *, now: Moment) -> int:
    """Forget keys that stand for nothing any more: a batch of them; how many."""
    return connection.run(_CLEAR_KEYS, now=now, limit=BATCH)


@cache
def _page(sought: frozenset[str]) -> Statement:
    conditions = [_SOUGHT[name] for name in sorted(sought)]
    chosen = select(*_COLUMNS).where(messages.c.directory_id == bindparam("directory_id"), *conditions)
    newest_first = (messages.c.created_at.desc(), messages.c.message_id.desc())
    return Statement(chosen.order_by(*newest_first).limit(bindparam("limit")))


def _message(row: Row) -> Message:
    return Message(row[0], row[1], row[2], Severity(row[3]), row[4], bool(row[5]), row[6], row[7])
