"""Which members have nobody, one, or only unproven recipients for a type of messages. Pure.

What is bound to a folder's path is the same for every member in it, and is worked out once a path. Members differ by
what is bound to themselves, and by what they keep: from before they came to their folder, or since they are there.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from callboard.contacts.rules import MESSAGE_TYPES, Contact
from callboard.recipients.rules import DELETED, Way, counting
from callboard.tree.stays import Stay, unbroken


class Kind(StrEnum):
    """How well an account is covered for a type of messages."""

    NONE = "None"
    """Nobody at all."""
    UNVERIFIED = "Unverified"
    """Only contacts that have not proven their email address."""
    ONE = "One"
    """A single recipient."""
    COVERED = "Covered"
    """Two recipients or more."""


GAPS = (Kind.NONE, Kind.UNVERIFIED, Kind.ONE)
UNTOLD = (Kind.NONE, Kind.UNVERIFIED)
"""Kinds of which nobody is told."""


class Tally(Struct, frozen=True):
    """How many contacts come to an account for a type of messages: proven ones, who are told, and others."""

    verified: int
    unverified: int

    @property
    def kind(self) -> Kind:
        if self.verified:
            return Kind.ONE if self.verified == 1 else Kind.COVERED
        return Kind.UNVERIFIED if self.unverified else Kind.NONE

    def plus(self, other: "Tally") -> "Tally":
        return Tally(self.verified + other.verified, self.unverified + other.unverified)


Tallies = tuple[Tally, ...]
"""One for each of MESSAGE_TYPES."""


class MemberSeen(Struct, frozen=True):
    """A member with what is its own: where it is and was, what is bound to it, and what it keeps by itself."""

    account_id: str
    display_name: str
    folder_id: str
    folder_name: str
    scopes: tuple[str, ...]
    """From the directory down to its folder."""
    placed_at: int
    stays: tuple[Stay, ...] = ()
    """Where it was before."""
    ways: tuple[Way, ...] = ()


class Line(Struct, frozen=True):
    """A member and a type of messages."""

    account_id: str
    display_name: str
    folder_id: str
    folder_name: str
    message_type: str
    kind: Kind
    verified: int
    unverified: int


class Place(Struct, frozen=True):
    """A place in the order of the lines: a member, and how many of its message types are gone through."""

    account_id: str
    passed: int


class Shared:
    """What is bound to, or kept below, the directory and its folders: the part that does not grow with the members."""

    def __init__(self, bound: Iterable[Way], kept: Iterable[tuple[str, Way]]) -> None:
        """`kept`: each with the scope at or below which accounts keep it that were there at that moment."""
        self._bound: dict[str, dict[str, Way]] = {}
        self._kept: dict[str, list[Way]] = {}
        self._of_paths: dict[tuple[tuple[str, ...], int], Tallies] = {}
        for way in bound:
            self._bound.setdefault(way.scope_id, {})[way.contact.contact_id] = way
        for scope, way in sorted(kept, key=lambda each: each[1].since):
            self._kept.setdefault(scope, []).append(way)

    @property
    def worked_out(self) -> int:
        """How many paths were worked out."""
        return len(self._of_paths)

    def tallies(self, member: MemberSeen) -> Tallies:
        kept = self._kept_since(member.scopes, member.placed_at)
        # What was kept before it left and came back is not kept any more.
        stays = unbroken([*member.stays, Stay(member.scopes, member.placed_at)])
        own = [way for way in member.ways if way.cause != DELETED or way.since >= stays[0].since]
        own += self._kept_from_before(stays[:-1])
        known = self._of_path(member.scopes, kept)
        if not own:
            return known
        new = [way for way in own if not self._is_bound_above(member.scopes, way.contact.contact_id)]
        if {way.contact.contact_id for way in new}.isdisjoint(way.contact.contact_id for way in kept):
            return tuple(map(Tally.plus, known, tallies_of(new)))
        # A contact that is bound to the member itself, or kept by it twice: which of its ways counts must be decided.
        return tallies_of([*self._bound_above(member.scopes), *kept, *own])

    def _of_path(self, scopes: tuple[str, ...], kept: Sequence[Way]) -> Tallies:
        found = self._of_paths.get((scopes, len(kept)))
        if found is None:
            found = self._of_paths[scopes, len(kept)] = tallies_of([*self._bound_above(scopes), *kept])
        return found

    def _bound_above(self, scopes: Iterable[str]) -> Iterator[Way]:
        return (way for scope in scopes for way in self._bound.get(scope, {}).values())

    def _is_bound_above(self, scopes: Iterable[str], contact_id: str) -> bool:
        return any(contact_id in self._bound.get(scope, {}) for scope in scopes)

    def _kept_since(self, scopes: Iterable[str], moment: int) -> list[Way]:
        """What is kept by who has been on a path since a moment. The later the moment, the fewer they are."""
        found: list[Way] = []
        for scope in scopes:
            ways = self._kept.get(scope, [])
            found += ways[bisect_left(ways, moment, key=lambda way: way.since) :]
        return found

    def _kept_from_before(self, stays: Iterable[Stay]) -> Iterator[Way]:
        for stay in stays:
            for scope in stay.scopes:
                yield from (way for way in self._kept.get(scope, ()) if stay.holds(way.since))


def tallies_of(ways: Iterable[Way]) -> Tallies:
    """Of the contacts that come by these ways, each counted once."""
    by_contact: dict[str, list[Way]] = {}
    for way in ways:
        by_contact.setdefault(way.contact.contact_id, []).append(way)
    contacts = [counting(each).contact for each in by_contact.values()]
    return tuple(_tally(contacts, message_type) for message_type in MESSAGE_TYPES)


def _tally(contacts: Sequence[Contact], message_type: str) -> Tally:
    concerned = [each.is_in_effect for each in contacts if message_type in each.message_types]
    return Tally(sum(concerned), len(concerned) - sum(concerned))


def lines(member: MemberSeen, tallies: Tallies) -> list[Line]:
    """A member's lines, in the order of MESSAGE_TYPES."""
    return [
        Line(
            member.account_id,
            member.display_name,
            member.folder_id,
            member.folder_name,
            message_type,
            tally.kind,
            tally.verified,
            tally.unverified,
        )
        for message_type, tally in zip(MESSAGE_TYPES, tallies, strict=True)
    ]
