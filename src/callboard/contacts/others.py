"""Whether anybody would be told of an account if one contact were gone. Pure; moments are in milliseconds, UTC.

What others receive by the folders above is the same for every member of a folder, so it is worked out once a folder. A
member differs from its neighbours by since when it is there, by where it was before, and by what is its own.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from msgspec import Struct

from callboard.tree.stays import Stay

Types = frozenset[str]
"""Message types."""
NOTHING: Types = frozenset()


class Coverage(Struct, frozen=True):
    """What others receive for whoever is in one folder."""

    bound: Types
    kept: dict[str, int]
    """By message type, the last moment at which members of the folder kept a contact that receives it."""

    def of(self, *, since: int) -> Types:
        """For a member that has been there since a moment: it does not keep what was kept before."""
        return self.bound.union(type_ for type_, moment in self.kept.items() if moment >= since)


class Others:
    """Every recipient but the contact that goes: who is bound to the directory or a folder, and who is kept there."""

    def __init__(self, bound: Iterable[tuple[str, Types]], kept: Iterable[tuple[str, int, Types]]) -> None:
        self._bound: dict[str, Types] = {}
        self._kept: dict[str, dict[str, list[int]]] = {}
        for scope, types in bound:
            self._bound[scope] = self._bound.get(scope, NOTHING) | types
        for scope, moment, types in kept:
            moments = self._kept.setdefault(scope, {})
            for type_ in types:
                moments.setdefault(type_, []).append(moment)
        for moments in self._kept.values():
            for each in moments.values():
                each.sort()

    def on_path(self, scopes: Sequence[str]) -> Coverage:
        """What they receive for whoever is in the last of these scopes, each of which is below the one before."""
        last: dict[str, int] = {}
        for scope in scopes:
            for type_, moments in self._kept.get(scope, {}).items():
                last[type_] = max(moments[-1], last.get(type_, moments[-1]))
        return Coverage(NOTHING.union(*(self._bound.get(scope, NOTHING) for scope in scopes)), last)

    def kept_through(self, stays: Iterable[Stay]) -> Types:
        """What those receive whom an account keeps from where it is and was."""
        return frozenset(
            type_
            for stay in stays
            for scope in stay.scopes
            for type_, moments in self._kept.get(scope, {}).items()
            if _has_one(moments, stay)
        )


def _has_one(moments: Sequence[int], stay: Stay) -> bool:
    """Whether one of the moments, which are in order, falls within the stay."""
    place = bisect_left(moments, stay.since)
    return place < len(moments) and stay.holds(moments[place])
