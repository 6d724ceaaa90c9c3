"""Who is told at which step of a message that escalates, against a naive reading of the rule."""

from hypothesis import given
from hypothesis import strategies as st

from callboard.contacts.addresses import key_of
from callboard.contacts.rules import MESSAGE_TYPES, Address, Contact, Status
from callboard.delivery.letter import Channel
from callboard.messages import ladder
from callboard.messages.ladder import Rung, Told
from callboard.messages.rules import Cause, Delivery, Ear, Reach, Severity, Subject, Suppression
from callboard.preferences.rules import Preferences
from callboard.recipients.rules import Effective, Way
from tests.property.profiles import examples

SCOPES = ("rd-1", "fd-1", "fd-2", "17")
SUBJECT = Subject("m-0123456789abcdef", "ServiceMessage", Severity.WARNING, 1_764_064_973_125, True)
EMAILS = ("a@example.com", "b@example.com", "c@example.com", "d@example.com")


def comes(name: str, email: str, *scopes: str, is_kept: bool = False) -> Effective:
    contact = Contact(
        contact_id=f"c-{name}",
        name=name,
        title="CEO",
        message_types=MESSAGE_TYPES,
        status=Status.ACTIVE,
        email=Address(email, verified_at=1),
        phone=None,
        created_at=1,
        modified_at=1,
    )
    return Effective(contact, tuple(Way(contact, each, 1, "Deleted" if is_kept else "") for each in scopes))


def told_by(*rungs: Rung) -> Told:
    return ladder.told(
        (each.contact_id, each.channel.value, each.recipient, each.letter_id, each.suppression)
        for rung in rungs
        for each in rung.deliveries
    )


def recipients(rung: Rung) -> list[str]:
    return [each.recipient for each in rung.deliveries if each.suppression is None]


def climbed(people: list[Effective], reach: Reach) -> list[Rung]:
    """Every step until nobody is left."""
    rungs = [ladder.first(SUBJECT, people, reach, SCOPES)]
    while rungs[-1].reaches_somebody:
        before = told_by(*rungs)
        rungs.append(ladder.next_up(SUBJECT, people, reach, SCOPES, before, below=rungs[-1].depth))
    return rungs


@st.composite
def people(draw: st.DrawFn) -> list[Effective]:
    found = []
    for number in range(draw(st.integers(0, 5))):
        scopes = draw(st.lists(st.sampled_from(SCOPES), min_size=1, max_size=3, unique=True))
        found.append(comes(f"n{number}", draw(st.sampled_from(EMAILS)), *scopes, is_kept=draw(st.booleans())))
    return found


@examples(150)
@given(people(), st.sets(st.sampled_from(EMAILS)))
def test_the_steps_are_those_of_a_naive_reading(everybody: list[Effective], shut: set[str]) -> None:
    """Level by level: whoever is nearest there, at an open address that has not had it; empty levels cost nothing."""
    expected: list[set[str]] = []
    had: set[str] = set()
    for scope in reversed(range(len(SCOPES))):
        there = set()
        for each in everybody:
            nearest = 3 if each.ways[0].is_kept else max(SCOPES.index(way.scope_id) for way in each.ways)
            if nearest == scope:
                there.add(each.contact.email.value)
        if new := there - shut - had:
            expected.append(new)
            had |= new
    reach = Reach(closed={key_of(each): Suppression.UNREACHABLE for each in shut})

    *rungs, last = climbed(everybody, reach)

    fresh = [{each.recipient for each in rung.deliveries if each.has_letter} for rung in rungs]
    assert fresh == expected
    assert not any(each.has_letter for each in last.deliveries)
    made = [each for rung in (*rungs, last) for each in rung.deliveries]
    assert len({each.delivery_id for each in made}) == len(made)
    assert {each.contact_id for each in made} == {each.contact.contact_id for each in everybody}
    assert [rung.depth for rung in rungs] == sorted({rung.depth for rung in rungs}, reverse=True)


def test_what_the_account_keeps_is_as_near_as_the_account() -> None:
    kept, above = comes("kept", EMAILS[0], "rd-1", is_kept=True), comes("above", EMAILS[1], "fd-2")

    first, second, _ = climbed([above, kept], Reach())

    assert (recipients(first), first.depth) == ([EMAILS[0]], 3)
    assert (recipients(second), second.depth) == ([EMAILS[1]], 2)
    assert {each.cause for each in second.deliveries} == {Cause.ESCALATION}


def test_who_comes_nearer_meanwhile_is_told_with_the_next_scope_and_nobody_twice() -> None:
    tom, ann, new = comes("tom", EMAILS[0], "fd-1"), comes("ann", EMAILS[1], "rd-1"), comes("new", EMAILS[2], "17")
    first = ladder.first(SUBJECT, [tom, ann], Reach(), SCOPES)

    second = ladder.next_up(SUBJECT, [tom, ann, new], Reach(), SCOPES, told_by(first), below=first.depth)

    assert recipients(first) == [EMAILS[0]]
    assert (recipients(second), second.depth) == ([EMAILS[1], EMAILS[2]], 0)


def test_who_comes_nearer_when_nobody_is_left_above_is_told_all_the_same() -> None:
    tom, new = comes("tom", EMAILS[0], "rd-1"), comes("new", EMAILS[1], "fd-2")
    first = ladder.first(SUBJECT, [tom], Reach(), SCOPES)

    second = ladder.next_up(SUBJECT, [tom, new], Reach(), SCOPES, told_by(first), below=first.depth)

    assert recipients(second) == [EMAILS[1]]


def test_an_account_that_has_left_has_one_step() -> None:
    kept = [comes(name, f"{name}@example.com", "17", is_kept=True) for name in ("tom", "ann")]

    rung = ladder.first(SUBJECT, kept, Reach(), ())

    assert (len(recipients(rung)), rung.depth) == (2, 0)


def test_endpoints_are_told_with_their_scope_or_their_contact_and_once() -> None:
    tom, ann = comes("tom", EMAILS[0], "fd-2"), comes("ann", EMAILS[1], "rd-1")
    ears = (
        Ear("e-folder", Channel.WEBHOOK, "fd-1"),
        Ear("e-tom", Channel.CHAT, "c-tom"),
        Ear("e-all", Channel.CHAT, "rd-1"),
    )

    steps = [recipients(each) for each in climbed([tom, ann], Reach(ears=ears))]

    assert steps == [[EMAILS[0], "e-tom"], ["e-folder"], [EMAILS[1], "e-all"], []]


def test_a_message_that_asks_for_an_answer_waits_for_no_digest() -> None:
    reach = Reach(wishes={"c-tom": Preferences(digest_minute=60, digest_types=("ServiceMessage",))})
    (made,) = ladder.first(SUBJECT, [comes("tom", EMAILS[0], "17")], reach, SCOPES).deliveries

    assert isinstance(made, Delivery)
    assert (made.digest_at, made.has_letter) == (None, True)


def test_the_next_step_is_due_while_the_message_is_of_use() -> None:
    assert ladder.next_at(1_000, 60_000, deadline_at=61_001) == 61_000
    assert ladder.next_at(1_000, 60_000, deadline_at=61_000) is None
    assert ladder.next_at(1_000, None, deadline_at=61_001) is None
