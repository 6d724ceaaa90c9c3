"""Work that no request waits for: deletions and unbinding finished, and what is old cleared, by several processes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from callboard.access import sessions, throttle
from callboard.access import storage as access
from callboard.audit import sealing
from callboard.contacts import deletion, membership, proofs
from callboard.database.jobs import Work
from callboard.delivery import outbox
from callboard.endpoints import storage as endpoints
from callboard.errors import Conflict, Unavailable
from callboard.log import fault
from callboard.messages import keys
from callboard.messages import storage as messages
from callboard.runtime import Runtime
from callboard.verification import limits

DELETIONS_PERIOD_S = 1.0
UNBINDING_PERIOD_S = 1.0
SEALING_PERIOD_S = 1.0
CLEARING_PERIOD_S = 60.0
HEAD_PERIOD_S = 600.0
DAY_MS = 24 * 60 * 60 * 1000


def start(runtime: Runtime, *, history_days: int) -> list["asyncio.Task[None]"]:
    """Start the work in the running event loop; cancel the tasks to end it."""

    async def finish_deletions() -> None:
        while await runtime.database.transact(lambda open_: deletion.finish_due(open_, now=runtime.clock())):
            runtime.log.info("deletion_finished")

    async def finish_unbinding() -> None:
        done = await runtime.database.transact(membership.finish_unbinding)
        if done:
            runtime.log.info("unbinding_finished", tasks=done)

    async def clear() -> None:
        now, before = runtime.clock(), runtime.clock() - history_days * DAY_MS
        for work in (
            lambda open_: access.clear_nonces(open_, now=runtime.wall_clock()),
            lambda open_: throttle.clear(open_, now=runtime.wall_clock()),
            lambda open_: sessions.clear(open_, before=now - DAY_MS),
            lambda open_: limits.clear(open_, now=now),
            lambda open_: proofs.clear(open_, before=before),
            endpoints.clear,
            lambda open_: keys.clear(open_, now=now),
            lambda open_: messages.clear(open_, before=before),
            lambda open_: outbox.clear(open_, before=before),  # After them, as they tell where their letters stand.
        ):
            await _batches(runtime, work)

    async def seal() -> None:
        await _batches(runtime, lambda open_: sealing.seal(open_, runtime.vault))

    async def note_head() -> None:
        """Where the log goes, whoever has the database may not reach."""
        head = await runtime.database.transact(sealing.head, reads=True)
        runtime.log.info("audit_head", head=head.noted)

    plan = (
        (DELETIONS_PERIOD_S, finish_deletions),
        (UNBINDING_PERIOD_S, finish_unbinding),
        (SEALING_PERIOD_S, seal),
        (CLEARING_PERIOD_S, clear),
        (HEAD_PERIOD_S, note_head),
    )
    return [asyncio.create_task(_every(runtime, period_s, work)) for period_s, work in plan]


@asynccontextmanager
async def repeating(runtime: Runtime, work: Callable[[], Awaitable[None]], period_s: float) -> AsyncIterator[None]:
    """Work that every server process does for itself, for as long as the block lasts."""
    task = asyncio.create_task(_every(runtime, period_s, work))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _every(runtime: Runtime, period_s: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(period_s)
        try:
            await work()
        except (Conflict, Unavailable) as error:
            runtime.log.warning("background_unavailable", work=work.__name__, reason=str(error))
        except Exception as error:
            runtime.log.error("background_failed", work=work.__name__, **fault(error))


async def _batches(runtime: Runtime, work: Work[int]) -> None:
    """A batch at a time, so that calls come in between."""
    while await runtime.database.transact(work):
        continue
