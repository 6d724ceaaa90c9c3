"""`python benchmarks/flood.py`: what ordinary calls feel of a flood of resends to one address.

The flood comes from as many network addresses as it has requests, half of them at the page where owners ask for
another letter, half of them as signed calls, over a few connections that are never idle. Each round measures the
same calls without and with it, so that the ratio between the two is of one run; the no-op server under the same
flood says what of it is only the queue before any single process.
"""

import argparse
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import commands
import databases
import loading
import msgspec
from loading import Load
from processes import HOST, BenchmarkError, Cores, Server, call, find_cores, on_cores
from targets import Product, start_noop
from traffic import Parameters, Signer, canonical_query, contact, write_requests

NOOP = "no-op"
GOAL = 2.0
SLICE_S = 1.0
FLOOD_LIMIT_S = 300
SLICES = 40
"""So many slices of calls are signed ahead: what signs must not run beside what is measured."""
WARM_UP_CALLS = 6000
HEADROOM = 1.5
SEND = "SendEmailVerificationForMessageContact"
DOCUMENTED = {"200", "303", "409", "429"}
APART_S = 60
"""The product's least pause between two letters to one address."""


@dataclass(frozen=True)
class Plan:
    """What to run, as asked for on the command line."""

    databases: tuple[str, ...]
    seconds: float
    rounds: int
    resends: int
    connections: int


@dataclass(frozen=True)
class Target:
    """A server, who signs calls to it, and the contacts that they are about."""

    name: str
    server: Server
    signer: Signer
    contact_ids: Sequence[str]
    folder: Path
    cores: frozenset[int]
    """Where the clients run."""
    cycles: bool = False
    """Whether the same requests may be sent over and over, as a server that looks at nothing allows."""


