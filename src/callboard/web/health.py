"""For operators and their tools: liveness, readiness, metrics."""

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from callboard.database.statement import Connection
from callboard.delivery import lists
from callboard.errors import Conflict, KeyReplaced, Unavailable
from callboard.receipts import canaries
from callboard.runtime import Runtime


def routes(runtime: Runtime) -> list[Route]:
    """The routes of a server that runs on this runtime."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        try:
            await runtime.database.transact(_nothing)
        except (Conflict, Unavailable) as error:
            runtime.log.warning("not_ready", reason=str(error))
            reason = str(error) if isinstance(error, KeyReplaced) else "the database does not answer"
            return PlainTextResponse(f"{reason}\n", status_code=503)
        return PlainTextResponse("ready\n")

    async def metrics(_: Request) -> Response:
        try:
            counts = await runtime.database.transact(lists.counts, reads=True)
            overdue = await runtime.database.transact(
                lambda connection: canaries.overdue(connection, runtime.terms, now=runtime.clock()), reads=True
            )
        except (Conflict, Unavailable) as error:
            runtime.log.warning("metrics_unavailable", reason=str(error))
            return PlainTextResponse("the database does not answer\n", status_code=503)
        _show(runtime, counts)
        for channel, late in overdue.items():
            runtime.metrics.canaries.labels(channel).set(len(late))
        return Response(generate_latest(runtime.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def _nothing(_: Connection) -> None:
    """A transaction that is begun and ended: the database takes writes."""


def _show(runtime: Runtime, counts: list[tuple[str, str, int, int | None]]) -> None:
    """Set the gauges to what the database holds."""
    metrics = runtime.metrics
    metrics.letters.clear()
    metrics.oldest_waiting.clear()
    for channel, state, number, oldest_at in counts:
        metrics.letters.labels(channel, state).set(number)
        if oldest_at is not None:
            metrics.oldest_waiting.labels(channel).set(max(0, runtime.clock() - oldest_at) / 1000)
