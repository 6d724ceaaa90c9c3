"""Moves, binds and deletions race through two servers over one PostgreSQL: whatever was answered was once so."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from callboard.audit import storage as audit
from callboard.contacts import storage
from callboard.contacts.rules import Address, Contact, Status
from callboard.database.engine import Database, open_database
from callboard.database.statement import Connection, Statement
from callboard.settings import load
from callboard.tree import directories
from tests.e2e.processes import SEEDED, Caller, Installation, until
from tests.e2e.race import EXPECTED, OWN_VERSION, TYPES, Racer, Replay
from tests.property.tree_world import World
from tests.signing import call_v3

ACCOUNTS, CONTACTS, CLIENTS = 6, 12, 6
FOLDERS = (("A", None), ("A1", "A"), ("A2", "A"), ("B", None), ("B1", "B"))
ACCOUNT_ID = SEEDED["root_account_id"]
DANGLING = Statement(
    text(
        "SELECT target_id FROM bindings WHERE target_id NOT IN (SELECT directory_id FROM directories) "
        "AND target_id NOT IN (SELECT folder_id FROM folders) AND target_id NOT IN (SELECT account_id FROM members)"
    )
)


class Directory:
    """The directory that is raced for, and its twin in the plainest model."""

    def __init__(self, database: Database, caller: Caller) -> None:
        (found,) = database.run(directories.every)
        self._caller = caller
        self.names: dict[str, list[str]] = {"folders": [], "accounts": [], "contacts": [], "passing": []}
        self.world = World(found.directory_id, found.root_folder_id, leavers_keep=True, most_targets=10, at=0)
        by_name: dict[str | None, str] = {None: found.root_folder_id}
        for name, parent in FOLDERS:
            made = self._call("CreateFolder", ParentFolderId=by_name[parent], FolderName=name)
            by_name[name] = made["Folder"]["FolderId"]
            self.names["folders"].append(by_name[name])
            assert self.world.create_folder(by_name[name], by_name[parent], name, at=0) is None
        for number in range(ACCOUNTS):
            folder_id = self.names["folders"][number % len(FOLDERS)]
            made = self._call("CreateResourceAccount", DisplayName=f"account {number}", ParentFolderId=folder_id)
            self.names["accounts"].append(made["Account"]["AccountId"])
            assert self.world.create_account(made["Account"]["AccountId"], folder_id, at=0) is None
        for number in range(CONTACTS):
            contact_id, types = f"c-{number:016}", TYPES[: 1 + number % 2]
            database.run(partial(_add_contact, directory_id=found.directory_id, contact=_contact(contact_id, types)))
            self.names["contacts"].append(contact_id)
            self.world.add(contact_id, list(types), at=0)
            self.world.prove(contact_id, at=0)

    def shown(self, action: str, *, version: str = "2022-04-19", **values: str) -> Any:
        """What an action answers, or the code of its refusal."""
        found = call_v3(self._caller, action, values, version=version)
        return found.json if found.status == 200 else found.code

    def _call(self, action: str, **values: str) -> Any:
        found = self.shown(action, **values)
        assert isinstance(found, dict), found
        return found


def _add_contact(connection: Connection, *, directory_id: str, contact: Contact) -> None:
    storage.add(connection, directory_id, contact)


def _contact(contact_id: str, types: tuple[str, ...]) -> Contact:
    """One that has proven its address."""
    name = "c" + "".join(chr(ord("a") + int(digit)) for digit in contact_id[-3:])
    address = Address(f"{name}@example.com", verified_at=1)
    return Contact(contact_id, name, "CEO", types, Status.ACTIVE, address, None, 1, 1)


def race(seeded: Installation, *, number: int, seconds: float) -> None:
    with seeded.serving() as one, seeded.serving() as two:
        environment = {"CALLBOARD_DATABASE_URL": seeded.settings["database_url"]}
        database = open_database(load(environment, config=Path("no-such-file.toml")))
        directory = Directory(database, one.caller)
        before = len(database.run(lambda open_: audit.page(open_, ACCOUNT_ID)))
        clock = itertools.count(1)
        racers = [Racer(each, [one.caller, two.caller], clock, directory.names) for each in range(CLIENTS)]
        end = time.monotonic() + seconds
        with ThreadPoolExecutor(CLIENTS) as pool:
            for done in [pool.submit(racer.run, number=number, until=end) for racer in racers]:
                done.result()
        until(lambda: not database.run(_unfinished), "the background has finished")
        records = database.run(lambda open_: audit.page(open_, ACCOUNT_ID))[before:]
        deeds = [deed for racer in racers for deed in racer.deeds]
        check_answers(deeds)
        replay = replayed(directory, deeds, records)
        check_end(directory, replay)
        assert database.run(lambda open_: open_.all(DANGLING)) == []
        database.close()


def check_answers(deeds: list[Any]) -> None:
    refused = [deed for deed in deeds if not deed.is_done]
    assert {deed.answer["Code"] for deed in refused} <= EXPECTED
    assert all(deed.status < 500 for deed in deeds)
    assert {deed.action for deed in deeds if deed.is_done} >= {"MoveAccount", "AssociateMembers", "DisassociateMembers"}


def replayed(directory: Directory, deeds: list[Any], records: list[audit.AuditRecord]) -> Replay:
    """The changes as the audit trail has them, each of them acknowledged; and no read that never was so."""
    replay = Replay(directory.world, directory.names["accounts"])
    by_request = {deed.request_id: deed for deed in deeds if deed.is_done}
    for record in records:
        if record.error is not None:
            continue
        if record.action == "FinishDeletion":
            replay.add(None, contact_id=record.resource.rpartition("/")[2])
        else:
            replay.add(by_request[record.request_id])
    replay.check_order()
    made = {id(deed) for deed in replay.deeds}
    for deed in by_request.values():
        if deed.action in ("DeleteMessageContact", "CreateFolder", "DeleteFolder"):
            assert id(deed) in made, deed
        if deed.action == "ListRecipients":
            replay.check_read(deed)
    return replay


def check_end(directory: Directory, replay: Replay) -> None:
    """In the end everything is as the changes make it, and no change is lost."""
    world = directory.world
    for account_id in directory.names["accounts"]:
        found = directory.shown("GetAccount", AccountId=account_id)
        assert found["Account"]["FolderId"] == world.shape["members"][account_id]
        for message_type in TYPES:
            told = directory.shown(
                "ListRecipients", version=OWN_VERSION, AccountId=account_id, MessageType=message_type
            )
            assert {each["ContactId"] for each in told["Recipients"]} == replay.states[-1][account_id, message_type]
    for contact_id, contact in world.contacts.items():
        found = directory.shown("GetMessageContact", ContactId=contact_id)
        if contact["status"] == "Gone":
            assert found == "EntityNotExists.Contact"
        else:
            bound = {target for each, target in world.shape["bound"] if each == contact_id}
            assert set(found["Contact"]["Members"]) == bound


def _unfinished(connection: Connection) -> int:
    row = connection.one(Statement(text("SELECT count(*) FROM deletions WHERE status = 'Deleting'")))
    return int(row[0]) if row else 0


@pytest.mark.parametrize(("number", "seconds"), [(60, 0), pytest.param(0, 60, marks=pytest.mark.slow)])
def test_whatever_races_every_answer_was_once_so(
    empty_postgres: str, tmp_path: Path, number: int, seconds: float
) -> None:
    seeded = Installation(tmp_path / "home", database_url=empty_postgres, calls_per_minute="0", **SEEDED)

    race(seeded, number=number, seconds=seconds)
