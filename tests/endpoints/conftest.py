"""A receiver of webhooks, a world whose letters wait, and installations of real processes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from callboard.settings import FIELDS, load
from tests.e2e.conftest import embedded, fresh, seeded
from tests.endpoints.listener import Listener
from tests.messages.press import Present
from tests.recipients.world import World
from tests.serving import Server, serving

__all__ = ["embedded", "fresh", "seeded"]


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose letters nobody delivers, and that writes as many as it is told."""
    without = {name: 0 for name in FIELDS if name.startswith(("sends_", "codes_", "sms_per_"))}
    settings = load(
        {
            "CALLBOARD_DATA_DIR": str(tmp_path_factory.mktemp("silent")),
            "CALLBOARD_LISTEN": "127.0.0.1:0",
            "CALLBOARD_BACKGROUND": "false",
            "CALLBOARD_LOG_FORMAT": "json",
            "CALLBOARD_WORKER": "false",
        },
        config=Path("no-such-file.toml"),
    )
    with serving(replace(settings, **without)) as server:
        yield server


@pytest.fixture
def world(silent: Server) -> World:
    return Present(silent.account())
