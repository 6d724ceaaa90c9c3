"""How SQLite, which knows nothing of how much there is, finds letters and deliveries: never by reading all of them."""

import sqlite3
from collections.abc import Iterator

import pytest

from callboard.database.migrate import memory_schema
from callboard.database.statement import Statement
from callboard.delivery import claiming, lists
from callboard.messages import deliveries

OF_DIRECTORY = "letters_due_index (state=? AND channel=? AND directory_id=? AND due_at<?)"
PLANS = [
    pytest.param(claiming._DUE, OF_DIRECTORY, id="directories with due letters"),
    pytest.param(claiming._DUE_BEYOND, OF_DIRECTORY, id="the next directories"),
    pytest.param(claiming._CLAIM, OF_DIRECTORY, id="letters claimed"),
    pytest.param(deliveries._OF_LETTERS, "deliveries_letter_id_index (letter_id=?)", id="what letters carry"),
    pytest.param(lists._COUNT, "letters_due_index (state=? AND channel=?)", id="letters counted"),
]


@pytest.fixture
def empty() -> Iterator[sqlite3.Connection]:
    driver = sqlite3.connect(":memory:")
    for statement in memory_schema():
        driver.execute(statement)
    yield driver
    driver.close()


@pytest.mark.parametrize(("statement", "way"), PLANS)
def test_what_the_outbox_asks_all_the_time_is_found_by_an_index(
    empty: sqlite3.Connection, statement: Statement, way: str
) -> None:
    steps = plan(empty, statement)

    assert any(step.endswith(way) for step in steps)
    assert not any("SCAN letters" in step or "SCAN deliveries" in step for step in steps)


def test_the_newest_of_many_letters_are_not_sorted(empty: sqlite3.Connection) -> None:
    steps = plan(empty, lists._PAGE_OF_MANY)

    assert steps[0] == "SCAN letters USING INDEX letters_created_at_index"
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps


def plan(driver: sqlite3.Connection, statement: Statement) -> list[str]:
    text, own = statement.compiled("sqlite")
    asked = dict.fromkeys(deliveries._LETTERS.filled([]), "")
    given = ("of_channel", "of_directory", "of_state", "directory_id", "after", "now", "leased_until", "limit")
    return [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {text}", {**dict.fromkeys(given, 1), **asked, **own})]
