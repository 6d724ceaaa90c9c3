"""`callboard coverage`, `who-gets` and `contacts-of`: the same answers for operators and for continuous integration."""

import csv
import io
import json
import os
import pty
import subprocess
from pathlib import Path
from typing import Any

import pytest

from callboard.clock import write_moment
from callboard.contacts.rules import MESSAGE_TYPES
from tests.e2e.processes import Installation, refusal
from tests.recipients.test_actions import contacts, gaps_of, recipients
from tests.recipients.world import World

FAULT, SECURITY = "FaultMessage", "SecurityMessage"
NO_ONE = "1000000000000000"
ON_SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True, scope="session")
"""For what does not depend on the database: how rows are written, and what is refused."""


@pytest.fixture
def installation(world: World, tmp_path: Path) -> Installation:
    """Commands over the database of the world, beside its server."""
    settings = world.server.settings
    return Installation(tmp_path / "home", database_url=settings.url, data_dir=str(settings.data_dir))


def covered(installation: Installation, world: World, *options: str) -> "subprocess.CompletedProcess[str]":
    return installation.command("coverage", "--account", world.account.account_id, *options)


def rows(installation: Installation, world: World, *options: str) -> list[dict[str, Any]]:
    outcome = covered(installation, world, "--format", "json", *options)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    return list(json.loads(outcome.stdout))


def furnish(world: World) -> dict[str, str]:
    """Two folders, two members; one of them has a recipient for two types, and one that is not proven."""
    finance, other = world.folder("Finance"), world.folder("Other")
    production, bare = world.member(finance, name="production"), world.member(other, name="bare")
    world.bind(world.contact("tom", types=(FAULT, SECURITY)), finance)
    world.bind(world.contact("tim", types=(FAULT,)), production)
    world.bind(world.contact("ann", types=("ProductMessage",), is_proven=False), finance)
    return {"finance": finance, "other": other, "production": production, "bare": bare}


def test_the_table_has_a_line_for_every_member_and_type_and_the_sum_of_each_kind(
    world: World, installation: Installation
) -> None:
    made = furnish(world)

    outcome = covered(installation, world)

    head, *lines, summary = outcome.stdout.splitlines()
    assert (outcome.returncode, outcome.stderr) == (0, "")
    columns = "AccountId DisplayName FolderName MessageType Kind Verified Unverified"
    assert head.split() == columns.split()
    found = [line.split() for line in lines]
    assert len(found) == 12
    assert [made["production"], "production", "Finance", FAULT, "Covered", "2", "0"] in found
    assert [made["production"], "production", "Finance", SECURITY, "One", "1", "0"] in found
    assert [made["bare"], "bare", "Other", FAULT, "None", "0", "0"] in found
    assert summary == "None 9, Unverified 1, One 1, Covered 1"


def test_json_is_one_document_and_jsonl_and_csv_have_the_same_rows(world: World, installation: Installation) -> None:
    furnish(world)

    document = rows(installation, world)
    lines = [json.loads(each) for each in covered(installation, world, "--format", "jsonl").stdout.splitlines()]
    table = list(csv.DictReader(io.StringIO(covered(installation, world, "--format", "csv").stdout)))

    assert len(document) == 12
    assert lines == document
    assert table == [{name: str(value) for name, value in each.items()} for each in document]


def test_the_gaps_are_those_of_the_api(world: World, installation: Installation) -> None:
    furnish(world)

    gaps = rows(installation, world, "--gaps-only")

    assert [{**each, "FolderName": None} for each in gaps] == [{**each, "FolderName": None} for each in gaps_of(world)]
    assert {each["Kind"] for each in gaps} == {"None", "Unverified", "One"}


def test_a_directory_without_members_is_an_empty_report(world: World, installation: Installation) -> None:
    assert rows(installation, world) == []
    assert covered(installation, world).stdout.splitlines()[1:] == ["None 0, Unverified 0, One 0, Covered 0"]
    assert covered(installation, world, "--fail-on-gaps").returncode == 0


