"""A database of its own, as the storage tests have it, and installations of real processes."""

from tests.e2e.conftest import embedded, fresh, seeded
from tests.storage.conftest import database, migrated, vault

__all__ = ["database", "embedded", "fresh", "migrated", "seeded", "vault"]
