"""Who else is told of an account: the pure rules, on their own and against a naive reading of them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from callboard.contacts.others import Coverage, Others
from callboard.tree.stays import Stay, unbroken

FAULT, BILLS = frozenset({"FaultMessage"}), frozenset({"AccountExpenses"})
BOTH = FAULT | BILLS


def test_whoever_is_bound_above_receives_for_the_folder() -> None:
    others = Others([("rd", FAULT), ("fd-1", BILLS), ("fd-2", BILLS)], [])

    assert others.on_path(("rd", "fd-1")).of(since=0) == BOTH
    assert others.on_path(("rd", "fd-1", "fd-3")).of(since=0) == BOTH
    assert others.on_path(("rd",)).of(since=0) == FAULT
    assert others.on_path(("fd-3",)).of(since=0) == frozenset()


def test_several_contacts_of_one_scope_receive_together() -> None:
    others = Others([("rd", FAULT), ("rd", BILLS)], [])

    assert others.on_path(("rd",)) == Coverage(BOTH, {})


def test_who_came_after_a_deletion_does_not_keep_the_contact() -> None:
    here = Others([], [("fd-1", 5, FAULT)]).on_path(("rd", "fd-1"))

    assert [here.of(since=since) for since in (4, 5, 6)] == [FAULT, FAULT, frozenset()]


def test_the_last_of_several_deletions_counts() -> None:
    here = Others([], [("rd", 9, FAULT), ("fd-1", 5, FAULT), ("rd", 3, BILLS)]).on_path(("rd", "fd-1"))

    assert here == Coverage(frozenset(), {"FaultMessage": 9, "AccountExpenses": 3})


def test_who_has_moved_keeps_what_was_kept_where_it_was() -> None:
    others = Others([], [("fd-1", 5, FAULT), ("fd-1", 9, BILLS), ("fd-2", 4, BILLS)])
    stays = [Stay(("rd", "fd-1"), 2, 8), Stay(("rd", "fd-2"), 8)]

    assert others.kept_through(stays) == FAULT


def test_a_stay_holds_its_first_moment_and_not_its_last() -> None:
    assert [Stay((), 2, 4).holds(moment) for moment in (1, 2, 3, 4)] == [False, True, True, False]
    assert Stay((), 2).holds(10**12)


def test_moves_do_not_break_a_membership_but_leaving_does() -> None:
    first, second, third, back = Stay(("a",), 1, 3), Stay(("b",), 3, 5), Stay(("c",), 5, 8), Stay(("d",), 9)
    stays = [back, second, first, third]

    assert unbroken(stays) == [back]
    assert unbroken(stays, at=9) == unbroken(stays, at=99) == [back]
    assert [unbroken(stays, at=at) for at in (1, 4, 7)] == [[first, second, third]] * 3
    assert unbroken(stays, at=8) == unbroken(stays, at=0) == unbroken([]) == []
    assert unbroken([first, second, third]) == []


TYPES = st.frozensets(st.sampled_from(["A", "B", "C"]), min_size=1)
SCOPES = st.sampled_from(["rd", "fd-1", "fd-2", "fd-3"])
MOMENTS = st.integers(0, 9)


@given(
    st.lists(st.tuples(SCOPES, MOMENTS, TYPES)),
    st.lists(st.tuples(st.lists(SCOPES, unique=True, min_size=1), MOMENTS), min_size=1, unique_by=lambda each: each[1]),
)
def test_what_is_kept_agrees_with_a_naive_reading(
    kept: list[tuple[str, int, frozenset[str]]], places: list[tuple[list[str], int]]
) -> None:
    places.sort(key=lambda each: each[1])
    ends = [*(after[1] for _, after in pairwise(places)), None]
    stays = [Stay(tuple(scopes), since, end) for (scopes, since), end in zip(places, ends, strict=True)]
    naive = {
        type_
        for scope, moment, types in kept
        for stay in stays
        if scope in stay.scopes and stay.since <= moment and (stay.until is None or moment < stay.until)
        for type_ in types
    }

    others = Others([], kept)

    assert others.kept_through(stays) == naive
    assert others.kept_through(stays[-1:]) == others.on_path(stays[-1].scopes).of(since=stays[-1].since)
