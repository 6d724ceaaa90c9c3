"""What a contact's wishes come to for a message: its language, its channels, its moment. Pure: no SQL, no clock."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

DAY_MINUTES = 24 * 60
AT_ONCE_TYPES = frozenset({"SecurityMessage", "FaultMessage"})
"""What always passes at once: no quiet hours, no digests."""
OPTIONAL_TYPES = frozenset({"ActivityMessage", "ProductMessage"})
"""What people may have no more of, by one click (RFC 8058)."""


class QuietHours(Struct, frozen=True):
    """From a minute of the day to another, which may be the next day's."""

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
    return _next(wishes, hours.ends, now=now)


def digest_at(wishes: Preferences, message_type: str, *, now: int) -> int | None:
    """When the digest goes that a message of this type belongs into; None when it goes by itself."""
    if wishes.digest_minute is None or message_type not in wishes.digest_types:
        return None
    return _next(wishes, wishes.digest_minute, now=now)


def _is_within(hours: QuietHours, local: datetime) -> bool:
    minute = local.hour * 60 + local.minute
    if hours.begins <= hours.ends:
        return hours.begins <= minute < hours.ends
    return minute >= hours.begins or minute < hours.ends


def _next(wishes: Preferences, minute: int, *, now: int) -> int:
    """The next moment at which clocks there show this minute of the day."""
    local = _local(wishes, now)
    found = local.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    if found <= local:
        found += timedelta(days=1)
    return int(found.timestamp() * 1000)


def _local(wishes: Preferences, now: int) -> datetime:
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(wishes.time_zone))
