"""The ASGI face of the API: HTTP in, HTTP out, and nothing in between but the pipeline."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from callboard.api.pipeline import answer
from callboard.api.wire import BODY_BYTES, Answer, HttpRequest
from callboard.runtime import Runtime

DRAINED_BYTES = 64 * BODY_BYTES
"""So much of a body that is too large is read and thrown away, that its sender is there to hear the refusal."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Api:
    """Answers every request on every path: a path that is not the API's is refused in the API's own words."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, is_too_large = await _body(receive)
        client = scope.get("client")
        request = HttpRequest(
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"],
            headers=_headers(scope["headers"]),
            body=body,
            source_address=client[0][:64] if client else None,
            scheme=scope["scheme"],
            is_too_large=is_too_large,
        )
        await _send(send, await answer(self._runtime, request))


async def _body(receive: Receive) -> tuple[bytes, bool]:
    """The whole body, chunked or not; of one that is too large only so much that it can be refused."""
    message = await receive()
    body = message.get("body", b"")
    if not message.get("more_body"):
        return body, len(body) > BODY_BYTES
    parts, size = [body], len(body)
    while message.get("more_body") and size <= DRAINED_BYTES:
        message = await receive()
        size += len(message.get("body", b""))
        if size <= BODY_BYTES:
            parts.append(message.get("body", b""))
    return b"".join(parts), size > BODY_BYTES


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """By name in lower case; several values of one header are sorted and joined, as V3 signs them."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1"), value.decode("utf-8", "surrogateescape").strip()
        headers[key] = text if key not in headers else ",".join(sorted([*headers[key].split(","), text]))
    return headers


async def _send(send: Send, reply: Answer) -> None:
    headers = [
        reply.content_type,
        (b"content-length", b"%d" % len(reply.body)),
        (b"x-acs-request-id", reply.request_id.encode()),
    ]
    if reply.retry_after_ms:
        headers.append((b"x-acs-retry-after", b"%d" % reply.retry_after_ms))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