@dataclass(frozen=True)
class Round:
    """One flood: ordinary calls before it and during it, and what came of it."""

    before: list[Load]
    during: list[Load]
    flood: Load
    letters: int

    @property
    def ratio(self) -> float:
        return p50(self.during) / p50(self.before)

    @property
    def ratio_p99(self) -> float:
        return p99(self.during) / p99(self.before)

    @property
    def letters_allowed(self) -> int:
        return 1 + int(self.flood.seconds // APART_S)

    @property
    def faults(self) -> list[str]:
        found = [f"an answer {status} to a resend" for status in self.flood.statuses if status not in DOCUMENTED]
        found += [f"an answer {status} to an ordinary call" for load in self.before for status in load.failures]
        found += [f"an answer {status} to a call in the flood" for load in self.during for status in load.failures]
        if self.letters > self.letters_allowed:
            found.append(f"{self.letters} letters to one address in {self.flood.seconds:.0f} s")
        return found


def p50(loads: Sequence[Load]) -> float:
    return median(load.p50_ms for load in loads)


def p99(loads: Sequence[Load]) -> float:
    return median(load.p99_ms for load in loads)


def main() -> int:
    options = _parser().parse_args()
    plan = Plan(
        databases=commands.chosen(options),
        seconds=2.0 if options.quick else options.seconds,
        rounds=1 if options.quick else options.rounds,
        resends=4000 if options.quick else options.resends,
        connections=options.connections,
    )
    faults = commands.run("flood", lambda folder: _measure(plan, folder), directory=options.directory)
    for fault in faults:
        print(f"!!! FAILED: {fault}.")
    return 1 if faults else 0


def _measure(plan: Plan, folder: Path) -> list[str]:
    cores = find_cores()
    _describe(plan, folder, cores)
    rounds: dict[str, list[Round]] = {}
    with ExitStack() as stack:
        noop = start_noop(folder / NOOP, cores)
        stack.callback(noop.server.stop)
        signer = Signer("benchkey", b"secret", f"{HOST}:{noop.server.port}")
        targets = [Target(NOOP, noop.server, signer, ["c-0000000000000000"], folder / NOOP, cores.client, True)]
        targets += [stack.enter_context(_product(database, folder, cores)) for database in plan.databases]
        for number, target in itertools.product(range(plan.rounds), targets):
            result = _round(plan, target, number)
            rounds.setdefault(target.name, []).append(result)
            print(_row(target.name, result), flush=True)
    print()
    for name, results in rounds.items():
        ratio, ratio_p99 = median(each.ratio for each in results), median(each.ratio_p99 for each in results)
        goal = "" if name == NOOP else f" (goal: {GOAL})"
        print(f"{name}: p50 during the flood / before it: {ratio:.2f}{goal}; p99: {ratio_p99:.2f}")
    return [f"{name}: {fault}" for name, results in rounds.items() for each in results for fault in each.faults]


@contextmanager
def _product(database: str, folder: Path, cores: Cores) -> Iterator[Target]:
    """The product on a database, behind a proxy that names the clients: this benchmark."""
    with ExitStack() as stack:
        url = stack.enter_context(databases.product_url(database, folder))
        product = Product(folder / database, cores, url=url)
        product.environment["CALLBOARD_TRUSTED_PROXIES"] = HOST
        product.start()
        stack.callback(product.server.stop)
        product.add_contacts()
        product.warm_up()
        yield Target(
            database, product.server, product.signer, product.contact_ids, product.folder, product.client_cores
        )


def _round(plan: Plan, target: Target, number: int) -> Round:
    """One flood, to an address that had no letter yet."""
    first = target.folder / "calls"
    write_requests(first, _calls(target, 0, WARM_UP_CALLS))
    fastest = _ordinary(target, first).requests_per_second
    slices = [_written(target, turn, int(fastest * SLICE_S * HEADROOM)) for turn in range(SLICES)]
    resends = target.folder / "flood"
    write_requests(resends, _resends(target, number % len(target.contact_ids), plan.resends))
    waiting = iter(slices)
    before = [_ordinary(target, next(waiting)) for _ in range(max(1, round(plan.seconds / SLICE_S)))]
    during: list[Load] = []
    flood = _start_flood(plan, target, resends)
    for requests in waiting:
        load = _ordinary(target, requests)
        if flood.poll() is not None:
            break
        during.append(load)
    output, errors = flood.communicate()
    if flood.returncode:
        raise BenchmarkError(f"the flood broke off.\n{errors.decode(errors='replace')}\n{target.server.log_tail()}")
    if not during:
        raise BenchmarkError("the flood was over at once; have more --resends.")
    return Round(before, during, msgspec.json.decode(output, type=Load), _letters(target, number))


def _start_flood(plan: Plan, target: Target, requests: Path) -> "subprocess.Popen[bytes]":
    seconds = plan.seconds if target.cycles else FLOOD_LIMIT_S
    options = [HOST, str(target.server.port), str(plan.connections), str(seconds), str(requests)]
    with on_cores(target.cores):
        return subprocess.Popen(
            [loading.BINARY, *(["-c"] if target.cycles else []), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def _written(target: Target, turn: int, count: int) -> Path:
    """A file with the calls of a slice. Each slice leaves every contact another way than the one before it."""
    requests = target.folder / f"calls-{turn}"
    write_requests(requests, _calls(target, turn * count, count))
    return requests


def _ordinary(target: Target, requests: Path) -> Load:
    """A slice of calls, on one connection that waits for each answer."""
    return loading.run(
        target.server, requests, connections=1, seconds=SLICE_S, cores=target.cores, cycles=target.cycles
    )


def _calls(target: Target, version: int, count: int) -> Iterator[bytes]:
    """GetMessageContact and UpdateMessageContact in turn."""
    for number in range(count // 2):
        turn, index = divmod(number, len(target.contact_ids))
        chosen: Parameters = (("ContactId", target.contact_ids[index]),)
        yield target.signer.request("GetMessageContact", chosen)
        yield target.signer.request("UpdateMessageContact", (*chosen, *contact(index, version + turn)))


def _resends(target: Target, index: int, count: int) -> Iterator[bytes]:
    """Wishes for one more letter to the address of a contact, each from another network address."""
    address = dict(contact(index, 0))["EmailAddress"]
    signed: Parameters = (("ContactId", target.contact_ids[index]), ("EmailAddress", address))
    form = urlencode({"target": address}).encode()
    page = (
        f"POST /verify/again HTTP/1.1\r\nhost: {target.signer.host}\r\n"
        f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(form)}\r\n"
    ).encode()
    for number in range(count):
        source = f"x-forwarded-for: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}\r\n\r\n".encode()
        if number % 2:
            yield page + source + form
        else:
            yield target.signer.request(SEND, signed).removesuffix(b"\r\n") + source


def _letters(target: Target, number: int) -> int:
    """How many letters the mailbox has for the flooded address."""
    if target.name == NOOP:
        return 0
    address = dict(contact(number % len(target.contact_ids), 0))["EmailAddress"]
    query = canonical_query((("address", address),))
    status, body = call(
        target.server.port, f"GET /mailbox?{query} HTTP/1.1\r\nhost: {target.signer.host}\r\n\r\n".encode()
    )
    if status != 200:
        raise BenchmarkError(f"the mailbox answered {status}: {body.decode(errors='replace')}")
    return len(json.loads(body)["Letters"])


def _row(name: str, each: Round) -> str:
    answers = ", ".join(f"{count} x {status}" for status, count in sorted(each.flood.statuses.items()))
    return (
        f"{name:<11}p50 {p50(each.before):6.2f} ms, in the flood {p50(each.during):6.2f} (x{each.ratio:.2f});  "
        f"p99 {p99(each.before):6.2f} ms, {p99(each.during):6.2f} (x{each.ratio_p99:.2f});  "
        f"flood {each.flood.requests_per_second:.0f}/s: {answers}; letters: {each.letters}"
    )


def _describe(plan: Plan, folder: Path, cores: Cores) -> None:
    kind = databases.file_system(folder)
    print(f"{len(cores.every)} cores; data on {kind}; {plan.rounds} rounds; time {time.strftime('%H:%M')}")
    print(
        f"flood: {plan.resends} resends to one address, each from a source of its own, {plan.connections} connections"
    )
    print("calls: GetMessageContact and UpdateMessageContact in turn, one connection; median of slices of a second")
    if len(cores.every) > 1:
        print(f"no-op and sqlite: server on core {min(cores.server)}, flood and calls on core {min(cores.client)}")
        print("postgresql: server, PostgreSQL, flood and calls on every core")
    print()


def _parser() -> argparse.ArgumentParser:
    parser = commands.parser(
        "Measures ordinary calls during a flood of resends to one address.",
        seconds=5.0,
        lasting="how long calls are measured before it",
        quick="one round with 4000 resends",
    )
    parser.add_argument("--resends", type=int, default=10_000, help="requests of the flood (default 10000)")
    parser.add_argument("--connections", type=int, default=8, help="connections of the flood (default 8)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
