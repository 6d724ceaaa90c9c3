"""SQL of the outbox: letters wait here from the transaction that wrote them until a provider has taken them.

What came of a try is written only by the worker whose try is the newest, so that a late one changes nothing. How
workers get letters is in claiming.py; how people read them, in lists.py.
"""

from collections.abc import Container, Iterable, Sequence
from enum import StrEnum

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, case, delete, null, select, text, update

from callboard.access.vault import Vault
from callboard.call import Moment
from callboard.database.statement import Connection, Row, Slots, Statement, insertion
from callboard.database.tables import letters
from callboard.delivery.letter import Channel, Content, Letter

BATCH = 1000
TRIES_AT_ONCE = 100


class State(StrEnum):
    """Where a letter stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    """Given up: refused for good, tried too often, or too late to be of use. It can be tried again by hand."""
    KEPT = "kept"
    """In the mailbox, as the channel has no provider."""
    WITHDRAWN = "withdrawn"
    """What it asks for is not wanted any more."""


class Outcome(StrEnum):
    """What came of one try."""

    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


class NewLetter(Struct, frozen=True):
    """A letter that a handler writes, with whom it is about and until when it is of use."""

    letter: Letter
    directory_id: str
    contact_id: str
    """Whose address it asks a proof for; empty for a message, which is not taken back when an address waits no more."""
    recipient_key: str
    deadline_at: Moment
    label: str = ""
    """What it is, for metrics: the type of a message; empty for letters of proof and notices."""
    due_at: Moment | None = None
    """When it may go, if not at once."""
    review_at: Moment | None = None
    """When its writer looks again at what became of it."""
    trace: str = ""
    """The trace of the call that wrote it, as W3C's traceparent."""


class Claimed(Struct, frozen=True):
    """A letter in a worker's hands, and the number of this try."""

    letter: Letter
    attempt: int
    deadline_at: Moment
    label: str = ""
    trace: str = ""


class Tried(Struct, frozen=True):
    """One try, and what becomes of its letter."""

    claimed: Claimed
    at: Moment
    sender: str
    outcome: Outcome
    answer: str
    state: State
    due_at: Moment | None = None
    """When it is tried again, if it waits."""
    keeps_content: bool = True

    @property
    def attempt(self) -> dict[str, object]:
        """The row that tells of it."""
        return {
            "letter_id": self.claimed.letter.letter_id,
            "number": self.claimed.attempt,
            "at": self.at,
            "sender": self.sender,
            "outcome": self.outcome.value,
            "answer": self.answer,
        }