@ON_SQLITE
def test_folders_and_types_leave_out_the_rest(world: World, installation: Installation) -> None:
    made = furnish(world)

    found = rows(installation, world, "--folder", made["finance"], "--message-type", FAULT, "--message-type", SECURITY)

    assert [(each["AccountId"], each["MessageType"]) for each in found] == [
        (made["production"], FAULT),
        (made["production"], SECURITY),
    ]


@ON_SQLITE
@pytest.mark.parametrize(("message_type", "code"), [(FAULT, 0), (SECURITY, 0), ("ProductMessage", 1), (None, 1)])
def test_whoever_is_told_of_nothing_makes_the_exit_code(
    world: World, installation: Installation, message_type: str | None, code: int
) -> None:
    folder = furnish(world)["finance"]
    options = ("--message-type", message_type) if message_type else ()

    failing = covered(installation, world, "--folder", folder, "--fail-on-gaps", *options)

    assert (failing.returncode, failing.stderr) == (code, "")
    assert covered(installation, world, "--folder", folder, *options).returncode == 0


@ON_SQLITE
def test_errors_have_an_exit_code_of_their_own(world: World, installation: Installation) -> None:
    failing = ("--fail-on-gaps", "--folder", "fd-nosuchfolder")

    assert "no folder fd-nosuchfolder" in refusal(covered(installation, world, *failing))
    assert "4242 manages no" in refusal(installation.command("coverage", "--account", "4242"))
    assert covered(installation, world, "--message-type", "Spam").returncode == 2


def test_one_directory_needs_no_name_and_several_need_one(embedded: Installation) -> None:
    embedded.command("init")
    alone = embedded.command("coverage", "--format", "json")
    embedded.command("add-account", "--account-id", "42")

    assert (alone.returncode, json.loads(alone.stdout)) == (0, [])
    assert "42" in refusal(embedded.command("coverage"))
    assert embedded.command("coverage", "--account", "42").returncode == 0


@ON_SQLITE
def test_a_spreadsheet_takes_no_name_for_a_formula(world: World, installation: Installation) -> None:
    for first in "=+-@":
        world.member(world.folder(f"{first}1+1"), name=f"{first}cmd|' /C calc'!A0")

    table = list(csv.DictReader(io.StringIO(covered(installation, world, "--format", "csv").stdout)))

    assert {each["DisplayName"][:2] for each in table} == {f"'{first}" for first in "=+-@"}
    assert {each["FolderName"][:2] for each in table} == {f"'{first}" for first in "=+-@"}


@ON_SQLITE
def test_a_terminal_is_given_no_control_characters(world: World, installation: Installation) -> None:
    member = world.member(name="a\x1b[2Jb")
    world.bind(world.contact("tom"), member)

    assert "a?[2Jb" in covered(installation, world).stdout
    assert "a?[2Jb" in installation.command("contacts-of", member).stdout


