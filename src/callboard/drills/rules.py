"""How a drill is judged: who acknowledged in time. And when it is run next. Pure: no SQL, no clock."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

DAY_MS = 24 * 60 * 60 * 1000
SHORTEST_WINDOW_S, LONGEST_WINDOW_S = 60, 7 * 24 * 60 * 60
MOST_DAYS = 366
MOST_DRILLS = 100


class State(StrEnum):
    """What a person, or the people of an account, made of a drill."""

    ACKNOWLEDGED = "Acknowledged"
    """In time."""
    LATE = "Late"
    """After the window."""
    WAITING = "Waiting"
    """Not yet, and there is still time."""
    MISSED = "Missed"
    """Not in time, nor since."""
    UNTOLD = "Untold"
    """Nothing went there."""


class Heard(Struct, frozen=True):
    """What was heard of a letter, whatever number of accounts it stands for."""

    told_at: int
    acknowledged_at: int | None


class Sent(Struct, frozen=True):
    """A drill's message about an account on its way to a contact."""

    account_id: str
    contact_id: str
    letter_id: str
    """Empty where nothing went."""


def judged(letters: Iterable[Heard], window_ms: int, *, is_over: bool) -> State:
    """What somebody made of these letters."""
    heard = list(letters)
    acknowledged = [each for each in heard if each.acknowledged_at is not None]
    if any((each.acknowledged_at or 0) <= each.told_at + window_ms for each in acknowledged):
        return State.ACKNOWLEDGED
    if acknowledged:
        return State.LATE
    if not heard:
        return State.UNTOLD
    return State.MISSED if is_over else State.WAITING


def next_start(starts_at: int, period_ms: int | None, *, now: int) -> int | None:
    """When a drill is run again that was due: what was missed meanwhile is not made up for."""
    if period_ms is None:
        return None
    return starts_at + ((now - starts_at) // period_ms + 1) * period_ms
