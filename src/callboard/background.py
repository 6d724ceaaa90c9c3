"""Work that no request waits for: deletions and unbinding finished, and what is old cleared, by several processes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from callboard import aftercare
from callboard.access import sessions, throttle
from callboard.access import storage as access
from callboard.audit import sealing
from callboard.call import Call
from callboard.contacts import deletion, membership, proofs
from callboard.database.jobs import Work
from callboard.database.statement import Connection
from callboard.delivery import outbox
from callboard.drills import running
from callboard.drills import storage as drills
from callboard.endpoints import storage as endpoints
from callboard.errors import Conflict, Unavailable
from callboard.log import fault
from callboard.messages import digests, escalation, keys
from callboard.messages import storage as messages
from callboard.preferences import storage as preferences
from callboard.receipts import canaries
from callboard.runtime import Runtime
from callboard.tree import directories
from callboard.verification import limits

DELETIONS_PERIOD_S = 1.0
UNBINDING_PERIOD_S = 1.0
SEALING_PERIOD_S = 1.0
ESCALATION_PERIOD_S = 1.0
DIGESTS_PERIOD_S = 5.0
DRILLS_PERIOD_S = 1.0
CLEARING_PERIOD_S = 60.0
HEAD_PERIOD_S = 600.0
DAY_MS = 24 * 60 * 60 * 1000


def start(
    runtime: Runtime, *, history_days: int, empty_maildir: aftercare.Task | None = None
) -> list["asyncio.Task[None]"]:
    """Start the work in the running event loop; cancel the tasks to end it."""

    async def finish_deletions() -> None:
        while await runtime.database.transact(lambda open_: deletion.finish_due(open_, now=runtime.clock())):
            runtime.log.info("deletion_finished")

    async def finish_unbinding() -> None:
        done = await runtime.database.transact(membership.finish_unbinding)
        if done:
            runtime.log.info("unbinding_finished", tasks=done)

    async def escalate() -> None:
        await escalate_due(runtime)

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
            preferences.clear,
            lambda open_: drills.clear(open_, before=before),
            lambda open_: messages.clear(open_, before=before),
            lambda open_: canaries.clear(open_, before=before),
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
        (ESCALATION_PERIOD_S, escalate),
        (DIGESTS_PERIOD_S, in_directories(runtime, digests.next_due, digests.gather)),
        (DRILLS_PERIOD_S, in_directories(runtime, drills.next_due, running.start_due)),
        (DRILLS_PERIOD_S, in_directories(runtime, drills.next_publishing, running.publish_next)),
        (CLEARING_PERIOD_S, clear),
        (HEAD_PERIOD_S, note_head),
        *aftercare.tasks(runtime, empty_maildir),
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


async def escalate_due(runtime: Runtime) -> None:
    """Let every message go upwards whose time it is, a batch at a time."""
    while await _escalate_batch(runtime) == escalation.BATCH:
        continue


async def _escalate_batch(runtime: Runtime) -> int:
    """Let the most overdue messages go upwards, each in a transaction of its own; how many did.

    What goes wrong with one, which would be a fault of ours, holds up no other.
    """
    batch = await runtime.database.transact(lambda open_: escalation.due(open_, now=runtime.clock()), reads=True)
    taken = 0
    for directory_id, message_id in batch:
        counted: list[str] = []
        try:
            taken += await runtime.database.transact(_step(runtime, directory_id, message_id, counted))
        except (Conflict, Unavailable):
            raise
        except Exception as error:
            runtime.log.error("escalation_failed", message=message_id, **fault(error))
        for event in counted:
            runtime.metrics.events[event].inc()
    if taken:
        runtime.log.info("messages_escalated", steps=taken)
    return taken


def _step(runtime: Runtime, directory_id: str, message_id: str, counted: list[str]) -> Work[bool]:
    """The work that lets one message go upwards; `counted` are the events of the try that is committed."""

    def work(open_: Connection) -> bool:
        counted.clear()
        directory = directories.find(open_, directory_id)
        if directory is None:  # It was disabled just now, and took its messages along.
            return False
        return escalation.escalate(runtime.own_call(open_, directory, count=counted.append), message_id)

    return work


def in_directories(
    runtime: Runtime, next_due: Callable[..., str | None], work: Callable[[Call], int]
) -> Callable[[], Awaitable[None]]:
    """Work in each directory for which there is any, in the operator's name, until nothing is left to do."""

    def once(connection: Connection) -> int:
        directory_id = next_due(connection, now=runtime.clock())
        directory = None if directory_id is None else directories.find(connection, directory_id)
        return 0 if directory is None else work(runtime.own_call(connection, directory))

    async def until_done() -> None:
        await _batches(runtime, once)

    until_done.__name__ = work.__name__
    return until_done


async def _batches(runtime: Runtime, work: Work[int]) -> None:
    """A batch at a time, so that calls come in between."""
    while await runtime.database.transact(work):
        continue
