"""The work for one account does not grow with the directory; the report holds one page of members, however many."""

from collections import Counter
from typing import Any

from callboard.contacts.rules import MESSAGE_TYPES
from callboard.database.statement import Connection, Row, Statement
from callboard.recipients import storage
from callboard.recipients.actions import top
from callboard.recipients.report import PAGE, Report
from tests.recipients.world import World


class Watched:
    """An open transaction that counts the queries that go through it, and the rows that come back."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self.dialect = connection, connection.dialect
        self.queries, self.rows = Counter[Statement](), Counter[Statement]()

    def one(self, statement: Statement, **values: object) -> Row | None:
        self.queries[statement] += 1
        return self._connection.one(statement, **values)

    def all(self, statement: Statement, **values: object) -> list[Row]:
        self.queries[statement] += 1
        found = self._connection.all(statement, **values)
        self.rows[statement] = max(self.rows[statement], len(found))
        return found

    def run(self, *_: object, **__: object) -> int:
        raise AssertionError("a question changes nothing")


def watched(world: World, work: Any) -> tuple[Any, Watched]:
    def through(connection: Connection) -> tuple[Any, Watched]:
        seen = Watched(connection)
        return work(seen), seen

    found: tuple[Any, Watched] = world.run(through)
    return found


def test_one_account_takes_the_same_few_queries_in_a_large_directory_as_in_a_small_one(world: World) -> None:
    folder = world.folder("one")
    member = world.member(folder)
    tom = world.contact()
    world.bind(tom, world.directory_id)
    world.bind(tom, folder)

    def ask(seen: Any) -> Any:
        return storage.now(seen, world.directory_id, member)

    small, before = watched(world, ask)
    neighbours = world.members(200, folder)
    for each in neighbours[:20]:
        world.bind(world.contact(), each)
    large, after = watched(world, ask)

    assert large == small
    assert after.queries == before.queries
    assert after.rows == before.rows
    assert before.queries.total() <= 5


def test_the_report_reads_what_is_shared_once_and_members_by_the_page(world: World) -> None:
    folders = [world.folder(name) for name in ("one", "two", "three")]
    for each in [world.directory_id, *folders]:
        for _ in range(3):
            world.bind(world.contact(types=MESSAGE_TYPES), each)
    kept = world.contact()
    number = 2 * PAGE + PAGE // 2
    members = [account for each in folders for account in world.members(number // 3, each)]
    world.bind(kept, folders[0])
    world.delete(kept, is_kept=True)
    own = world.contact()
    world.bind(own, *members[:5])

    def read(seen: Any) -> Any:
        report, sizes, place, seen_accounts = None, [], None, []
        report = Report(seen, world.directory_id, top(seen, world.directory_id, world.root_id))
        shared = seen.queries.total()
        while True:
            found, place = report.page(seen, place)
            sizes.append(len(found))
            seen_accounts += [line.account_id for line in found]
            if place is None:
                return report, shared, sizes, Counter(seen_accounts)

    (report, shared, sizes, accounts), seen = watched(world, read)

    assert accounts == dict.fromkeys(members, len(MESSAGE_TYPES))
    assert len(sizes) == 3
    assert max(sizes) <= PAGE * len(MESSAGE_TYPES)
    assert max(seen.rows.values()) <= PAGE
    assert seen.queries.total() - shared == 4 * len(sizes)  # Members, what is bound to them, what they keep and kept.
    assert report.shared.worked_out == len(folders)


def test_only_the_members_of_the_folder_are_read(world: World) -> None:
    folder = world.folder("one")
    inside, outside = world.members(3, folder), world.members(50)
    tom = world.contact()
    for each in outside:
        world.bind(tom, each)

    def read(seen: Any) -> Any:
        report = Report(seen, world.directory_id, top(seen, world.directory_id, folder))
        return report.count(seen), report.page(seen, None)[0]

    (count, found), seen = watched(world, read)

    assert count == 3
    assert sorted({line.account_id for line in found}) == sorted(inside)
    assert max(seen.rows.values()) == 3
