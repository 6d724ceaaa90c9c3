"""What a proof is worth, when one more letter may go, and from which network address a request counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from callboard.contacts.proofs import Proof, ProofState
from callboard.contacts.rules import Address, Contact, Status
from callboard.verification.rules import Standing, free_at, remembered, standing, waits
from callboard.verification.sending import source_of
from tests.unit.test_life_cycle import ACTIVE, DELETING, NEW, PENDING

PROOF = Proof("rd-1", "p-1", NEW.contact_id, "tom@example.com", "key", b"digest", ProofState.OPEN, 1000, 2000)
OPEN, USED, REPLACED = ProofState.OPEN, ProofState.USED, ProofState.REPLACED
WITHDRAWN, REFUSED = ProofState.WITHDRAWN, ProofState.REFUSED


@pytest.mark.parametrize(
    ("state", "contact", "now", "expected"),
    [
        (OPEN, NEW, 1000, Standing.OPEN),
        (OPEN, NEW, 1999, Standing.OPEN),
        (OPEN, NEW, 2000, Standing.EXPIRED),
        (OPEN, ACTIVE, 1000, Standing.WITHDRAWN),
        (OPEN, replace(NEW, email=Address("tim@example.com")), 1000, Standing.WITHDRAWN),
        (OPEN, replace(NEW, status=Status.DELETING), 1000, Standing.WITHDRAWN),
        (OPEN, None, 1000, Standing.WITHDRAWN),
        (OPEN, ACTIVE, 2000, Standing.WITHDRAWN),
        (REPLACED, NEW, 1000, Standing.REPLACED),
        (REPLACED, NEW, 2000, Standing.REPLACED),
        (REPLACED, ACTIVE, 1000, Standing.WITHDRAWN),
        (REPLACED, None, 1000, Standing.WITHDRAWN),
        (USED, NEW, 1000, Standing.CONFIRMED),
        (USED, ACTIVE, 9000, Standing.CONFIRMED),
        (REFUSED, NEW, 1000, Standing.REFUSED),
        (REFUSED, ACTIVE, 9000, Standing.REFUSED),
        (WITHDRAWN, NEW, 1000, Standing.WITHDRAWN),
        (WITHDRAWN, NEW, 9000, Standing.WITHDRAWN),
    ],
)
def test_what_a_proof_is_worth(state: ProofState, contact: Contact | None, now: int, expected: Standing) -> None:
    assert standing(replace(PROOF, state=state), contact, now=now) is expected


@pytest.mark.parametrize(
    ("contact", "target", "expected"),
    [
        (NEW, "tom@example.com", True),
        (NEW, "86-13900001234", True),
        (NEW, "TOM@example.com", False),
        (ACTIVE, "tom@example.com", False),
        (PENDING, "new@example.com", True),
        (PENDING, "tom@example.com", False),
        (PENDING, "86-13900009999", True),
        (DELETING, "new@example.com", False),
    ],
)
def test_what_waits_for_a_proof(contact: Contact, target: str, *, expected: bool) -> None:
    assert waits(contact, target) is expected


@pytest.mark.parametrize(
    ("moments", "limits", "now", "expected"),
    [
        ([], ((1, 10),), 100, None),
        ([95], ((2, 10),), 100, None),
        ([95], ((1, 10),), 100, 105),
        ([90], ((1, 10),), 100, None),
        ([91], ((1, 10),), 100, 101),
        ([91, 95], ((2, 10),), 100, 101),
        ([91, 92, 95], ((2, 10),), 100, 102),
        ([91, 95], ((2, 10), (3, 1000)), 100, 101),
        ([50, 91, 95], ((2, 10), (3, 1000)), 100, 1050),
        ([1, 2, 3, 95], ((0, 1000),), 100, None),
        ([95], ((0, 1000), (1, 10)), 100, 105),
        ([], (), 100, None),
        ([105], ((1, 10),), 100, 115),
    ],
)
def test_when_one_more_is_within_the_limits(
    moments: list[int], limits: tuple[tuple[int, int], ...], now: int, expected: int | None
) -> None:
    assert free_at(moments, limits, now=now) == expected


LIMITS = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 50)), min_size=1, max_size=3).map(tuple)


@given(steps=st.lists(st.integers(0, 20), max_size=60), limits=LIMITS)
def test_no_period_ever_holds_more_than_its_limit(steps: list[int], limits: tuple[tuple[int, int], ...]) -> None:
    now, kept, taken = 0, [], []
    for step in steps:
        now += step
        free = free_at(kept, limits, now=now)
        is_full = any(most and sum(now - period < at for at in taken) >= most for most, period in limits)
        assert (free is not None) is is_full
        if free is None:
            kept = [*remembered(kept, limits, now=now), now]
            taken.append(now)
        else:
            assert free > now
            assert free_at(kept, limits, now=free) is None
            assert free_at(kept, limits, now=free - 1) is not None

    assert all(
        sum(at - period < other <= at for other in taken) <= most for at in taken for most, period in limits if most
    )


def test_what_counts_for_the_longest_period_is_remembered() -> None:
    assert remembered([10, 50, 90, 91], ((1, 10),), now=100) == [91]
    assert remembered([10, 50, 51, 91], ((1, 10), (5, 50)), now=100) == [51, 91]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("::1", "::"),
        (None, "unknown"),
        ("", "unknown"),
        ("testclient", "unknown"),
        ("192.0.2.7, 10.0.0.1", "unknown"),
        ("x" * 64, "unknown"),
    ],
)
def test_a_network_address_counts_as_the_network_that_one_party_has(address: str | None, expected: str) -> None:
    assert source_of(address) == expected


def test_callers_by_ipv4_on_a_socket_of_ipv6_count_apart() -> None:
    """On [::] the socket names them ::ffff:192.0.2.7."""
    one, two = source_of("::ffff:192.0.2.7"), source_of("::ffff:198.51.100.9")

    assert one != two
