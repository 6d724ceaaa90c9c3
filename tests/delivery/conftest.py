"""A migrated database of its own for every test that asks for one, as the tests of SQL have it, and its letters."""

import pytest

from callboard.access.vault import Vault
from callboard.database.engine import Database
from tests.delivery.office import Office
from tests.storage.conftest import database, migrated, vault

__all__ = ["database", "migrated", "office", "vault"]


@pytest.fixture
def office(database: Database, vault: Vault) -> Office:
    return Office(database, vault)
