"""Many at once with one code, one link, one address: each is counted, and one of them has its way."""

import itertools
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection, Statement
from callboard.verification import limits
from callboard.verification.limits import Limited
from tests.e2e.processes import until
from tests.owner import path_of, post
from tests.serving import Server
from tests.signing import Response, call_v3, send
from tests.verification.crowds import SEND, Asked, asked, new_database, servers, statuses, together

CROWD, PRESSES = 200, 50
TRIES = 5
CONFIRM = "ConfirmMessageContactVerification"
_WAITING = Statement(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
THANKS = b"Thank you, that is confirmed"


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "two servers on postgresql"])
def at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """The servers that the crowd meets, in turn."""
    url = "" if request.param == "sqlite" else new_database(request.getfixturevalue("postgres"))
    number = 2 if request.param.startswith("two") else 1
    with servers(url, tmp_path_factory.mktemp("site"), number=number) as running:
        yield running


def type_codes(at: Sequence[Server], contact: Asked, codes: Sequence[str]) -> list[Response]:
    turns = zip(itertools.cycle(at), codes, strict=False)
    return together([partial(post, server, "/verify", target=contact.address, code=code) for server, code in turns])


def wrong_codes(contact: Asked, number: int) -> list[str]:
    """Each another one, and none the right one."""
    return [f"{(int(contact.owner.code) + each) % 10**8:08}" for each in range(1, number + 1)]


def test_of_many_right_codes_at_once_exactly_one_confirms(at: list[Server]) -> None:
    contact = asked(at)

    answers = type_codes(at, contact, [contact.owner.code] * CROWD)

    ((state, tries),) = contact.proofs
    assert statuses(answers) == {200: 1, 403: CROWD - 1}
    assert sum(THANKS in answer.body for answer in answers) == 1
    assert state == "used"
    assert 1 <= tries <= TRIES
    assert contact.changes[CONFIRM] == 1
    assert contact.status == "Active"


def test_many_wrong_codes_at_once_use_the_tries_up_and_leave_the_link_alone(at: list[Server]) -> None:
    contact = asked(at)

    answers = type_codes(at, contact, wrong_codes(contact, CROWD))
    late = contact.owner.type_code()
    after_codes = contact.proofs, contact.status
    pressed = contact.owner.press("confirm")

    assert statuses(answers) == {403: CROWD}
    assert late.status == 403
    assert after_codes == ([("open", TRIES)], "Verifying")
    assert pressed.status == 303
    assert contact.proofs == [("used", TRIES)]
    assert contact.status == "Active"


@pytest.mark.parametrize("right", [1, 20, CROWD // 2])
def test_right_codes_among_wrong_ones_have_no_more_than_five_tries_together(at: list[Server], right: int) -> None:
    contact = asked(at)
    wrong = wrong_codes(contact, CROWD - right)
    codes = [*[contact.owner.code] * right, *wrong]
    random.Random(right).shuffle(codes)

    answers = type_codes(at, contact, codes)

    ((state, tries),) = contact.proofs
    confirmed = [code for code, answer in zip(codes, answers, strict=True) if answer.status == 200]
    assert set(statuses(answers)) <= {200, 403}
    assert confirmed in ([], [contact.owner.code])
    assert state == ("used" if confirmed else "open")
    assert 1 <= tries <= TRIES if confirmed else tries == TRIES
    assert contact.changes[CONFIRM] == len(confirmed)
    assert contact.status == ("Active" if confirmed else "Verifying")


def test_many_presses_on_one_link_make_one_change_and_show_everybody_that_it_is_confirmed(at: list[Server]) -> None:
    contact = asked(at)
    path = contact.owner.path

    turns = itertools.islice(itertools.cycle(at), PRESSES)
    answers = together([partial(post, server, path, do="confirm") for server in turns])
    pages = [send(at[0].endpoint, "GET", answer.headers["location"]) for answer in answers]

    assert statuses(answers) == {303: PRESSES}
    assert {answer.headers["location"].partition("?")[0] for answer in answers} == {path}
    assert all(page.status == 200 and THANKS in page.body for page in pages)
    assert contact.changes[CONFIRM] == 1
    assert contact.proofs == [("used", 0)]


def test_many_calls_to_send_at_once_write_one_letter(at: list[Server]) -> None:
    contact = asked(at, is_sent=False)

    turns = itertools.islice(itertools.cycle(contact.accounts), PRESSES)
    answers = together([partial(call_v3, account, SEND, contact.parameters) for account in turns])

    assert statuses(answers) == {200: 1, 409: PRESSES - 1}
    assert {answer.code for answer in answers if answer.status == 409} == {"SendValidateCodeExceedsLimitForAccount"}
    assert len(contact.owner.letters) == 1
    assert contact.changes[SEND] == 1
    assert contact.proofs == [("open", 0)]


def test_a_refusal_also_voids_the_letter_that_is_being_written_for_another_contact(
    postgres: str, tmp_path: Path
) -> None:
    """Both at once, which only PostgreSQL allows: the call to send is held where it has checked and not yet written."""
    with servers(new_database(postgres), tmp_path, sends_apart_s="0") as (server,), ThreadPoolExecutor() as pool:
        first = asked([server])
        second = asked([server], of=first.accounts, name="tim", address=first.address, is_sent=False)
        with held(server, f"address {key_of(first.address)}"):
            sending = pool.submit(call_v3, second.accounts[0], SEND, second.parameters)
            until(lambda: waiting(server) == 1, "the call waits")
            refusing = pool.submit(first.owner.press, "refuse", first.owner.path)
            until(lambda: refusing.done() or waiting(server) == 2, "the refusal is done, or waits too")
        sent, refused = sending.result(), refusing.result()
        pressed = [first.owner.press("confirm", path_of(letter)) for letter in first.owner.letters]

        assert refused.status == 303
        assert sent.status in (200, 404)
        assert {answer.status for answer in pressed} == {303}
        assert {state for state, _ in first.proofs} == {"refused"}
        assert second.status == "Verifying"


def waiting(server: Server) -> int:
    """How many wait for a lock that somebody else has."""
    return int(server.run(lambda connection: connection.one(_WAITING))[0])


@contextmanager
def held(server: Server, name: str) -> Iterator[None]:
    """Whoever counts under this name of a limit waits until the block ends."""
    has_lock, is_over = Event(), Event()

    def hold(connection: Connection) -> None:
        limits.take(connection, [Limited(name, ((CROWD, 60_000),))], now=server.runtime.clock())
        has_lock.set()
        is_over.wait()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(server.run, hold)
        has_lock.wait()
        try:
            yield
        finally:
            is_over.set()
        holding.result()
