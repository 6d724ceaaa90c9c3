"""Whether time tells an attacker which access keys exist: a wrong secret next to an unknown key, call by call.

Calls alternate on one connection, so that whatever else the machine does meets both alike. What counts is the ratio of
the medians: 1 tells nothing.
"""

import argparse
import http.client
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import databases
from processes import HOST, BenchmarkError, find_cores
from targets import Product
from traffic import Signer

KEYS_BELIEVED_S = 1.1
"""After so long the server reads a key from the database again, known or not."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares the time that a wrong secret and an unknown key take.")
    parser.add_argument("--calls", type=int, default=2000, help="calls of each kind with the key fresh in memory")
    parser.add_argument("--reads", type=int, default=40, help="calls of each kind with the key read anew")
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="callboard-bench-") as folder, ExitStack() as stack:
            print(f"{'database':<12}{'key':<12}{'wrong secret ms':>16}{'unknown key ms':>16}{'ratio':>8}")
            for name in databases.NAMES:
                pg = stack.enter_context(databases.postgresql(Path(folder) / "pg")) if name != "sqlite" else None
                product = Product(Path(folder) / name, find_cores(), url=pg(databases.PRODUCT) if pg else "")
                product.start()
                stack.callback(product.server.stop)
                _show(name, "in memory", _alternate(product, options.calls, pause_s=0))
                _show(name, "read anew", _alternate(product, options.reads, pause_s=KEYS_BELIEVED_S))
    except BenchmarkError as error:
        print(f"The benchmark failed: {error}", file=sys.stderr)
        return 1
    return 0


def _alternate(product: Product, calls: int, *, pause_s: float) -> tuple[list[float], list[float]]:
    """Seconds of each call with a wrong secret, and with an unknown key."""
    host = f"{HOST}:{product.server.port}"
    wrong = Signer(product.key_id, b"not-the-secret", host)
    unknown = Signer(product.key_id[:-1] + "x", b"not-the-secret", host)
    connection = http.client.HTTPConnection(host, timeout=30)
    times: tuple[list[float], list[float]] = ([], [])
    for turn in itertools.islice(_turns(), 2 * calls + 20):
        time.sleep(pause_s)
        seconds = _timed(connection, (wrong, unknown)[turn])
        times[turn].append(seconds)
    connection.close()
    return times[0][10:], times[1][10:]  # The first ones warm up what is warm in a server that runs.


def _turns() -> Iterator[int]:
    """Each kind as often first as second."""
    return itertools.cycle((0, 1, 1, 0))


def _timed(connection: http.client.HTTPConnection, signer: Signer) -> float:
    head, *lines = signer.request("ListMessageContacts", ()).decode().split("\r\n\r\n")[0].split("\r\n")
    method, path, _ = head.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    begun = time.perf_counter()
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status not in (400, 404):
        raise BenchmarkError(f"a call that must be refused was answered {answer.status}.")
    return time.perf_counter() - begun


def _show(database: str, key: str, times: tuple[list[float], list[float]]) -> None:
    wrong, unknown = (1000 * median(each) for each in times)
    print(f"{database:<12}{key:<12}{wrong:>16.3f}{unknown:>16.3f}{wrong / unknown:>8.3f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
