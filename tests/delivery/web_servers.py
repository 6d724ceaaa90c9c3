"""An HTTP server for the tests, in the test's own event loop: it keeps what arrives and answers what it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Request:
    """A request to the byte."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    content: bytes

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self) -> list[tuple[str, str]]:
        return parse_qsl(self.content.decode(), keep_blank_values=True)

    @property
    def tree(self) -> Any:
        return json.loads(self.content)

    def header(self, name: str) -> str:
        (value,) = [value for key, value in self.headers if key.lower() == name]
        return value


@dataclass
class Gateway:
    """The server's answer, and what it was asked."""

    status: str = "200 OK"
    headers: str = ""
    content: bytes = b"accepted"
    is_dribbling: bool = False
    requests: list[Request] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.requests.append(await _read(reader))
            length = 1_000_000 if self.is_dribbling else len(self.content)
            head = f"HTTP/1.1 {self.status}\r\n{self.headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + self.content)
            while self.is_dribbling and not writer.is_closing():
                writer.write(b".")
                await asyncio.sleep(0.02)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in head[1:] if line)]
    length = int({name.lower(): value for name, value in headers}.get("content-length", "0"))
    return Request(method, target, headers, await reader.readexactly(length))


@asynccontextmanager
async def web_server(gateway: Gateway) -> AsyncIterator[int]:
    """The server on a port of its own."""
    serving: set[asyncio.Task[None]] = set()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.create_task(gateway.serve(reader, writer)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.gather(*serving)
