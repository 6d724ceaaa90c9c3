"""A world in a directory of its own, and real servers around it.

A test that is marked BOTH runs on both databases; the others have an SQLite file, which costs less.
"""

from pathlib import Path

import pytest

from tests.messages.conftest import embedded, fresh, seeded, world

__all__ = ["embedded", "fresh", "seeded", "world"]


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{tmp_path / 'callboard.db'}"
    return str(request.getfixturevalue("empty_postgres"))
