"""Who is told, and why: the rules alone."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from callboard.contacts.rules import MESSAGE_TYPES, Address, Contact, Status
from callboard.recipients import rules
from callboard.recipients.coverage import Kind, MemberSeen, Shared, Tally, lines, tallies_of
from callboard.recipients.rules import Channel, PathKind, Reason, Situation, Way
from callboard.tree.stays import Stay, unbroken

RD, FOLDER, DEEPER, ACCOUNT = "rd-abcdef", "fd-aaaa", "fd-bbbb", "1234567890123456"
SCOPES = (RD, FOLDER, DEEPER, ACCOUNT)
FAULT, SECURITY = "FaultMessage", "SecurityMessage"


def contact(
    number: int = 1, *, types: tuple[str, ...] = (FAULT,), is_proven: bool = True, phone: Any = None
) -> Contact:
    return Contact(
        contact_id=f"c-{number:016}",
        name="tom",
        title="CEO",
        message_types=types,
        status=Status.ACTIVE if is_proven else Status.VERIFYING,
        email=Address(f"tom{number}@example.com", 1 if is_proven else None),
        phone=phone,
        created_at=1,
        modified_at=1,
    )


def situation(*ways: Way) -> Situation:
    return Situation(ACCOUNT, SCOPES, ways)


def ids(found: Any) -> list[str]:
    return [each.contact.contact_id for each in found]


def test_a_contact_that_comes_by_several_ways_is_there_once_and_the_nearest_way_comes_first() -> None:
    tom = contact()
    found = situation(
        Way(tom, RD, 1), Way(tom, DEEPER, 2), Way(tom, FOLDER, 9, "Deleted"), Way(tom, ACCOUNT, 3), Way(tom, FOLDER, 4)
    )

    (one,) = rules.effective(found)

    assert [(way.kind(ACCOUNT), way.scope_id) for way in one.ways] == [
        (PathKind.DIRECT, ACCOUNT),
        (PathKind.INHERITED, DEEPER),
        (PathKind.INHERITED, FOLDER),
        (PathKind.INHERITED, RD),
        (PathKind.RETAINED, FOLDER),
    ]


def test_a_contact_that_is_bound_counts_as_it_is_now_and_not_as_it_was_when_kept() -> None:
    found = situation(Way(contact(types=(FAULT,)), RD, 9, "Left"), Way(contact(types=(SECURITY,)), RD, 1))

    (one,) = rules.effective(found)

    assert one.contact.message_types == (SECURITY,)


def test_of_several_copies_the_newest_counts() -> None:
    found = situation(Way(contact(types=(FAULT,)), RD, 9, "Left"), Way(contact(types=(SECURITY,)), RD, 8, "Left"))

    (one,) = rules.effective(found)

    assert one.contact.message_types == (FAULT,)


def test_whoever_is_not_told_has_a_reason() -> None:
    told, other, unproven = contact(1), contact(2, types=(SECURITY,)), contact(3, is_proven=False)
    neither = contact(4, types=(SECURITY,), is_proven=False)

    verdict = rules.verdict(situation(*(Way(each, RD, 1) for each in (told, other, unproven, neither))), FAULT)

    assert ids(verdict.told) == [told.contact_id]
    assert [(each.contact, reason) for each, reason in verdict.not_told] == [
        (other, Reason.OTHER_MESSAGE_TYPES),
        (unproven, Reason.NOT_VERIFIED),
        (neither, Reason.OTHER_MESSAGE_TYPES),
    ]


def test_a_contact_that_is_being_deleted_is_told_until_it_is_gone() -> None:
    going = contact()
    going = Contact(*(Status.DELETING if each is going.status else each for each in _fields(going)))

    assert rules.why_not(going, FAULT) is None


def _fields(of: Contact) -> list[Any]:
    return [getattr(of, name) for name in of.__struct_fields__]


def test_a_number_is_a_channel_once_it_is_proven() -> None:
    number = Address("86-13900001234")

    assert rules.channels(contact()) == [Channel.EMAIL]
    assert rules.channels(contact(phone=number)) == [Channel.EMAIL]
    assert rules.channels(contact(phone=number.proven(at=2))) == [Channel.EMAIL, Channel.SMS]


def test_the_difference_names_who_came_and_who_went() -> None:
    before = rules.verdict(situation(Way(contact(1), RD, 1), Way(contact(2), RD, 1)), FAULT)
    after = rules.verdict(situation(Way(contact(2), RD, 1), Way(contact(3), RD, 1)), FAULT)

    assert rules.difference(before, after) == ([contact(3).contact_id], [contact(1).contact_id])


def test_whoever_is_bound_twice_and_taken_out_once_is_told_still() -> None:
    tom = contact()
    found = situation(Way(tom, RD, 1), Way(tom, FOLDER, 1))

    assert ids(rules.effective(rules.disassociated(found, tom, {RD}))) == [tom.contact_id]
    assert rules.disassociated(found, tom, {RD, FOLDER}).ways == ()


def test_targets_that_are_not_above_the_account_change_nothing() -> None:
    found = situation(Way(contact(), RD, 1))

    assert rules.associated(found, contact(2), {"fd-elsewhere"}, at=5) == found
    assert rules.disassociated(found, contact(), {"fd-elsewhere"}) == found


def test_what_is_kept_is_neither_updated_nor_taken_out_nor_deleted() -> None:
    found = situation(Way(contact(), RD, 1, "Left"))
    tom = contact()

    assert rules.updated(found, contact(types=(SECURITY,))) == found
    assert rules.disassociated(found, tom, {RD}) == found
    assert rules.deleted(found, tom, is_kept=False, at=5) == found


def test_a_contact_that_never_was_in_effect_is_not_kept_when_it_is_deleted() -> None:
    tom = contact(is_proven=False)

    assert rules.deleted(situation(Way(tom, RD, 1)), tom, is_kept=True, at=5).ways == ()


def test_a_kind_goes_by_the_number_of_those_that_are_told() -> None:
    kinds = {Tally(0, 0): "None", Tally(0, 3): "Unverified", Tally(1, 3): "One", Tally(2, 0): "Covered"}

    assert {tally: tally.kind.value for tally in kinds} == kinds


CONTACTS = st.builds(
    contact,
    st.integers(1, 4),
    types=st.sets(st.sampled_from(MESSAGE_TYPES), min_size=1, max_size=3).map(lambda each: tuple(sorted(each))),
    is_proven=st.booleans(),
)
BOUND = st.builds(Way, CONTACTS, st.sampled_from(SCOPES), st.integers(1, 5))
KEPT = st.builds(Way, CONTACTS, st.sampled_from(SCOPES), st.integers(1, 9), st.sampled_from(["Deleted", "Left"]))


def consistent(ways: list[Way]) -> list[Way]:
    """A contact is the same at one moment, wherever it is bound or kept; and bound once to a scope."""
    live = {way.contact.contact_id: way.contact for way in ways if not way.is_kept}
    bound = {
        (way.contact.contact_id, way.scope_id): Way(live[way.contact.contact_id], way.scope_id, way.since)
        for way in ways
        if not way.is_kept
    }
    copies = {(way.contact.contact_id, way.since): way.contact for way in ways if way.is_kept}
    kept = {
        (way.contact.contact_id, way.scope_id, way.since): Way(
            copies[way.contact.contact_id, way.since], way.scope_id, way.since, way.cause
        )
        for way in ways
        if way.is_kept
    }
    return [*bound.values(), *kept.values()]


WAYS = st.lists(st.one_of(BOUND, KEPT), max_size=8).map(consistent)


@given(WAYS, st.sampled_from(MESSAGE_TYPES))
def test_everybody_is_either_told_or_not_and_no_one_twice(ways: list[Way], message_type: str) -> None:
    verdict = rules.verdict(situation(*ways), message_type)

    everybody = ids(verdict.told) + [each.contact.contact_id for each, _ in verdict.not_told]
    assert sorted(everybody) == sorted({way.contact.contact_id for way in ways})
    assert all(each.contact.is_in_effect and message_type in each.contact.message_types for each in verdict.told)


@given(WAYS, st.sampled_from(MESSAGE_TYPES))
def test_a_tally_counts_whom_the_verdict_names(ways: list[Way], message_type: str) -> None:
    verdict = rules.verdict(situation(*ways), message_type)

    tally = tallies_of(ways)[MESSAGE_TYPES.index(message_type)]

    assert tally.verified == len(verdict.told)
    assert tally.unverified == [reason for _, reason in verdict.not_told].count(Reason.NOT_VERIFIED)


@given(ways=WAYS, placed_at=st.integers(0, 10), was_there_before=st.booleans())
def test_what_is_shared_and_what_is_ones_own_make_the_same_as_all_of_it(
    ways: list[Way], placed_at: int, *, was_there_before: bool
) -> None:
    ways = [way for way in ways if was_there_before or way.scope_id != ACCOUNT or way.since >= placed_at]
    own = [way for way in ways if way.scope_id == ACCOUNT]
    others = [way for way in ways if way.scope_id != ACCOUNT]
    shared = Shared([way for way in others if not way.is_kept], [(way.scope_id, way) for way in others if way.is_kept])
    stays = (Stay(SCOPES[:-1], 0, placed_at),) if was_there_before else ()
    member = MemberSeen(ACCOUNT, "", DEEPER, "", SCOPES[:-1], placed_at, stays, tuple(own))
    neighbour = MemberSeen("2", "", DEEPER, "", SCOPES[:-1], 11)

    shared.tallies(neighbour)
    applying = [way for way in ways if not way.is_kept or way in own or was_there_before or way.since >= placed_at]
    assert shared.tallies(member) == tallies_of(applying)
    assert shared.tallies(neighbour) == tallies_of(way for way in others if not way.is_kept)


def test_a_path_is_worked_out_once_for_all_that_have_nothing_of_their_own() -> None:
    shared = Shared([Way(contact(), RD, 1)], [])
    for number in range(100):
        tallies = shared.tallies(MemberSeen(str(number), "", FOLDER, "", (RD, FOLDER), 5))

    assert shared.worked_out == 1
    assert [line.kind for line in lines(MemberSeen("1", "", FOLDER, "", (RD,), 5), tallies)].count(Kind.ONE) == 1


def test_what_was_kept_before_a_member_left_and_came_back_is_kept_no_more() -> None:
    first, second, third = Stay((RD,), 1, 3), Stay((RD,), 5, 7), Stay((RD,), 7, 9)
    of_stays = [Way(contact(number), RD, moment, "Deleted") for number, moment in enumerate((2, 6, 8))]
    shared = Shared([], [(RD, way) for way in of_stays])
    own = tuple(Way(contact(number), ACCOUNT, moment, "Deleted") for number, moment in ((11, 2), (12, 6)))
    left = Way(contact(13), ACCOUNT, 3, "Left")
    member = MemberSeen(ACCOUNT, "", FOLDER, "", (RD, FOLDER), 9, (second, first, third), (*own, left))

    assert unbroken((second, first, third, Stay((RD,), 9)))[:-1] == [second, third]
    assert shared.tallies(member) == tallies_of([*of_stays[1:], own[1], left])
