"""`callboard audit` and `callboard audit verify`: the trail as an operator reads, keeps and checks it."""

import csv
import io
import json
import re

import pytest
from sqlalchemy import text

from callboard.audit import storage as audit
from callboard.audit.storage import Source
from callboard.database.statement import Statement
from tests.e2e.processes import KEY_ID, SEEDED, Installation, refusal
from tests.e2e.test_crash import opened
from tests.signing import call_v3

ACCOUNT = SEEDED["root_account_id"]
TOM = {"Name": "tom", "EmailAddress": "tom@example.com", "Title": "CEO", "MessageTypes.1": "FaultMessage"}
FORMULA = '=HYPERLINK("http://evil.example")'


def add(installation: Installation, number: int, **changed: str) -> None:
    """Records in the trail, as a server writes them."""
    database = opened(installation)

    def work(connection) -> None:
        for each in range(number):
            source = Source(
                changed.get("account_id", ACCOUNT), 1_800_000_000_000 + each, f"R{each}", changed.get("principal", "p")
            )
            audit.add(connection, source, changed.get("action", "Fill"), changed.get("resource", f"x{each}"))

    database.run(work)
    database.close()


def sql(installation: Installation, *statements: str) -> None:
    database = opened(installation)
    database.run(lambda open_: [open_.run(Statement(text(each))) for each in statements])
    database.close()


def jsonl(installation: Installation, *options: str) -> list[dict[str, object]]:
    outcome = installation.command("audit", "--format", "jsonl", *options)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    return [json.loads(line) for line in outcome.stdout.splitlines()]


def test_what_a_server_did_is_printed_newest_first_while_it_runs(seeded: Installation) -> None:
    with seeded.serving() as server:
        call_v3(server.caller, "AddMessageContact", TOM)
        call_v3(server.caller, "AddMessageContact", {**TOM, "Title": "Nobody"})
        table = seeded.command("audit").stdout.splitlines()
        found = jsonl(seeded, "--account", ACCOUNT, "--actor", KEY_ID)

    assert [line.split("  ")[2:] for line in table[:2]] == [
        ["AddMessageContact", f"acs:resourcemanager:*:{ACCOUNT}:messagecontact/*", "InvalidParameter.Title"],
        ["AddMessageContact", found[1]["Resource"], "-"],
    ]
    assert [each.get("ErrorCode") for each in found] == ["InvalidParameter.Title", None]
    assert json.loads(str(found[1]["After"]))["name"] == "tom"


def test_conditions_and_the_limit_leave_out_the_rest(seeded: Installation) -> None:
    seeded.command("init")
    seeded.command("add-account", "--account-id", "42")
    add(seeded, 5)
    add(seeded, 1, account_id="42", principal="acs:ram::42:user/tom", action="Other")

    assert len(jsonl(seeded, "--action", "Fill")) == 5
    assert [each["Resource"] for each in jsonl(seeded, "--account", ACCOUNT, "--limit", "2")] == ["x4", "x3"]
    assert [each["ActionName"] for each in jsonl(seeded, "--account", "42", "--actor", "tom")] == ["Other"]
    assert [each["ActionName"] for each in jsonl(seeded, "--actor", "acs:ram::42:user/tom")] == ["Other"]
    assert [each["Resource"] for each in jsonl(seeded, "--resource", "x3")] == ["x3"]
    since = ("--since", "2027-01-15T08:00:00.001Z", "--until", "2027-01-15T08:00:00.003Z", "--account", ACCOUNT)
    assert [each["Resource"] for each in jsonl(seeded, *since)] == ["x2", "x1"]
    assert jsonl(seeded, "--error", "any") == []


def test_more_than_a_batch_comes_whole_and_each_record_once(seeded: Installation) -> None:
    seeded.command("init")
    add(seeded, 1234)

    for options in ([], ["--account", ACCOUNT]):
        found = jsonl(seeded, "--action", "Fill", *options)
        assert [each["Resource"] for each in found] == [f"x{number}" for number in reversed(range(1234))]


def test_a_spreadsheet_takes_no_cell_for_a_formula(embedded: Installation) -> None:
    embedded.command("init")
    add(embedded, 1, resource=FORMULA, principal="@SUM(1)", action="-1+1")

    outcome = embedded.command("audit", "--format", "csv", "--limit", "1")

    (row,) = csv.DictReader(io.StringIO(outcome.stdout))
    assert (row["Resource"], row["Principal"], row["ActionName"]) == (f"'{FORMULA}", "'@SUM(1)", "'-1+1")
    assert row["AccountId"] == ACCOUNT


def test_a_terminal_is_given_no_control_characters(embedded: Installation) -> None:
    embedded.command("init")
    add(embedded, 1, resource="x\x1b[2Jy")

    assert "x?[2Jy" in embedded.command("audit", "--limit", "1").stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--since", "yesterday"], "yesterday is no moment"),
        (["--actor", "tom"], "--account of tom"),
        (["verify", "--head", "12"], "64 hexadecimal digits"),
    ],
)
def test_what_does_not_fit_is_refused(embedded_once: Installation, options: list[str], told: str) -> None:
    assert told in refusal(embedded_once.command("audit", *options))


@pytest.fixture(scope="module")
def embedded_once(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    installation = Installation(tmp_path_factory.mktemp("home"), **SEEDED)
    installation.command("init")
    return installation


def head_of(output: str) -> str:
    found = re.fullmatch(r"(\d+) records, each as it was sealed\.\nHead: (\1:[0-9a-f]{64})   \(note it .*\)\n", output)
    assert found is not None, output
    return found[2]


def test_a_sound_trail_is_told_with_its_head_to_be_noted(seeded: Installation) -> None:
    seeded.command("init")
    add(seeded, 700)

    first = head_of(seeded.command("audit", "verify").stdout)
    add(seeded, 3)
    later = seeded.command("audit", "verify", "--head", first)

    assert later.returncode == 0
    assert int(head_of(later.stdout).split(":")[0]) == int(first.split(":")[0]) + 3
    assert later.stderr == ""  # A progress bar is for terminals.


def test_a_broken_trail_ends_with_one_and_says_where(embedded: Installation) -> None:
    embedded.command("init")
    add(embedded, 10)
    embedded.command("audit", "verify")
    sql(embedded, "UPDATE audit_records SET resource = 'y' WHERE seal_number = 7")

    outcome = embedded.command("audit", "verify")

    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith("callboard: the audit trail is broken: Record 7 of the chain")


def test_a_noted_head_tells_what_the_chain_itself_cannot(embedded: Installation) -> None:
    embedded.command("init")
    add(embedded, 10)
    noted = head_of(embedded.command("audit", "verify").stdout)
    number = int(noted.split(":")[0])
    sql(
        embedded,
        f"DELETE FROM audit_records WHERE seal_number > {number - 3}",
        f"UPDATE audit_heads SET seal_number = {number - 3}, seal = "
        f"(SELECT seal FROM audit_records WHERE audit_records.seal_number = {number - 3})",
    )
    add(embedded, 5)

    unasked, asked = embedded.command("audit", "verify"), embedded.command("audit", "verify", "--head", noted)

    assert unasked.returncode == 0
    assert (asked.returncode, asked.stdout) == (1, "")
    assert "no part of the chain" in asked.stderr


def test_a_server_seals_what_it_writes_within_a_moment(seeded: Installation) -> None:
    with seeded.serving(background="true") as server:
        call_v3(server.caller, "AddMessageContact", TOM)
        head = head_of(seeded.command("audit", "verify").stdout)

    assert int(head.split(":")[0]) >= 2
