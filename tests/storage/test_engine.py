"""How transactions run, on both databases: durable, apart from each other, and each nonce used once."""

import asyncio
import threading
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import select

from callboard.access import storage as access
from callboard.database.engine import Database, open_database
from callboard.database.statement import Connection, Duplicate, Row, Statement, insertion
from callboard.database.tables import letters
from callboard.errors import Unavailable
from callboard.settings import Settings
from callboard.tree import directories
from tests.storage.work import NOW, NonceUsed, add, add_and_fail, are_there, together, use

PATIENCE_S = 20
LETTER = {
    "letter_id": "",
    "directory_id": "rd-1",
    "contact_id": "",
    "channel": "email",
    "recipient": 'O\'Neil "{1,2}" \\n\n\\u0041 数\U0001f4ee@example.com',
    "recipient_key": "key",
    "content": None,
    "state": "waiting",
    "attempts": 0,
    "due_at": 2**53 + 1,
    "deadline_at": 2**62 + 1,
    "created_at": NOW,
    "label": None,
    "message_id": "",
    "review_at": None,
    "trace": None,
}
ADD_LETTER = insertion(letters)
LETTERS = Statement(select(letters).order_by(letters.c.letter_id))


def test_calls_at_the_same_time_are_all_there_after_the_database_is_opened_again(migrated: Settings) -> None:
    ids = [str(number) for number in range(300)]
    first = open_database(migrated)

    answers = together(first, [add(each) for each in ids])
    first.close()

    second = open_database(migrated)
    assert answers == ids
    assert all(are_there(second, ids))
    second.close()


def test_a_call_that_fails_undoes_its_own_work_and_nothing_of_its_neighbours(database: Database) -> None:
    ids = [str(number) for number in range(120)]
    works = [add_and_fail(each, ValueError(each)) if int(each) % 3 == 0 else add(each) for each in ids]

    answers = together(database, works)

    failed = [each for each, answer in zip(ids, answers, strict=True) if isinstance(answer, ValueError)]
    assert failed == ids[::3]
    assert are_there(database, ids) == [int(each) % 3 != 0 for each in ids]


def test_a_call_that_meets_a_duplicate_leaves_its_neighbours_alone(database: Database) -> None:
    database.run(add("1"))

    taken, free = together(database, [add("1"), add("2")])

    assert isinstance(taken, Duplicate)
    assert free == "2"
    assert are_there(database, ["2"]) == [True]


def test_a_program_without_event_loop_is_told_of_a_duplicate_too(database: Database) -> None:
    database.run(add("1"))

    with pytest.raises(Duplicate):
        database.run(add("1"))


def test_rows_added_together_are_there_as_they_were_given(database: Database) -> None:
    contents = [bytes(range(256)), b"", None]
    rows = [{**LETTER, "letter_id": f"l-{number}", "content": each} for number, each in enumerate(contents)]

    database.run(lambda open_: open_.run_all(ADD_LETTER, rows))

    found = database.run(lambda open_: open_.all(LETTERS))
    assert [dict(zip(letters.c.keys(), each, strict=True)) for each in found] == rows


def test_rows_added_together_are_none_when_one_is_there_already(database: Database) -> None:
    rows = [{**LETTER, "letter_id": each} for each in ("l-1", "l-2", "l-1")]

    with pytest.raises(Duplicate):
        database.run(lambda open_: open_.run_all(ADD_LETTER, rows))

    assert database.run(lambda open_: open_.all(LETTERS)) == []


def test_what_is_written_together_is_read_after_it(database: Database) -> None:
    def work(open_: Connection) -> list[Row]:
        with open_.together():
            open_.run(ADD_LETTER, **{**LETTER, "letter_id": "l-1"})
            open_.run_all(ADD_LETTER, [{**LETTER, "letter_id": "l-2"}])
        return open_.all(LETTERS)

    assert [row[0] for row in database.run(work)] == ["l-1", "l-2"]


def test_what_is_written_together_is_undone_when_one_of_it_fails(database: Database) -> None:
    def work(open_: Connection) -> None:
        with open_.together():
            for each in ("l-1", "l-1", "l-2"):
                open_.run(ADD_LETTER, **{**LETTER, "letter_id": each})

    with pytest.raises((Duplicate, psycopg.errors.UniqueViolation)):
        database.run(work)

    assert database.run(lambda open_: open_.all(LETTERS)) == []


def test_what_runs_first_is_kept_when_the_work_refuses(database: Database) -> None:
    nonce = b"n" * 16
    refusing = add_and_fail("1", NonceUsed())

    together(database, [refusing], first=use(nonce))

    assert database.run(lambda connection: access.use_nonce(connection, nonce, expires_at=NOW)) is False
    assert are_there(database, ["1"]) == [False]


