"""SQL of access keys, nonces and the master key's fingerprint, on both databases."""

from pathlib import Path

import psycopg
import pytest

from callboard import provision
from callboard.access import storage
from callboard.access.keyring import LIFETIME_MS, Keyring
from callboard.access.storage import ListedKey, StoredKey
from callboard.access.vault import Vault, new_master_key
from callboard.database.engine import Database, open_database
from callboard.database.statement import Connection, Duplicate
from callboard.errors import StartupError
from callboard.provision import NewKey
from callboard.settings import Settings
from callboard.tree import directories
from tests.storage.work import NOW, add_directory, together


def add_key(database: Database, key_id: str, account_id: str, *, user: str | None = None, number: int = 0) -> None:
    sealed = f"sealed {key_id}".encode()
    database.run(
        lambda open_: storage.add(
            open_, access_key_id=key_id, account_id=account_id, user_name=user, secret=sealed, now=NOW + number
        )
    )


def provisioned(database: Database, vault: Vault) -> NewKey:
    """A directory's root key, as an operator makes it."""
    made = add_directory(database)
    return database.run(lambda open_: provision.add_key(open_, vault, made.management_account_id, now=NOW))


def test_a_key_is_found_with_the_account_that_it_belongs_to(database: Database) -> None:
    made = add_directory(database)
    database.run(
        lambda open_: directories.add_account(open_, "77", directory_id="rd-000001", is_management=False, now=NOW)
    )
    database.run(lambda open_: directories.add_account(open_, "88", directory_id=None, is_management=False, now=NOW))
    add_key(database, "LTAIroot", made.management_account_id)
    add_key(database, "LTAIuser", "77", user="tom")
    add_key(database, "LTAIalone", "88")

    found = [database.run(lambda open_, id_=id_: storage.find(open_, id_)) for id_ in ("LTAIroot", "LTAIuser")]
    alone = database.run(lambda open_: storage.find(open_, "LTAIalone"))

    assert found == [
        StoredKey("LTAIroot", made.management_account_id, None, b"sealed LTAIroot", True, "rd-000001", True, None),
        StoredKey("LTAIuser", "77", "tom", b"sealed LTAIuser", True, "rd-000001", False, None),
    ]
    assert alone == StoredKey("LTAIalone", "88", None, b"sealed LTAIalone", True, None, False, None)


def test_a_key_id_is_matched_to_the_letter(database: Database) -> None:
    made = add_directory(database)
    add_key(database, "LTAIroot", made.management_account_id)

    ids = ["ltairoot", "LTAIROOT", "LTAIroot ", "LTAIroo_", "%", "", "' OR 1=1 --"]

    assert [database.run(lambda open_, id_=id_: storage.find(open_, id_)) for id_ in ids] == [None] * len(ids)


def test_a_key_id_is_taken_once(database: Database) -> None:
    add_key(database, "LTAIroot", "1")

    with pytest.raises(Duplicate):
        add_key(database, "LTAIroot", "2")


def test_keys_are_listed_oldest_first_without_their_secrets(database: Database) -> None:
    add_key(database, "LTAIc", "1", number=1)
    add_key(database, "LTAIb", "2", user="tom", number=2)
    add_key(database, "LTAIa", "3", number=2)

    listed = database.run(storage.page)

    assert listed == [
        ListedKey("LTAIc", "1", None, True, NOW + 1),
        ListedKey("LTAIa", "3", None, True, NOW + 2),
        ListedKey("LTAIb", "2", "tom", True, NOW + 2),
    ]


def test_a_key_is_disabled_and_enabled_alone(database: Database) -> None:
    add_key(database, "LTAIa", "1")
    add_key(database, "LTAIb", "1")

    def set_active(key_id: str, *, is_active: bool) -> bool:
        return database.run(lambda open_: storage.set_active(open_, key_id, is_active=is_active))

    def states() -> list[bool]:
        return [bool(key.is_active) for key in database.run(storage.page)]

    assert (set_active("LTAIa", is_active=False), states()) == (True, [False, True])
    assert (set_active("LTAIa", is_active=True), states()) == (True, [True, True])
    assert set_active("LTAInobody", is_active=False) is False


def test_a_nonce_is_used_once(database: Database) -> None:
    def use(digest: bytes) -> bool:
        return database.run(lambda open_: storage.use_nonce(open_, digest, expires_at=NOW))

    assert [use(b"a" * 16), use(b"a" * 16), use(b"b" * 16), use(b"\0" * 16), use(b"\0" * 16)] == [
        True,
        False,
        True,
        True,
        False,
    ]


