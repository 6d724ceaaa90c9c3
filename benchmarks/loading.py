"""The load client: compiled from load.c, run on a file of requests, its report read."""

import shutil
import subprocess
from pathlib import Path

import msgspec
from processes import HOST, BenchmarkError, Server, on_cores

SOURCE = Path(__file__).with_name("load.c")
BINARY = SOURCE.with_suffix("")


class Load(msgspec.Struct, frozen=True):
    """What load.c reports about one run."""

    requests: int
    seconds: float
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    statuses: dict[str, int]
    bytes: int
    exhausted: bool

    @property
    def failures(self) -> dict[str, int]:
        return {status: count for status, count in self.statuses.items() if status != "200"}


def build() -> None:
    """Compiles the client unless it is newer than its source."""
    if BINARY.is_file() and BINARY.stat().st_mtime > SOURCE.stat().st_mtime:
        return
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise BenchmarkError("the load client is written in C, and there is no C compiler (cc, gcc, clang).")
    done = subprocess.run(
        [compiler, "-O2", "-o", str(BINARY), str(SOURCE)], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise BenchmarkError(f"{SOURCE.name} does not compile.\n{done.stderr}")


def run(
    server: Server, requests: Path, *, connections: int, seconds: float, cores: frozenset[int], cycles: bool
) -> Load:
    options = ["-c"] if cycles else []
    arguments = [*options, HOST, str(server.port), str(connections), str(seconds), str(requests)]
    with on_cores(cores):
        client = subprocess.Popen([BINARY, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, errors = client.communicate()
    if client.returncode:
        message = errors.decode(errors="replace")
        raise BenchmarkError(f"the load client gave up.\n{message}\nThe server's log:\n{server.log_tail()}")
    load = msgspec.json.decode(output, type=Load)
    if load.failures:
        print(f"\n!!! ANSWERS OTHER THAN 200: {load.failures}\n{errors.decode(errors='replace')}")
    return load
