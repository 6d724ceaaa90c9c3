"""SQL of contacts, bindings and deletions, on both databases."""

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from callboard.contacts import bindings, storage
from callboard.contacts.bindings import Binding
from callboard.contacts.rules import Address, Contact, Status
from callboard.contacts.storage import Deletion, DueDeletion
from callboard.database.engine import Database
from callboard.database.statement import Connection, Duplicate, Statement
from callboard.database.tables import deletions
from tests.storage.work import NOW, add_directory, call

FULL = Contact(
    contact_id="c-qL4HqKONzOM7abcd",
    name="汤姆",
    title="CEO",
    message_types=("SecurityMessage", "AccountExpenses"),
    status=Status.ACTIVE,
    email=Address("tom@example.com", NOW + 1, "tim@example.com"),
    phone=Address("86-13900001234", NOW + 2, "86-13900005678"),
    created_at=NOW,
    modified_at=NOW + 3,
)


def contact(name: str) -> Contact:
    """A contact that differs from any other name's."""
    return replace(FULL, contact_id=f"c-{name:0>16}", name=name)


@pytest.fixture
def here(database: Database) -> str:
    return add_directory(database, 1).directory_id


@pytest.fixture
def elsewhere(database: Database) -> str:
    return add_directory(database, 2).directory_id


@pytest.fixture
def add(database: Database) -> "Adding":
    return Adding(database)


