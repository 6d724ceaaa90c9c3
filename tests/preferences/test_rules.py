"""Quiet hours and digests against a reading of the clocks, minute by minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callboard.preferences import rules
from callboard.preferences.rules import Preferences, QuietHours
from tests.property.profiles import examples

MINUTE_MS = 60_000
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo",
         "America/Santiago", "Asia/Kathmandu", "Pacific/Apia")  # fmt: skip
MINUTES = st.integers(0, 24 * 60 - 1)
CHANGES = ("2026-03-08T07", "2026-11-01T06", "2026-03-29T01", "2026-10-25T01", "2026-04-04T15", "2026-10-03T15",
           "2026-04-23T22", "2026-10-29T21", "2026-04-05T03", "2026-09-06T04")  # fmt: skip
"""Hours, UTC, in which clocks of one of the zones are changed."""
MOMENTS = st.one_of(
    st.integers(1_700_000_000_000, 1_900_000_000_000),
    st.builds(
        lambda hour, seconds: (int(datetime.fromisoformat(f"{hour}:00+00:00").timestamp()) + seconds) * 1000,
        st.sampled_from(CHANGES),
        st.integers(-26 * 3600, 4 * 3600),
    ),
)


def clock(zone: str, moment: int) -> datetime:
    """What clocks show."""
    return datetime.fromtimestamp(moment / 1000, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def minute_of(shown: datetime) -> int:
    return shown.hour * 60 + shown.minute


def moment(zone: str, text: str, *, fold: int = 0) -> int:
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(local.timestamp() * 1000)


def quiet_minutes(begins: int, ends: int) -> set[int]:
    """Each minute of the day from one to before another."""
    found, minute = set(), begins
    while minute != ends:
        found.add(minute)
        minute = (minute + 1) % (24 * 60)
    return found


@examples(150)
@given(st.sampled_from(ZONES), MOMENTS, MINUTES, MINUTES)
def test_quiet_hours_end_with_the_first_minute_that_is_not_quiet(zone: str, now: int, begins: int, ends: int) -> None:
    quiet, found = quiet_minutes(begins, ends), now
    while minute_of(clock(zone, found)) in quiet:
        found += MINUTE_MS - found % MINUTE_MS

    wishes = Preferences(time_zone=zone, quiet_hours=QuietHours(begins, ends))

    assert rules.quiet_until(wishes, now=now) == (None if found == now else found)


@examples(150)
@given(st.sampled_from(ZONES), MOMENTS, MINUTES)
def test_a_digest_goes_when_clocks_come_to_its_minute_or_leap_over_it(zone: str, now: int, minute: int) -> None:
    found = now - now % MINUTE_MS
    passed: set[int] = set()
    while minute not in passed:
        before, found = clock(zone, found), found + MINUTE_MS
        steps = (clock(zone, found) - before) // timedelta(minutes=1)
        passed = {minute_of(before + timedelta(minutes=step)) for step in range(1, steps + 1)}

    wishes = Preferences(time_zone=zone, digest_minute=minute, digest_types=("ProductMessage",))

    assert rules.digest_at(wishes, "ProductMessage", now=now) == found
    assert rules.digest_at(wishes, "ServiceMessage", now=now) is None


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ((22 * 60, 8 * 60), "2026-11-25T23:00", "2026-11-26T08:00"),
        ((22 * 60, 8 * 60), "2026-11-26T03:00", "2026-11-26T08:00"),
        ((22 * 60, 8 * 60), "2026-11-26T08:00", None),
        ((22 * 60, 8 * 60), "2026-11-26T21:59", None),
        ((0, 8 * 60), "2026-11-26T00:00", "2026-11-26T08:00"),
        ((8 * 60, 8 * 60), "2026-11-26T08:00", None),
        # From 02:00 clocks are put forward to 03:00: 02:30 is leapt over.
        ((60, 150), "2026-03-29T01:30", "2026-03-29T03:00"),
    ],
)
def test_quiet_hours_go_over_midnight_and_end_where_clocks_leap(
    hours: tuple[int, int], now: str, until: str | None
) -> None:
    wishes = Preferences(time_zone="Europe/Berlin", quiet_hours=QuietHours(*hours))

    found = rules.quiet_until(wishes, now=moment(wishes.time_zone, now))

    assert found == (None if until is None else moment(wishes.time_zone, until))


def test_an_hour_that_comes_twice_is_quiet_twice() -> None:
    wishes = Preferences(time_zone="Europe/Berlin", quiet_hours=QuietHours(60, 150))

    def until(text: str, fold: int) -> int | None:
        return rules.quiet_until(wishes, now=moment("Europe/Berlin", text, fold=fold))

    assert until("2026-10-25T02:10", 0) == moment("Europe/Berlin", "2026-10-25T02:30", fold=0)
    assert until("2026-10-25T02:45", 0) is None
    assert until("2026-10-25T02:10", 1) == moment("Europe/Berlin", "2026-10-25T02:30", fold=1)


@pytest.mark.parametrize(
    ("message_type", "is_urgent", "may_wait"),
    [
        ("SecurityMessage", False, False),
        ("FaultMessage", False, False),
        ("ServiceMessage", False, True),
        ("ServiceMessage", True, False),
    ],
)
def test_security_and_fault_messages_and_whatever_is_urgent_never_wait(
    message_type: str, *, is_urgent: bool, may_wait: bool
) -> None:
    assert rules.waits(message_type, is_urgent=is_urgent) is may_wait
