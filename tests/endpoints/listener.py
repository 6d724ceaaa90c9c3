"""A receiver of webhooks in a thread: it keeps what arrives, to the byte, and answers what it is told to."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.e2e.processes import until

Answer = tuple[int, dict[str, str], bytes]
TAKEN: Answer = (200, {}, b"taken")


@dataclass(frozen=True)
class Post:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def tree(self) -> Any:
        return json.loads(self.body)

    @property
    def signatures(self) -> list[str]:
        return self.headers["webhook-signature"].split(" ")

    def signature_by(self, key: str) -> str:
        """What the specification demands: HMAC-SHA256 of id, timestamp and body, with full stops between them."""
        signed = b".".join([self.headers["webhook-id"].encode(), self.headers["webhook-timestamp"].encode(), self.body])
        secret = base64.b64decode(key.removeprefix("whsec_"))
        return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


class Listener:
    """The receiver. `answer` decides by the post and its number, from 0 on."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.answer: Callable[[Post, int], Answer] = lambda *_: TAKEN
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="listener")
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    def url(self, path: str = "/hooks/s3cret-of-the-path") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def of(self, type: str) -> list[Post]:
        """The events of a type; of services that have none, everything."""
        return [each for each in self.posts if each.tree.get("type", type) == type]

    def next(self, type: str, *, position: int = 1) -> Post:
        until(lambda: len(self.of(type)) >= position, f"event {position} of {type} arrives")
        return self.of(type)[position - 1]

    def code(self, *, position: int = 1) -> str:
        return str(self.next("endpoint.verification", position=position).tree["data"]["Code"])

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(listener: Listener) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            post = Post(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            status, headers, content = listener.answer(post, len(listener.posts))
            listener.posts.append(post)
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
