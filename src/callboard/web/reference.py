"""What the server tells of its API: the OpenAPI document and the list of error codes."""

from html import escape

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from callboard.reference.openapi import document, errors


def routes() -> list[Route]:
    """The OpenAPI document, and the list of error codes that refusals point to."""

    async def openapi(_: Request) -> Response:
        return Response(msgspec.json.encode(document()), media_type="application/json")

    async def error_list(_: Request) -> Response:
        return HTMLResponse(_error_page())

    return [
        Route("/openapi.json", openapi),
        Route("/reference/errors", error_list),
    ]


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
