"""The lists of targets that contacts are bound to and taken out of, as parameters. Pure."""

from callboard.contacts import errors
from callboard.contacts.rules import TARGET_ID
from callboard.profile import Profile

MOST_TARGETS = 5
"""Most targets in one call."""


def check_members(targets: list[str], _: Profile) -> tuple[str, ...]:
    """The targets of AssociateMembers. Too many of them have no code of their own there (behaviour.md, question 17)."""
    if len(targets) > MOST_TARGETS:
        raise errors.MembersInvalid
    return _distinct(_well_formed(targets))


def check_bound_members(targets: list[str], _: Profile) -> tuple[str, ...]:
    """The targets of DisassociateMembers: the form of each is looked at before their number."""
    if len(_well_formed(targets)) > MOST_TARGETS:
        raise errors.MembersLengthInvalid
    return _distinct(targets)


def _well_formed(targets: list[str]) -> list[str]:
    if not all(TARGET_ID.match(target) for target in targets):
        raise errors.MembersInvalid
    return targets


def _distinct(targets: list[str]) -> tuple[str, ...]:
    if len(set(targets)) != len(targets):
        raise errors.MembersDuplicate
    return tuple(targets)