def test_of_many_who_use_a_nonce_at_the_same_time_one_is_first(database: Database) -> None:
    answers = together(database, [lambda open_: storage.use_nonce(open_, b"n" * 16, expires_at=NOW)] * 30)

    assert sorted(answers) == [False] * 29 + [True]


def test_nonces_are_cleared_once_they_have_expired(database: Database) -> None:
    for digest, expires_at in ((b"a" * 16, NOW - 1), (b"b" * 16, NOW), (b"c" * 16, NOW + 1)):
        database.run(lambda open_, d=digest, at=expires_at: storage.use_nonce(open_, d, expires_at=at))

    cleared = database.run(lambda open_: storage.clear_nonces(open_, now=NOW))

    assert cleared == 1
    again = [b"a" * 16, b"b" * 16, b"c" * 16]
    assert [database.run(lambda open_, d=d: storage.use_nonce(open_, d, expires_at=NOW)) for d in again] == [
        True,
        False,
        False,
    ]


def test_the_first_master_key_stays_the_databases_own(database: Database) -> None:
    first = database.run(lambda open_: storage.master_key_fingerprint(open_, "first"))
    second = database.run(lambda open_: storage.master_key_fingerprint(open_, "second"))

    assert (first, second) == ("first", "first")


def test_a_secret_is_nowhere_in_the_database(migrated: Settings, vault: Vault) -> None:
    database = open_database(migrated)
    key = provisioned(database, vault)

    stored = database.run(lambda open_: storage.find(open_, key.access_key_id))
    content = everything(migrated)
    database.close()

    assert key.access_key_id.encode() in content
    assert key.secret.encode() not in content
    assert key.secret.encode().hex().encode() not in content
    assert vault.decrypt(stored.secret, belongs_to=key.access_key_id) == key.secret
    assert key.secret.encode() not in everything(migrated)


def everything(settings: Settings) -> bytes:
    """All that the database's files hold, or all rows of all tables of PostgreSQL."""
    if settings.url.startswith("sqlite"):
        file = Path(settings.url.removeprefix("sqlite:///"))
        return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
    with psycopg.connect(settings.url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        dumps = []
        for (table,) in tables:
            with connection.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
                dumps += [bytes(block) for block in copy]
        return b"".join(dumps)


def test_a_secret_moved_to_another_key_is_not_accepted(database: Database, vault: Vault) -> None:
    key = provisioned(database, vault)
    stored = database.run(lambda open_: storage.find(open_, key.access_key_id))

    def move(open_: Connection) -> None:
        storage.add(
            open_,
            access_key_id="LTAIthief",
            account_id=key.account_id,
            user_name=None,
            secret=stored.secret,
            now=NOW,
        )

    database.run(move)

    moved = database.run(lambda open_: storage.find(open_, "LTAIthief"))
    with pytest.raises(StartupError, match="LTAIthief"):
        vault.decrypt(moved.secret, belongs_to=moved.access_key_id)
    with pytest.raises(StartupError, match=key.access_key_id):
        Vault(new_master_key()).decrypt(stored.secret, belongs_to=key.access_key_id)


class Clock:
    now = NOW

    def __call__(self) -> int:
        return self.now


def test_a_disabled_key_is_believed_for_a_second_at_most(database: Database, vault: Vault) -> None:
    import asyncio

    key, clock = provisioned(database, vault), Clock()
    keyring = Keyring(database, vault, clock)

    def is_active() -> bool:
        found = asyncio.run(keyring.find(key.access_key_id))
        assert found is not None
        assert found.secret == key.secret
        return found.is_active

    before = is_active()
    database.run(lambda open_: provision.set_key_active(open_, key.access_key_id, is_active=False, now=NOW))
    clock.now += LIFETIME_MS

    assert (before, is_active()) == (True, False)


def test_a_change_of_a_key_that_is_not_there_is_refused(database: Database) -> None:
    with pytest.raises(StartupError, match="no access key LTAInobody"):
        database.run(lambda open_: provision.set_key_active(open_, "LTAInobody", is_active=False, now=NOW))


def test_a_key_of_an_account_that_is_not_there_is_refused(database: Database, vault: Vault) -> None:
    with pytest.raises(StartupError, match="no account 404"):
        database.run(lambda open_: provision.add_key(open_, vault, "404", now=NOW))