_ADD = insertion(letters)
_OF_TRY = (
    letters.c.letter_id == bindparam("letter"),
    letters.c.attempts == bindparam("attempt"),
    letters.c.state == State.WAITING.value,
)
# Whoever waits to look at a letter is called at once (0) when it has failed, and need not look when it was sent, unless
# something was heard of it already.
_becomes = bindparam("becomes", type_=letters.c.state.type)
_IS_FAILED = letters.c.review_at.is_not(None) & (_becomes == State.FAILED.value)
_REVIEW = case((_IS_FAILED | (letters.c.review_at == 0), 0), else_=null())
_ENDED = update(letters).values(state=_becomes, review_at=_REVIEW).where(*_OF_TRY)
_FINISH = Statement(_ENDED)
_FINISH_AND_FORGET = Statement(_ENDED.values(content=null()))
_GIVE_UP = Statement(
    update(letters)
    .values(state=State.FAILED.value, content=null(), review_at=case((letters.c.review_at.is_not(None), 0)))
    .where(letters.c.letter_id == bindparam("letter"))
)
_POSTPONE = Statement(update(letters).values(due_at=bindparam("due")).where(*_OF_TRY))
# Written out, as Core has no ON CONFLICT that serves both databases.
_ADD_ATTEMPT = Statement(
    text(
        "INSERT INTO attempts (letter_id, number, at, sender, outcome, answer) "
        "VALUES (:letter_id, :number, :at, :sender, :outcome, :answer) ON CONFLICT (letter_id, number) DO NOTHING"
    )
)
_LETTERS = Slots("letter", TRIES_AT_ONCE)
_STANDS = Statement(
    select(letters.c.letter_id, letters.c.state, letters.c.attempts).where(letters.c.letter_id.in_(_LETTERS.parameters))
)
_TAKE_BACK = (
    update(letters)
    .values(state=State.WITHDRAWN.value, content=null())
    .where(
        letters.c.directory_id == bindparam("directory"),
        letters.c.state == State.WAITING.value,
    )
)
_TO_ADDRESS = letters.c.recipient_key == bindparam("key")
_WITHDRAW = Statement(_TAKE_BACK.where(_TO_ADDRESS, letters.c.contact_id == bindparam("contact")))
_WITHDRAW_TO = Statement(_TAKE_BACK.where(_TO_ADDRESS))
_WITHDRAW_LABELLED = Statement(
    _TAKE_BACK.where(_TO_ADDRESS, letters.c.label == bindparam("of_label")).returning(letters.c.letter_id)
)
_WITHDRAW_ALL = Statement(_TAKE_BACK)
CAN_BE_WRITTEN = letters.c.content.is_not(None) | letters.c.message_id.is_not(None)
"""Whether what a letter says is there still, or can be written from its message."""
_AGAIN = (
    update(letters)
    .values(state=State.WAITING.value, due_at=bindparam("due"))
    .where(
        letters.c.state == State.FAILED.value,
        letters.c.deadline_at > bindparam("due"),
        CAN_BE_WRITTEN,
    )
)
_RETRY = Statement(_AGAIN.where(letters.c.letter_id == bindparam("letter")))
_RETRY_ALL = Statement(_AGAIN)
_RESEND = Statement(
    update(letters)
    .values(state=State.WAITING.value, due_at=bindparam("due"), deadline_at=bindparam("deadline"))
    .where(
        letters.c.letter_id == bindparam("letter"),
        letters.c.state == State.FAILED.value,
        CAN_BE_WRITTEN,
    )
)
LETTER = (
    letters.c.letter_id,
    letters.c.channel,
    letters.c.recipient,
    letters.c.content,
    letters.c.created_at,
    letters.c.message_id,
)
"""The columns that `letter_of` reads."""
_CLEAR = Statement(
    delete(letters).where(
        letters.c.letter_id.in_(
            select(letters.c.letter_id)
            .where(letters.c.created_at < bindparam("before"), letters.c.deadline_at < bindparam("before"))
            .limit(bindparam("limit"))
        )
    )
)


def add(connection: Connection, vault: Vault, new: NewLetter, *, is_kept: bool) -> None:
    """Write a letter, in the transaction of what it tells of; `is_kept` leaves it in the mailbox."""
    connection.run(_ADD, **_row(vault, new, is_kept=is_kept))


def add_all(connection: Connection, vault: Vault, new: Iterable[NewLetter], *, kept: Container[str]) -> None:
    """Write letters; those of the ids that are kept are left in the mailbox."""
    connection.run_all(_ADD, [_row(vault, each, is_kept=each.letter.letter_id in kept) for each in new])


def _row(vault: Vault, new: NewLetter, *, is_kept: bool) -> dict[str, object]:
    letter = new.letter
    content = None
    if not letter.message_id:
        content = vault.encrypt(msgspec.json.encode(letter.content).decode(), belongs_to=letter.letter_id)
    return {
        "letter_id": letter.letter_id,
        "directory_id": new.directory_id,
        "contact_id": new.contact_id,
        "channel": letter.channel.value,
        "recipient": letter.recipient,
        "recipient_key": new.recipient_key,
        "content": content,
        "state": (State.KEPT if is_kept else State.WAITING).value,
        "attempts": 0,
        "due_at": letter.created_at if new.due_at is None else new.due_at,
        "deadline_at": new.deadline_at,
        "created_at": letter.created_at,
        "label": new.label or None,
        "message_id": letter.message_id or None,
        "review_at": new.review_at,
        "trace": new.trace or None,
    }


