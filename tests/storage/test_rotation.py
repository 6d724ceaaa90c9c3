"""A new master key in the database: all or nothing, by one process at a time; and the files of the key."""

import pytest
from sqlalchemy import text

from callboard import provision
from callboard.access import key_file, rotation, storage
from callboard.access.vault import FILE_NAME, Vault, load_master_key, new_master_key, read_master_key
from callboard.database.engine import Database, open_database
from callboard.database.statement import Statement
from callboard.delivery.letter import Channel
from callboard.endpoints import storage as endpoints
from callboard.endpoints.rules import Code, Endpoint, Known, Secrets
from callboard.errors import KeyReplaced, StartupError
from callboard.messages import storage as messages
from callboard.messages.rules import Severity
from callboard.messages.shapes import Body
from callboard.messages.storage import Message
from callboard.settings import Settings
from tests.storage.work import NOW, add_directory, are_there, together


def with_key(database: Database, vault: Vault) -> provision.NewKey:
    """An installation with one access key."""
    database.run(lambda open_: storage.master_key_fingerprint(open_, vault.fingerprint))
    account_id = add_directory(database).management_account_id
    return database.run(lambda open_: provision.add_key(open_, vault, account_id, now=NOW))


def rotated(database: Database, old: Vault, new: Vault) -> int:
    return database.run(lambda open_: rotation.rotate(open_, old, new, before_writing=lambda: None))


def test_every_secret_is_opened_by_the_new_key_alone(database: Database, vault: Vault) -> None:
    key, new = with_key(database, vault), vault.under(new_master_key())

    assert rotated(database, vault, new) == 1

    stored = database.run(lambda open_: storage.find(open_, key.access_key_id))
    assert new.decrypt(stored.secret, belongs_to=key.access_key_id) == key.secret
    with pytest.raises(StartupError):
        vault.decrypt(stored.secret, belongs_to=key.access_key_id)


def test_what_messages_say_is_opened_by_the_new_key_alone(database: Database, vault: Vault) -> None:
    with_key(database, vault)
    directory_id, new, body = add_directory(database, 2).directory_id, vault.under(new_master_key()), Body("secret")
    message = Message("m-1", "1", "FaultMessage", Severity.INFO, "s", False, NOW, NOW)
    database.run(lambda open_: messages.add(open_, vault, directory_id, message, body))

    rotated(database, vault, new)

    assert database.run(lambda open_: messages.find(open_, new, directory_id, "m-1")) == (message, body)
    with pytest.raises(StartupError):
        database.run(lambda open_: messages.find(open_, vault, directory_id, "m-1"))


def test_where_endpoints_are_is_opened_by_the_new_key_alone(database: Database, vault: Vault) -> None:
    with_key(database, vault)
    directory_id, new = add_directory(database, 2).directory_id, vault.under(new_master_key())
    endpoint = Endpoint("e-1", "ops", Channel.WEBHOOK, "1", ("FaultMessage",), NOW, NOW)
    known = Known(endpoint, Secrets("https://example.com/secret", key="whsec_a"), Code(b"d" * 32, NOW, 1))
    database.run(lambda open_: endpoints.add(open_, vault, directory_id, known))

    rotated(database, vault, new)

    assert database.run(lambda open_: endpoints.find(open_, new, directory_id, "e-1")) == known
    with pytest.raises(StartupError):
        database.run(lambda open_: endpoints.find(open_, vault, directory_id, "e-1"))


def test_keyed_hashes_are_the_same_under_every_key_that_follows(database: Database, vault: Vault) -> None:
    with_key(database, vault)
    second, third = new_master_key(), new_master_key()
    rotated(database, vault, vault.under(second))
    after_start = Vault(second).with_digest_key(database.run(storage.digest_key))
    rotated(database, after_start, after_start.under(third))

    last = Vault(third).with_digest_key(database.run(storage.digest_key))

    assert last.digest("token", of="token") == vault.digest("token", of="token")
    assert Vault(third).digest("token", of="token") != vault.digest("token", of="token")


