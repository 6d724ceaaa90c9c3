"""Mail servers fail in every way, and processes are killed: no letter is lost, none goes out under two names."""

import random
import re
from collections import Counter
from pathlib import Path

import httpx
import pytest

from callboard.delivery.worker import UNKEPT
from tests.e2e.customer import UNLIMITED, ask_many
from tests.e2e.load import values_of
from tests.e2e.mail import DROP, FORGET, STALL, MailServer
from tests.e2e.processes import Installation, Server, until
from tests.e2e.workers import Worker, working
from tests.signing import send

pytest_plugins = ["tests.e2e.surroundings"]

LETTERS = range(1, 41)
BUSY, NOBODY = "451 4.3.2 try again later", "550 5.1.1 nobody of that name here"
FAULTS = {1: BUSY, 2: DROP, 3: STALL, 4: FORGET, 5: BUSY, 7: DROP, 9: BUSY}
"""What befalls each tenth mail at its first try; number 6 is for nobody here."""
NUMBERS = {str(values_of(number)["EmailAddress"]): number for number in LETTERS}
HANDS = 4
PATIENT = {
    **UNLIMITED,
    "worker": "false",
    "max_contacts": "10000",
    "outbox_backoff_s": "1",
    "outbox_backoff_limit_s": "1",
    "outbox_lease_s": "10",
    "outbox_concurrency": str(HANDS),
}
"""Processes of their own deliver, and come back soon to what failed."""


def befall(recipient: str, attempt: int) -> str:
    """A plan that spares few."""
    number = NUMBERS[recipient]
    if attempt == 0:
        return NOBODY if number % 10 == 6 else ""
    return FAULTS.get(number % 10, "") if attempt == 1 else ""


def counts(server: Server) -> dict[str, int]:
    """How many mails are in which state, as the metrics tell."""
    text = send(server.endpoint, "GET", "/metrics").body.decode()
    found = re.findall(r'^callboard_letters\{channel="email",state="(\w+)"\} (\d+)', text, re.MULTILINE)
    return {state: int(number) for state, number in found}


def until_none_waits(server: Server) -> dict[str, int]:
    """The states once no letter waits any more."""
    until(lambda: "waiting" not in counts(server), "every letter has come to its end")
    return counts(server)


def assert_same_mail_whenever_twice(post: MailServer) -> None:
    """Whoever got a mail again got the same one, to the byte; and no two have a Message-ID in common."""
    assert len({mail.octets for mail in post.mails}) == len({mail.recipient for mail in post.mails})
    ids = {(mail.recipient, str(mail.message["Message-ID"])) for mail in post.mails}
    assert len(ids) == len({message_id for _, message_id in ids}) == len({mail.recipient for mail in post.mails})


def test_whatever_the_mail_server_does_each_mail_arrives_or_is_listed_with_its_answer(
    seeded: Installation, tmp_path: Path
) -> None:
    post = MailServer(tmp_path, plan=befall)
    seeded.settings |= PATIENT | post.settings | {"smtp_timeout_s": "2"}
    with seeded.serving() as server, working(seeded) as one, working(seeded) as two:
        asked = ask_many(server, LETTERS)
        until(lambda: one.tries and two.tries, "both workers have met the closed door")
        post.open()
        states = until_none_waits(server)
        tries = one.tries + two.tries
    post.close()
    failed = seeded.command("letters").stdout.splitlines()
    sent = seeded.command("letters", "--state", "sent", "--limit", "100").stdout.splitlines()

    hopeless = {address for address in asked if NUMBERS[address] % 10 == 6}
    forgotten = {address for address in asked if NUMBERS[address] % 10 == 4}
    # Nobody of that name: the administrator is told of the address, in the mailbox.
    assert states == {"sent": 36, "failed": 4, "kept": 4}
    assert {mail.recipient for mail in post.mails} == set(asked) - hopeless
    assert_same_mail_whenever_twice(post)
    assert all(len(post.to(address)) >= 2 for address in forgotten)
    assert {re.split(r"\s{2,}", line)[3] for line in failed} == hopeless
    assert all(line.endswith(NOBODY) for line in failed)
    assert {re.split(r"\s{2,}", line)[3] for line in sent} == set(asked) - hopeless
    assert {line["outcome"] for line in tries} == {"temporary", "sent", "permanent"}


def test_two_workers_side_by_side_send_each_mail_once(seeded: Installation, tmp_path: Path) -> None:
    post = MailServer(tmp_path, pace_s=0.1)
    post.open()
    seeded.settings |= PATIENT | post.settings
    seeded.forks = False
    with (
        seeded.serving() as server,
        working(seeded, worker_metrics="127.0.0.1:0") as one,
        working(seeded) as two,
    ):
        asked = ask_many(server, LETTERS)
        until_none_waits(server)
        measured = httpx.get(f"http://{one.metrics_address}/metrics").text
    post.close()

    assert f'callboard_letter_tries_total{{channel="email",outcome="sent"}} {len(one.tries)}.0' in measured
    assert Counter(mail.recipient for mail in post.mails) == Counter(asked)
    assert len(one.tries) + len(two.tries) == len(asked)
    assert one.tries
    assert two.tries
    assert [worker.process.returncode for worker in (one, two)] == [0, 0]


@pytest.mark.parametrize(
    ("letters", "rounds"),
    [pytest.param(40, 4, id="a few"), pytest.param(400, 40, id="many", marks=pytest.mark.slow)],
)
def test_kill_after_kill_of_the_worker_no_letter_is_lost(
    seeded: Installation, tmp_path: Path, letters: int, rounds: int
) -> None:
    chance = random.Random(20220419)
    post = MailServer(tmp_path, pace_s=0.02)
    post.open()
    seeded.settings |= PATIENT | post.settings
    with seeded.serving() as server:
        asked = ask_many(server, range(1, letters + 1))
        killed = [kill_while_it_works(seeded, post, steps=chance.randint(1, 24)) for _ in range(rounds)]
        with working(seeded):
            states = until_none_waits(server)
    post.close()

    assert [worker.process.returncode for worker in killed] == [-9] * rounds
    assert states == {"sent": letters}
    assert {mail.recipient for mail in post.mails} == set(asked)
    assert_same_mail_whenever_twice(post)
    assert len(post.mails) <= letters + (1 + UNKEPT) * HANDS * rounds  # In hand, or handed over and not written down.


def kill_while_it_works(installation: Installation, post: MailServer, *, steps: int) -> Worker:
    """Kill a worker once the mail server has seen so many steps, before it hears of the last one."""
    with working(installation) as worker:
        last = post.steps + steps
        post.on_step = lambda step: worker.kill() if step >= last else None
        worker.process.wait(30)
        post.on_step = lambda _: None
        return worker


def test_a_send_that_was_answered_survives_the_kill_of_the_server(seeded: Installation, post: MailServer) -> None:
    seeded.settings |= PATIENT | post.settings
    asked: list[str] = []
    for start in (1, 11, 21):
        with seeded.serving() as server:
            asked += ask_many(server, range(start, start + 5))
            server.kill()
            server.process.wait(30)
    with seeded.serving() as server, working(seeded):
        until_none_waits(server)

    assert Counter(mail.recipient for mail in post.mails) == Counter(asked)
