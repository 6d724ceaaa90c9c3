"""What the size of a directory costs: who is told of one account, a binding at the root, the coverage of all accounts.

The same server is asked at 100, 10,000 and 100,000 accounts, always with 1,000 contacts: 5 bound to the directory, 2 to
each of 100 folders on five levels, the others each to one account. The directory is filled through the product's own
storage; what is measured is what a client sees.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import commands
import databases
import loading
from filling import Filling
from processes import BenchmarkError, call, find_cores
from targets import Product
from traffic import Parameters, write_requests

SIZES = (100, 10_000, 100_000)
OWN_VERSION = "2026-11-25"
ASKED = 2_000
BINDINGS = 50


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures what the size of a directory costs.")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each run (default 4)")
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="leave larger directories out")
    options = parser.parse_args()
    commands.run("bench", lambda folder: _measure_all(folder, options))


def _measure_all(folder: Path, options: argparse.Namespace) -> None:
    print(
        f"{'database':<12}{'accounts':>10}{'recipients p50 ms':>20}{'p99 ms':>9}{'p50 ratio':>11}"
        f"{'p99 ratio':>11}{'bind root ms':>14}{'coverage s':>12}{'peak MiB':>10}{'accounts/s':>12}"
    )
    for name in databases.NAMES:
        _measure(name, folder, options)


def _measure(name: str, folder: Path, options: argparse.Namespace) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(databases.product_url(name, folder))
        product = Product(
            folder / name, find_cores(), url=url, CALLBOARD_PROFILE="open", CALLBOARD_CALLS_PER_MINUTE="0"
        )
        first: tuple[float, float] | None = None
        filling: Filling | None = None
        for size in [each for each in SIZES if each <= options.largest]:
            product.start()
            try:
                filling = filling or Filling(product.environment)
                filling.grow(size)
                p50, p99 = _ask(product, filling, options.seconds)
                bind_ms = _bind(product, filling)
                seconds, peak_mib = _cover(product.environment)
            finally:
                product.server.stop()
            first = first or (p50, p99)
            print(
                f"{name:<12}{size:>10}{p50:>20.2f}{p99:>9.2f}{p50 / first[0]:>11.2f}{p99 / first[1]:>11.2f}"
                f"{bind_ms:>14.2f}{seconds:>12.2f}{peak_mib:>10.0f}{size / seconds:>12.0f}",
                flush=True,
            )


def _ask(product: Product, filling: Filling, seconds: float) -> tuple[float, float]:
    """Who is told of one account: p50 and p99 in milliseconds, one call at a time."""
    accounts = filling.sample(ASKED)
    requests = product.folder / "recipients"
    write_requests(
        requests,
        (
            product.signer.request(
                "ListRecipients",
                (("AccountId", accounts[number % len(accounts)]), ("MessageType", "FaultMessage")),
                version=OWN_VERSION,
            )
            for number in range(int(seconds * 3_000))
        ),
    )
    load = loading.run(
        product.server, requests, connections=1, seconds=seconds, cores=product.client_cores, cycles=False
    )
    if load.failures:
        raise BenchmarkError(f"answers other than 200: {load.failures}")
    return load.p50_ms, load.p99_ms


def _bind(product: Product, filling: Filling) -> float:
    """Binding a contact to the whole directory, in milliseconds: the median of some, each unbound again."""
    parameters: Parameters = (("ContactId", filling.loose_contact), ("Members.1", filling.directory_id))
    found = []
    for _ in range(BINDINGS):
        started_at = time.perf_counter()
        _call(product, "AssociateMembers", parameters)
        found.append((time.perf_counter() - started_at) * 1000)
        _call(product, "DisassociateMembers", parameters)
    return median(found)


def _call(product: Product, action: str, parameters: Parameters) -> None:
    status, body = call(product.server.port, product.signer.request(action, parameters))
    if status != 200:
        raise BenchmarkError(f"{action} was answered {status}: {body.decode()}")


def _cover(environment: Mapping[str, str]) -> tuple[float, float]:
    """The coverage report of every account: seconds, and the most memory that the process held, in MiB."""
    started_at = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "callboard", "coverage", "--format", "jsonl"],
        env=os.environ | dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None, "it was asked for"
    said = process.stderr.read().decode(errors="replace")
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started_at
    if os.waitstatus_to_exitcode(status) != 0:
        raise BenchmarkError(f"callboard coverage failed.\n{said}")
    return seconds, used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
