"""What came of tries, written down together: while one batch is on its way to the disk, the next one gathers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from structlog.typing import FilteringBoundLogger

from callboard.database.engine import Database
from callboard.delivery import outbox
from callboard.delivery.outbox import TRIES_AT_ONCE, Outcome, Tried
from callboard.errors import Conflict, Unavailable
from callboard.log import fault


class Ledger:
    """Keeps tries for one worker. A try that is not kept leaves its letter due again when the lease ends."""

    def __init__(
        self,
        database: Database,
        log: FilteringBoundLogger,
        *,
        most: int,
        rounds: int,
        pause: Callable[[], Awaitable[None]],
    ) -> None:
        """At most so many tries are yet to be kept. While the database is away it is asked so many times, after pauses.

        A worker that is killed loses those that are yet to be kept, and their letters go out again.
        """
        self._database, self._log = database, log
        self._rounds, self._pause = rounds, pause
        self._room = asyncio.Semaphore(most)
        self._waiting: list[Tried] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, tried: Tried) -> None:
        """Keep a try soon. Waits only while too many are yet to be kept."""
        await self._room.acquire()
        self._waiting.append(tried)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    async def close(self) -> None:
        """Wait until all is kept."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:TRIES_AT_ONCE], self._waiting[TRIES_AT_ONCE:]
            for tried, is_so in zip(batch, await self._keep_surely(batch), strict=True):
                self._room.release()
                self._tell(tried, tried.state.value if is_so else "unknown")
        self._writing = None

    async def _keep_surely(self, batch: Sequence[Tried]) -> list[bool]:
        """Again while the database is away, and the leases last. One that cannot be kept holds up no other."""
        for _ in range(self._rounds):
            try:
                return await self._database.transact(lambda connection: outbox.keep_all(connection, batch))
            except (Conflict, Unavailable) as error:
                self._log.warning("outbox_unavailable", reason=str(error))
            except Exception as error:
                if len(batch) > 1:
                    return [is_so for each in batch for is_so in await self._keep_surely([each])]
                self._log.error("outbox_failed", letter=batch[0].claimed.letter.letter_id, **fault(error))
                return [False]
            await self._pause()
        return [False] * len(batch)

    def _tell(self, tried: Tried, state: str) -> None:
        level = self._log.info if tried.outcome is Outcome.SENT else self._log.warning
        level(
            "letter_tried",
            letter=tried.claimed.letter.letter_id,
            channel=tried.claimed.letter.channel.value,
            attempt=tried.claimed.attempt,
            outcome=tried.outcome.value,
            state=state,
        )
