"""An installation of its own for every test, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest

from tests.e2e.processes import SEEDED, Installation


@pytest.fixture
def fresh(empty_url: str, tmp_path: Path) -> Installation:
    """An installation that nobody has started: an empty folder, an empty database, and no key."""
    database_url = "" if empty_url.startswith("sqlite") else empty_url
    return Installation(tmp_path / "home", database_url=database_url)


@pytest.fixture
def seeded(fresh: Installation) -> Installation:
    """The same with the first access key in the settings."""
    fresh.settings.update(SEEDED)
    return fresh


@pytest.fixture
def embedded(tmp_path: Path) -> Installation:
    """A seeded installation on the embedded database, where the database is not what matters."""
    return Installation(tmp_path / "home", **SEEDED)
