"""SQL of directories and accounts, on both databases."""

import asyncio
import threading

import pytest

from callboard import provision
from callboard.access import storage as access
from callboard.database.engine import Database, open_database
from callboard.database.statement import Connection, Duplicate
from callboard.settings import Settings
from callboard.tree import directories as storage
from callboard.tree.directories import Directory
from tests.storage.test_outages import ON_POSTGRESQL
from tests.storage.work import NOW, add_directory


def test_a_directory_is_found_as_it_was_added_with_its_management_account(database: Database) -> None:
    made = add_directory(database, 1)
    add_directory(database, 2)

    assert database.run(lambda open_: storage.find(open_, made.directory_id)) == made
    assert database.run(lambda open_: storage.find(open_, "rd-nobody")) is None
    assert database.run(lambda open_: storage.has_account(open_, made.management_account_id)) is True


def test_the_first_account_is_the_oldest(database: Database) -> None:
    assert database.run(storage.first_account) is None
    add_directory(database, 5)
    oldest = add_directory(database, 3)
    add_directory(database, 4)

    assert database.run(storage.first_account) == oldest.management_account_id


@pytest.mark.parametrize(
    "second",
    [
        Directory("rd-000001", "r-other", "88", NOW),
        Directory("rd-other", "r-000001", "88", NOW),
        Directory("rd-other", "r-other", f"{1:016}", NOW),
    ],
    ids=["directory", "root folder", "account"],
)
def test_every_id_of_a_directory_is_taken_once(database: Database, second: Directory) -> None:
    add_directory(database, 1)

    with pytest.raises(Duplicate):
        database.run(lambda open_: storage.add(open_, second))

    assert database.run(lambda open_: storage.find(open_, "rd-other")) is None


def test_an_account_id_is_taken_once(database: Database) -> None:
    def add(open_: Connection) -> None:
        storage.add_account(open_, "77", directory_id="rd-any", is_management=False, now=NOW)

    database.run(add)

    with pytest.raises(Duplicate):
        database.run(add)


def test_an_access_key_is_there_once_one_was_added(database: Database) -> None:
    made = add_directory(database)
    before = database.run(storage.has_access_key)

    database.run(
        lambda open_: access.add(
            open_,
            access_key_id="LTAIone",
            account_id=made.management_account_id,
            user_name=None,
            secret=b"sealed",
            now=NOW,
        )
    )

    assert (before, database.run(storage.has_access_key)) == (False, True)


def test_made_directories_have_ids_of_their_own(database: Database) -> None:
    accounts = [database.run(lambda open_: provision.add_directory(open_, now=NOW)) for _ in range(20)]

    assert len(set(accounts)) == 20
    assert all(account.isdigit() and len(account) == 16 for account in accounts)


@ON_POSTGRESQL
def test_who_locks_a_directory_makes_others_who_lock_it_wait_and_no_one_else(migrated: Settings) -> None:
    database = open_database(migrated)
    one, two = add_directory(database, 1), add_directory(database, 2)
    has_locked, may_end, order = threading.Event(), threading.Event(), list[str]()

    def slow(open_: Connection) -> None:
        storage.lock(open_, one.directory_id)
        has_locked.set()
        assert may_end.wait(20)
        order.append("first")

    def lock(directory_id: str, name: str) -> object:
        def work(open_: Connection) -> None:
            storage.lock(open_, directory_id)
            order.append(name)

        return work

    async def main() -> None:
        first = asyncio.create_task(database.transact(slow))
        assert await asyncio.to_thread(has_locked.wait, 20)
        await database.transact(lock(two.directory_id, "other"))
        second = asyncio.create_task(database.transact(lock(one.directory_id, "second")))
        await database.transact(lambda open_: storage.find(open_, one.directory_id))
        may_end.set()
        await asyncio.gather(first, second)

    asyncio.run(main())
    database.close()

    assert order == ["other", "first", "second"]
