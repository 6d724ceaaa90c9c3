"""`callboard drills`: the same for operators, beside the server."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.audit.trail import records
from tests.drills.rehearsal import acknowledge, made, publish_next, ran, result
from tests.e2e.processes import Installation, refusal
from tests.messages.press import call, letters
from tests.recipients.world import World

TOM = "tom@example.com"


@pytest.fixture
def installation(world: World, tmp_path: Path) -> Installation:
    """Commands over the database of the world, beside its server."""
    settings = world.server.settings
    return Installation(tmp_path / "home", database_url=settings.url, data_dir=str(settings.data_dir))


def test_a_drill_is_started_listed_and_its_result_taken_out(world: World, installation: Installation) -> None:
    member, nobody = world.members(2)
    evil = world.member(name="=1+1")
    for each in (member, evil):
        world.bind(world.contact("tom" if each == member else "ann", email=TOM), each)
    drill_id = made(world, world.root_id, EveryDays="7")["DrillId"]

    begun = installation.command("drills", "start", drill_id)
    run_id = begun.stdout.strip()
    publish_next(world)
    acknowledge(world, letters(world, TOM)[0].letter_id)
    listed = installation.command("drills", "list", "--account", world.account.account_id).stdout
    table = installation.command("drills", "result", drill_id).stdout
    as_csv = installation.command("drills", "result", drill_id, run_id, "--csv").stdout
    as_json = installation.command("drills", "result", drill_id, "--json").stdout

    assert (begun.returncode, begun.stderr) == (0, "")
    (record,) = records(world.account, action_name="StartDrill")
    assert record["Principal"] == "operator"
    assert drill_id in listed
    assert "every 7 days, next 20" in listed
    assert f"  {run_id}  " in listed
    assert "2 acknowledged" in table
    assert {**json.loads(as_json), "RequestId": ""} == {**result(world, (drill_id, run_id)), "RequestId": "",
                                                       "MaxResults": 100}  # fmt: skip
    rows = {row["AccountId"]: row for row in csv.DictReader(io.StringIO(as_csv))}
    assert set(rows) == {member, nobody, evil}
    assert (rows[member]["ContactState"], rows[member]["Recipient"]) == ("Acknowledged", TOM)
    assert (rows[nobody]["AccountState"], rows[nobody]["ContactId"]) == ("Untold", "")
    assert rows[evil]["DisplayName"] == "'=1+1"


def test_what_does_not_fit_is_refused_in_one_line(world: World, installation: Installation) -> None:
    drill_id = made(world, world.member())["DrillId"]
    other_drill, other_run = ran(world, world.root_id)

    assert "drill does not exist" in refusal(installation.command("drills", "start", "d-x"))
    assert "drill does not exist" in refusal(installation.command("drills", "result", "d-x"))
    assert "not been run yet" in refusal(installation.command("drills", "result", drill_id))
    assert "run of the drill does not exist" in refusal(installation.command("drills", "result", drill_id, other_run))
    assert "one of --csv and --json" in refusal(
        installation.command("drills", "result", other_drill, "--csv", "--json")
    )
    call(world.account, "StartDrill", DrillId=drill_id)
    assert "just being run" in refusal(installation.command("drills", "start", drill_id))
