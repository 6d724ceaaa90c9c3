"""One channel's work within a worker: letters claimed a little ahead, handed over by as many hands as are allowed.

How far ahead is what the hands got done in the last second, so that no letter waits here for long: a provider that
stalls has nothing claimed for it that another worker could hand over.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace
from structlog.typing import FilteringBoundLogger

from callboard.access.vault import Vault
from callboard.call import Moment
from callboard.database.engine import Database
from callboard.database.statement import Connection
from callboard.delivery import claiming
from callboard.delivery.ledger import Ledger
from callboard.delivery.letter import Channel, Letter, PermanentFailure, Sender, TemporaryFailure
from callboard.delivery.outbox import Claimed, Outcome, State, Tried
from callboard.delivery.rules import Pace, blot, next_try
from callboard.errors import Conflict, Unavailable
from callboard.log import fault
from callboard.metrics import Metrics
from callboard.traces import NO_TRACES, Span, Traces

POLL_S = 0.25
OUTAGE_PAUSE_S = 2.0
SEND_SHARE = 0.8
"""How much of a lease a sender may use up; the rest is for writing down what came of it."""
WAIT_SHARE = 0.25
"""How much of a lease a letter may wait for a hand; one that waits longer is given back."""
AHEAD = 8
"""At most so many letters a hand are claimed ahead."""
DIRECTORIES = 16
"""At most so many directories share what is claimed at once; the next ones have their turn next."""


class Parts(Struct, frozen=True):
    """What the lanes of a worker work with."""

    database: Database
    vault: Vault
    written: Callable[[Connection, list[Letter]], list[Letter]]
    """Letters that carry messages, with what they say."""
    pace: Pace
    concurrency: int
    keeps_content: bool
    clock: Callable[[], Moment]
    log: FilteringBoundLogger
    metrics: Metrics
    traces: Traces = NO_TRACES


class Result(Struct, frozen=True):
    """What came of a try."""

    outcome: Outcome
    answer: str
    retry_after_ms: int = 0


class Held(Struct, frozen=True):
    """A letter that waits here for a hand, and since when, by the event loop's time."""

    claimed: Claimed
    since: float


