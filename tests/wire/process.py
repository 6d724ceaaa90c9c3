"""The server as its users run it: a process of its own, whose whole output is kept."""

import json
import os
import re
import secrets
import string
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.signing import call_v3

KEY_ID, SECRET = "LTAIfuzzfuzzfuzzfuzz", "aSecretThatNoLogMayEverShow123"


@dataclass(frozen=True)
class Process:
    """A running `callboard serve`; it is its own `server`, so that the signing helpers take it for an account."""

    endpoint: str
    output: Path
    read_from: int = 0
    key_id: str = KEY_ID
    secret: str = SECRET

    @property
    def server(self) -> "Process":
        return self

    @property
    def printed(self) -> str:
        """What the server wrote since `read_from`."""
        return self.output.read_bytes()[self.read_from :].decode()

    def from_now(self) -> "Process":
        """The same server, as if it had written nothing so far."""
        return replace(self, read_from=self.output.stat().st_size)

    @property
    def events(self) -> list[dict[str, Any]]:
        """What the server logged; a line that is no event, such as a traceback, makes the reader fail."""
        return [json.loads(line) for line in self.printed.splitlines() if not line.startswith(("Callboard", "Access"))]

    @property
    def faults(self) -> list[dict[str, Any]]:
        return [event for event in self.events if event["level"] in ("error", "critical")]


@contextmanager
def running(folder: Path, database_url: str) -> Iterator[Process]:
    """Serve over this database until the block ends."""
    output = folder / "output"
    environment = {
        "PATH": os.defpath,
        "CALLBOARD_DATA_DIR": str(folder),
        "CALLBOARD_DATABASE_URL": database_url,
        "CALLBOARD_LISTEN": "127.0.0.1:0",
        "CALLBOARD_LOG_FORMAT": "json",
        "CALLBOARD_MAX_CONTACTS": "1000000",
        "CALLBOARD_ROOT_ACCESS_KEY_ID": KEY_ID,
        "CALLBOARD_ROOT_ACCESS_KEY_SECRET": SECRET,
    }
    with output.open("w") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "callboard", "serve"], cwd=folder, env=environment, stdout=sink, stderr=sink
        )
    try:
        yield Process(_endpoint(process, output), output)
    finally:
        process.terminate()
        process.wait(timeout=60)


def add_contact(process: Process) -> str:
    """The id of a new contact, whose name no other has."""
    name = "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))
    parameters = {"Name": name, "EmailAddress": "tom@example.com", "Title": "CEO", "MessageTypes.1": "FaultMessage"}
    added = call_v3(process, "AddMessageContact", parameters)
    return str(added.json["Contact"]["ContactId"])


def _endpoint(process: "subprocess.Popen[bytes]", output: Path) -> str:
    """The address that the server prints once it listens."""
    while process.poll() is None:
        found = re.search(r"answers on http://(\S+)/", output.read_text())
        if found is not None:
            return found[1]
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError(output.read_text())
