"""Requests that come in floods stand in line, so that they cannot crowd out the others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PAUSE_S = 0.004
LONGEST = 200


class Crowded(Exception):
    """So many wait already that whoever comes now had better come again later."""


class Line:
    """One at a time in a process; whoever asks for much and gets nothing gives the others a moment, too."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn; after an error, a refusal say, the next one comes a moment later."""
        async with self._turn:
            try:
                yield
            except BaseException:
                await asyncio.sleep(PAUSE_S)
                raise

    @asynccontextmanager
    async def turn_of_stranger(self) -> AsyncIterator[None]:
        """The same for whoever comes unknown: the moment is always taken. Raises Crowded."""
        if self._waiting >= LONGEST:
            raise Crowded
        self._waiting += 1
        try:
            async with self._turn:
                yield
                await asyncio.sleep(PAUSE_S)
        finally:
            self._waiting -= 1
