"""SQL of refused addresses, on both databases."""

from callboard.contacts import refusals
from callboard.contacts.refusals import Refusal
from callboard.database.engine import Database
from tests.storage.work import NOW, add_directory, together


def test_an_address_is_refused_for_one_directory_in_every_spelling(database: Database) -> None:
    here, elsewhere = add_directory(database, 1).directory_id, add_directory(database, 2).directory_id

    database.run(lambda open_: refusals.add(open_, here, "Tom@Example.com", "c-1", at=NOW))

    spellings = ("Tom@Example.com", "tom@example.com", "TOM@EXAMPLE.COM", "tim@example.com")
    found = database.run(lambda open_: [refusals.has(open_, here, each) for each in spellings])
    other = database.run(lambda open_: refusals.has(open_, elsewhere, "tom@example.com"))
    assert (found, other) == ([True, True, True, False], False)


def test_a_second_refusal_changes_nothing(database: Database) -> None:
    here = add_directory(database).directory_id

    for number in range(2):
        database.run(lambda open_, number=number: refusals.add(open_, here, "86-1390", f"c-{number}", at=NOW + number))

    assert database.run(refusals.page) == [Refusal(here, "86-1390", "c-0", NOW)]


def test_of_many_refusals_at_once_none_fails(database: Database) -> None:
    here = add_directory(database).directory_id

    outcomes = together(database, [lambda open_: refusals.add(open_, here, "a@example.com", "c-1", at=NOW)] * 20)

    assert outcomes == [None] * 20
    assert len(database.run(refusals.page)) == 1


def test_refusals_are_listed_oldest_first(database: Database) -> None:
    here, elsewhere = add_directory(database, 1).directory_id, add_directory(database, 2).directory_id
    for directory_id, target, at in ((here, "b@x.com", 2), (elsewhere, "a@x.com", 1), (here, "a@x.com", 2)):
        database.run(lambda open_, d=directory_id, t=target, at=at: refusals.add(open_, d, t, "c-1", at=at))

    page = database.run(refusals.page)

    assert [(each.directory_id, each.target) for each in page] == [
        (elsewhere, "a@x.com"),
        (here, "a@x.com"),
        (here, "b@x.com"),
    ]


def test_a_refusal_is_lifted_in_every_directory_by_any_spelling(database: Database) -> None:
    for number in (1, 2):
        here = add_directory(database, number).directory_id
        database.run(lambda open_, here=here: refusals.add(open_, here, "86-13900001234", "c-1", at=NOW))
        database.run(lambda open_, here=here: refusals.add(open_, here, "tom@example.com", "c-1", at=NOW))

    lifted = [database.run(lambda open_: refusals.lift(open_, "+86 139 0000 1234")) for _ in range(2)]

    assert lifted == [2, 0]
    assert [each.target for each in database.run(refusals.page)] == ["tom@example.com"] * 2
