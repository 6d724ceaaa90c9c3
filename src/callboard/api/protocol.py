"""The HTTP parser's own refusal in the API's words: clients lose an error that is no JSON (clients.md, trap 14)."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from callboard.api import wire
from callboard.api.errors import ParameterInvalid
from callboard.call import new_request_id

REQUEST_TIMEOUT_S = 60
"""A request must have arrived whole in this time, or whoever sends byte by byte could hold connections for ever."""


class Protocol(HttpToolsProtocol):
    """What uvicorn speaks on a connection, with a time limit and an answer of ours to what is no HTTP request."""

    _arrival: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_timer()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_request()

    def on_message_complete(self) -> None:
        self._cancel_timer()
        super().on_message_complete()

    def _expect_request(self) -> None:
        self._cancel_timer()
        self._arrival = self.loop.call_later(REQUEST_TIMEOUT_S, self.transport.close)

    def _cancel_timer(self) -> None:
        if self._arrival is not None:
            self._arrival.cancel()

    def send_400_response(self, msg: str) -> None:
        """Answer and close the connection, as nobody knows where the next request would begin."""
        refusal = ParameterInvalid(parameter="request")
        answer = wire.write_error(refusal, host="", request_id=new_request_id(), recommend="", is_xml=False)
        head = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n%b: %b\r\ncontent-length: %d\r\n\r\n"
        self.transport.write(head % (*answer.content_type, len(answer.body)) + answer.body)
        self.transport.close()
        self.logger.debug(msg)