def test_what_runs_first_is_kept_when_the_work_breaks(database: Database) -> None:
    nonce = b"n" * 16

    together(database, [add_and_fail("1", ZeroDivisionError())], first=use(nonce))

    assert database.run(lambda connection: access.use_nonce(connection, nonce, expires_at=NOW)) is False


def test_work_is_not_begun_when_what_runs_first_refuses(database: Database) -> None:
    nonce = b"n" * 16
    together(database, [add("1")], first=use(nonce))

    (answer,) = together(database, [add("2")], first=use(nonce))

    assert isinstance(answer, NonceUsed)
    assert are_there(database, ["1", "2"]) == [True, False]


@pytest.mark.parametrize("reads", [False, True], ids=["write", "read"])
def test_of_many_calls_with_one_nonce_a_single_one_is_served(database: Database, *, reads: bool) -> None:
    works = [lambda _: "served"] * 40

    answers = together(database, works, first=use(b"n" * 16), reads=reads)

    assert answers.count("served") == 1
    assert sum(isinstance(answer, NonceUsed) for answer in answers) == 39


def test_of_many_refused_calls_with_one_nonce_a_single_one_hears_its_own_refusal(database: Database) -> None:
    works = [add_and_fail("1", KeyError("refused"))] * 40

    answers = together(database, works, first=use(b"n" * 16))

    assert sum(isinstance(answer, KeyError) for answer in answers) == 1
    assert sum(isinstance(answer, NonceUsed) for answer in answers) == 39


def test_a_read_with_something_first_sees_what_was_written_before(database: Database) -> None:
    database.run(add("1"))

    (answer,) = together(
        database, [lambda connection: directories.has_account(connection, "1")], first=use(b"n" * 16), reads=True
    )

    assert answer is True


def test_reads_are_answered_while_a_write_is_under_way(database: Database) -> None:
    has_written, may_end = threading.Event(), threading.Event()

    def slow_write(connection: Connection) -> None:
        add("1")(connection)
        has_written.set()
        assert may_end.wait(PATIENCE_S)

    async def main() -> tuple[bool, bool]:
        writing = asyncio.create_task(database.transact(slow_write))
        assert await asyncio.to_thread(has_written.wait, PATIENCE_S)
        during = await asyncio.wait_for(
            database.transact(lambda connection: directories.has_account(connection, "1"), reads=True), PATIENCE_S
        )
        may_end.set()
        await writing
        after = await database.transact(lambda connection: directories.has_account(connection, "1"), reads=True)
        return during, after

    assert asyncio.run(main()) == (False, True)


def test_what_a_caller_has_written_it_reads_at_once(database: Database) -> None:
    def has(account_id: str) -> Callable[[Connection], bool]:
        return lambda connection: directories.has_account(connection, account_id)

    async def main() -> list[bool]:
        seen = []
        for account_id in map(str, range(50)):
            await database.transact(add(account_id))
            seen.append(await database.transact(has(account_id), reads=True))
        return seen

    assert asyncio.run(main()) == [True] * 50


def test_work_whose_caller_has_gone_away_harms_nobody(database: Database) -> None:
    has_begun, may_end = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        has_begun.set()
        assert may_end.wait(PATIENCE_S)
        add("1")(connection)

    async def main() -> str:
        gone = asyncio.create_task(database.transact(slow))
        assert await asyncio.to_thread(has_begun.wait, PATIENCE_S)
        gone.cancel()
        may_end.set()
        return await database.transact(add("2"))

    assert asyncio.run(main()) == "2"
    assert are_there(database, ["2"]) == [True]


def test_closing_finishes_the_work_that_waits(migrated: Settings) -> None:
    ids = [str(number) for number in range(100)]
    database = open_database(migrated)
    has_begun, may_end = threading.Event(), threading.Event()

    def slow(connection: Connection) -> str:
        has_begun.set()
        assert may_end.wait(PATIENCE_S)
        return add("slow")(connection)

    async def main() -> list[str]:
        calls = [asyncio.create_task(database.transact(work)) for work in (slow, *(add(each) for each in ids))]
        assert await asyncio.to_thread(has_begun.wait, PATIENCE_S)
        closing = asyncio.create_task(asyncio.to_thread(database.close))
        may_end.set()
        await asyncio.wait_for(closing, PATIENCE_S)
        return await asyncio.wait_for(asyncio.gather(*calls), PATIENCE_S)

    answers = asyncio.run(main())

    again = open_database(migrated)
    assert answers == ["slow", *ids]
    assert all(are_there(again, answers))
    again.close()


def test_a_call_of_a_closed_database_is_refused_and_does_not_wait(migrated: Settings) -> None:
    closed = open_database(migrated)
    closed.close()

    with pytest.raises(Unavailable):
        asyncio.run(closed.transact(lambda _: None))
    with pytest.raises(Unavailable):
        closed.run(lambda _: None)
