"""Processes of the product that fork from one which has its modules loaded, and are theirs alone from then on.

A fresh interpreter takes most of a second of processor time to import the product, and the tests start hundreds. That
`python -m callboard` and the installed script work is proved by those who start them: tests/e2e/test_process.py,
tests/wire/process.py, tests/docs/test_demo.py, and each test that asks an Installation for a fresh interpreter.
"""

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import wait
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import IO, Any

LOADED = (
    "callboard.cli",
    "callboard.serve",
    "callboard.reference.openapi",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
)
"""What the process that all fork from has imported; the product imports some of it only when a command asks for it."""

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(list(LOADED))
_LOCK = threading.Lock()
"""To start a process asks how all others are, and the answer can be had once: so one thread at a time."""


class _Stream:
    """A file that the new process writes to."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (DupFd(self._descriptor),)


def _received(descriptor: Any) -> int:
    return int(descriptor.detach())


def run_command(*arguments: str) -> None:
    """What `callboard` does with these arguments."""
    from callboard.cli import main

    sys.argv = ["callboard", *arguments]
    main()


class Forked:
    """A running process; to be used as `subprocess.Popen` is."""

    def __init__(
        self,
        run: Callable[..., None],
        *arguments: Any,
        cwd: Path,
        env: Mapping[str, str],
        stdout: IO[Any] | int,
        stderr: IO[Any] | int,
    ) -> None:
        streams = [_Stream(each if isinstance(each, int) else each.fileno()) for each in (stdout, stderr)]
        self._process = _CONTEXT.Process(target=_enter, args=(run, arguments, cwd, dict(env), *streams), daemon=True)
        with _LOCK:
            self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self.poll()

    def poll(self) -> int | None:
        """The exit code, or the negative signal; None while it runs."""
        with _LOCK:
            return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code once it has ended. Raises TimeoutExpired."""
        wait([self._process.sentinel], timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def _enter(
    run: Callable[..., None], arguments: tuple[Any, ...], cwd: Path, env: dict[str, str], stdout: int, stderr: int
) -> None:
    """Be as a new interpreter is: its folder, its environment, its streams."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for given, own in ((stdout, 1), (stderr, 2)):
        os.dup2(given, own)
        os.close(given)
    sys.stdout = os.fdopen(1, "w", buffering=1 if os.isatty(1) else -1, encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
    run(*arguments)
