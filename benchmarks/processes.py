"""Servers as whole processes: pinned to cores, timed until they answer, weighed, and stopped."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
START_LIMIT_S = 60
STOP_LIMIT_S = 60
POLL_S = 0.001
READY = f"GET /readyz HTTP/1.1\r\nhost: {HOST}\r\nconnection: close\r\n\r\n".encode()


class BenchmarkError(Exception):
    """The benchmark cannot go on; the message says why."""


@dataclass(frozen=True)
class Cores:
    """Who runs where. With one core there is nothing to separate, so both are that core."""

    server: frozenset[int]
    client: frozenset[int]
    every: frozenset[int]


def find_cores() -> Cores:
    if not hasattr(os, "sched_setaffinity"):
        raise BenchmarkError("pinning processes to cores and the load client need Linux.")
    every = sorted(os.sched_getaffinity(0))
    return Cores(frozenset(every[:1]), frozenset(every[1:2] or every), frozenset(every))


@contextmanager
def on_cores(cores: frozenset[int]) -> Iterator[None]:
    """A process that is started within stays on these cores, with every thread it makes."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@dataclass(frozen=True)
class Server:
    """A running server and its log."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    started_at: float

    def wait_for(self, request: bytes) -> float:
        """Seconds from the start of the process to the first answer 200 to the request."""
        while time.perf_counter() < self.started_at + START_LIMIT_S:
            if self.process.poll() is not None:
                raise BenchmarkError(f"a server ended before it answered.\n{self.log_tail()}")
            try:
                status, _ = call(self.port, request)
            except OSError:
                status = 0
            if status == http.client.OK:
                return time.perf_counter() - self.started_at
            time.sleep(POLL_S)
        raise BenchmarkError(f"a server was not ready within {START_LIMIT_S} s.\n{self.log_tail()}")

    def resident_mib(self) -> float:
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise BenchmarkError(f"the memory of a server cannot be read.\n{self.log_tail()}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def log_tail(self) -> str:
        return "".join(self.log.read_text(errors="replace").splitlines(keepends=True)[-20:])


def start(
    arguments: Sequence[str],
    *,
    port: int,
    folder: Path,
    cores: frozenset[int],
    environment: Mapping[str, str],
) -> Server:
    """Starts Python with the arguments in `folder`, where its log goes; its settings are in `environment`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CALLBOARD_")}
    log = folder / "server.log"
    with log.open("ab") as output, on_cores(cores):
        started_at = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=inherited | dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Server(process, port, log, started_at)


def call(port: int, request: bytes) -> tuple[int, bytes]:
    """Sends one prepared request on its own connection; gives the status and the body."""
    with socket.create_connection((HOST, port), timeout=10) as connection:
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection)
        try:
            answer.begin()
            return answer.status, answer.read()
        except http.client.HTTPException as error:
            raise OSError("the answer is cut off") from error
        finally:
            answer.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
