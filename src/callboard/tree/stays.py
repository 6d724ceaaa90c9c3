"""Where an account was below the directory, and which of that is one membership. Pure; moments in milliseconds, UTC."""

from collections.abc import Iterable

from msgspec import Struct


class Stay(Struct, frozen=True):
    """The scopes that an account is or was below, from one moment to before another (None: still)."""

    scopes: tuple[str, ...]
    since: int
    until: int | None = None

    def holds(self, moment: int) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


def unbroken(stays: Iterable[Stay], *, at: int | None = None) -> list[Stay]:
    """The stays of the one membership that lasts now, or lasted at a moment; none for who was no member then.

    A move ends one stay at the moment when the next begins; between leaving and coming back there is a gap.
    """
    chain: list[Stay] = []
    for stay in sorted(stays, key=lambda each: each.since):
        if chain and chain[-1].until != stay.since:
            if at is not None and at < stay.since:
                break
            chain = []
        chain.append(stay)
    if not chain:
        return []
    is_then = chain[-1].until is None if at is None else Stay((), chain[0].since, chain[-1].until).holds(at)
    return chain if is_then else []
