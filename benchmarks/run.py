"""`make bench`: signed UpdateMessageContact calls a second that the product serves, next to a no-op server.

Every run of the product stands next to a run of the no-op at the same number of connections, and the ratio is
taken between the two: it says more than the plain figures, which belong to the machine and its other load.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import commands
import databases
from loading import Load
from processes import Cores, find_cores
from targets import Noop, Product, start_noop

CONNECTIONS = (1, 16, 64)
REFERENCE_S = 2.0
NOOP = "no-op"


@dataclass(frozen=True)
class Plan:
    """What to run, as asked for on the command line."""

    databases: tuple[str, ...]
    connections: tuple[int, ...]
    seconds: float
    rounds: int


@dataclass
class Results:
    """Every run, by who was measured and at how many connections, in the order of the rounds."""

    loads: dict[tuple[str, int], list[Load]] = field(default_factory=dict)
    failures: int = 0

    def add(self, name: str, connections: int, load: Load) -> None:
        self.loads.setdefault((name, connections), []).append(load)
        self.failures += sum(load.failures.values())
        if load.exhausted:
            print(f"{name}, {connections} connections: out of requests after {load.seconds:.1f} s.")

    def row(self, name: str, connections: int) -> str:
        loads = self.loads[name, connections]
        noops = self.loads[NOOP, connections]
        pairs = zip(loads, noops, strict=True)
        ratio = median(load.requests_per_second / noop.requests_per_second for load, noop in pairs)
        rate = median(load.requests_per_second for load in loads)
        p50 = median(load.p50_ms for load in loads)
        p99 = median(load.p99_ms for load in loads)
        return f"{name:<12}{connections:>12}{rate:>12.0f}{p50:>10.2f}{p99:>10.2f}{ratio:>16.3f}"


def main() -> int:
    options = commands.parser(
        "Measures the product under load, next to a no-op server.",
        seconds=8.0,
        lasting="length of each run",
        quick="one round of 2 s at 64 connections",
    ).parse_args()
    plan = Plan(
        databases=commands.chosen(options),
        connections=(64,) if options.quick else CONNECTIONS,
        seconds=2.0 if options.quick else options.seconds,
        rounds=1 if options.quick else options.rounds,
    )
    results = commands.run("bench", lambda folder: _measure(plan, folder), directory=options.directory)
    if results.failures:
        print(f"\n!!! FAILED: {results.failures} answers were not 200, so the figures mean nothing.")
    return 1 if results.failures else 0


def _measure(plan: Plan, folder: Path) -> Results:
    cores = find_cores()
    _describe(plan, folder, cores)
    with ExitStack() as stack:
        noop = start_noop(folder / NOOP, cores)
        stack.callback(noop.server.stop)
        results = Results()
        products = {}
        for database in plan.databases:
            products[database] = stack.enter_context(_product(database, folder, cores))
        for product in products.values():
            results.failures += sum(product.warm_up().failures.values())
        _run_rounds(plan, noop, products, results)
        _print_table(plan, results)
        for database, product in products.items():
            print(f"{database}: {product.server.resident_mib():.0f} MiB resident after the load")
        return results


@contextmanager
def _product(database: str, folder: Path, cores: Cores) -> Iterator[Product]:
    """The product on the database, ready for load; prints what is known before the load."""
    with ExitStack() as stack:
        if database == "sqlite":
            commits = databases.sqlite_commits(folder / "reference.db", REFERENCE_S)
            product = Product(folder / database, cores, url="")
        else:
            url = stack.enter_context(databases.postgresql(folder / "pg"))
            commits = databases.postgresql_commits(url(databases.REFERENCE), REFERENCE_S)
            product = Product(folder / database, cores, url=url(databases.PRODUCT))
        print(f"{database}: bare database: {commits:.0f} commits/s, one at a time")
        print(f"{database}: start-up on a fresh database: {product.start()}")
        product.server.stop()
        print(f"{database}: start-up on an existing database: {product.start()}", flush=True)
        stack.callback(product.server.stop)
        product.add_contacts()
        yield product


def _run_rounds(plan: Plan, noop: Noop, products: dict[str, Product], results: Results) -> None:
    for number in range(1, plan.rounds + 1):
        for connections in plan.connections:
            print(f"Round {number} of {plan.rounds}, connections: {connections}", flush=True)
            results.add(NOOP, connections, noop.load(connections, plan.seconds))
            for database, product in products.items():
                results.add(database, connections, product.load(connections, plan.seconds))


def _describe(plan: Plan, folder: Path, cores: Cores) -> None:
    kind = databases.file_system(folder)
    print(f"{os.cpu_count()} cores; data on {kind}; {plan.rounds} rounds of {plan.seconds:g} s each; medians")
    if kind in ("tmpfs", "ramfs"):
        print(f"!!! {kind} keeps files in memory, so commits are not durable; choose --directory on a disk.")
    if len(cores.every) < 2:
        print("One core only: servers and load client share it, so no-op and product are both understated.")
    else:
        print(f"no-op and sqlite: server on core {min(cores.server)}, client on core {min(cores.client)}")
        print("postgresql: server, PostgreSQL and client on every core")


def _print_table(plan: Plan, results: Results) -> None:
    titles = f"{'connections':>12}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'ratio to no-op':>16}"
    print(f"\n{'database':<12}{titles}")
    for name in (NOOP, *plan.databases):
        for connections in plan.connections:
            print(results.row(name, connections))
    print()


if __name__ == "__main__":
    sys.exit(main())
