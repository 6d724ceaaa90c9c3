"""`callboard endpoints`: the same for operators, beside the server."""

import json
from pathlib import Path

import pytest

from tests.e2e.processes import Installation
from tests.endpoints.ears import created, proven, shown
from tests.messages.press import call
from tests.recipients.world import World


@pytest.fixture
def installation(world: World, tmp_path: Path) -> Installation:
    """Commands over the database of the world, beside its server."""
    settings = world.server.settings
    return Installation(tmp_path / "home", database_url=settings.url, data_dir=str(settings.data_dir))


def test_endpoints_are_listed_without_their_secrets(world: World, installation: Installation) -> None:
    member, neighbour = world.member(), world.member()
    mine = proven(world, member, Name="Ops \\ 1")
    call(world.account, "UpdateEndpoint", EndpointId=mine, Url="https://new.example.com/s3cret")
    created(world.account, neighbour)

    every = installation.command("endpoints")
    table = installation.command("endpoints", "--owner", member)
    as_json = installation.command("endpoints", "--owner", member, "--json")
    nothing = installation.command("endpoints", "--owner", "1")

    assert (every.returncode, every.stderr) == (0, "")
    assert f"for {neighbour} in {world.directory_id}: FaultMessage" in every.stdout
    assert table.stdout.splitlines() == [
        f"{mine}  webhook  Confirmed  https://hooks.example.com/***  Ops \\ 1",
        f"    for {member} in {world.directory_id}: FaultMessage",
        "    waits for the proof of https://new.example.com/***",
    ]
    assert json.loads(as_json.stdout) == shown(world.account, mine)
    assert (nothing.stdout, nothing.stderr) == ("", "There is no such endpoint.\n")
    assert "s3cret" not in every.stdout + as_json.stdout
