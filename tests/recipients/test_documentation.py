"""The commands of the how-to do what it says."""

import re
from pathlib import Path

from callboard.clock import write_moment
from tests.e2e.processes import Installation
from tests.recipients.test_commands import installation
from tests.recipients.world import World

__all__ = ["installation"]

PAGE = Path(__file__).parents[2] / "docs/how-to/recipients.md"
COMMAND = re.compile(r"^    callboard (.+?)(?: > .*)?$", re.MULTILINE)


def test_every_command_of_the_page_runs_as_it_stands(world: World, installation: Installation) -> None:
    folder = world.folder("Finance")
    member = world.member(folder)
    world.bind(world.contact("tom"), member)
    theirs = {
        "1997968394351234": member,
        "fd-ZDNPiTabcd": folder,
        "2026-11-25T10:00:00Z": write_moment(world.now),
        "coverage": f"coverage --account {world.account.account_id}",
    }
    commands = COMMAND.findall(PAGE.read_text(encoding="utf-8"))

    codes = {}
    for command in commands:
        words = command
        for written, meant in theirs.items():
            words = words.replace(written, meant)
        codes[command] = installation.command(*words.split()).returncode

    assert len(commands) == 7
    assert {command: code for command, code in codes.items() if code != 0} == {"coverage --gaps-only --fail-on-gaps": 1}