def test_of_two_rotations_one_is_done_and_the_other_one_refused(database: Database, vault: Vault) -> None:
    key = with_key(database, vault)
    database.expect(vault.fingerprint)
    news = [vault.under(new_master_key()) for _ in range(2)]

    outcomes = together(
        database,
        [lambda open_, new=new: rotation.rotate(open_, vault, new, before_writing=lambda: None) for new in news],
    )

    assert sorted(str(type(each).__name__) for each in outcomes) == ["KeyReplaced", "int"]
    (winner,) = (new for new, outcome in zip(news, outcomes, strict=True) if outcome == 1)
    database.expect(winner.fingerprint)
    stored = database.run(lambda open_: storage.find(open_, key.access_key_id))
    assert winner.decrypt(stored.secret, belongs_to=key.access_key_id) == key.secret


def test_a_secret_that_the_old_key_does_not_open_stops_all(database: Database, vault: Vault) -> None:
    key = with_key(database, vault)
    database.run(
        lambda open_: storage.add(
            open_,
            access_key_id="zz-foreign",
            account_id=key.account_id,
            user_name=None,
            secret=Vault(new_master_key()).encrypt("x", belongs_to="zz-foreign"),
            now=NOW,
        )
    )

    with pytest.raises(StartupError, match="zz-foreign"):
        rotated(database, vault, vault.under(new_master_key()))

    stored = database.run(lambda open_: storage.find(open_, key.access_key_id))
    assert vault.decrypt(stored.secret, belongs_to=key.access_key_id) == key.secret
    assert database.run(lambda open_: storage.master_key_fingerprint(open_, "x")) == vault.fingerprint


def test_a_process_with_the_old_key_neither_reads_nor_writes(migrated: Settings, vault: Vault) -> None:
    old, other = open_database(migrated), open_database(migrated)
    with_key(old, vault)
    old.expect(vault.fingerprint)
    assert old.run(lambda open_: open_.one(Statement(text("SELECT 1")))) is not None

    rotated(other, vault, vault.under(new_master_key()))

    def write(open_) -> None:
        from tests.storage.work import add

        add("77")(open_)

    outcomes = together(old, [write]) + together(old, [storage.page], reads=True)
    with pytest.raises(KeyReplaced):
        old.run(write)
    assert [type(each) for each in outcomes] == [KeyReplaced, KeyReplaced]
    assert are_there(other, ["77"]) == [False]
    for each in (old, other):
        each.close()


def test_many_transactions_of_a_guarded_database_are_all_served(database: Database, vault: Vault) -> None:
    with_key(database, vault)
    database.expect(vault.fingerprint)

    for _ in range(12):  # Beyond the number after which a driver prepares what it runs.
        together(database, [storage.page] * 6)

    assert len(database.run(storage.page)) == 1


def test_the_key_in_force_is_found_in_either_file(tmp_path) -> None:
    old = Vault(load_master_key(str(tmp_path), create=True))
    key = new_master_key()
    with key_file.alone(str(tmp_path)) as folder:
        key_file.stage(folder, key)

    before = key_file.in_force(str(tmp_path), old.fingerprint)
    assert (before is not None and before.fingerprint) == old.fingerprint
    assert (tmp_path / key_file.NEW).exists()

    after = key_file.in_force(str(tmp_path), Vault(key).fingerprint)
    assert (after is not None and after.fingerprint) == Vault(key).fingerprint
    assert read_master_key((tmp_path / FILE_NAME).read_text()) == key
    assert Vault(read_master_key((tmp_path / key_file.OLD).read_text())).fingerprint == old.fingerprint
    assert not (tmp_path / key_file.NEW).exists()
    assert key_file.in_force(str(tmp_path), "of another database") is None


def test_a_draft_that_was_never_finished_is_passed_over(tmp_path) -> None:
    old = Vault(load_master_key(str(tmp_path), create=True))
    (tmp_path / key_file.NEW).write_bytes(b"QUJD")

    assert key_file.in_force(str(tmp_path), "of another database") is None
    assert key_file.in_force(str(tmp_path), old.fingerprint) is not None
    with key_file.alone(str(tmp_path)) as folder:
        key_file.stage(folder, new_master_key())
    assert (tmp_path / key_file.NEW).stat().st_mode & 0o777 == 0o600
