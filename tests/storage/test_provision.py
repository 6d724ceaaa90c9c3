"""The first directory and key of an installation: made once, whoever else starts at the same time."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from callboard.access import storage as access
from callboard.access.vault import Vault
from callboard.audit import storage as audit
from callboard.database.engine import Database, open_database
from callboard.database.statement import Connection
from callboard.errors import StartupError
from callboard.provision import add_directory, provision, set_key_active
from callboard.settings import Settings
from callboard.tree import directories
from tests.storage.test_outages import ON_POSTGRESQL
from tests.storage.work import NOW

PATIENCE_S = 20
SEED = {"root_access_key_id": "LTAIseeded", "root_access_key_secret": "geheimnis", "root_account_id": "42"}


def key_ids(database: Database) -> list[str]:
    return [key.access_key_id for key in database.run(access.page)]


def test_a_first_start_makes_a_key_and_a_second_one_none(database: Database, vault: Vault, migrated: Settings) -> None:
    first = provision(database, vault, migrated, now=NOW)
    second = provision(database, vault, migrated, now=NOW + 1)

    assert first is not None
    assert second is None
    assert key_ids(database) == [first.access_key_id]


def test_the_key_of_the_settings_is_there_after_each_start(
    database: Database, vault: Vault, migrated: Settings
) -> None:
    seeded = replace(migrated, **SEED)

    outcomes = [provision(database, vault, seeded, now=NOW + number) for number in range(2)]

    (key,) = database.run(access.page)
    stored = database.run(lambda open_: access.find(open_, "LTAIseeded"))
    assert outcomes == [None, None]
    assert (key.access_key_id, key.account_id, key.user_name) == ("LTAIseeded", "42", None)
    assert vault.decrypt(stored.secret, belongs_to="LTAIseeded") == "geheimnis"


def test_an_account_that_has_disabled_its_directory_keeps_its_key_and_gets_no_other_one(
    database: Database, vault: Vault, migrated: Settings
) -> None:
    seeded = replace(migrated, **SEED)
    provision(database, vault, seeded, now=NOW)

    def disable(open_: Connection) -> None:
        made = directories.of_account(open_, "42")
        assert made is not None
        directories.remove(open_, made)

    database.run(disable)
    again = provision(database, vault, seeded, now=NOW + 1)

    stored = database.run(lambda open_: access.find(open_, "LTAIseeded"))
    assert again is None
    assert (stored.account_id, stored.directory_id, stored.is_management) == ("42", None, False)
    assert provision(database, vault, migrated, now=NOW + 2) is None


def test_a_key_of_the_settings_that_was_disabled_stays_disabled(
    database: Database, vault: Vault, migrated: Settings
) -> None:
    seeded = replace(migrated, **SEED)
    provision(database, vault, seeded, now=NOW)
    database.run(lambda open_: set_key_active(open_, "LTAIseeded", is_active=False, now=NOW))

    provision(database, vault, seeded, now=NOW + 1)

    assert [key.is_active for key in database.run(access.page)] == [False]


def test_a_key_that_is_there_with_another_secret_is_refused_and_kept(
    database: Database, vault: Vault, migrated: Settings
) -> None:
    seeded = replace(migrated, **SEED)
    provision(database, vault, seeded, now=NOW)

    with pytest.raises(StartupError, match="root_access_key_secret"):
        provision(database, vault, replace(seeded, root_access_key_secret="other"), now=NOW)

    stored = database.run(lambda open_: access.find(open_, "LTAIseeded"))
    assert vault.decrypt(stored.secret, belongs_to="LTAIseeded") == "geheimnis"


def test_what_an_operator_does_is_recorded_without_any_secret(
    database: Database, vault: Vault, migrated: Settings
) -> None:
    seeded = replace(migrated, **SEED)
    provision(database, vault, seeded, now=NOW)
    database.run(lambda open_: set_key_active(open_, "LTAIseeded", is_active=False, now=NOW + 1))

    records = database.run(lambda open_: audit.page(open_, "42"))

    assert [(each.principal, each.action) for each in records] == [
        ("operator", "CreateDirectory"),
        ("operator", "CreateAccessKey"),
        ("operator", "UpdateAccessKey"),
    ]
    assert (records[2].before, records[2].after) == ('{"is_active":true}', '{"is_active":false}')
    assert "geheimnis" not in str(records)


def test_an_account_of_that_id_is_made_once(database: Database) -> None:
    database.run(lambda open_: add_directory(open_, account_id="42", now=NOW))

    with pytest.raises(StartupError, match="There is an account 42 already"):
        database.run(lambda open_: add_directory(open_, account_id="42", now=NOW))


class Slow:
    """A database whose transactions stay open for a while once their work is done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.has_worked, self.may_commit = threading.Event(), threading.Event()

    def run(self, work: Callable[[Connection], Any]) -> Any:
        def slowly(connection: Connection) -> Any:
            result = work(connection)
            self.has_worked.set()
            assert self.may_commit.wait(PATIENCE_S)
            return result

        return self._database.run(slowly)


@ON_POSTGRESQL
@pytest.mark.parametrize("seed", [{}, SEED], ids=["made", "seeded"])
def test_of_replicas_that_start_together_one_makes_the_first_directory_and_key(
    migrated: Settings, vault: Vault, seed: dict[str, str]
) -> None:
    one, two = open_database(migrated), open_database(replace(migrated, lock_timeout_ms=20_000))
    for database in (one, two):
        database.run(lambda open_: access.master_key_fingerprint(open_, vault.fingerprint))
    slow, settings = Slow(one), replace(migrated, **seed)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(provision, slow, vault, settings, now=NOW)
        assert slow.has_worked.wait(PATIENCE_S)
        second = pool.submit(provision, two, vault, settings, now=NOW)
        until_it_waits_or_is_done(migrated.url, second)
        slow.may_commit.set()
        made = [first.result(PATIENCE_S), second.result(PATIENCE_S)]

    assert len(key_ids(one)) == 1
    assert [key is not None for key in made] == [not seed, False]
    one.close()
    two.close()


def until_it_waits_or_is_done(url: str, second: "Future[Any]") -> None:
    """The second one stands before the first one's lock, or has seen nothing of it."""
    with psycopg.connect(url, autocommit=True) as server:
        for _ in range(10_000):
            (waiting,) = server.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
            if waiting or second.done():
                return
    raise AssertionError("it neither waits nor is done")
