"""Work that no request waits for: deletions are finished, and what is old is cleared. Several processes may do it."""

import asyncio
from collections.abc import Awaitable, Callable

from callboard.access import storage as access
from callboard.contacts import deletion, proofs
from callboard.database.jobs import Work
from callboard.delivery import outbox
from callboard.errors import Conflict, Unavailable
from callboard.log import fault
from callboard.runtime import Runtime
from callboard.verification import limits

DELETIONS_PERIOD_S = 1.0
CLEARING_PERIOD_S = 60.0
DAY_MS = 24 * 60 * 60 * 1000


def start(runtime: Runtime, *, history_days: int) -> list["asyncio.Task[None]"]:
    """Start the work in the running event loop; cancel the tasks to end it."""

    async def finish_deletions() -> None:
        done = await runtime.database.transact(lambda open_: deletion.finish_due(open_, now=runtime.clock()))
        if done:
            runtime.log.info("deletions_finished", contacts=done)

    async def clear() -> None:
        now, before = runtime.clock(), runtime.clock() - history_days * DAY_MS
        for work in (
            lambda open_: access.clear_nonces(open_, now=runtime.wall_clock()),
            lambda open_: limits.clear(open_, now=now),
            lambda open_: proofs.clear(open_, before=before),
            lambda open_: outbox.clear(open_, before=before),
        ):
            await _batches(runtime, work)

    async def every(period_s: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(period_s)
            try:
                await work()
            except (Conflict, Unavailable) as error:
                runtime.log.warning("background_unavailable", work=work.__name__, reason=str(error))
            except Exception as error:
                runtime.log.error("background_failed", work=work.__name__, **fault(error))

    plan = ((DELETIONS_PERIOD_S, finish_deletions), (CLEARING_PERIOD_S, clear))
    return [asyncio.create_task(every(period_s, work)) for period_s, work in plan]


async def _batches(runtime: Runtime, work: Work[int]) -> None:
    """A batch at a time, so that calls come in between."""
    while await runtime.database.transact(work):
        continue
