"""The clocks of a process: the wall's, and the product's, which test controls may move ahead."""

import time

from callboard.call import Moment


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
