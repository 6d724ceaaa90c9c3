"""Who would lose a recipient, looked for in large directories: page by page, in the order of the members' ids."""

from collections.abc import Iterable
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from callboard.contacts import bindings, losses, storage
from callboard.contacts.rules import Address, Contact, Status
from callboard.database.engine import Database
from callboard.database.statement import Connection, Row, Statement
from callboard.tree import folders
from callboard.tree.folders import Folder
from tests.storage.test_contacts import FULL
from tests.storage.work import NOW, add_directory

MEMBERS = 100_000
FIRST = 10**15
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < :most - 1) "
ADD_ACCOUNTS = Statement(
    text(
        "INSERT INTO accounts (account_id, directory_id, is_management, created_at) "
        + NUMBERS
        + "SELECT CAST(:first + n AS VARCHAR(32)), CAST(:directory_id AS VARCHAR(32)), FALSE, :at FROM numbers"
    )
)
ADD_MEMBERS = Statement(
    text(
        "INSERT INTO members (directory_id, account_id, folder_id, display_name, account_name, kind, status, "
        "payer_account_id, joined_at, modified_at, placed_at) "
        + NUMBERS
        + "SELECT CAST(:directory_id AS VARCHAR(32)), CAST(:first + n AS VARCHAR(32)), "
        "CAST(:folder_id AS VARCHAR(32)), "
        "CAST(:first + n AS VARCHAR(32)), CAST(:first + n AS VARCHAR(32)), 'ResourceAccount', 'CreateSuccess', NULL, "
        ":at, :at, :at FROM numbers"
    )
)

BIND_ALL_BUT_ONE = Statement(
    text(
        "INSERT INTO bindings (directory_id, contact_id, target_id, bound_at) "
        "SELECT directory_id, CAST(:contact_id AS VARCHAR(32)), account_id, CAST(:at AS BIGINT) FROM members "
        "WHERE directory_id = :directory_id AND account_id <> :last"
    )
)


class Counting:
    """A connection that counts what is read through it."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self.dialect = connection, connection.dialect
        self.statements, self.longest = 0, 0

    def all(self, statement: Statement, **values: object) -> list[Row]:
        rows = self._connection.all(statement, **values)
        self.statements, self.longest = self.statements + 1, max(self.longest, len(rows))
        return rows

    def one(self, statement: Statement, **values: object) -> Row | None:
        return self._connection.one(statement, **values)

    def run(self, statement: Statement, **values: object) -> int:
        return self._connection.run(statement, **values)


class Company:
    """A directory with a folder of very many members, and contacts."""

    def __init__(self, database: Database, number: int) -> None:
        self.run, made = database.run, add_directory(database, 1)
        self.directory_id, self.root = made.directory_id, made.root_folder_id
        self.folder = "fd-many"
        self.run(lambda open_: folders.add(open_, self.directory_id, self._folder()))
        values: dict[str, Any] = {"directory_id": self.directory_id, "most": number, "first": FIRST, "at": NOW}
        self.run(lambda open_: open_.run(ADD_ACCOUNTS, **values))
        self.run(lambda open_: open_.run(ADD_MEMBERS, **values, folder_id=self.folder))

    def _folder(self) -> Folder:
        return Folder(self.folder, self.root, self.folder, f"{self.root}/{self.folder}", NOW)

    def contact(self, name: str, *targets: str, types: Iterable[str] = ("FaultMessage",)) -> Contact:
        """A contact in effect that is bound to these targets."""
        made = replace(
            FULL,
            contact_id=f"c-{name:0>16}",
            name=name,
            message_types=tuple(types),
            status=Status.ACTIVE,
            email=Address("tom@example.com", NOW),
        )
        self.run(lambda open_: storage.add(open_, self.directory_id, made))
        for target in targets:
            self.run(lambda open_, to=target: bindings.bind(open_, self.directory_id, made.contact_id, to, at=NOW))
        return made

    def lost(self, contact: Contact) -> tuple[list[str], Counting]:
        """The members that would lose this contact as their last recipient, and what was read to find them."""

        def work(open_: Connection) -> tuple[list[str], Counting]:
            counting = Counting(open_)
            bound = bindings.targets(open_, self.directory_id, contact.contact_id)
            found = losses.find(counting, self.directory_id, contact, bound)
            assert all(each.message_types == contact.message_types for each in found)
            return [each.account_id for each in found], counting

        return self.run(work)


@pytest.fixture
def company(database: Database) -> Company:
    return Company(database, MEMBERS)


def test_the_first_thousand_of_very_many_members_are_named(company: Company) -> None:
    contact = company.contact("tom", company.directory_id)

    found, counting = company.lost(contact)

    assert found == [str(FIRST + number) for number in range(losses.MOST_FAILURES)]
    assert counting.statements < 20


def test_very_many_members_are_read_in_pages(company: Company) -> None:
    last = str(FIRST + MEMBERS - 1)
    contact = company.contact("tom", company.folder, last, types=("FaultMessage", "ProductMessage"))
    company.contact("other", company.directory_id, types=("FaultMessage",))
    company.contact("another", company.folder, types=("ProductMessage",))

    found, counting = company.lost(contact)

    assert found == []
    assert counting.longest == losses.PAGE
    assert counting.statements < 2 * MEMBERS / losses.PAGE


def test_the_one_among_very_many_is_found(company: Company) -> None:
    last = str(FIRST + MEMBERS - 1)
    contact = company.contact("tom", company.folder)
    values = {"contact_id": company.contact("other").contact_id, "last": last, "at": NOW}
    company.run(lambda open_: open_.run(BIND_ALL_BUT_ONE, directory_id=company.directory_id, **values))

    found, counting = company.lost(contact)

    assert found == [last]
    assert counting.longest == losses.PAGE
