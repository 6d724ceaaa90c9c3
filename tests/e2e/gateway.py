"""An HTTP gateway for SMS in a thread, which keeps what it was sent."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.e2e.processes import until


@dataclass(frozen=True)
class Sms:
    """An SMS as it arrived."""

    number: str
    text: str
    letter_id: str

    @property
    def link(self) -> str:
        (link,) = re.findall(r"http://\S+/v/[A-Za-z0-9]+", self.text)
        return link

    @property
    def token(self) -> str:
        return self.link.rpartition("/")[2]

    @property
    def code(self) -> str:
        (code,) = re.findall(r"(?<![0-9A-Za-z])[0-9]{6}(?![0-9A-Za-z])", self.text)
        return code


class Gateway:
    """The gateway. It takes JSON by POST, or everything in the URL by GET."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._take))
        self._server.daemon_threads = False  # So that closing waits for them.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="gateway")
        self._thread.start()
        self.answer: Callable[[Sms], str] = lambda _: "accepted"
        self.messages: list[Sms] = []

    @property
    def settings(self) -> dict[str, str]:
        return {"sms_gateway_url": f"http://127.0.0.1:{self._server.server_port}/sms"}

    @property
    def settings_for_get(self) -> dict[str, str]:
        """The same with number and text in the URL, where logs of libraries would show them."""
        url = f"{self.settings['sms_gateway_url']}?to={{number}}&text={{text}}&id={{id}}"
        return {"sms_gateway_url": url, "sms_gateway_method": "GET"}

    def next(self, number: str, *, position: int = 1) -> Sms:
        """The first SMS to somebody, or a later one, once it is there."""
        until(lambda: len(self.to(number)) >= position, f"SMS {position} to {number} arrives")
        return self.to(number)[position - 1]

    def to(self, number: str) -> list[Sms]:
        return [each for each in self.messages if each.number == number]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _take(self, given: dict[str, str]) -> str:
        sms = Sms(given["to"], given["text"], given["id"])
        self.messages.append(sms)
        return self.answer(sms)


def _handler(take: Callable[[dict[str, str]], str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))

        def do_GET(self) -> None:
            self._answer(dict(parse_qsl(urlsplit(self.path).query)))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _answer(self, given: dict[str, str]) -> None:
            content = take(given).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
