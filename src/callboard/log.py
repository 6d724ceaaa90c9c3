"""Structured logs: one line an event, as JSON or, on a terminal, for people. Nobody logs a secret or an address."""

import logging
import time
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TextIO

import msgspec
import structlog

from callboard.settings import Settings

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

_ENCODER = msgspec.json.Encoder(enc_hook=str)


def _dumps(event: Any, **_: Any) -> str:
    return _ENCODER.encode(event).decode()


def build_log(settings: Settings, stream: TextIO) -> "FilteringBoundLogger":
    """The logger of a process; what libraries log through `logging` goes the same way from warnings upwards."""
    is_console = settings.log_format == "console" or (settings.log_format == "auto" and stream.isatty())
    tail: list[Any] = (
        [structlog.dev.ConsoleRenderer()]
        if is_console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_dumps)]
    )
    level = getattr(logging, settings.log_level.upper())
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            _stamp,
            *tail,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    logging.basicConfig(handlers=[_Forward(logger)], level=max(level, logging.WARNING), force=True)
    return logger.bind()


def _stamp(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The time in ISO 8601, to the millisecond. Its text is made once a second: every call writes a line."""
    milliseconds = time.time_ns() // 1_000_000
    event["at"] = f"{_second(milliseconds // 1000)}.{milliseconds % 1000:03d}Z"
    return event


@lru_cache(maxsize=2)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def fault(error: BaseException) -> dict[str, object]:
    """An unexpected error for the log: its kind and where it arose, and not its text, which may hold an address."""
    kinds: list[str] = []
    frames: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        kinds.append(type(cause).__qualname__)
        frames += [f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(cause.__traceback__)]
        cause = cause.__cause__
    return {"error": " from ".join(kinds), "where": frames}


class _Forward(logging.Handler):
    """Hands the records of libraries to our logger."""

    def __init__(self, logger: "FilteringBoundLogger") -> None:
        super().__init__()
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        self._logger.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)
