"""Bytes on a socket, for requests that no HTTP client would send."""

import http.client
import json
import socket
from collections.abc import Iterable
from dataclasses import dataclass

TIMEOUT_S = 10


@dataclass(frozen=True)
class Answer:
    """What came back: a response, or a connection that was closed without one (status 0)."""

    status: int
    body: bytes = b""

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["Code"])

    @property
    def is_ours(self) -> bool:
        """Whether it is a success, or a refusal of 4xx with our JSON body."""
        return self.status == 200 or (400 <= self.status < 500 and bool(self.code))


def exchange(endpoint: str, pieces: Iterable[bytes], *, method: str = "POST", is_half: bool = False) -> Answer:
    """Send the pieces, and read one answer. After half a request nothing more is sent, and the server told so."""
    host, port = endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=TIMEOUT_S) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            if is_half:
                connection.shutdown(socket.SHUT_WR)
            response = http.client.HTTPResponse(connection, method=method)
            response.begin()
            return Answer(response.status, response.read())
        except (ConnectionResetError, BrokenPipeError, http.client.BadStatusLine):
            return Answer(0)


def head(path: str | bytes, headers: dict[str, str], *, method: str = "POST") -> bytes:
    """A request line with headers. Text beyond ASCII is sent as UTF-8."""
    target = path if isinstance(path, bytes) else path.encode()
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return method.encode() + b" " + target + b" HTTP/1.1\r\n" + lines.encode() + b"\r\n"
