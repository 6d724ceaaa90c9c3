"""SQL of limits, on both databases: no more is let through than there is room for, however many ask at once."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from callboard.database.engine import Database, open_database
from callboard.database.statement import Connection, Statement
from callboard.database.tables import limits as table
from callboard.settings import Settings
from callboard.verification import limits
from callboard.verification.limits import Limited
from tests.storage.work import NOW, together

TWO_A_SECOND = Limited("two", ((2, 1000),))
THREE_A_MINUTE = Limited("three", ((3, 60_000),))
UNLIMITED = Limited("none", ((0, 1000),))
ALL = Statement(select(table.c.name, table.c.recent, table.c.expires_at).order_by(table.c.name))


def take(*wanted: Limited, now: int = NOW) -> Callable[[Connection], int | None]:
    return lambda open_: limits.take(open_, wanted, now=now)


def test_one_more_is_let_through_until_the_limit_is_reached_and_again_after_its_period(database: Database) -> None:
    outcomes = [database.run(take(TWO_A_SECOND, now=NOW + after)) for after in (0, 400, 999, 1000, 1001, 1400)]

    assert outcomes == [None, None, NOW + 1000, None, NOW + 1400, None]


def test_of_several_limits_the_last_that_lets_through_counts(database: Database) -> None:
    both = Limited("both", ((2, 1000), (3, 60_000)))

    outcomes = [database.run(take(both, now=NOW + after)) for after in (0, 1, 2, 1000, 1500, 60_000)]

    assert outcomes == [None, None, NOW + 1000, None, NOW + 60_000, None]


def test_what_one_limit_refuses_is_counted_under_no_other(database: Database) -> None:
    for _ in range(2):
        database.run(take(TWO_A_SECOND))

    refused = [database.run(take(TWO_A_SECOND, THREE_A_MINUTE)) for _ in range(5)]
    outcomes = [database.run(take(THREE_A_MINUTE)) for _ in range(4)]

    assert refused == [NOW + 1000] * 5
    assert outcomes == [None, None, None, NOW + 60_000]


def test_what_is_not_limited_leaves_no_row(database: Database) -> None:
    outcomes = [database.run(take(UNLIMITED)) for _ in range(5)]

    assert outcomes == [None] * 5
    assert database.run(lambda open_: open_.all(ALL)) == []


def test_a_look_counts_nothing(database: Database) -> None:
    def peek(open_: Connection) -> int | None:
        return limits.peek(open_, [TWO_A_SECOND, UNLIMITED], now=NOW)

    before = [database.run(peek) for _ in range(5)]
    for _ in range(2):
        database.run(take(TWO_A_SECOND))
    after = [database.run(peek) for _ in range(2)]

    assert before == [None] * 5
    assert after == [NOW + 1000] * 2


def test_names_are_limited_apart(database: Database) -> None:
    one, two = Limited("address a", ((1, 1000),)), Limited("address b", ((1, 1000),))

    assert [database.run(take(each)) for each in (one, two, one)] == [None, None, NOW + 1000]


@pytest.mark.parametrize("most", [1, 7])
def test_of_sixty_at_once_as_many_are_let_through_as_there_is_room_for(database: Database, most: int) -> None:
    shared = Limited("shared", ((most, 60_000),))

    outcomes = together(database, [take(shared)] * 60)

    assert outcomes.count(None) == most
    assert set(outcomes) == {None, NOW + 60_000}


def test_two_processes_let_through_together_what_one_would(migrated: Settings, database: Database) -> None:
    other = open_database(migrated)
    shared = Limited("shared", ((5, 60_000),))

    outcomes = [each for _ in range(6) for each in together(database, [take(shared)]) + together(other, [take(shared)])]
    other.close()

    assert outcomes.count(None) == 5


def test_those_who_want_the_same_limits_in_another_order_do_not_lock_each_other_out(database: Database) -> None:
    wanted = [Limited(f"limit {number}", ((1000, 60_000),)) for number in range(6)]
    works = [take(*(wanted if number % 2 else wanted[::-1])) for number in range(40)]

    outcomes = together(database, works)

    assert outcomes == [None] * 40


def test_a_transaction_that_is_undone_has_counted_nothing(database: Database) -> None:
    def refused(open_: Connection) -> None:
        take(Limited("one", ((1, 1000),)))(open_)
        raise KeyError

    together(database, [refused] * 3)

    assert database.run(take(Limited("one", ((1, 1000),)))) is None


def test_moments_that_count_no_more_are_forgotten(database: Database) -> None:
    for number in range(20):
        database.run(take(TWO_A_SECOND, now=NOW + number * 1000))

    ((_, recent, expires_at),) = database.run(lambda open_: open_.all(ALL))

    assert (recent, expires_at) == (f"[{NOW + 19_000}]", NOW + 20_000)


def test_limits_that_limit_nothing_any_more_are_cleared(database: Database) -> None:
    database.run(take(TWO_A_SECOND))
    database.run(take(THREE_A_MINUTE))

    cleared = [database.run(lambda open_: limits.clear(open_, now=NOW + 1001)) for _ in range(2)]

    assert cleared == [1, 0]
    assert [row[0] for row in database.run(lambda open_: open_.all(ALL))] == ["three"]
