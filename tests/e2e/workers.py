"""Real worker processes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.processes import PATIENCE_S, Installation, until


class Worker:
    """`callboard worker`. What it logs goes to a file, so that it never waits for a reader."""

    def __init__(self, installation: Installation, settings: dict[str, str]) -> None:
        number = len(list(installation.folder.glob("worker*")))
        self._log = installation.folder / f"worker{number}"
        with self._log.open("wb") as log:
            self.process = installation.start("worker", stdout=log, stderr=log, **settings)

    def wait_until_it_works(self) -> None:
        def works() -> bool:
            assert self.process.poll() is None, self.output
            return '"event":"working"' in self.output

        until(works, "the worker works")

    @property
    def output(self) -> str:
        return self._log.read_text()

    @property
    def tries(self) -> list[dict[str, Any]]:
        """What it has logged of letters."""
        whole = self.output.rpartition("\n")[0]
        lines = [json.loads(line) for line in whole.splitlines()]
        return [line for line in lines if line["event"] == "letter_tried"]

    @property
    def metrics_address(self) -> str:
        """Where it serves its metrics."""
        (line,) = [line for line in map(json.loads, self.output.splitlines()) if line["event"] == "measured"]
        return str(line["address"])

    def kill(self) -> None:
        """End the process at once, without any chance to tidy up."""
        self.process.kill()

    def stop(self) -> int:
        """Stop gracefully; the exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE_S)


@contextmanager
def working(installation: Installation, **settings: str) -> Iterator[Worker]:
    """A worker that works; stopped at the end if it still runs."""
    worker = Worker(installation, settings)
    try:
        worker.wait_until_it_works()
        yield worker
    finally:
        if worker.process.poll() is None:
            worker.stop()
