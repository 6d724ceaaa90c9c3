"""Where reports come in, by whichever way: read, kept, and counted."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial

from structlog.typing import FilteringBoundLogger

from callboard.call import Moment
from callboard.database.engine import Database
from callboard.database.statement import Connection
from callboard.metrics import Metrics
from callboard.receipts import canaries, dsn
from callboard.receipts.receiving import OwnCall, receive
from callboard.receipts.rules import Heard, Report

MAIL = "mail"


class Desk:
    """Takes reports in for one process. What it has taken is durable; a second time it changes nothing."""

    def __init__(
        self,
        *,
        database: Database,
        own_call: OwnCall,
        clock: Callable[[], Moment],
        metrics: Metrics,
        log: FilteringBoundLogger,
    ) -> None:
        self._database, self._own_call, self._clock = database, own_call, clock
        self._metrics, self._log = metrics, log

    async def take_mail(self, octets: bytes) -> Heard:
        """A mail that came in. Raises Conflict or Unavailable, and may then be given again."""
        mail = await asyncio.to_thread(dsn.read, octets)
        if mail.report is not None:
            return (await self.take([mail.report], source=MAIL))[0]
        is_canary = await self._database.transact(partial(self._sees, mail.own_ids)) if mail.own_ids else False
        heard = Heard.CANARY if is_canary else Heard.NO_REPORT
        self._count(MAIL, heard)
        return heard

    async def take(self, reports: Iterable[Report], *, source: str) -> list[Heard]:
        """Reports, each in a transaction of its own. Raises Conflict or Unavailable."""
        found = []
        for each in reports:
            heard = await self._database.transact(partial(self._receive, each))
            self._count(source, heard)
            found.append(heard)
        return found

    def _receive(self, report: Report, connection: Connection) -> Heard:
        return receive(connection, self._own_call, report, at=self._clock())

    def _sees(self, ids: Iterable[str], connection: Connection) -> bool:
        return any(canaries.see(connection, each, at=self._clock()) for each in ids)

    def _count(self, source: str, heard: Heard) -> None:
        self._metrics.receipts.labels(source, heard.value).inc()
        self._log.info("receipt", source=source, heard=heard.value)
