"""Power fails: what was acknowledged is there, what was not is there whole or not at all."""

import random
import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pytest

from callboard.audit import storage as audit
from callboard.contacts import storage as contacts
from callboard.contacts.rules import Contact
from callboard.database.engine import Database, open_database
from callboard.settings import load
from callboard.tree import directories
from tests.e2e.load import Memory, Writer, number_of, values_of, write_until_killed
from tests.e2e.processes import SEEDED, Caller, Installation

EVERY = 100_000


def opened(installation: Installation) -> Database:
    """The installation's database, seen from beside its servers."""
    url = installation.settings.get("database_url", "")
    file = installation.folder / "callboard-data" / "callboard.db"
    settings = load({"CALLBOARD_DATABASE_URL": url or f"sqlite:///{file}"}, config=Path("no-such-file.toml"))
    return open_database(settings)


@pytest.mark.parametrize("rounds", [pytest.param(10, id="a few"), pytest.param(40, id="many", marks=pytest.mark.slow)])
def test_kill_after_kill_nothing_acknowledged_is_lost_and_nothing_is_half_done(
    seeded: Installation, rounds: int
) -> None:
    seeded.settings["max_contacts"] = str(EVERY)
    chance, memory = random.Random(20220419), Memory()
    for _ in range(rounds):
        with seeded.serving() as server:
            check(server.caller, seeded, memory)
            write_until_killed(server.caller, memory, answers=chance.randint(1, 150), kill=server.kill)
            server.process.wait(30)
    with seeded.serving() as server:
        check(server.caller, seeded, memory)

    assert memory.faults == []
    assert memory.answers >= rounds
    assert is_sound(seeded)


def check(caller: Caller, installation: Installation, memory: Memory) -> None:
    """Everything acknowledged is there, and contacts and audit trail tell the same."""
    reader = Writer(caller, memory)
    while len(memory.contacts) < 6:
        reader.add()
    for contact_id in list(memory.contacts)[:6]:
        seen = reader.call("GetMessageContact", {"ContactId": contact_id})["Contact"]
        assert number_of(seen) in memory.may_stand(contact_id)
        memory.settle(contact_id, number_of(seen))
    reader.close()

    database = opened(installation)
    stored, records = database.run(everything)
    database.close()
    assert set(memory.contacts) <= set(stored)
    for contact_id, contact in stored.items():
        last = records[contact_id][-1]
        assert number_of(on_the_wire(contact)) in (
            memory.may_stand(contact_id) if contact_id in memory.contacts else {number_of(on_the_wire(contact))}
        )
        assert msgspec.json.decode(last.after, type=Contact) == contact
        assert records[contact_id][0].action == "AddMessageContact"
    assert set(records) == set(stored)


def everything(connection: Any) -> tuple[dict[str, Contact], dict[str, list[audit.AuditRecord]]]:
    """Every contact, and the records of each, from one moment."""
    first = directories.of_account(connection, SEEDED["root_account_id"])
    assert first is not None
    stored = contacts.page(connection, first.directory_id, limit=EVERY, offset=0)
    records: dict[str, list[audit.AuditRecord]] = {}
    for record in audit.page(connection, SEEDED["root_account_id"]):
        if "messagecontact/" in record.resource:
            records.setdefault(record.resource.rpartition("/")[2], []).append(record)
    return {contact.contact_id: contact for contact in stored}, records


def on_the_wire(contact: Contact) -> dict[str, Any]:
    return {
        "Name": contact.name,
        "Title": contact.title,
        "MessageTypes": list(contact.message_types),
        "EmailAddress": contact.email.value,
    }


def is_sound(installation: Installation) -> bool:
    """SQLite's own check of its file; PostgreSQL was not what was killed."""
    file = installation.folder / "callboard-data" / "callboard.db"
    if not file.exists():
        return True
    driver = sqlite3.connect(file)
    answer = driver.execute("PRAGMA integrity_check").fetchone()
    driver.close()
    return answer == ("ok",)


@pytest.mark.parametrize("number", [1, 25, 675, 676, 17_575, 456_976, 999_999])
def test_every_update_of_the_load_tells_its_number_by_its_values(number: int) -> None:
    assert number_of(values_of(number)) == number
