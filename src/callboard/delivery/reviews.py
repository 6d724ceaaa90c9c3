"""SQL of letters whose writer looks again at what became of them (`letters.review_at`).

A look is claimed as letters are: by moving its moment ahead, so that whoever dies with it leaves it due again. Whatever
happens to the letter meanwhile sets the moment anew, and then the look that is under way does not end it.
"""

from msgspec import Struct
from sqlalchemy import BigInteger, bindparam, null, select, update

from callboard.call import Moment
from callboard.database.statement import Connection, Row, Statement
from callboard.database.tables import attempts, letters
from callboard.delivery.letter import Channel
from callboard.delivery.outbox import Outcome, State

_COLUMNS = (
    letters.c.letter_id,
    letters.c.directory_id,
    letters.c.contact_id,
    letters.c.channel,
    letters.c.recipient,
    letters.c.message_id,
    letters.c.state,
    letters.c.deadline_at,
)
_FIND = Statement(select(*_COLUMNS).where(letters.c.letter_id == bindparam("letter_id")))
_HAS_DUE = Statement(select(letters.c.letter_id).where(letters.c.review_at <= bindparam("now")).limit(1))
_CLAIM = Statement(
    update(letters)
    .values(review_at=bindparam("leased_until"))
    .where(
        letters.c.letter_id.in_(
            select(letters.c.letter_id)
            .where(letters.c.review_at <= bindparam("now"))
            .order_by(letters.c.review_at)
            .limit(bindparam("limit"))
            .with_for_update(skip_locked=True)
        )
    )
    .returning(*_COLUMNS)
)
_OF_LOOK = (letters.c.letter_id == bindparam("letter"), letters.c.review_at == bindparam("leased_until"))
_END = Statement(update(letters).values(review_at=null()).where(*_OF_LOOK))
_AGAIN = Statement(update(letters).values(review_at=bindparam("again_at", type_=BigInteger)).where(*_OF_LOOK))
_AT_ONCE = Statement(update(letters).values(review_at=0).where(letters.c.letter_id == bindparam("letter")))
_REFUSAL = Statement(
    select(attempts.c.answer)
    .where(attempts.c.letter_id == bindparam("letter_id"), attempts.c.outcome == Outcome.PERMANENT.value)
    .order_by(attempts.c.number.desc())
    .limit(1)
)


class Posted(Struct, frozen=True):
    """A letter as it is known to those who hear of it, without what it says."""

    letter_id: str
    directory_id: str
    """Empty for a letter of the server itself."""
    contact_id: str
    """Whose address it asks a proof for; empty for a message."""
    channel: Channel
    recipient: str
    message_id: str | None
    state: State
    deadline_at: Moment


def find(connection: Connection, letter_id: str) -> Posted | None:
    """A letter by its id, which nobody can guess, whatever directory it belongs to."""
    row = connection.one(_FIND, letter_id=letter_id)
    return None if row is None else _posted(row)


def claim(connection: Connection, *, now: Moment, leased_until: Moment, limit: int) -> list[Posted]:
    """Take letters that are to be looked at; until the lease ends nobody else gets them."""
    if connection.one(_HAS_DUE, now=now) is None:
        return []
    return [_posted(row) for row in connection.all(_CLAIM, now=now, leased_until=leased_until, limit=limit)]


def end(connection: Connection, letter_id: str, *, leased_until: Moment, again_at: Moment | None) -> None:
    """End a look: for good, or until another moment. Without effect if the letter's end has called for another."""
    if again_at is None:
        connection.run(_END, letter=letter_id, leased_until=leased_until)
    else:
        connection.run(_AGAIN, letter=letter_id, leased_until=leased_until, again_at=again_at)


def call_for(connection: Connection, letter_id: str) -> None:
    """Have a letter looked at as soon as may be."""
    connection.run(_AT_ONCE, letter=letter_id)


def refusal(connection: Connection, letter_id: str) -> str:
    """What the provider said that refused a letter for good; empty if none did."""
    row = connection.one(_REFUSAL, letter_id=letter_id)
    return "" if row is None else str(row[0])


def _posted(row: Row) -> Posted:
    letter_id, directory_id, contact_id, channel, recipient, message_id, state, deadline_at = row
    return Posted(
        letter_id, directory_id, contact_id, Channel(channel), recipient, message_id, State(state), deadline_at
    )
