"""What a contact's wishes come to for a message: its language, its channels, its moment. Pure: no SQL, no clock."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

MINUTE_MS = 60 * 1000
CHANNELS = ("email", "sms")
"""What a contact can choose from; endpoints are told by themselves."""
AT_ONCE_TYPES = frozenset({"SecurityMessage", "FaultMessage"})
"""What always passes at once: no quiet hours, no digests."""
OPTIONAL_TYPES = frozenset({"ActivityMessage", "ProductMessage"})
"""What people may have no more of, by one click (RFC 8058)."""


class QuietHours(Struct, frozen=True):
    """From a minute of the day to before another, which may be the next day's; none where they are the same."""

    begins: int
    ends: int


class Preferences(Struct, frozen=True):
    """A contact's wishes. What is not said is as the site has it."""

    language: str = ""
    """en, zh or both."""
    time_zone: str = "UTC"
    """Where the minutes of quiet hours and digests are counted."""
    quiet_hours: QuietHours | None = None
    digest_minute: int | None = None
    """When the day's digest is sent."""
    digest_types: tuple[str, ...] = ()
    channels: Mapping[str, tuple[str, ...]] = {}
    """By message type: email, sms, or both."""


NONE = Preferences()


def waits(message_type: str, *, is_urgent: bool) -> bool:
    """Whether a message may wait at all."""
    return not is_urgent and message_type not in AT_ONCE_TYPES


def quiet_until(wishes: Preferences, *, now: int) -> int | None:
    """When the quiet hours end that are now; None when none are. Moments are in milliseconds."""
    hours = wishes.quiet_hours
    if hours is None or not _is_within(hours, _local(wishes, now)):
        return None
    return _next(wishes, hours.ends, now=now, is_it=lambda _, local: not _is_within(hours, local))


def digest_at(wishes: Preferences, message_type: str, *, now: int) -> int | None:
    """When the digest goes that a message of this type belongs into; None when it goes by itself."""
    minute = wishes.digest_minute
    if minute is None or message_type not in wishes.digest_types:
        return None
    return _next(wishes, minute, now=now, is_it=lambda before, local: _passes(minute, before, local))


def _is_within(hours: QuietHours, local: datetime) -> bool:
    minute = local.hour * 60 + local.minute
    if hours.begins <= hours.ends:
        return hours.begins <= minute < hours.ends
    return minute >= hours.begins or minute < hours.ends


def _passes(minute: int, before: datetime, local: datetime) -> bool:
    """Whether clocks come to a minute of the day, or leap over it."""
    that = datetime.combine(local, time(minute // 60, minute % 60))
    return before.replace(tzinfo=None) < that <= local.replace(tzinfo=None)


def _next(wishes: Preferences, minute: int, *, now: int, is_it: Callable[[datetime, datetime], bool]) -> int:
    """The next moment at which clocks there show this minute of the day.

    On the days when clocks are put forward or back there may be no such moment, or two, so that what is wanted is
    sought minute by minute: `is_it` tells, by the minute before and the minute.
    """
    local = _local(wishes, now)
    found = local.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    if found <= local:
        found += timedelta(days=1)
    moment = int(found.timestamp() * 1000)
    if _local(wishes, moment).utcoffset() == local.utcoffset():
        return moment
    moment = now - now % MINUTE_MS + MINUTE_MS
    while not is_it(_local(wishes, moment - MINUTE_MS), _local(wishes, moment)):
        moment += MINUTE_MS
    return moment


def _local(wishes: Preferences, now: int) -> datetime:
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(wishes.time_zone))
