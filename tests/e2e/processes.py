"""Real processes of the product, servers and commands, with nothing of the test's own process in them.

They fork from a process that has the product loaded, unless a test asks for an interpreter of their own.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from alibabacloud_resourcedirectorymaster20220419.client import Client
from alibabacloud_tea_openapi.models import Config

from tests.forked import Forked, run_command

PATIENCE_S = 30
KEY_ID, SECRET = "LTAIendtoendtestkey00001", "geheimnisgeheimnisgeheimnis001"
SEEDED = {"root_access_key_id": KEY_ID, "root_access_key_secret": SECRET, "root_account_id": "1234567890123456"}


def until(is_so: Callable[[], Any], what: str) -> Any:
    """Ask another process again and again, and less and less often; its first true answer."""
    end, pause_s = time.monotonic() + PATIENCE_S, 0.01
    while time.monotonic() < end:
        answer = is_so()
        if answer:
            return answer
        time.sleep(pause_s)
        pause_s = min(1.2 * pause_s, 0.1)
    raise AssertionError(f"not within {PATIENCE_S} seconds: {what}")


@dataclass(frozen=True)
class Caller:
    """A key and where to call; what tests.signing calls an account."""

    endpoint: str
    key_id: str = KEY_ID
    secret: str = SECRET

    @property
    def server(self) -> "Caller":
        return self

    def client(self, **options: Any) -> Client:
        """The official SDK's client."""
        return Client(
            Config(
                access_key_id=self.key_id,
                access_key_secret=self.secret,
                endpoint=self.endpoint,
                **{"protocol": "http", **options},
            )
        )


class Server:
    """A server process. What it prints goes to files, so that it never waits for a reader."""

    def __init__(self, installation: "Installation", settings: dict[str, str]) -> None:
        folder = installation.folder
        number = len(list(folder.glob("stdout*")))
        self._stdout, self._stderr = folder / f"stdout{number}", folder / f"stderr{number}"
        with self._stdout.open("wb") as out, self._stderr.open("wb") as err:
            self.process = installation.start("serve", stdout=out, stderr=err, **settings)

    def wait_until_it_listens(self) -> None:
        def listens() -> bool:
            assert self.process.poll() is None, self.errors
            return '"event":"listening"' in self.errors

        until(listens, "the server listens")

    @property
    def greeting(self) -> str:
        return self._stdout.read_text()

    @property
    def errors(self) -> str:
        return self._stderr.read_text()

    @property
    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.errors.splitlines()]

    @property
    def endpoint(self) -> str:
        found = re.match(r"Callboard answers on https?://(\S+)/\n", self.greeting)
        assert found is not None, self.greeting
        return found[1]

    @property
    def caller(self) -> Caller:
        return Caller(self.endpoint)

    def tell_to_stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """Stop gracefully; the exit code."""
        self.tell_to_stop()
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """End the process at once, without any chance to tidy up."""
        self.process.kill()


class Installation:
    """A folder, and the settings of the processes that run in it.

    `forks` false: each process is `python -m callboard`, in an interpreter of its own.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.settings, self.forks = folder, settings, True

    def _environment(self, settings: dict[str, str]) -> dict[str, str]:
        own = {"listen": "127.0.0.1:0", **self.settings, **settings}
        everything = dict(os.environ)
        inherited = {name: value for name, value in everything.items() if not name.startswith("CALLBOARD_")}
        return inherited | {f"CALLBOARD_{name.upper()}": value for name, value in own.items()}

    def command(self, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            code = self.start(*arguments, stdout=out, stderr=err, **settings).wait(PATIENCE_S)
            printed, told = (file.seek(0) or file.read() for file in (out, err))
        return subprocess.CompletedProcess(arguments, code, printed, told)

    def start(
        self, *arguments: str, stdout: IO[Any] | int, stderr: IO[Any] | int, **settings: str
    ) -> "Forked | subprocess.Popen[bytes]":
        """A process that runs a command, and writes to these files or descriptors."""
        place: dict[str, Any] = {"cwd": self.folder, "env": self._environment(settings)}
        if self.forks:
            return Forked(run_command, *arguments, stdout=stdout, stderr=stderr, **place)
        return subprocess.Popen([sys.executable, "-m", "callboard", *arguments], stdout=stdout, stderr=stderr, **place)

    @contextmanager
    def serving(self, **settings: str) -> Iterator[Server]:
        """A server that listens; stopped at the end if it still runs."""
        server = Server(self, settings)
        try:
            server.wait_until_it_listens()
            yield server
        finally:
            if server.process.poll() is None:
                server.stop()


def refusal(outcome: "subprocess.CompletedProcess[str]") -> str:
    """The one line with which a command ended that could not do its work."""
    assert outcome.returncode == 2, outcome
    assert outcome.stdout == ""
    (line,) = outcome.stderr.splitlines()
    assert line.startswith("callboard: ")
    return line
