"""When a drill is over for somebody, and when it is run again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callboard.drills import rules
from callboard.drills.rules import Heard, State
from tests.property.profiles import examples

WINDOW = 1000


@pytest.mark.parametrize(
    ("letters", "is_over", "state"),
    [
        ([], False, State.UNTOLD),
        ([], True, State.UNTOLD),
        ([Heard(5000, None)], False, State.WAITING),
        ([Heard(5000, None)], True, State.MISSED),
        ([Heard(5000, 6000)], False, State.ACKNOWLEDGED),
        ([Heard(5000, 6001)], False, State.LATE),
        ([Heard(5000, 6001)], True, State.LATE),
        ([Heard(5000, None), Heard(5000, 5001)], True, State.ACKNOWLEDGED),
        ([Heard(5000, 6001), Heard(6000, 6500)], True, State.ACKNOWLEDGED),
    ],
)
def test_whoever_acknowledges_one_letter_in_time_has_acknowledged(
    letters: list[Heard], state: State, *, is_over: bool
) -> None:
    assert rules.judged(letters, WINDOW, is_over=is_over) is state


@examples(60)
@given(st.integers(0, 10_000), st.integers(1, 500), st.integers(0, 10_000))
def test_the_next_start_is_the_first_of_the_series_that_is_still_to_come(start: int, period: int, late: int) -> None:
    expected, now = start, start + late
    while expected <= now:
        expected += period

    assert rules.next_start(start, period, now=now) == expected
    assert rules.next_start(start, None, now=now) is None
