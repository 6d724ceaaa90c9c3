"""The clocks of a process: the wall's, and the product's, which test controls may move ahead. And moments as text."""

import re
import time
from datetime import UTC, datetime, timedelta

from callboard.call import Moment

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z", re.ASCII)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (in UTC, as all moments are: without an offset in its text)


def read_moment(text: str) -> Moment | None:
    """A moment from its ISO 8601 text, in UTC, with milliseconds or without; None for what is none."""
    if _MOMENT.fullmatch(text) is None:
        return None
    try:
        return round(datetime.fromisoformat(text).astimezone(UTC).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def write_moment(moment: Moment) -> str:
    """A moment in ISO 8601, UTC, to the millisecond."""
    return f"{(_EPOCH + timedelta(milliseconds=moment)).isoformat(timespec='milliseconds')}Z"


def wall_clock() -> Moment:
    """The time of day, in milliseconds since 1970. Signatures and nonces go by it, whatever a test has moved."""
    return time.time_ns() // 1_000_000


class MovableClock:
    """The product's clock. It runs with the wall clock, as far ahead of it as it was moved."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def __call__(self) -> Moment:
        return wall_clock() + self.ahead_ms

    def advance(self, milliseconds: int) -> None:
        """Let time pass. It never goes back, as what has expired stays so."""
        if milliseconds < 0:
            raise ValueError("time does not go back")
        self.ahead_ms += milliseconds
