"""`make bench-messages`: messages published, and mails delivered, a second; how soon; and what a backlog costs.

Every message has ten recipients. Each figure stands next to another one of the same round: publishing to the no-op
server's answers, delivery to what a bare SMTP client sends to the same sink over as many connections.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import backlog
import commands
import databases
import loading
from filling import Filling
from loading import Load
from processes import HOST, BenchmarkError, Cores, Server, call, find_cores, free_port, start
from targets import Noop, Product, start_noop
from traffic import Signer, write_requests

from callboard.delivery.letter import Channel, Content, Letter
from callboard.delivery.mail import Mailbox, compose

VERSION = "2026-11-25"
RECIPIENTS = 10
CONNECTIONS = 16
HANDS = 16
"""Mails that one worker, and one bare client, has on the way at once."""
WORKERS = (1, 4)
MEMBERS = 794
PATIENCE_S = 300
POLL_S = 0.05
HEADROOM = 1.5
CONTENT = (
    "Since 10:02 no connection to the database **production-1** succeeds.\n\n"
    "* Region: cn-hangzhou\n* Instances: 3 of 3\n\nEngineers are at work; the next news comes at 10:30."
)


@dataclass(frozen=True)
class Plan:
    """What to run, as asked for on the command line."""

    databases: tuple[str, ...]
    seconds: float
    rounds: int
    letters: int
    backlog: int


@dataclass
class Figures:
    """What was measured on a database, a value a round."""

    values: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, value: float) -> None:
        self.values.setdefault(name, []).append(value)

    def of(self, name: str) -> float:
        return median(self.values[name])


class Sink:
    """The mail server that keeps nothing."""

    def __init__(self, folder: Path, cores: Cores) -> None:
        folder.mkdir()
        self.folder, self.cores, self.port = folder, cores, free_port()
        program = str(Path(__file__).with_name("sink.py"))
        self.server = start([program, str(self.port)], port=self.port, folder=folder, cores=cores.every, environment={})

    @property
    def settings(self) -> dict[str, str]:
        named = {
            "smtp_host": HOST,
            "smtp_port": str(self.port),
            "smtp_security": "none",
            "smtp_from": "Callboard <no-reply@example.com>",
        }
        return {f"CALLBOARD_{name.upper()}": value for name, value in named.items()}

    def begin(self) -> None:
        self._ask("STAT RESET")

    def count(self) -> int:
        return int(self._ask("STAT")["count"])

    def until(self, number: int) -> float:
        """Wait until it has so many mails; how many a second it took in the middle of that."""
        end = time.monotonic() + PATIENCE_S
        while self.count() < number:
            if time.monotonic() > end:
                raise BenchmarkError(f"the sink has {self.count()} of {number} mails after {PATIENCE_S} s.")
            time.sleep(POLL_S)
        marks = self._ask("STAT")["marks"]
        first, last = len(marks) // 10, len(marks) * 9 // 10
        return 100 * (last - first) / float(marks[last] - marks[first])

    def bare(self, clients: int, mails: int) -> float:
        """What bare clients deliver here, a second."""
        octets = self.folder / "mail"
        octets.write_bytes(_mail())
        self.begin()
        program = str(Path(__file__).with_name("mailing.py"))
        arguments = [sys.executable, program, str(self.port), str(HANDS), str(mails // clients), str(octets)]
        running = [subprocess.Popen(arguments) for _ in range(clients)]
        rate = self.until(mails // clients * clients)
        for each in running:
            each.wait()
        return rate

    def _ask(self, question: str) -> dict[str, Any]:
        return dict(json.loads(_smtp(self.port, question)))


def _smtp(port: int, question: str) -> bytes:
    import socket

    with socket.create_connection((HOST, port), timeout=10) as connection, connection.makefile("rb") as answers:
        answers.readline()
        connection.sendall(f"{question}\r\n".encode())
        return answers.readline()[4:]


def _mail() -> bytes:
    """A mail such as the product sends for these messages."""
    html = f"<html><body><p>{CONTENT}</p><p>{'You get this as you are told of it.' * 20}</p></body></html>"
    content = Content(CONTENT + "\n" * 20, "Database does not answer", html)
    letter = Letter("0" * 32, Channel.EMAIL, "contact1@example.com", content, 1_790_000_000_000)
    return compose(letter, sender=Mailbox.read("no-reply@example.com"), sender_name="Callboard").octets


class Site:
    """The product on a database, with members of whom ten people are told each."""

    def __init__(self, name: str, folder: Path, cores: Cores, sink: Sink, url: str) -> None:
        self.name, self.sink, self.cores = name, sink, cores
        self.product = Product(
            folder / name,
            cores,
            url=url,
            CALLBOARD_WORKER="false",
            CALLBOARD_PROFILE="open",
            CALLBOARD_CALLS_PER_MINUTE="0",
            CALLBOARD_OUTBOX_CONCURRENCY=str(HANDS),
            **sink.settings,
        )
        self.url = url or f"sqlite:///{self.product.folder / 'data' / 'callboard.db'}"
        self.product.start()
        filling = Filling(self.product.environment)
        filling.grow(MEMBERS)
        self.accounts = filling.told_to_ten()
        backlog.settle(self.url)
        self.fastest = 500.0
        self.workers: list[Server] = []

    def requests(self, signer: Signer, count: int) -> Iterator[bytes]:
        for number in range(count):
            parameters = (
                ("AccountId", self.accounts[number % len(self.accounts)]),
                ("MessageType", "FaultMessage"),
                ("Severity", "Warning"),
                ("Subject", f"Database does not answer ({number})"),
                ("Content", CONTENT),
                ("ContentType", "Markdown"),
                ("Link", "https://status.example.com/incidents/4711"),
                ("IdempotencyKey", f"{time.monotonic_ns()}-{number}"),
            )
            yield signer.request("PublishMessage", parameters, version=VERSION)

    def publish(self, seconds: float) -> Load:
        """As many messages as go in a time."""
        return self._load(int(self.fastest * seconds * HEADROOM), CONNECTIONS, seconds)

    def publish_some(self, number: int) -> None:
        """So many messages."""
        self._load(number, CONNECTIONS, PATIENCE_S)

    def _load(self, count: int, connections: int, seconds: float) -> Load:
        product = self.product
        file = product.folder / "requests"
        write_requests(file, self.requests(product.signer, count))
        load = loading.run(
            product.server, file, connections=connections, seconds=seconds, cores=product.client_cores, cycles=False
        )
        self.fastest = max(self.fastest, load.requests_per_second)
        return load

    @contextmanager
    def working(self, number: int) -> Iterator[list[Server]]:
        """So many workers, each a process of its own."""
        workers = []
        for each in range(number):
            folder = self.product.folder / f"worker{each}"
            folder.mkdir(exist_ok=True)
            (folder / "server.log").unlink(missing_ok=True)
            workers.append(
                start(
                    ["-m", "callboard", "worker"],
                    port=0,
                    folder=folder,
                    cores=self.cores.every,
                    environment=self.product.environment,
                )
            )
        try:
            for worker in workers:
                _wait_until_it_works(worker)
            yield workers
        finally:
            for worker in workers:
                worker.stop()

    def stop(self) -> None:
        self.product.server.stop()

    def deliver(self, workers: int, letters: int) -> float:
        """Mails a second that workers hand over of so many that wait."""
        self.publish_some(letters // RECIPIENTS)
        self.sink.begin()
        with self.working(workers):
            return self.sink.until(letters // RECIPIENTS * RECIPIENTS)


def _round(plan: Plan, site: Site, noop: Noop, figures: Figures) -> None:
    load = site.publish(plan.seconds)
    if load.failures:
        raise BenchmarkError(f"answers other than 200: {load.failures}")
    figures.add("published", load.requests_per_second)
    figures.add("publish p50", load.p50_ms)
    figures.add("publish p99", load.p99_ms)
    figures.add("to no-op", load.requests_per_second / noop.load(CONNECTIONS, plan.seconds).requests_per_second)
    site.sink.begin()
    with site.working(1):  # What was published so far.
        _drain(site)
    for workers in WORKERS:
        bare = site.sink.bare(workers, plan.letters)
        rate = site.deliver(workers, plan.letters)
        figures.add(f"bare {workers}", bare)
        figures.add(f"delivered {workers}", rate)
        figures.add(f"to bare {workers}", rate / bare)
    for name, value in _half_load(plan, site, figures).items():
        figures.add(name, value)


def _wait_until_it_works(worker: Server) -> None:
    end = time.monotonic() + PATIENCE_S
    while '"event":"working"' not in worker.log.read_text():
        if worker.process.poll() is not None or time.monotonic() > end:
            raise BenchmarkError(f"a worker does not work.\n{worker.log_tail()}")
        time.sleep(POLL_S)


def _drain(site: Site) -> None:
    """Wait until nothing waits any more."""
    end = time.monotonic() + PATIENCE_S
    while backlog.waits(site.url):
        if time.monotonic() > end:
            raise BenchmarkError(f"letters still wait after {PATIENCE_S} s.")
        time.sleep(POLL_S)


def _half_load(plan: Plan, site: Site, figures: Figures) -> dict[str, float]:
    """From publishing to sent, while half of what server and worker are able to do is asked of them."""
    rate = min(figures.of("published"), figures.of("delivered 1") / RECIPIENTS) / 2
    with site.working(1):
        since = int(time.time() * 1000)
        count = int(rate * plan.seconds)
        requests = list(site.requests(site.product.signer, count))
        begun_at = time.monotonic()
        for number, request in enumerate(requests):
            time.sleep(max(0.0, begun_at + number / rate - time.monotonic()))
            status, body = call(site.product.server.port, request)
            if status != 200:
                raise BenchmarkError(f"PublishMessage was answered {status}: {body.decode()}")
        lasted = time.monotonic() - begun_at
        _drain(site)
    found = sorted(backlog.delays(site.url, since))
    if len(found) < count * RECIPIENTS:
        raise BenchmarkError(f"{len(found)} of {count * RECIPIENTS} mails were sent.")
    return {
        "half load": count / lasted,
        "sent p50": found[len(found) // 2],
        "sent p99": found[len(found) * 99 // 100],
    }


def _burden(plan: Plan, site: Site, figures: Figures) -> None:
    """What server and worker hold, and how they answer, while so many deliveries wait."""
    before = site.product.server.resident_mib()
    backlog.fill(site.url, plan.backlog)
    load = site.publish(plan.seconds)
    figures.add("backlog: published", load.requests_per_second)
    site.sink.begin()
    with site.working(1) as (worker,):
        time.sleep(2)
        figures.add("backlog: worker MiB", worker.resident_mib())
        first, begun_at = site.sink.count(), time.monotonic()
        time.sleep(plan.seconds)
        figures.add("backlog: delivered", (site.sink.count() - first) / (time.monotonic() - begun_at))
        figures.add("backlog: worker MiB then", worker.resident_mib())
        figures.add("backlog: metrics ms", _metrics_ms(site))
    figures.add("backlog: letters ms", _letters_ms(site))
    figures.add("backlog: server MiB before", before)
    figures.add("backlog: server MiB", site.product.server.resident_mib())


def _metrics_ms(site: Site) -> float:
    begun_at = time.monotonic()
    status, _ = call(
        site.product.server.port, f"GET /metrics HTTP/1.1\r\nhost: {HOST}\r\nconnection: close\r\n\r\n".encode()
    )
    if status != 200:
        raise BenchmarkError(f"/metrics was answered {status}.")
    return (time.monotonic() - begun_at) * 1000


def _letters_ms(site: Site) -> float:
    """`callboard letters --state waiting`, with the start of the command."""
    begun_at = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "callboard", "letters", "--state", "waiting"],
        env=os.environ | site.product.environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return (time.monotonic() - begun_at) * 1000


def main() -> None:
    options = _parser().parse_args()
    plan = Plan(
        databases=commands.chosen(options),
        seconds=3.0 if options.quick else options.seconds,
        rounds=1 if options.quick else options.rounds,
        letters=4_000 if options.quick else options.letters,
        backlog=50_000 if options.quick else options.backlog,
    )
    commands.run("bench", lambda folder: _measure(plan, folder), directory=options.directory)


def _measure(plan: Plan, folder: Path) -> None:
    cores = find_cores()
    print(f"{len(cores.every)} cores; data on {databases.file_system(folder)}; {plan.rounds} rounds; medians")
    print(f"{RECIPIENTS} recipients a message; {CONNECTIONS} connections publish; {HANDS} mails at once a worker\n")
    with ExitStack() as stack:
        noop = start_noop(folder / "no-op", cores)
        stack.callback(noop.server.stop)
        sink = Sink(folder / "sink", cores)
        stack.callback(sink.server.stop)
        for name in plan.databases:
            _measure_on(plan, name, folder, cores, noop, sink)


def _measure_on(plan: Plan, name: str, folder: Path, cores: Cores, noop: Noop, sink: Sink) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(databases.product_url(name, folder))
        site = Site(name, folder, cores, sink, url)
        stack.callback(site.stop)
        figures = Figures()
        for _ in range(plan.rounds):
            _round(plan, site, noop, figures)
        if plan.backlog:
            _burden(plan, site, figures)
    for figure in figures.values:
        print(f"{name:<12}{figure:<28}{figures.of(figure):>12.3f}", flush=True)
    print()


def _parser() -> argparse.ArgumentParser:
    parser = commands.parser(
        "Measures messages: published, delivered, and a backlog of them.",
        seconds=8.0,
        lasting="length of each load",
        quick="one short round, and a small backlog",
    )
    parser.add_argument("--letters", type=int, default=20_000, help="mails that workers deliver (default 20000)")
    parser.add_argument("--backlog", type=int, default=1_000_000, help="deliveries of the backlog; 0: leave it out")
    return parser


if __name__ == "__main__":
    main()
