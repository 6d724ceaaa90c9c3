"""`callboard publish` and `callboard deliveries`: the same for operators, beside the server."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.audit.trail import records
from tests.e2e.processes import Installation, refusal
from tests.messages.press import SUBJECT, call, letters, shown
from tests.recipients.world import World

FAULT = "FaultMessage"


@pytest.fixture
def installation(world: World, tmp_path: Path) -> Installation:
    """Commands over the database of the world, beside its server."""
    settings = world.server.settings
    return Installation(tmp_path / "home", database_url=settings.url, data_dir=str(settings.data_dir))


def publish(installation: Installation, member: str, *options: str) -> "subprocess.CompletedProcess[str]":
    return installation.command("publish", member, FAULT, "--severity", "Critical", "--subject", SUBJECT, *options)


def test_a_message_is_published_from_a_file_and_its_deliveries_are_shown(
    world: World, installation: Installation
) -> None:
    member = world.member(name="production")
    tom = world.contact("tom", email="tom@example.com")
    world.bind(tom, member)
    (installation.folder / "text.md").write_text("*Since* 10:02.\n")
    options = ("--file", "text.md", "--markdown", "--link", "https://example.com/", "--ttl", "600", "--sender", "Me")

    outcome = publish(installation, member, *options, "--key", "alarm-1")
    again = publish(installation, member, *options, "--key", "alarm-1")
    message_id = outcome.stdout.strip()
    table = installation.command("deliveries", message_id)
    as_json = installation.command("deliveries", message_id, "--json")

    assert (outcome.returncode, outcome.stderr, again.stdout) == (0, "", outcome.stdout)
    assert json.loads(as_json.stdout) == shown(world.account, message_id)
    head, delivery, reason = table.stdout.splitlines()
    assert head.startswith(f"Critical FaultMessage about {member}, ")
    assert delivery.split() == ["email", "tom@example.com", "Kept,", "tries", "0"]
    assert reason.strip() == f"for tom ({tom}): Direct production"
    assert "<em>Since</em>" in letters(world, "tom@example.com")[0].content.html
    (record,) = records(world.account, action_name="PublishMessage")
    assert record["Principal"] == "operator"


def test_the_text_may_come_by_a_pipe_and_nobody_told_is_said(world: World, installation: Installation) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "callboard", "publish", world.member(), FAULT, "--severity", "Info", "--subject", "s"],
        cwd=installation.folder,
        env=installation._environment({}),
        input="By a pipe.",
        capture_output=True,
        text=True,
        check=False,
    )
    message_id = outcome.stdout.strip()
    table = installation.command("deliveries", message_id).stdout

    assert outcome.stderr == "callboard: nobody is told of that; the fallback address gets it.\n"
    assert shown(world.account, message_id)["Content"] == "By a pipe."
    assert "Nobody would have been told" in table
    assert "administrator" in table


def test_what_does_not_fit_is_refused_in_one_line(world: World, installation: Installation) -> None:
    member = world.member()
    (installation.folder / "text").write_text("text")
    (installation.folder / "latin").write_bytes(b"\xe4\xf6")

    assert "Link is not valid" in refusal(publish(installation, member, "--file", "text", "--link", "ftp://x/"))
    assert "TimeToLive is not valid" in refusal(publish(installation, member, "--file", "text", "--ttl", "1"))
    assert "not UTF-8" in refusal(publish(installation, member, "--file", "latin"))
    assert "no member account 1000" in refusal(publish(installation, "1000", "--file", "text"))
    assert "no message m-x" in refusal(installation.command("deliveries", "m-x"))
    publish(installation, member, "--file", "text", "--key", "k")
    assert "IdempotencyKey was used" in refusal(
        publish(installation, member, "--file", "text", "--key", "k", "--ttl", "60")
    )
    assert len(call(world.account, "ListMessages").json["Messages"]) == 1
