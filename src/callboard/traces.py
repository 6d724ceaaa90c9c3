"""OpenTelemetry traces: what became of a call, and of the letters that it wrote, in one trace to the provider.

Without the setting `otlp_endpoint` nothing is traced, and nothing of OpenTelemetry is loaded. Spans hold no address, no
content and no secret.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from callboard.errors import StartupError
from callboard.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as OtelSpan

SERVICE = "callboard"
PATH = "/v1/traces"


class Span(Protocol):
    """A piece of work under way."""

    traceparent: str
    """How others name it as what theirs belongs to, by W3C Trace Context; empty where nothing is traced."""

    def end(self, name: str, attributes: Mapping[str, str | int], *, is_failure: bool = False) -> None:
        """Say what it was, and what came of it."""


class Traces(Protocol):
    """Where the spans of one process go."""

    def begin(self, parent: str, *, is_call: bool) -> Span:
        """Begin a span below the one of a traceparent, or a trace of its own; `is_call` serves a caller's request."""

    def close(self) -> None:
        """Hand over what has not gone out yet."""


class _NoSpan:
    traceparent = ""

    def end(self, name: str, attributes: Mapping[str, str | int], *, is_failure: bool = False) -> None:
        """Nobody is told."""


_NO_SPAN = _NoSpan()


class NoTraces:
    """Of a process that is not traced."""

    def begin(self, parent: str, *, is_call: bool) -> Span:
        del parent, is_call
        return _NO_SPAN

    def close(self) -> None:
        """Nothing is held."""


NO_TRACES = NoTraces()


class _SentSpan:
    def __init__(self, span: "OtelSpan", traceparent: str) -> None:
        self._span, self.traceparent = span, traceparent

    def end(self, name: str, attributes: Mapping[str, str | int], *, is_failure: bool = False) -> None:
        from opentelemetry.trace import StatusCode

        self._span.update_name(name)
        self._span.set_attributes(attributes)
        if is_failure:
            self._span.set_status(StatusCode.ERROR)
        self._span.end()


class SentTraces:
    """Spans that are sent to a collector by OTLP over HTTP, in batches, by a thread of their own."""

    def __init__(self, provider: "TracerProvider") -> None:
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider, self._tracer = provider, provider.get_tracer(SERVICE)
        self._context = TraceContextTextMapPropagator()
        self._kinds = {True: SpanKind.SERVER, False: SpanKind.CLIENT}

    def begin(self, parent: str, *, is_call: bool) -> Span:
        from opentelemetry.context import Context
        from opentelemetry.trace import set_span_in_context

        above = self._context.extract({"traceparent": parent}, Context())
        span = self._tracer.start_span(SERVICE, above, self._kinds[is_call])
        written: dict[str, str] = {}
        self._context.inject(written, set_span_in_context(span, Context()))
        return _SentSpan(span, written.get("traceparent", ""))

    def close(self) -> None:
        self._provider.shutdown()


def open_traces(settings: Settings) -> Traces:
    """Where the settings send traces. Raises StartupError."""
    if not settings.otlp_endpoint:
        return NO_TRACES
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise StartupError("The setting otlp_endpoint needs: pip install 'callboard[otel]'.") from error
    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(settings.otlp_endpoint.rstrip("/") + PATH)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return SentTraces(provider)
