"""A database with letters, and workers that deliver them by senders which do what a test says.

A round of the worker ends when its sender has had as many letters as the test says. What is in hand is finished
before it stops, so that nothing has to be waited for.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy import select

from callboard.access.vault import Vault
from callboard.database.engine import Database
from callboard.database.statement import Statement
from callboard.database.tables import attempts, letters
from callboard.delivery.lane import Parts
from callboard.delivery.letter import Channel, Letter, Sender
from callboard.delivery.rules import Pace
from callboard.delivery.worker import Worker
from callboard.log import build_log
from callboard.metrics import Metrics
from callboard.settings import Settings
from tests.serving import LOG
from tests.storage.letters import HOUR_MS, letter, post
from tests.storage.work import NOW

PACE = Pace(attempts=4, backoff_ms=10_000, backoff_limit_ms=40_000, lease_ms=60_000)
PATIENCE_S = 20
PHONE = "86-13900001234"
Step = Callable[[Letter], Awaitable[str]]
Row = tuple[str, str, int, int, bool]


class Clock:
    """A time that stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


class Provider:
    """A sender that does with each letter what the test says, and tells when it has had enough of them."""

    name = "provider"

    def __init__(self, step: Step, *, enough: int) -> None:
        self.step, self.enough = step, enough
        self.taken: list[str] = []
        self.has_enough, self.is_closed = asyncio.Event(), False
        self.at_once = self.most_at_once = 0

    async def send(self, letter: Letter) -> str:
        self.taken.append(letter.letter_id)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        if len(self.taken) >= self.enough:
            self.has_enough.set()
        try:
            return await self.step(letter)
        finally:
            self.at_once -= 1

    async def close(self) -> None:
        self.is_closed = True


async def take(_: Letter) -> str:
    return "250 taken"


def refuse_with(error: Exception) -> Step:
    async def step(_: Letter) -> str:
        raise error

    return step


class Office:
    """A database with letters, and workers that deliver them."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault, self.clock, self.metrics = database, vault, Clock(), Metrics()

    def post(self, *numbers: int, channel: Channel = Channel.EMAIL, deadline_at: int = NOW + HOUR_MS) -> None:
        for number in numbers:
            made = letter(number, channel=channel, target="tom@example.com" if channel == "email" else PHONE)
            post(self.database, self.vault, made, deadline_at=deadline_at)

    def worker(
        self,
        senders: Mapping[Channel, Sender],
        *,
        pace: Pace = PACE,
        concurrency: int = 4,
        keeps_content: bool = False,
        database: Database | None = None,
        per_second: int = 0,
    ) -> Worker:
        parts = Parts(
            database=database or self.database,
            vault=self.vault,
            written=lambda _, letters: letters,
            pace=pace,
            concurrency=concurrency,
            keeps_content=keeps_content,
            clock=self.clock,
            log=build_log(Settings(log_format="json"), LOG),
            metrics=self.metrics,
        )
        return Worker(parts, senders, rates=dict.fromkeys(senders, per_second))

    def round(self, step: Step, *, enough: int = 1, **options: object) -> list[str]:
        """Let a worker deliver until its sender has had enough; the letters that it had."""

        async def main() -> list[str]:
            provider = Provider(step, enough=enough)
            await self.work(provider, **options)
            return sorted(provider.taken)

        return asyncio.run(main())

    async def work(self, provider: Provider, **options: object) -> None:
        worker = self.worker({Channel.EMAIL: provider}, **options)  # type: ignore[arg-type]
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            await provider.has_enough.wait()
            worker.stop()
        assert provider.is_closed

    def letters(self) -> dict[str, Row]:
        """Each letter: its state, tries, when it is due, and whether its content is there."""
        shown = (letters.c.letter_id, letters.c.state, letters.c.attempts, letters.c.due_at, letters.c.content)
        rows = self.database.run(lambda open_: open_.all(Statement(select(*shown))))
        return {row[0]: (*row[1:4], row[4] is not None) for row in rows}

    def tries(self) -> list[tuple[int, str, str, str]]:
        """Number, sender, outcome and answer of each try, oldest first."""
        shown = (attempts.c.number, attempts.c.sender, attempts.c.outcome, attempts.c.answer)
        return self.database.run(
            lambda open_: open_.all(Statement(select(*shown).order_by(attempts.c.letter_id, attempts.c.number)))
        )

    def counted(self, outcome: str) -> float | None:
        return self.metrics.registry.get_sample_value(
            "callboard_letter_tries_total", {"channel": "email", "outcome": outcome}
        )


def logged() -> list[dict[str, object]]:
    return [json.loads(line) for line in LOG.getvalue().splitlines()]
