"""SQL of the deliveries of messages. Every statement is held to one directory.

Where a delivery stands is read from its letter: the outbox knows it, and nobody else; what is heard of it afterwards
(receipts, acknowledgements) is kept with the delivery.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, case, null, select, update

from callboard.call import Moment
from callboard.database.statement import Connection, Row, Slots, Statement, insertion
from callboard.database.tables import attempts, deliveries, letters
from callboard.delivery.letter import Channel
from callboard.messages.rules import Delivery, Receipt, Suppression
from callboard.recipients.shapes import PathShown

LAST_TRIES = 10
LETTERS_AT_ONCE = 50

_OF_MESSAGE = (
    deliveries.c.directory_id == bindparam("directory_id"),
    deliveries.c.message_id == bindparam("message_id"),
)
_ADD = insertion(deliveries)
STANDING = (
    deliveries.c.message_id,
    deliveries.c.delivery_id,
    deliveries.c.letter_id,
    deliveries.c.cause,
    deliveries.c.contact_id,
    deliveries.c.contact_name,
    deliveries.c.channel,
    deliveries.c.recipient,
    deliveries.c.language,
    deliveries.c.suppression,
    deliveries.c.paths,
    deliveries.c.digest_at,
    deliveries.c.receipt,
    deliveries.c.receipt_at,
    deliveries.c.receipt_answer,
    deliveries.c.acknowledged_at,
    deliveries.c.created_at,
    letters.c.state,
    letters.c.attempts,
    # What matters more stands ahead in the line, but was never due before it was written.
    case((letters.c.due_at < letters.c.created_at, letters.c.created_at), else_=letters.c.due_at),
)
_WITH_LETTERS = select(*STANDING).outerjoin(letters, letters.c.letter_id == deliveries.c.letter_id)
_OF_ONE = Statement(_WITH_LETTERS.where(*_OF_MESSAGE).order_by(deliveries.c.created_at, deliveries.c.position))
_LETTERS = Slots("letter", LETTERS_AT_ONCE)
# Nothing is sought by the directory: SQLite would read all that it has, where the letters say which few it is.
_OF_LETTERS = Statement(
    _WITH_LETTERS.where(
        deliveries.c.directory_id.concat("") == bindparam("directory_id"),
        deliveries.c.letter_id.in_(_LETTERS.parameters),
    ).order_by(deliveries.c.created_at, deliveries.c.position)
)
_ROUTED_AWAY = deliveries.c.suppression.is_not(None) & (deliveries.c.letter_id == "")
"""As `Delivery.is_routed_away`."""
_SUPPRESSIONS = Statement(select(_ROUTED_AWAY).where(*_OF_MESSAGE, deliveries.c.created_at == bindparam("at")))
_PLACE_OF_LETTER = Statement(
    select(deliveries.c.directory_id).where(deliveries.c.letter_id == bindparam("letter_id")).limit(1)
)
_ACKNOWLEDGE = (
    update(deliveries)
    .values(acknowledged_at=bindparam("at"))
    .where(deliveries.c.directory_id == bindparam("directory"), deliveries.c.acknowledged_at.is_(None))
)
_ACKNOWLEDGE_LETTER = Statement(_ACKNOWLEDGE.where(deliveries.c.letter_id == bindparam("letter")))
_ACKNOWLEDGE_CONTACT = Statement(
    _ACKNOWLEDGE.where(deliveries.c.message_id == bindparam("message"), deliveries.c.contact_id == bindparam("contact"))
)
_SUPPRESS = Statement(
    update(deliveries)
    .values(suppression=bindparam("why"))
    .where(deliveries.c.directory_id == bindparam("directory"), deliveries.c.letter_id == bindparam("letter"))
)
_HEARD = (
    update(deliveries)
    .values(receipt=bindparam("heard"), receipt_at=bindparam("at"), receipt_answer=bindparam("answer"))
    .where(deliveries.c.directory_id == bindparam("directory"), deliveries.c.letter_id == bindparam("letter"))
)
_NOTHING_YET = deliveries.c.receipt.is_(null())
_ACCEPT = Statement(_HEARD.where(_NOTHING_YET))
_BOUNCE = Statement(_HEARD.where(_NOTHING_YET | (deliveries.c.receipt == Receipt.ACCEPTED.value)))
_LAST_TRIES = (
    select(
        attempts.c.letter_id,
        attempts.c.number,
        attempts.c.at,
        attempts.c.sender,
        attempts.c.outcome,
        attempts.c.answer,
    )
    .join(letters, letters.c.letter_id == attempts.c.letter_id)
    .where(attempts.c.number > letters.c.attempts - LAST_TRIES)
    .order_by(attempts.c.letter_id, attempts.c.number)
)
_TRIES = Statement(
    _LAST_TRIES.distinct().join(deliveries, deliveries.c.letter_id == letters.c.letter_id).where(*_OF_MESSAGE)
)
_TRIES_OF = Statement(
    _LAST_TRIES.where(letters.c.directory_id == bindparam("directory_id"), letters.c.letter_id.in_(_LETTERS.parameters))
)


class Standing(Struct, frozen=True):
    """A delivery, what was heard of it, and where its letter stands: no state where there is no letter."""

    message_id: str
    delivery_id: str
    letter_id: str
    cause: str
    contact_id: str
    contact_name: str
    channel: str
    recipient: str
    language: str
    suppression: str | None
    paths: list[PathShown]
    digest_at: Moment | None
    receipt: str | None
    receipt_at: Moment | None
    receipt_answer: str | None
    acknowledged_at: Moment | None
    created_at: Moment
    letter_state: str | None
    attempts: int
    due_at: Moment | None

    @property
    def is_to_fallback(self) -> bool:
        """Whether it goes to no contact and no endpoint, but to whom else there is."""
        return not self.contact_id and self.channel == Channel.EMAIL


class Try(Struct, frozen=True):
    """One try to hand over a letter."""

    letter_id: str
    number: int
    at: Moment
    sender: str
    outcome: str
    answer: str


def add_all(
    connection: Connection,
    directory_id: str,
    message_id: str,
    made: Sequence[Delivery],
    paths: Mapping[str, list[PathShown]],
    *,
    at: Moment,
) -> None:
    """Keep deliveries, in their order. `paths` are those of each contact."""
    rows = [
        {
            "directory_id": directory_id,
            "message_id": message_id,
            "delivery_id": each.delivery_id,
            "position": position,
            "letter_id": each.letter_id,
            "cause": each.cause.value,
            "contact_id": each.contact_id,
            "contact_name": each.contact_name,
            "channel": each.channel.value,
            "recipient": each.recipient,
            "language": each.language,
            "suppression": None if each.suppression is None else each.suppression.value,
            "paths": msgspec.json.encode(paths.get(each.contact_id, [])).decode(),
            "digest_at": each.digest_at,
            "receipt": None,
            "receipt_at": None,
            "receipt_answer": None,
            "acknowledged_at": None,
            "created_at": at,
        }
        for position, each in enumerate(made)
    ]
    connection.run_all(_ADD, rows)


def standings(connection: Connection, directory_id: str, message_id: str) -> list[Standing]:
    """Every delivery of a message, in their order."""
    return _standings(connection.all(_OF_ONE, directory_id=directory_id, message_id=message_id))


def carried(connection: Connection, directory_id: str, letter_id: str) -> list[Standing]:
    """Every delivery that a letter carries."""
    return carried_by(connection, directory_id, [letter_id]).get(letter_id, [])


def carried_by(connection: Connection, directory_id: str, letter_ids: Sequence[str]) -> dict[str, list[Standing]]:
    """The same of many letters. One that carries nothing is not there."""
    found: dict[str, list[Standing]] = {}
    for first in range(0, len(letter_ids), LETTERS_AT_ONCE):
        asked = _LETTERS.filled(letter_ids[first : first + LETTERS_AT_ONCE])
        for each in _standings(connection.all(_OF_LETTERS, directory_id=directory_id, **asked)):
            found.setdefault(each.letter_id, []).append(each)
    return found


def hear(
    connection: Connection, directory_id: str, letter_id: str, receipt: Receipt, *, at: Moment, answer: str
) -> bool:
    """Keep what was heard of all that a letter carries; false where that changes nothing."""
    statement = _BOUNCE if receipt is Receipt.BOUNCED else _ACCEPT
    values = {"heard": receipt.value, "at": at, "answer": answer}
    return connection.run(statement, directory=directory_id, letter=letter_id, **values) > 0


def directory_of_letter(connection: Connection, letter_id: str) -> str | None:
    """The directory whose messages a letter carries. For links, which name a letter and no directory."""
    row = connection.one(_PLACE_OF_LETTER, letter_id=letter_id)
    return None if row is None else str(row[0])


def suppressions(connection: Connection, directory_id: str, message_id: str, *, at: Moment) -> list[bool]:
    """Of every delivery that was made at a moment, whether it was suppressed then."""
    rows = connection.all(_SUPPRESSIONS, directory_id=directory_id, message_id=message_id, at=at)
    return [bool(row[0]) for row in rows]


def acknowledge(connection: Connection, directory_id: str, letter_id: str, *, at: Moment) -> int:
    """Keep that whoever got a letter acknowledges all that it carries; of how much that is new."""
    return connection.run(_ACKNOWLEDGE_LETTER, directory=directory_id, letter=letter_id, at=at)


def acknowledge_for(connection: Connection, directory_id: str, message_id: str, contact_id: str, *, at: Moment) -> int:
    """Keep that a contact acknowledges a message, by whatever it got it; for how many deliveries that is new."""
    return connection.run(_ACKNOWLEDGE_CONTACT, directory=directory_id, message=message_id, contact=contact_id, at=at)


def suppress(connection: Connection, directory_id: str, letter_ids: Iterable[str], why: Suppression) -> None:
    """Keep why letters were taken back."""
    rows = [{"directory": directory_id, "letter": each, "why": why.value} for each in letter_ids]
    connection.run_all(_SUPPRESS, rows)


def tries(connection: Connection, directory_id: str, message_id: str) -> Iterator[Try]:
    """The last tries of every letter of a message, oldest first."""
    return (Try(*row) for row in connection.all(_TRIES, directory_id=directory_id, message_id=message_id))


def tries_of(connection: Connection, directory_id: str, letter_ids: Iterable[str]) -> Iterator[Try]:
    """The last tries of letters, oldest first."""
    every = list(dict.fromkeys(letter_ids))
    for start in range(0, len(every), LETTERS_AT_ONCE):
        values = {"directory_id": directory_id, **_LETTERS.filled(every[start : start + LETTERS_AT_ONCE])}
        yield from (Try(*row) for row in connection.all(_TRIES_OF, **values))


def standing_of(row: Row) -> Standing:
    """From the columns of STANDING."""
    values = dict(zip(Standing.__struct_fields__, row, strict=True))
    values |= {"paths": msgspec.json.decode(values["paths"], type=list[PathShown])}
    return Standing(**{**values, "attempts": int(values["attempts"] or 0)})


def _standings(rows: Iterable[Row]) -> list[Standing]:
    return [standing_of(row) for row in rows]
