"""The pages beside the API: liveness, readiness, the OpenAPI document and the list of error codes."""

from html import escape

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from callboard.database.statement import Connection
from callboard.errors import Conflict, Unavailable
from callboard.reference.openapi import document, errors
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
            return PlainTextResponse("the database does not answer\n", status_code=503)
        return PlainTextResponse("ready\n")

    async def openapi(_: Request) -> Response:
        return Response(msgspec.json.encode(document()), media_type="application/json")

    async def error_list(_: Request) -> Response:
        return HTMLResponse(_error_page())

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/openapi.json", openapi),
        Route("/reference/errors", error_list),
    ]


def _nothing(_: Connection) -> None:
    """A transaction that is begun and ended: the database takes writes."""


def _error_page() -> str:
    rows = "".join(
        f'<tr id="{escape(error.code)}"><td><code>{escape(error.code)}</code><td>{error.status}'
        f"<td>{escape(error.__doc__ or '')}<td>{escape(error.when)}"
        for error in errors()
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        "<title>Error codes - Callboard</title><style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:72rem;"
        "padding:0 1rem}table{border-collapse:collapse}td,th{border-top:1px solid #ccc;padding:.4rem .8rem;"
        "text-align:left;vertical-align:top}tr:target{background:#fff3bf}</style>"
        f"<h1>Error codes</h1><table><tr><th>Code<th>HTTP<th>Message<th>When{rows}</table></html>"
    )