def give_up(connection: Connection, letter_id: str) -> None:
    """Have a letter failed that nobody can read."""
    connection.run(_GIVE_UP, letter=letter_id)


def keep_all(connection: Connection, tried: Sequence[Tried]) -> list[bool]:
    """Keep tries and what becomes of their letters, a batch at most; of each whether its letter is that now.

    It is not where another worker has tried the letter since, or it was taken back. Keeping them twice is like once.
    """
    ordered = sorted(tried, key=lambda each: each.claimed.letter.letter_id)  # No two workers wait for one another.
    connection.run_all(_ADD_ATTEMPT, [each.attempt for each in ordered])
    changes: dict[Statement, list[dict[str, object]]] = {}
    for each in ordered:
        statement, row = _change(each)
        changes.setdefault(statement, []).append(row)
    for statement, rows in changes.items():
        connection.run_all(statement, rows)
    ids = list({each.claimed.letter.letter_id for each in tried})
    stand = {row[0]: row[1:] for row in connection.all(_STANDS, **_LETTERS.filled(ids))}
    return [stand.get(each.claimed.letter.letter_id) == (each.state, each.claimed.attempt) for each in tried]


def _change(tried: Tried) -> tuple[Statement, dict[str, object]]:
    key: dict[str, object] = {"letter": tried.claimed.letter.letter_id, "attempt": tried.claimed.attempt}
    if tried.state is State.WAITING:
        return _POSTPONE, {**key, "due": tried.due_at}
    return _FINISH if tried.keeps_content else _FINISH_AND_FORGET, {**key, "becomes": tried.state.value}


def withdraw(connection: Connection, directory_id: str, recipient_key: str, *, contact_id: str | None = None) -> int:
    """Take back letters of a directory to an address, of one contact or of all, that nobody has taken; how many."""
    if contact_id is None:
        return connection.run(_WITHDRAW_TO, directory=directory_id, key=recipient_key)
    return connection.run(_WITHDRAW, directory=directory_id, key=recipient_key, contact=contact_id)


def withdraw_labelled(connection: Connection, directory_id: str, recipient_key: str, label: str) -> list[str]:
    """Take back what is called so and nobody has taken, of a directory to an address; the letters' ids."""
    rows = connection.all(_WITHDRAW_LABELLED, directory=directory_id, key=recipient_key, of_label=label)
    return [row[0] for row in rows]


def withdraw_all(connection: Connection, directory_id: str) -> None:
    """Take back every letter of a directory that nobody has taken."""
    connection.run(_WITHDRAW_ALL, directory=directory_id)


def retry(connection: Connection, letter_id: str, *, now: Moment) -> bool:
    """Let a failed letter be tried again; false when it is not failed, or is of no use any more."""
    return connection.run(_RETRY, letter=letter_id, due=now) == 1


def retry_all(connection: Connection, *, now: Moment) -> int:
    """Let every failed letter be tried again that is still of use; how many."""
    return connection.run(_RETRY_ALL, due=now)


def resend(connection: Connection, letter_id: str, *, now: Moment, deadline_at: Moment) -> bool:
    """Let a failed letter be tried again, though it was of no use any more; false when it is not failed."""
    return connection.run(_RESEND, letter=letter_id, due=now, deadline=deadline_at) == 1


def clear(connection: Connection, *, before: Moment) -> int:
    """Forget letters written before a moment, and of no use since before it, with their attempts: a batch; how many."""
    return connection.run(_CLEAR, before=before, limit=BATCH)


def letter_of(vault: Vault, row: Row) -> Letter:
    """A letter with its content; of one that carries a message it is yet to be written."""
    letter_id, channel, recipient, sealed, created_at, message_id = row
    content = Content("")
    if sealed is not None:
        content = msgspec.json.decode(vault.decrypt(sealed, belongs_to=letter_id), type=Content)
    return Letter(letter_id, Channel(channel), recipient, content, created_at, message_id or "")
