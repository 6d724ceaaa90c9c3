"""Who is told, why, and why not; and what a change would make of it. Pure: no SQL, no clock.

A contact comes to an account by ways: bound to it, bound to the directory or to a folder above it, or kept from before.
A contact that is bound is told as it is now, whatever copy of it is kept besides; of several copies the newest counts.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from callboard.contacts.rules import Contact

DELETED = "Deleted"


class PathKind(StrEnum):
    """How a contact comes to an account."""

    DIRECT = "Direct"
    INHERITED = "Inherited"
    RETAINED = "Retained"


class Reason(StrEnum):
    """Why a contact is not told of a message, though it comes to the account."""

    OTHER_MESSAGE_TYPES = "OtherMessageTypes"
    """It does not receive messages of this type, proven or not."""
    NOT_VERIFIED = "NotVerified"
    """Nobody has proven its email address yet."""


class Channel(StrEnum):
    """By what a contact is told."""

    EMAIL = "email"
    SMS = "sms"


class Way(Struct, frozen=True):
    """One way in which a contact comes to an account."""

    contact: Contact
    scope_id: str
    """What the contact is bound to, or was bound to when the account began to keep it."""
    since: int
    """When it was bound, or when the account began to keep it."""
    cause: str = ""
    """Why it is kept: Deleted or Left; empty for one that is bound."""

    @property
    def is_kept(self) -> bool:
        return bool(self.cause)

    def kind(self, account_id: str) -> PathKind:
        if self.is_kept:
            return PathKind.RETAINED
        return PathKind.DIRECT if self.scope_id == account_id else PathKind.INHERITED


class Situation(Struct, frozen=True):
    """What is known of an account at one moment."""

    account_id: str
    scopes: tuple[str, ...]
    """From the directory down to the account; none for an account that has left."""
    ways: tuple[Way, ...]


class Effective(Struct, frozen=True):
    """A contact in effect for an account, by every way; the nearest first."""

    contact: Contact
    ways: tuple[Way, ...]


class Verdict(Struct, frozen=True):
    """Who is told of messages of one type, and who is not."""

    told: list[Effective]
    not_told: list[tuple[Effective, Reason]]


def effective(situation: Situation) -> list[Effective]:
    """Every contact that comes to the account, each once, in the order of the ways."""
    found: dict[str, list[Way]] = {}
    for way in situation.ways:
        found.setdefault(way.contact.contact_id, []).append(way)
    return [Effective(counting(ways).contact, _nearest_first(situation, ways)) for ways in found.values()]


def counting(ways: Iterable[Way]) -> Way:
    """Of the ways of one contact, the one whose contact counts: one that is bound, else the newest copy."""
    return max(ways, key=lambda way: (not way.is_kept, way.since))


def _nearest_first(situation: Situation, ways: list[Way]) -> tuple[Way, ...]:
    depths = {scope: depth for depth, scope in enumerate(situation.scopes)}
    return tuple(sorted(ways, key=lambda way: (way.is_kept, -depths.get(way.scope_id, 0), way.since, way.scope_id)))


def why_not(contact: Contact, message_type: str) -> Reason | None:
    """Why a contact that comes to an account is not told; None for one that is."""
    if message_type not in contact.message_types:
        return Reason.OTHER_MESSAGE_TYPES
    return None if contact.is_in_effect else Reason.NOT_VERIFIED


def channels(contact: Contact) -> list[Channel]:
    """By what a contact that is told is reached."""
    is_by_phone = contact.phone is not None and contact.phone.verified_at is not None
    return [Channel.EMAIL, Channel.SMS] if is_by_phone else [Channel.EMAIL]


def verdict(situation: Situation, message_type: str) -> Verdict:
    found = Verdict([], [])
    for each in effective(situation):
        reason = why_not(each.contact, message_type)
        if reason is None:
            found.told.append(each)
        else:
            found.not_told.append((each, reason))
    return found


def difference(before: Verdict, after: Verdict) -> tuple[list[str], list[str]]:
    """The ids of who is told only afterwards, and of who was told only before."""
    old = [each.contact.contact_id for each in before.told]
    new = [each.contact.contact_id for each in after.told]
    return [each for each in new if each not in old], [each for each in old if each not in new]


def moved(situation: Situation, scopes: tuple[str, ...], bound: Iterable[Way]) -> Situation:
    """Once the account is in another place, where these are bound: what it keeps goes with it."""
    kept = (way for way in situation.ways if way.is_kept)
    return replace(situation, scopes=scopes, ways=(*bound, *kept))


def associated(situation: Situation, contact: Contact, targets: Collection[str], *, at: int) -> Situation:
    """Once the contact is bound to the targets. What is bound already stays as it is."""
    bound = {way.scope_id for way in situation.ways if not way.is_kept and way.contact.contact_id == contact.contact_id}
    new = [Way(contact, scope, at) for scope in situation.scopes if scope in targets and scope not in bound]
    return replace(situation, ways=(*situation.ways, *new))


def disassociated(situation: Situation, contact: Contact, targets: Collection[str]) -> Situation:
    """Once the contact is taken out of the targets."""
    return replace(
        situation,
        ways=tuple(
            way for way in situation.ways if not _is_bound(way, contact.contact_id) or way.scope_id not in targets
        ),
    )


def updated(situation: Situation, changed: Contact) -> Situation:
    """Once a contact has changed: a copy that is kept stays as it is."""
    return replace(
        situation,
        ways=tuple(
            replace(way, contact=changed) if _is_bound(way, changed.contact_id) else way for way in situation.ways
        ),
    )


def deleted(situation: Situation, contact: Contact, *, is_kept: bool, at: int) -> Situation:
    """Once the contact is gone. Whoever it came to keeps it, if it was in effect and that is wanted."""
    gone = [way for way in situation.ways if _is_bound(way, contact.contact_id)]
    kept = [replace(way, since=at, cause=DELETED) for way in gone if is_kept and contact.is_in_effect]
    return replace(situation, ways=(*(way for way in situation.ways if way not in gone), *kept))


def _is_bound(way: Way, contact_id: str) -> bool:
    return not way.is_kept and way.contact.contact_id == contact_id
