"""A server process over each database, for tests that look at its whole output."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.signing import call_v3
from tests.wire.process import Process, running


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A server process that every test shares; the database has nothing else in it."""
    folder: Path = tmp_path_factory.mktemp(f"process-{request.param}")
    url = ""
    if request.param == "postgresql":
        address, name = request.getfixturevalue("postgres"), f"process_{uuid.uuid4().hex}"
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        url = make_url(address).set(database=name).render_as_string(hide_password=False)
    with running(folder, url) as process:
        yield process


@pytest.fixture
def process(served: Process) -> Iterator[Process]:
    """The server process. Afterwards it must answer still, must have logged no fault, and shown no secret."""
    process = served.from_now()
    yield process
    assert call_v3(process, "ListMessageContacts").status == 200
    assert any(event["event"] == "answered" for event in process.events)
    assert not process.faults
    assert process.secret not in process.printed