class Adding:
    """Adds contacts, each in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._run = database.run

    def __call__(self, directory_id: str, *contacts: Contact) -> None:
        for each in contacts:
            self._run(lambda open_, each=each: storage.add(open_, directory_id, each))


BARE = replace(FULL, email=Address("tom@example.com"), phone=None, message_types=("FaultMessage",))


@pytest.mark.parametrize("added", [FULL, BARE, replace(FULL, status=Status.DELETING)], ids=["full", "bare", "deleting"])
def test_a_contact_is_found_as_it_was_added(database: Database, here: str, add: Adding, added: Contact) -> None:
    add(here, added)

    found = database.run(lambda open_: storage.find(open_, here, added.contact_id))
    locked = database.run(lambda open_: storage.lock(open_, here, added.contact_id))

    assert found == added
    assert locked == added


def test_a_changed_contact_is_found_as_it_was_saved(database: Database, here: str, add: Adding) -> None:
    add(here, FULL, contact("other"))
    changed = replace(
        FULL,
        name="tim",
        title="Other",
        message_types=("FaultMessage",),
        status=Status.VERIFYING,
        email=Address("new@example.com"),
        phone=None,
        modified_at=NOW + 99,
    )

    database.run(lambda open_: storage.save(open_, here, changed))

    assert database.run(lambda open_: storage.find(open_, here, FULL.contact_id)) == changed
    assert database.run(lambda open_: storage.find(open_, here, contact("other").contact_id)) == contact("other")


def test_saving_leaves_the_moment_of_the_addition(database: Database, here: str, add: Adding) -> None:
    add(here, FULL)

    database.run(lambda open_: storage.save(open_, here, replace(FULL, created_at=NOW + 5)))

    found = database.run(lambda open_: storage.find(open_, here, FULL.contact_id))
    assert found is not None
    assert found.created_at == NOW


def test_a_contact_is_not_found_from_another_directory(
    database: Database, here: str, elsewhere: str, add: Adding
) -> None:
    add(here, FULL)

    def look(open_: Connection) -> list[object]:
        key = (elsewhere, FULL.contact_id)
        return [
            storage.find(open_, *key),
            storage.lock(open_, *key),
            bindings.targets(open_, *key),
            storage.deletion(open_, *key),
            storage.has_name(open_, elsewhere, FULL.name),
            storage.count(open_, elsewhere),
            storage.page(open_, elsewhere, limit=10, offset=0),
        ]

    assert database.run(look) == [None, None, [], None, False, 0, []]


def test_what_is_changed_in_one_directory_stays_in_another(
    database: Database, here: str, elsewhere: str, add: Adding
) -> None:
    add(here, FULL)
    add(elsewhere, FULL)

    database.run(lambda open_: storage.save(open_, elsewhere, replace(FULL, title="Other")))
    database.run(lambda open_: storage.delete_(open_, elsewhere, FULL.contact_id))

    assert database.run(lambda open_: storage.find(open_, elsewhere, FULL.contact_id)) is None
    assert database.run(lambda open_: storage.find(open_, here, FULL.contact_id)) == FULL


def test_a_name_is_taken_once_in_a_directory(database: Database, here: str, elsewhere: str, add: Adding) -> None:
    add(here, contact("tom"), contact("tim"))
    add(elsewhere, contact("tom"))

    with pytest.raises(Duplicate):
        add(here, replace(contact("new"), name="tom"))
    with pytest.raises(Duplicate):
        database.run(lambda open_: storage.save(open_, here, replace(contact("tim"), name="tom")))

    assert database.run(lambda open_: storage.find(open_, here, contact("tim").contact_id)) == contact("tim")


def test_names_differ_by_case(database: Database, here: str, add: Adding) -> None:
    add(here, contact("tom"), contact("Tom"))

    assert database.run(lambda open_: [storage.has_name(open_, here, name) for name in ("tom", "Tom", "TOM")]) == [
        True,
        True,
        False,
    ]


def test_a_page_is_in_the_order_of_addition(database: Database, here: str, add: Adding) -> None:
    names = ["zoe", "amy", "mia", "bob", "eve"]
    add(here, *(contact(name) for name in names))

    def page(limit: int, offset: int) -> list[str]:
        found = database.run(lambda open_: storage.page(open_, here, limit=limit, offset=offset))
        return [each.name for each in found]

    assert page(10, 0) == names
    assert page(2, 0) + page(2, 2) + page(2, 4) == names
    assert page(2, 6) == []


def test_a_contact_added_after_a_deletion_comes_last(database: Database, here: str, add: Adding) -> None:
    add(here, contact("zoe"), contact("amy"), contact("mia"))
    database.run(lambda open_: storage.delete_(open_, here, contact("amy").contact_id))

    add(here, contact("amy"))

    page = database.run(lambda open_: storage.page(open_, here, limit=10, offset=0))
    assert [each.name for each in page] == ["zoe", "mia", "amy"]


def bind(database: Database, directory_id: str, name: str, target_id: str, at: int) -> None:
    database.run(lambda open_: bindings.bind(open_, directory_id, contact(name).contact_id, target_id, at=at))


def test_targets_are_those_of_the_contact_oldest_first(
    database: Database, here: str, elsewhere: str, add: Adding
) -> None:
    add(here, contact("tom"), contact("tim"))
    add(elsewhere, contact("tom"))
    bind(database, here, "tom", "200", NOW + 2)
    bind(database, here, "tom", "100", NOW + 3)
    bind(database, here, "tom", "fd-abcd", NOW + 1)
    bind(database, here, "tim", "300", NOW)
    bind(database, elsewhere, "tom", "400", NOW)

    targets = database.run(lambda open_: bindings.targets(open_, here, contact("tom").contact_id))

    assert targets == [Binding("fd-abcd", NOW + 1), Binding("200", NOW + 2), Binding("100", NOW + 3)]


def test_a_page_of_a_target_holds_what_is_bound_to_it_with_the_moment(
    database: Database, here: str, elsewhere: str, add: Adding
) -> None:
    add(here, contact("zoe"), contact("amy"), contact("mia"))
    add(elsewhere, contact("eve"))
    bind(database, here, "mia", "100", NOW + 1)
    bind(database, here, "zoe", "100", NOW + 2)
    bind(database, here, "amy", "200", NOW + 3)
    bind(database, elsewhere, "eve", "100", NOW + 4)

    def page(limit: int, offset: int) -> list[tuple[Contact, int]]:
        return database.run(lambda open_: bindings.page(open_, here, "100", limit=limit, offset=offset))

    assert page(10, 0) == [(contact("zoe"), NOW + 2), (contact("mia"), NOW + 1)]
    assert page(1, 1) == [(contact("mia"), NOW + 1)]
    assert database.run(lambda open_: bindings.count(open_, here, "100")) == 2
    assert database.run(lambda open_: storage.count(open_, here)) == 3


def test_a_contact_is_bound_to_a_target_once(database: Database, here: str, add: Adding) -> None:
    add(here, contact("tom"))
    bind(database, here, "tom", "100", NOW)

    with pytest.raises(Duplicate):
        bind(database, here, "tom", "100", NOW + 1)


def start_deletion(database: Database, directory_id: str, name: str, *, now: int = NOW) -> None:
    database.run(lambda open_: storage.start_deletion(call(open_, directory_id, now=now), contact(name)))


def test_a_started_deletion_is_found_and_due(database: Database, here: str, elsewhere: str, add: Adding) -> None:
    add(here, contact("tom"), contact("tim"))
    add(elsewhere, contact("tom"))
    start_deletion(database, here, "tim", now=NOW + 2)
    start_deletion(database, elsewhere, "tom", now=NOW + 1)

    first = database.run(storage.due_deletion)
    database.run(lambda open_: storage.delete_(open_, elsewhere, contact("tom").contact_id))
    second = database.run(storage.due_deletion)

    arn = "acs:ram::1234:root"
    assert [first, second] == [
        DueDeletion(elsewhere, contact("tom").contact_id, f"{2:016}", f"REQUEST-{NOW + 1}", arn),
        DueDeletion(here, contact("tim").contact_id, f"{1:016}", f"REQUEST-{NOW + 2}", arn),
    ]
    assert database.run(lambda open_: storage.deletion(open_, here, contact("tim").contact_id)) == Deletion(
        "Deleting", Status.ACTIVE, ()
    )
    assert database.run(lambda open_: storage.deletion(open_, here, contact("tom").contact_id)) is None


def test_a_failed_deletion_is_not_due_until_it_is_started_again(database: Database, here: str, add: Adding) -> None:
    add(here, contact("tom"))
    start_deletion(database, here, "tom")
    failure = storage.Failure("77", ("FaultMessage",))
    database.run(lambda open_: storage.fail_deletion(open_, here, contact("tom").contact_id, [failure]))

    failed = database.run(lambda open_: storage.deletion(open_, here, contact("tom").contact_id))
    due = database.run(storage.due_deletion)
    start_deletion(database, here, "tom", now=NOW + 1)
    again = database.run(lambda open_: storage.deletion(open_, here, contact("tom").contact_id))

    assert failed == Deletion("Failed", Status.ACTIVE, (failure,))
    assert due is None
    assert again == Deletion("Deleting", Status.ACTIVE, ())


def test_a_deleted_contact_takes_its_bindings_and_its_deletion_along(
    database: Database, here: str, add: Adding
) -> None:
    add(here, contact("tom"), contact("tim"))
    for name in ("tom", "tim"):
        bind(database, here, name, "100", NOW)
        start_deletion(database, here, name)

    database.run(lambda open_: storage.delete_(open_, here, contact("tom").contact_id))

    assert database.run(lambda open_: storage.find(open_, here, contact("tom").contact_id)) is None
    assert database.run(lambda open_: bindings.targets(open_, here, contact("tom").contact_id)) == []
    assert database.run(lambda open_: bindings.count(open_, here, "100")) == 1
    rows = database.run(lambda open_: open_.all(Statement(select(deletions.c.contact_id))))
    assert rows == [(contact("tim").contact_id,)]
