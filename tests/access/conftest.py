"""A database of its own, as the storage tests have it."""

from tests.storage.conftest import database, migrated

__all__ = ["database", "migrated"]
