"""When a letter is tried again, and what of a provider's answer is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from callboard.delivery.letter import Content
from callboard.delivery.rules import ANSWER_LENGTH, Pace, blot, next_try

PACE = Pace(attempts=5, backoff_ms=1000, backoff_limit_ms=6000, lease_ms=60_000)
CONTENT = Content("text", link="https://example.com/v/ABCdef123", code="24681357")
FAR = 10**9


@pytest.mark.parametrize(("attempt", "pause"), [(1, 1000), (2, 2000), (3, 4000), (4, 6000)])
def test_the_pause_doubles_up_to_its_limit(attempt: int, pause: int) -> None:
    assert next_try(PACE, attempt=attempt, now=500, deadline_at=FAR, chance=0) == 500 + pause


@pytest.mark.parametrize(("chance", "pause"), [(0, 4000), (0.5, 3000), (1, 2000)])
def test_chance_takes_away_up_to_half_of_the_pause(chance: float, pause: int) -> None:
    assert next_try(PACE, attempt=3, now=0, deadline_at=FAR, chance=chance) == pause


@pytest.mark.parametrize("attempt", [5, 6, 100])
def test_a_letter_is_given_up_after_the_last_attempt(attempt: int) -> None:
    assert next_try(PACE, attempt=attempt, now=0, deadline_at=FAR, chance=0) is None


@pytest.mark.parametrize(("deadline_at", "expected"), [(1001, 1000), (1000, None), (0, None)])
def test_a_letter_is_given_up_when_the_next_try_would_be_too_late(deadline_at: int, expected: int | None) -> None:
    assert next_try(PACE, attempt=1, now=0, deadline_at=deadline_at, chance=0) == expected


@pytest.mark.parametrize(("asked", "pause"), [(0, 1000), (999, 1000), (60_000, 60_000)])
def test_the_providers_wish_is_the_least_pause(asked: int, pause: int) -> None:
    assert next_try(PACE, attempt=1, now=0, deadline_at=FAR, chance=0, retry_after_ms=asked) == pause


def test_a_wish_beyond_the_deadline_gives_the_letter_up() -> None:
    assert next_try(PACE, attempt=1, now=0, deadline_at=5000, chance=0, retry_after_ms=6000) is None


@given(attempt=st.integers(1, 999), chance=st.floats(0, 1), now=st.integers(0, 2**42))
def test_the_next_try_is_later_than_now_and_never_beyond_the_limit(attempt: int, chance: float, now: int) -> None:
    pace = replace(PACE, attempts=1000)

    at = next_try(pace, attempt=attempt, now=now, deadline_at=2**60, chance=chance)

    assert at is not None
    assert now + 500 <= at <= now + pace.backoff_limit_ms


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("250 OK queued as 12", "250 OK queued as 12"),
        ("550\r\n no such\tmailbox \n", "550 no such mailbox"),
        ("spam: open https://example.com/v/ABCdef123 now", "spam: open *** now"),
        ("path /v/ABCdef123?x", "path /v/***?x"),
        ("body: your code is 24681357.", "body: your code is ***."),
        ("24681357 24681357", "*** ***"),
        ("", ""),
    ],
)
def test_an_answer_is_one_line_without_link_and_code(answer: str, expected: str) -> None:
    assert blot(answer, CONTENT) == expected


def test_an_answer_is_cut_only_after_it_was_blotted() -> None:
    answer = "x" * (ANSWER_LENGTH - 4) + CONTENT.code

    kept = blot(answer, CONTENT)

    assert kept == "x" * (ANSWER_LENGTH - 4) + "***"
    assert len(blot("y" * 2000, CONTENT)) == ANSWER_LENGTH


def test_a_notice_without_secrets_leaves_the_answer_as_it_is() -> None:
    assert blot("550 no", Content("text")) == "550 no"


@pytest.mark.parametrize(("left", "pause"), [(10**7, 6000), (45_000, 4500), (20_000, 2000), (4000, 1000)])
def test_a_pause_is_at_most_a_tenth_of_the_time_that_is_left_and_at_least_the_first_one(left: int, pause: int) -> None:
    assert next_try(PACE, attempt=4, now=500, deadline_at=500 + left, chance=0) == 500 + pause


def test_what_is_urgent_is_tried_again_within_five_minutes() -> None:
    slow = replace(PACE, backoff_limit_ms=1_800_000, attempts=99)

    pauses = [
        next_try(slow, attempt=20, now=0, deadline_at=FAR, chance=0, is_urgent=is_urgent) for is_urgent in (True, False)
    ]

    assert pauses == [300_000, 1_800_000]
