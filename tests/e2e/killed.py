"""A command that is killed on its way, by itself: no other process could meet the moment."""

import os
import signal
import sys
import threading

from tests.forked import run_command

STEPS = ("open", "os.remove", "os.link", "os.rename")


def run_until_killed(step: int, delay_ms: int, *arguments: str) -> None:
    """Run a command, and end without any chance to tidy up so long after this step with a master key's files."""
    seen = 0

    def end() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, about: object) -> None:
        nonlocal seen
        if event in STEPS and "master.key." in str(about):
            seen += 1
            if seen == step:
                threading.Timer(delay_ms / 1000, end).start() if delay_ms else end()

    sys.addaudithook(hook)
    run_command(*arguments)
