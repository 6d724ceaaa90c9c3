"""What the background does for letters after they were handed over: reviews, canaries, the Maildir."""

from collections.abc import Awaitable, Callable
from functools import partial

from callboard.database.statement import Connection
from callboard.delivery.reviews import Posted
from callboard.errors import Conflict, Unavailable
from callboard.log import fault
from callboard.receipts import canaries, reviewing
from callboard.runtime import Runtime

REVIEW_PERIOD_S = 1.0
CANARY_PERIOD_S = 5.0
INBOUND_PERIOD_S = 2.0

Task = Callable[[], Awaitable[None]]


def tasks(runtime: Runtime, empty_maildir: Task | None) -> list[tuple[float, Task]]:
    """Each with the seconds between two times."""

    async def review() -> None:
        while await review_letters(runtime):
            continue

    async def watch_canaries() -> None:
        await send_canaries(runtime)

    found: list[tuple[float, Task]] = [(REVIEW_PERIOD_S, review)]
    if runtime.terms.canaries:
        found.append((CANARY_PERIOD_S, watch_canaries))
    if empty_maildir is not None:
        found.append((INBOUND_PERIOD_S, empty_maildir))
    return found


async def review_letters(runtime: Runtime) -> int:
    """Look at a batch of the letters that are due for it, each in a transaction of its own; how many."""
    now = runtime.clock()
    found = await runtime.database.transact(lambda connection: reviewing.claim(connection, now=now))
    for letter in found:
        try:
            counted = await runtime.database.transact(partial(_look, runtime, letter, now))
        except (Conflict, Unavailable):
            raise
        except Exception as error:  # One letter must not hold up the others; it is looked at again in a minute.
            runtime.log.error("review_failed", letter=letter.letter_id, **fault(error))
            continue
        for event in counted:
            runtime.metrics.events[event].inc()
    return len(found)


def _look(runtime: Runtime, letter: Posted, now: int, connection: Connection) -> list[str]:
    """Look at one letter; what is to be counted once that is kept."""
    counted: list[str] = []
    reviewing.review(connection, partial(runtime.own_call, count=counted.append), letter, claimed_at=now)
    return counted


async def send_canaries(runtime: Runtime) -> None:
    """Send the canaries of this period, and tell the administrator of what has changed."""

    def work(connection: Connection) -> list[tuple[str, str]]:
        now, vault, terms = runtime.clock(), runtime.vault, runtime.terms
        canaries.send(connection, vault, terms, now=now)
        return canaries.tell(connection, vault, terms, runtime.new_id, now=now)

    for state, channel in await runtime.database.transact(work):
        runtime.log.warning("canary", channel=channel, state=state)
