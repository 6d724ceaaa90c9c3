"""Who is told when of a message that escalates: the nearest first, then upwards. Pure: no SQL, no clock.

Scopes are counted from the directory, which is 0, down to the account. A contact comes to the account by the nearest of
its ways; what the account keeps of one counts as the account itself.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from callboard.contacts.addresses import key_of
from callboard.delivery.letter import Channel
from callboard.messages import rules
from callboard.messages.rules import Cause, Delivery, Place, Reach, Subject
from callboard.recipients.rules import Effective

SOONEST_STEP_S, LATEST_STEP_S = 60, rules.DAY_S
"""How long a message may wait for an acknowledgement before it goes on upwards."""
BEYOND = 1_000
"""Deeper than any scope: nobody has been told yet."""


class Told(Struct, frozen=True):
    """To whom a message has gone so far."""

    contact_ids: frozenset[str] = frozenset()
    endpoint_ids: frozenset[str] = frozenset()
    letters: Mapping[Place, str] = {}
    has_fallback: bool = False


class Rung(Struct, frozen=True):
    """One step: its deliveries, and the depth from which on everybody has been told now."""

    deliveries: list[Delivery]
    depth: int

    @property
    def reaches_somebody(self) -> bool:
        """Whether the message comes to anybody or anything by it that it has not come to before."""
        return any(each.suppression is None and (each.has_letter or each.digest_at) for each in self.deliveries)


def first(subject: Subject, everybody: Sequence[Effective], reach: Reach, scopes: Sequence[str]) -> Rung:
    """To those who come by the nearest scope at which anybody is told; where nobody is, it reaches nobody."""
    return _climb(subject, everybody, reach, scopes, Told(), below=BEYOND, cause=Cause.ROUTED)


def next_up(
    subject: Subject, everybody: Sequence[Effective], reach: Reach, scopes: Sequence[str], told: Told, *, below: int
) -> Rung:
    """To those of the next scope upwards of this depth who have not been told, and whoever came nearer since then."""
    others = [each for each in everybody if each.contact.contact_id not in told.contact_ids]
    ears = tuple(each for each in reach.ears if each.endpoint_id not in told.endpoint_ids)
    return _climb(subject, others, replace(reach, ears=ears), scopes, told, below=below, cause=Cause.ESCALATION)


def next_at(at: int, after_ms: int | None, *, deadline_at: int) -> int | None:
    """When the next step is due: none for a message that does not escalate, and none once it is of no use."""
    if after_ms is None or at + after_ms >= deadline_at:
        return None
    return at + after_ms


def told(deliveries: Iterable[tuple[str, str, str, str, str | None]]) -> Told:
    """From deliveries: contact, channel, recipient, letter, and why it is suppressed."""
    rows = list(deliveries)
    people = [each for each in rows if each[1] in (Channel.EMAIL, Channel.SMS)]
    return Told(
        contact_ids=frozenset(each[0] for each in people if each[0]),
        endpoint_ids=frozenset(each[2] for each in rows if each not in people),
        letters={(Channel(each[1]), key_of(each[2])): each[3] for each in people if each[3] and each[4] is None},
        has_fallback=any(not each[0] for each in people),
    )


def depth(each: Effective, scopes: Sequence[str]) -> int:
    """How deep the nearest scope is by which a contact comes to the account."""
    deepest = max(len(scopes) - 1, 0)
    return max(deepest if way.is_kept else scopes.index(way.scope_id) for way in each.ways)


def _climb(
    subject: Subject,
    people: Sequence[Effective],
    reach: Reach,
    scopes: Sequence[str],
    before: Told,
    *,
    below: int,
    cause: Cause,
) -> Rung:
    """Upwards from scope to scope until somebody is reached."""
    depths = {each.contact.contact_id: depth(each, scopes) for each in people}
    depths |= {ear.endpoint_id: _depth_of_owner(ear.owner_id, depths, scopes) for ear in reach.ears}
    rung = Rung([], 0)
    # At 0 everybody is asked for once more: who came nearer meanwhile, where nobody is left above.
    for level in sorted({0, *(each for each in depths.values() if each < below)}, reverse=True):
        group = [each for each in people if depths[each.contact.contact_id] >= level]
        ears = tuple(ear for ear in reach.ears if depths[ear.endpoint_id] >= level)
        made = rules.route(subject, group, replace(reach, ears=ears), cause, letters=before.letters)
        rung = Rung(made, level)
        if rung.reaches_somebody:
            break
    return rung


def _depth_of_owner(owner_id: str, depths: Mapping[str, int], scopes: Sequence[str]) -> int:
    """Of an endpoint of a scope, or of a contact. One whose contact has been told already is as near as can be."""
    if owner_id in scopes:
        return scopes.index(owner_id)
    return depths.get(owner_id, max(len(scopes) - 1, 0))
