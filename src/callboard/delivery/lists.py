"""SQL of letters as people read them: operators' lists, the mailbox, what metrics count."""

from itertools import product

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from callboard.access.vault import Vault
from callboard.call import Moment
from callboard.database.statement import Connection, Statement
from callboard.database.tables import attempts, letters
from callboard.delivery.letter import Channel, Letter
from callboard.delivery.outbox import CAN_BE_WRITTEN, LETTER, State, letter_of

COUNTED = 100_000
"""No more letters of a channel and state are counted, so that the work does not grow with the history."""


FEW = 10_000
"""So many letters are sorted for a list; of more of them the newest are sought."""


class Listed(Struct, frozen=True):
    """What may be shown of a letter to an operator; the newest answer of a provider, if any."""

    letter_id: str
    channel: str
    recipient: str
    state: str
    attempts: int
    due_at: Moment
    created_at: Moment
    answer: str | None


_ANSWER = (
    select(attempts.c.answer)
    .where(attempts.c.letter_id == letters.c.letter_id)
    .order_by(attempts.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_LISTED = (
    select(
        letters.c.letter_id,
        letters.c.channel,
        letters.c.recipient,
        letters.c.state,
        letters.c.attempts,
        letters.c.due_at,
        letters.c.created_at,
        _ANSWER,
    )
    .order_by(letters.c.created_at.desc(), letters.c.letter_id.desc())
    .limit(bindparam("limit"))
)
_PAGE_OF_FEW = Statement(_LISTED.where(letters.c.state == bindparam("of_state")))
# Not sought by the state, or SQLite would sort all that are in it: the newest letters have the state soon.
_PAGE_OF_MANY = Statement(_LISTED.where(letters.c.state.concat("") == bindparam("of_state")))
_FEW = Statement(select(letters.c.letter_id).where(letters.c.state == bindparam("of_state")).limit(FEW))
_READABLE = select(*LETTER).where(CAN_BE_WRITTEN)
_IN_MAILBOX = letters.c.state == State.KEPT.value
_NEWEST = (letters.c.created_at.desc(), letters.c.letter_id.desc())
_TO_ONE = letters.c.recipient_key == bindparam("key")
_MAILBOX = Statement(_READABLE.where(_IN_MAILBOX).order_by(*_NEWEST).limit(bindparam("limit")))
_MAILBOX_OF = Statement(_READABLE.where(_IN_MAILBOX, _TO_ONE).order_by(*_NEWEST).limit(bindparam("limit")))
_LAST = Statement(_READABLE.where(_TO_ONE).order_by(*_NEWEST).limit(1))
_SOME = (
    select(letters.c.created_at)
    .where(letters.c.state == bindparam("of_state"), letters.c.channel == bindparam("of_channel"))
    .limit(bindparam("limit"))
    .subquery()
)
_COUNT = Statement(select(func.count()).select_from(_SOME))
_OLDEST = Statement(select(func.min(_SOME.c.created_at)))


def page(connection: Connection, state: State, *, limit: int) -> list[Listed]:
    """Letters in a state, newest first."""
    are_few = len(connection.all(_FEW, of_state=state.value)) < FEW
    statement = _PAGE_OF_FEW if are_few else _PAGE_OF_MANY
    return [Listed(*row) for row in connection.all(statement, of_state=state.value, limit=limit)]


def mailbox(connection: Connection, vault: Vault, *, recipient_key: str | None = None, limit: int) -> list[Letter]:
    """Letters that stayed in the mailbox, newest first: those to one address, or to all."""
    if recipient_key is None:
        rows = connection.all(_MAILBOX, limit=limit)
    else:
        rows = connection.all(_MAILBOX_OF, key=recipient_key, limit=limit)
    return [letter_of(vault, row) for row in rows]


def last(connection: Connection, vault: Vault, recipient_key: str) -> Letter | None:
    """The newest letter to an address whose content is still here, wherever it went: for test controls alone."""
    row = connection.one(_LAST, key=recipient_key)
    return None if row is None else letter_of(vault, row)


def counts(connection: Connection) -> list[tuple[str, str, int, Moment | None]]:
    """By channel and state: how many letters, up to COUNTED, and of those that wait when the oldest was written."""
    found = []
    for channel, state in product(Channel, State):
        kind = {"of_channel": channel.value, "of_state": state.value, "limit": COUNTED}
        (number,) = connection.all(_COUNT, **kind)[0]
        if number:
            oldest = connection.all(_OLDEST, **kind)[0][0] if state is State.WAITING else None
            found.append((channel.value, state.value, int(number), oldest))
    return found
