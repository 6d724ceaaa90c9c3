"""Traces: a message is followed from the call to the provider, at a collector that speaks OTLP."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from callboard.settings import Settings
from tests.e2e.mail import MailServer
from tests.e2e.processes import until
from tests.messages.press import USUAL, shown, with_bearer
from tests.messages.test_delivery import have_ended, site

pytest_plugins = ["tests.e2e.surroundings"]
TRACE, ABOVE = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


class Collector:
    """Takes spans by OTLP over HTTP, and keeps them."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.spans))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="collector")
        self._thread.start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def of_trace(self) -> dict[str, Any]:
        return {each.name: each for each in self.spans if each.trace_id.hex() == TRACE}

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(spans: list[Any]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found = ExportTraceServiceRequest()
            found.ParseFromString(self.rfile.read(int(self.headers["content-length"])))
            spans.extend(
                span for resource in found.resource_spans for scope in resource.scope_spans for span in scope.spans
            )
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Not on the terminal."""

    return Handler


@pytest.fixture
def collector() -> Iterator[Collector]:
    found = Collector()
    yield found
    found.close()


def test_a_message_is_followed_from_the_call_to_the_provider(
    own_settings: Settings, post: MailServer, collector: Collector
) -> None:
    with site(own_settings, **post.settings, otlp_endpoint=collector.endpoint) as world:
        member = world.member()
        world.bind(world.contact("tom", email="tom@example.com"), member)
        asked = {"AccountId": member, **USUAL}
        answer = with_bearer(world.account, "PublishMessage", asked, traceparent=f"00-{TRACE}-{ABOVE}-01")
        message_id = answer.json["MessageId"]
        until(lambda: have_ended(world, message_id), "it is sent")
        (sent,) = shown(world.account, message_id)["Deliveries"]
    found = collector.of_trace()

    assert set(found) == {"PublishMessage", "deliver email"}
    call, delivery = found["PublishMessage"], found["deliver email"]
    assert call.parent_span_id.hex() == ABOVE
    assert delivery.parent_span_id == call.span_id
    told = {each.key: each.value.string_value or each.value.int_value for each in delivery.attributes}
    assert told == {"callboard.letter": sent["DeliveryId"], "callboard.attempt": 1, "callboard.outcome": "sent"}
    assert b"tom@" not in b"".join(each.SerializeToString() for each in collector.spans)
