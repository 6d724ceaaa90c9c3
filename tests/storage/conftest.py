"""A migrated database of its own for every test, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callboard.access.vault import Vault, new_master_key
from callboard.database.engine import Database, open_database
from callboard.database.migrate import migrate
from callboard.settings import Settings, load


@pytest.fixture
def migrated(empty_url: str, tmp_path: Path) -> Settings:
    """Settings of a database with this version's schema and no row. A held lock is waited for 0.2 seconds."""
    migrate(empty_url)
    return load(
        {
            "CALLBOARD_DATA_DIR": str(tmp_path),
            "CALLBOARD_DATABASE_URL": empty_url,
            "CALLBOARD_LOCK_TIMEOUT_MS": "200",
            "CALLBOARD_POSTGRES_CONNECTIONS": "4",
        },
        config=Path("no-such-file.toml"),
    )


@pytest.fixture
def database(migrated: Settings) -> Iterator[Database]:
    opened = open_database(migrated)
    yield opened
    opened.close()


@pytest.fixture
def vault() -> Vault:
    return Vault(new_master_key())