@ON_SQLITE
@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_an_output_that_nobody_reads_on_ends_quietly_and_is_no_success(
    world: World, installation: Installation, form: str
) -> None:
    world.members(300)
    options = ("--account", world.account.account_id, "--format", form)

    installation.forks = False
    with installation.start("coverage", *options, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        told = running.stderr.read()

    assert (running.returncode, told) == (141, b"")


@ON_SQLITE
def test_a_terminal_sees_how_far_it_is_and_a_file_gets_rows_alone(
    world: World, installation: Installation, tmp_path: Path
) -> None:
    world.members(1500)
    ours, theirs = pty.openpty()
    options = ("--account", world.account.account_id, "--format", "json")

    with (tmp_path / "out.json").open("wb") as out:
        running = installation.start("coverage", *options, stdout=out, stderr=theirs)
        os.close(theirs)
        told = read_all(ours)
        running.wait()

    assert b"Members" in told
    assert b"100%" in told
    assert len(json.loads((tmp_path / "out.json").read_text())) == 1500 * len(MESSAGE_TYPES)


def read_all(terminal: int) -> bytes:
    """What is written to a terminal until nobody has it open any more."""
    found = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # This is how Linux says so.
            part = b""
        if not part:
            os.close(terminal)
            return found
        found += part


def test_who_gets_tells_who_and_by_what_and_who_not_and_why(world: World, installation: Installation) -> None:
    made = furnish(world)
    world.bind(world.contact("eve", types=(FAULT,), is_proven=False), made["production"])

    told, not_told = installation.command("who-gets", made["production"], FAULT).stdout.split("Not told:\n")

    assert told.splitlines()[0] == f"Told of a FaultMessage to {made['production']}:"
    assert "tom           CEO                   tom@example.com  by email" in told
    assert f"inherited: bound to Finance ({made['finance']}) since " in told
    assert f"direct: bound to production ({made['production']}) since " in told
    assert "eve@example.com (not verified)  NotVerified" in not_told
    assert "ann@example.com (not verified)  OtherMessageTypes" in not_told


@ON_SQLITE
def test_nobody_is_told_where_nobody_is(world: World, installation: Installation) -> None:
    assert installation.command("who-gets", world.member(), FAULT).stdout.splitlines()[1:] == ["  nobody"]


def test_the_commands_answer_as_the_api_does(world: World, installation: Installation) -> None:
    made = furnish(world)
    production = made["production"]
    as_of = write_moment(world.now)
    world.move(production, made["other"])

    def printed(*arguments: str) -> Any:
        outcome = installation.command(*arguments, "--json")
        assert (outcome.returncode, outcome.stderr) == (0, "")
        return json.loads(outcome.stdout)

    def answered(answer: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in answer.items() if name != "RequestId"}

    assert printed("who-gets", production, FAULT) == answered(recipients(world, production))
    assert printed("who-gets", production, FAULT, "--as-of", as_of) == answered(
        recipients(world, production, AsOf=as_of)
    )
    assert printed("who-gets", production, FAULT) != printed("who-gets", production, FAULT, "--as-of", as_of)
    assert printed("contacts-of", production)["Contacts"] == contacts(world, production)
    assert printed("contacts-of", production, "--as-of", as_of)["Contacts"] == contacts(world, production, as_of=as_of)


def test_an_account_that_has_left_is_known_by_what_it_keeps(world: World, installation: Installation) -> None:
    made = furnish(world)
    world.remove(made["production"])

    told = installation.command("contacts-of", made["production"]).stdout

    assert "tom@example.com" in told
    assert f"when the account left; it was bound to Finance ({made['finance']})" in told


def test_a_deleted_contact_says_since_when_it_is_kept(world: World, installation: Installation) -> None:
    member = world.member()
    tom = world.contact("tom", phone="86-13900001234")
    world.bind(tom, world.directory_id)
    world.delete(tom, is_kept=True)

    told = installation.command("who-gets", member, FAULT).stdout

    assert "tom@example.com, 86-13900001234 (not verified)  by email" in told
    assert f"kept since {write_moment(world.now)}, when the contact was deleted; it was bound to root" in told


@ON_SQLITE
@pytest.mark.parametrize("command", [("who-gets", NO_ONE, FAULT), ("contacts-of", NO_ONE)])
def test_an_unknown_account_is_refused(installation: Installation, command: tuple[str, ...]) -> None:
    assert f"no member account {NO_ONE}" in refusal(installation.command(*command))


@ON_SQLITE
def test_moments_that_do_not_fit_are_refused(world: World, installation: Installation) -> None:
    member = world.member()

    def told(moment: str) -> str:
        return refusal(installation.command("contacts-of", member, "--as-of", moment))

    assert "yesterday is no moment" in told("yesterday")
    assert "still to come" in told("2999-01-01T00:00:00Z")
    assert f"no member account {member} at 2001-01-01T00:00:00Z" in told("2001-01-01T00:00:00Z")
    assert installation.command("who-gets", member, "Spam").returncode == 2
