"""A flood of wishes for one more letter to one address, by page and by call: it gets what the limits allow, no more."""

import itertools
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.owner import post
from tests.serving import Server
from tests.signing import Response, call_v3
from tests.verification.crowds import SEND, Asked, asked, servers, statuses, together

RESENDS = 300
LIMITED = "SendValidateCodeExceedsLimitForAccount"


@pytest.fixture(params=["sqlite", "postgresql", "two servers on postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(request: pytest.FixtureRequest, kind: str) -> str:
    return "" if kind == "sqlite" else str(request.getfixturevalue("migrated_postgres"))


@pytest.fixture
def at(kind: str, url: str, tmp_path: Path) -> Iterator[list[Server]]:
    with servers(url, tmp_path, number=2 if kind.startswith("two") else 1) as running:
        yield running


def flood(at: list[Server], contact: Asked) -> tuple[list[Response], list[Response]]:
    """Half by page and half by signed call, all at once; the answers of either."""
    accounts, targets = itertools.cycle(contact.accounts), itertools.cycle(at)
    calls = [partial(call_v3, next(accounts), SEND, contact.parameters) for _ in range(RESENDS // 2)]
    pages = [partial(post, next(targets), "/verify/again", target=contact.address) for _ in range(RESENDS // 2)]
    answers = together([request for pair in zip(calls, pages, strict=True) for request in pair])
    return answers[::2], answers[1::2]


def test_a_flood_writes_one_letter_a_minute_and_is_answered_in_documented_words(at: list[Server]) -> None:
    contact = asked(at)

    calls, pages = flood(at, contact)

    assert statuses(calls) == {409: RESENDS // 2}
    assert {answer.code for answer in calls} == {LIMITED}
    assert statuses(pages) == {303: RESENDS // 2}
    assert {answer.headers["location"].partition("?")[0] for answer in pages} == {"/verify/sent"}
    assert len(contact.owner.letters) == contact.changes[SEND] == 1
    assert contact.proofs == [("open", 0)]


def test_a_flood_a_minute_later_writes_one_letter_more(at: list[Server]) -> None:
    contact = asked(at)
    for server in at:
        server.runtime.clock.advance(60_000)

    calls, pages = flood(at, contact)

    assert set(statuses(calls)) <= {200, 409}
    assert statuses(calls)[200] <= 1
    assert statuses(pages) == {303: RESENDS // 2}
    assert len(contact.owner.letters) == contact.changes[SEND] == 2
    assert contact.proofs == [("replaced", 0), ("open", 0)]


def test_without_a_pause_a_flood_writes_as_many_letters_as_ten_minutes_allow(
    kind: str, url: str, tmp_path: Path
) -> None:
    with servers(url, tmp_path, number=2 if kind.startswith("two") else 1, sends_apart_s="0") as at:
        contact = asked(at)
        calls, pages = flood(at, contact)
        proofs = contact.proofs
        letters, changes = contact.owner.letters, contact.changes

    assert set(statuses(calls)) <= {200, 409}
    assert statuses(pages) == {303: RESENDS // 2}
    assert len(letters) == changes[SEND] == len(proofs) == 5
    assert [state for state, _ in proofs].count("open") == 1


def test_a_source_that_has_asked_too_often_is_told_to_wait(kind: str, url: str, tmp_path: Path) -> None:
    with servers(url, tmp_path, sends_per_source_hour="20") as at:
        contact = asked(at)
        calls, pages = flood(at, contact)
        letters = contact.owner.letters

    assert statuses(calls) == {409: RESENDS // 2}
    assert statuses(pages) == {303: 19, 429: RESENDS // 2 - 19}
    assert len(letters) == 1