class Lane:
    """Delivers the letters of one channel until it is stopped."""

    def __init__(self, parts: Parts, ledger: Ledger, channel: Channel, sender: Sender, *, per_second: int) -> None:
        self._parts, self._ledger, self._pace = parts, ledger, parts.pace
        self._channel, self._sender, self._per_second = channel, sender, per_second
        self._stopping, self._stirred = asyncio.Event(), asyncio.Event()
        self._held: deque[Held] = deque()
        self._done_at: deque[float] = deque(maxlen=AHEAD * parts.concurrency)
        self._hands = 0
        self._last: str | None = None
        """The directory that was served last."""

    def stop(self) -> None:
        """Claim no more; `run` ends once the letters in hand are done."""
        self._stopping.set()
        self._stirred.set()

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as hands:
                while not self._stopping.is_set():
                    await self._step(hands)
        finally:
            await self._give_back([self._held.popleft().claimed for _ in range(len(self._held))])

    async def _step(self, hands: asyncio.TaskGroup) -> None:
        """Claim what there is room for, and have hands busy with it; wait where there is nothing to do."""
        self._stirred.clear()
        room = self._room()
        claimed = await self._claim(room) if room else []
        now = asyncio.get_running_loop().time()
        self._held.extend(Held(each, now) for each in claimed)
        while self._held and self._hands < self._parts.concurrency and not self._stopping.is_set():
            self._hands += 1
            hands.create_task(self._hand(self._held.popleft()))
        if room and not claimed:
            await self._pause(POLL_S)
        elif not room:
            await self._stirred.wait()

    def _room(self) -> int:
        """How many letters to claim now: few only where a hand has nothing to do otherwise."""
        now = asyncio.get_running_loop().time()
        while self._done_at and self._done_at[0] < now - 1:
            self._done_at.popleft()
        wanted = self._parts.concurrency + len(self._done_at)
        room = wanted - self._hands - len(self._held)
        return room if room >= wanted / 2 or not self._held else 0

    async def _claim(self, limit: int) -> list[Claimed]:
        parts = self._parts

        def find(connection: Connection) -> list[str]:
            most = min(limit, DIRECTORIES)
            return claiming.due(connection, self._channel, now=parts.clock(), limit=most, after=self._last)

        def claim(connection: Connection) -> list[Claimed]:
            return claiming.claim(
                connection,
                parts.vault,
                self._channel,
                found,
                now=parts.clock(),
                lease_ms=self._pace.lease_ms,
                limit=limit,
                per_second=self._per_second,
            )

        try:
            found = await parts.database.transact(find, reads=True)
            if found:
                self._last = found[-1]
                return await self._with_contents(await parts.database.transact(claim))
        except (Conflict, Unavailable) as error:
            parts.log.warning("outbox_unavailable", reason=str(error))
            await self._pause(OUTAGE_PAUSE_S)
        except Exception as error:
            parts.log.error("outbox_failed", **fault(error))
            await self._pause(OUTAGE_PAUSE_S)
        return []

    async def _with_contents(self, claimed: list[Claimed]) -> list[Claimed]:
        """The letters that carry messages are written now, beside the transactions that change something."""
        if not any(each.letter.message_id for each in claimed):
            return claimed
        letters = [each.letter for each in claimed]
        written = await self._parts.database.transact(
            lambda connection: self._parts.written(connection, letters), reads=True
        )
        return [replace(each, letter=letter) for each, letter in zip(claimed, written, strict=True)]

    async def _give_back(self, claimed: list[Claimed]) -> None:
        """Let others have what was claimed and not tried. Where that fails, they have it when the lease ends."""
        if not claimed:
            return
        try:
            await self._parts.database.transact(
                lambda connection: claiming.give_back(connection, claimed, now=self._parts.clock())
            )
        except (Conflict, Unavailable) as error:
            self._parts.log.warning("outbox_unavailable", reason=str(error))

    async def _hand(self, held: Held) -> None:
        """Hand over one letter after the other, as long as some wait here."""
        try:
            await self._deliver(held)
            while self._held and not self._stopping.is_set():
                await self._deliver(self._held.popleft())
        finally:
            self._hands -= 1
            self._stirred.set()

    async def _deliver(self, held: Held) -> None:
        """One try. Whatever goes wrong, the letter stays in the outbox until it has an end."""
        loop = asyncio.get_running_loop()
        lease_s, waited_s = self._pace.lease_ms / 1000, loop.time() - held.since
        if waited_s > lease_s * WAIT_SHARE:
            await self._give_back([held.claimed])
            return
        span = self._parts.traces.begin(held.claimed.trace, is_call=False)
        result = await self._try(held.claimed, lease_s * SEND_SHARE - waited_s)
        self._end(span, held.claimed, result)
        self._done_at.append(loop.time())
        self._stirred.set()
        self._count(held.claimed, result)
        await self._ledger.keep(self._tried(held.claimed, result))

    async def _try(self, claimed: Claimed, seconds: float) -> Result:
        if (in_vain := self._why_in_vain(claimed)) is not None:
            return Result(Outcome.PERMANENT, in_vain)
        try:
            async with asyncio.timeout(seconds):
                return Result(Outcome.SENT, await self._sender.send(claimed.letter))
        except TemporaryFailure as error:
            return Result(Outcome.TEMPORARY, str(error), int((error.retry_after_s or 0) * 1000))
        except PermanentFailure as error:
            return Result(Outcome.PERMANENT, str(error))
        except TimeoutError:
            return Result(Outcome.TEMPORARY, "The provider did not answer in time.")
        except Exception as error:
            letter_id = claimed.letter.letter_id
            self._parts.log.error("sender_failed", sender=self._sender.name, letter=letter_id, **fault(error))
            return Result(Outcome.TEMPORARY, f"The sender failed: {type(error).__name__}.")

    def _why_in_vain(self, claimed: Claimed) -> str | None:
        if self._parts.clock() >= claimed.deadline_at:
            return "It was too late to be of use."
        return None if claimed.letter.content.text else "What it carried is gone."

    def _count(self, claimed: Claimed, result: Result) -> None:
        metrics, channel = self._parts.metrics, self._channel.value
        metrics.tries.labels(channel, result.outcome.value).inc()
        if result.outcome is Outcome.SENT:
            seconds = (self._parts.clock() - claimed.letter.created_at) / 1000
            metrics.letter_seconds.labels(channel, claimed.label).observe(seconds)

    def _end(self, span: Span, claimed: Claimed, result: Result) -> None:
        about: dict[str, str | int] = {
            "callboard.letter": claimed.letter.letter_id,
            "callboard.attempt": claimed.attempt,
            "callboard.outcome": result.outcome.value,
        }
        span.end(f"deliver {self._channel.value}", about, is_failure=result.outcome is not Outcome.SENT)

    def _tried(self, claimed: Claimed, result: Result) -> Tried:
        """The try, and what becomes of the letter."""
        now, again_at = self._parts.clock(), None
        if result.outcome is Outcome.TEMPORARY:
            again_at = next_try(
                self._pace,
                attempt=claimed.attempt,
                now=now,
                deadline_at=claimed.deadline_at,
                chance=random.random(),  # noqa: S311 (jitter, no secret)
                retry_after_ms=result.retry_after_ms,
                is_urgent=claimed.letter.is_urgent,
            )
        is_sent = result.outcome is Outcome.SENT
        return Tried(
            claimed,
            at=now,
            sender=self._sender.name,
            outcome=result.outcome,
            answer=blot(result.answer, claimed.letter.content),
            state=State.SENT if is_sent else State.FAILED if again_at is None else State.WAITING,
            due_at=again_at,
            keeps_content=self._parts.keeps_content or not is_sent,
        )

    async def _pause(self, seconds: float) -> None:
        """Wait, but not when it is time to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
