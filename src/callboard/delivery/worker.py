"""The worker: claims due letters, hands each to its channel's sender, and writes down what came of it.

Any number of workers may run, inside servers or on their own. Each channel has a lane of its own, so that a stalled
mail server holds up no SMS.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace
from structlog.typing import FilteringBoundLogger

from callboard.access.vault import Vault
from callboard.call import Moment
from callboard.database.engine import Database
from callboard.database.statement import Connection
from callboard.delivery import outbox
from callboard.delivery.letter import Channel, Letter, PermanentFailure, Sender, TemporaryFailure
from callboard.delivery.outbox import Claimed, Outcome, State
from callboard.delivery.rules import Pace, blot, next_try
from callboard.errors import Conflict, Unavailable
from callboard.log import fault
from callboard.metrics import Metrics
from callboard.traces import NO_TRACES, Traces

POLL_S = 0.25
OUTAGE_PAUSE_S = 2.0
SEND_SHARE = 0.8
"""How much of a lease a sender may use up; the rest is for writing down what came of it."""


class Result(Struct, frozen=True):
    """What came of a try."""

    outcome: Outcome
    answer: str
    retry_after_ms: int = 0


class Worker:
    """Delivers the letters of the channels that it has senders for, until it is stopped."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        senders: Mapping[Channel, Sender],
        written: Callable[[Connection, list[Letter]], list[Letter]],
        pace: Pace,
        concurrency: int,
        keeps_content: bool,
        clock: Callable[[], Moment],
        log: FilteringBoundLogger,
        metrics: Metrics,
        traces: Traces = NO_TRACES,
    ) -> None:
        self._database, self._vault, self._senders, self._pace = database, vault, senders, pace
        self._written = written
        self._concurrency, self._keeps_content = concurrency, keeps_content
        self._clock, self._log, self._metrics, self._traces = clock, log, metrics, traces
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop` is called, then finish the letters in hand. A fault of ours begins the work anew."""
        try:
            while self._senders and not self._stopping.is_set():
                await self._run_lanes()
        finally:
            for sender in self._senders.values():
                await sender.close()

    def stop(self) -> None:
        """Claim no more; `run` ends once the letters in hand are done."""
        self._stopping.set()

    async def _run_lanes(self) -> None:
        try:
            async with asyncio.TaskGroup() as lanes:
                for channel, sender in self._senders.items():
                    lanes.create_task(self._lane(channel, sender))
        except Exception as error:
            self._log.error("worker_failed", **fault(error))
            await self._pause(OUTAGE_PAUSE_S)

    async def _lane(self, channel: Channel, sender: Sender) -> None:
        """Claim as many letters as there are free hands, again and again."""
        in_hand: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as hands:
            while not self._stopping.is_set():
                claimed = await self._claim(channel, self._concurrency - len(in_hand))
                for each in claimed:
                    task = hands.create_task(self._deliver(sender, each))
                    in_hand.add(task)
                    task.add_done_callback(in_hand.discard)
                if len(in_hand) >= self._concurrency:
                    await asyncio.wait(in_hand, return_when=asyncio.FIRST_COMPLETED)
                elif not claimed:
                    await self._pause(POLL_S)

    async def _claim(self, channel: Channel, limit: int) -> list[Claimed]:
        def claim(connection: Connection) -> list[Claimed]:
            return outbox.claim(
                connection, self._vault, channel, now=self._clock(), lease_ms=self._pace.lease_ms, limit=limit
            )

        try:
            if await self._database.transact(
                lambda connection: outbox.has_due(connection, channel, now=self._clock()), reads=True
            ):
                return await self._with_contents(await self._database.transact(claim))
        except (Conflict, Unavailable) as error:
            self._log.warning("outbox_unavailable", reason=str(error))
            await self._pause(OUTAGE_PAUSE_S)
        except Exception as error:
            self._log.error("outbox_failed", **fault(error))
            await self._pause(OUTAGE_PAUSE_S)
        return []

    async def _with_contents(self, claimed: list[Claimed]) -> list[Claimed]:
        """The letters that carry messages are written now, beside the transactions that change something."""
        if not any(each.letter.message_id for each in claimed):
            return claimed
        letters = [each.letter for each in claimed]
        written = await self._database.transact(lambda connection: self._written(connection, letters), reads=True)
        return [replace(each, letter=letter) for each, letter in zip(claimed, written, strict=True)]

    async def _deliver(self, sender: Sender, claimed: Claimed) -> None:
        """One try, and its record. Whatever goes wrong, the letter stays in the outbox until it has an end."""
        channel = claimed.letter.channel.value
        span = self._traces.begin(claimed.trace, is_call=False)
        result = await self._try(sender, claimed)
        about: dict[str, str | int] = {
            "callboard.letter": claimed.letter.letter_id,
            "callboard.attempt": claimed.attempt,
        }
        span.end(
            f"deliver {channel}",
            {**about, "callboard.outcome": result.outcome.value},
            is_failure=result.outcome is not Outcome.SENT,
        )
        self._metrics.tries.labels(channel, result.outcome.value).inc()
        if result.outcome is Outcome.SENT:
            self._metrics.letter_seconds.labels(channel).observe((self._clock() - claimed.letter.created_at) / 1000)
        state = await self._record_surely(sender, claimed, result)
        level = self._log.info if result.outcome is Outcome.SENT else self._log.warning
        level(
            "letter_tried",
            letter=claimed.letter.letter_id,
            channel=channel,
            attempt=claimed.attempt,
            outcome=result.outcome.value,
            state=state.value if state else "unknown",
        )

    async def _try(self, sender: Sender, claimed: Claimed) -> Result:
        if (in_vain := self._why_in_vain(claimed)) is not None:
            return Result(Outcome.PERMANENT, in_vain)
        try:
            async with asyncio.timeout(self._pace.lease_ms / 1000 * SEND_SHARE):
                return Result(Outcome.SENT, await sender.send(claimed.letter))
        except TemporaryFailure as error:
            return Result(Outcome.TEMPORARY, str(error), int((error.retry_after_s or 0) * 1000))
        except PermanentFailure as error:
            return Result(Outcome.PERMANENT, str(error))
        except TimeoutError:
            return Result(Outcome.TEMPORARY, "The provider did not answer in time.")
        except Exception as error:
            self._log.error("sender_failed", sender=sender.name, letter=claimed.letter.letter_id, **fault(error))
            return Result(Outcome.TEMPORARY, f"The sender failed: {type(error).__name__}.")

    def _why_in_vain(self, claimed: Claimed) -> str | None:
        if self._clock() >= claimed.deadline_at:
            return "It was too late to be of use."
        return None if claimed.letter.content.text else "What it carried is gone."

    async def _record_surely(self, sender: Sender, claimed: Claimed, result: Result) -> State | None:
        """Write down what came of a try, again while the database is away and the lease lasts."""
        for _ in range(max(1, int(self._pace.lease_ms / 1000 * (1 - SEND_SHARE) / OUTAGE_PAUSE_S))):
            try:
                return await self._database.transact(
                    lambda connection: self._record(connection, sender, claimed, result)
                )
            except (Conflict, Unavailable) as error:
                self._log.warning("outbox_unavailable", reason=str(error))
            except Exception as error:
                self._log.error("outbox_failed", letter=claimed.letter.letter_id, **fault(error))
                return None
            await self._pause(OUTAGE_PAUSE_S)
        return None

    def _record(self, connection: Connection, sender: Sender, claimed: Claimed, result: Result) -> State | None:
        """Where the letter stands now; None when another worker has tried it since, and knows better."""
        now = self._clock()
        answer = blot(result.answer, claimed.letter.content)
        outbox.record(connection, claimed, at=now, sender=sender.name, outcome=result.outcome, answer=answer)
        if result.outcome is Outcome.SENT:
            is_ours = outbox.finish(connection, claimed, State.SENT, keeps_content=self._keeps_content)
            return State.SENT if is_ours else None
        again_at = None
        if result.outcome is Outcome.TEMPORARY:
            again_at = next_try(
                self._pace,
                attempt=claimed.attempt,
                now=now,
                deadline_at=claimed.deadline_at,
                chance=random.random(),  # noqa: S311 (jitter, no secret)
                retry_after_ms=result.retry_after_ms,
            )
        if again_at is None:
            return State.FAILED if outbox.finish(connection, claimed, State.FAILED, keeps_content=True) else None
        return State.WAITING if outbox.postpone(connection, claimed, until=again_at) else None

    async def _pause(self, seconds: float) -> None:
        """Wait, but not when it is time to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
