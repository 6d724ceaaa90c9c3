"""SQL of the deliveries of messages. Every statement is held to one directory.

Where a delivery stands is read from its letter, which has the same id: the outbox knows it, and nobody else.
"""

from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select

from callboard.call import Moment
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import attempts, deliveries, letters
from callboard.messages.rules import Delivery, Suppression
from callboard.messages.shapes import ReasonShown

LAST_TRIES = 10

_OF_MESSAGE = (
    deliveries.c.directory_id == bindparam("directory_id"),
    deliveries.c.message_id == bindparam("message_id"),
)
_ADD = insertion(deliveries)
_OF_ONE = Statement(
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


def add(
    connection: Connection,
    directory_id: str,
    message_id: str,
    delivery: Delivery,
    reasons: Sequence[ReasonShown],
    *,
    position: int,
) -> None:
    connection.run(
        _ADD,
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
    rows = connection.all(_OF_ONE, directory_id=directory_id, message_id=message_id)
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
