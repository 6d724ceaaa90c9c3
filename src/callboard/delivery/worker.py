"""The worker: claims due letters, hands each to its channel's sender, and writes down what came of it.

Any number of workers may run, inside servers or on their own. Each channel has a lane of its own, so that a stalled
mail server holds up no SMS.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from callboard.delivery.lane import OUTAGE_PAUSE_S, SEND_SHARE, Lane, Parts
from callboard.delivery.ledger import Ledger
from callboard.delivery.letter import Channel, Sender
from callboard.log import fault

UNKEPT = 2
"""At most so many tries a hand are yet to be written down."""


class Worker:
    """Delivers the letters of the channels that it has senders for, until it is stopped."""

    def __init__(self, parts: Parts, senders: Mapping[Channel, Sender], *, rates: Mapping[Channel, int]) -> None:
        """`rates` are how many letters of a channel all workers together may hand over in a second."""
        self._parts, self._senders, self._rates = parts, senders, rates
        self._lanes: list[Lane] = []
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
        for lane in self._lanes:
            lane.stop()

    async def _run_lanes(self) -> None:
        ledger = self._ledger()
        self._lanes = [
            Lane(self._parts, ledger, channel, sender, per_second=self._rates.get(channel, 0))
            for channel, sender in self._senders.items()
        ]
        try:
            async with asyncio.TaskGroup() as lanes:
                for lane in self._lanes:
                    lanes.create_task(lane.run())
        except Exception as error:
            self._parts.log.error("worker_failed", **fault(error))
            await self._pause()
        await ledger.close()

    def _ledger(self) -> Ledger:
        """It gives up what it cannot write once the leases end."""
        rounds = int(self._parts.pace.lease_ms / 1000 * (1 - SEND_SHARE) / OUTAGE_PAUSE_S)
        most = UNKEPT * self._parts.concurrency
        return Ledger(self._parts.database, self._parts.log, most=most, rounds=max(1, rounds), pause=self._pause)

    async def _pause(self) -> None:
        """Wait for what is away, but not when it is time to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), OUTAGE_PAUSE_S)
