"""To whom a message goes, against a naive reading of the rule."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from callboard.contacts.addresses import key_of
from callboard.contacts.rules import MESSAGE_TYPES, Address, Contact, Status
from callboard.delivery.letter import Channel
from callboard.messages import rules
from callboard.messages.rules import Cause, Delivery, Reach, Severity, Subject, Suppression
from callboard.recipients.rules import Effective, Way
from tests.property.profiles import examples

MESSAGE, NOW = "m-0123456789abcdef", 1_764_064_973_125
EMAILS = ("tom@example.com", "Tom@Example.com", "ann@example.com", "tim@example.org")
PHONES = ("86-13900001234", "86-13900005678")
SEVERITIES = st.sampled_from(Severity)
TYPES = st.sampled_from(MESSAGE_TYPES)


def told(number: int, email: str = EMAILS[0], phone: str | None = None, *, is_proven: bool = True) -> Effective:
    contact = Contact(
        contact_id=f"c-{number}",
        name=f"n{number}",
        title="CEO",
        message_types=MESSAGE_TYPES,
        status=Status.ACTIVE,
        email=Address(email, verified_at=1),
        phone=None if phone is None else Address(phone, verified_at=1 if is_proven else None),
        created_at=number,
        modified_at=number,
    )
    return Effective(contact, (Way(contact, "rd-1", 1),))


def people() -> st.SearchStrategy[list[Effective]]:
    one = st.tuples(st.sampled_from(EMAILS), st.sampled_from([None, *PHONES]), st.booleans())
    return st.lists(one, max_size=6).map(
        lambda found: [told(number, *each[:2], is_proven=each[2]) for number, each in enumerate(found)]
    )


def routed(
    *found: Effective,
    severity: Severity = Severity.WARNING,
    type: str = "ServiceMessage",
    closed: Mapping[str, Suppression] | None = None,
) -> list[Delivery]:
    reach = Reach(closed={key_of(address): why for address, why in (closed or {}).items()})
    return rules.route(Subject(MESSAGE, type, severity, NOW), found, reach)


def ways(found: list[Delivery]) -> list[tuple[str, str]]:
    return [(each.channel.value, each.recipient) for each in found]


@examples(150)
@given(people(), TYPES, SEVERITIES)
def test_every_contact_that_is_told_gets_it_once_and_every_address_one_letter(
    found: list[Effective], message_type: str, severity: Severity
) -> None:
    by_sms = severity == "Critical" or message_type in ("SecurityMessage", "FaultMessage")
    expected: dict[tuple[str, str], set[str]] = {}
    for each in found:
        contact = each.contact
        expected.setdefault(("email", contact.email.value.lower()), set()).add(contact.contact_id)
        if by_sms and contact.phone is not None and contact.phone.verified_at is not None:
            expected.setdefault(("sms", contact.phone.value), set()).add(contact.contact_id)

    made = routed(*found, severity=severity, type=message_type)

    assert len({each.delivery_id for each in made}) == len(made)
    by_letter: dict[str, list[Delivery]] = {}
    for one in made:
        by_letter.setdefault(one.letter_id, []).append(one)
    assert sorted(
        (each[0].channel.value, each[0].recipient.lower(), {one.contact_id for one in each})
        for each in by_letter.values()
    ) == sorted((*place, contacts) for place, contacts in expected.items())
    assert {each.letter_id for each in made if each.has_letter} == set(by_letter)
    assert routed(*found, severity=severity, type=message_type) == made


@examples(80)
@given(people(), st.dictionaries(st.sampled_from([*EMAILS, *PHONES]), st.sampled_from(Suppression)))
def test_the_fallback_is_needed_exactly_when_nobody_is_told(
    found: list[Effective], closed: dict[str, Suppression]
) -> None:
    made = routed(*found, severity=Severity.CRITICAL, closed=closed)

    shut = {key_of(each) for each in closed}
    going = [each for each in made if key_of(each.recipient) not in shut]
    assert [each for each in made if each.letter_id] == going
    assert rules.needs_fallback(made) is (not going)


def test_an_sms_goes_besides_the_mail_when_it_is_asked_for() -> None:
    tom = told(1, phone=PHONES[0])
    both = [("email", EMAILS[0]), ("sms", PHONES[0])]

    assert ways(routed(tom)) == both[:1]
    assert ways(routed(tom, severity=Severity.INFO)) == both[:1]
    assert ways(routed(tom, severity=Severity.CRITICAL)) == both
    assert ways(routed(tom, type="SecurityMessage", severity=Severity.INFO)) == both
    assert ways(routed(tom, type="FaultMessage")) == both


def test_a_number_that_nobody_has_proven_gets_no_sms() -> None:
    assert ways(routed(told(1, phone=PHONES[0], is_proven=False), severity=Severity.CRITICAL)) == [("email", EMAILS[0])]


def test_an_address_that_two_contacts_share_gets_one_letter_in_the_first_ones_spelling() -> None:
    first, second = routed(told(1, EMAILS[1]), told(2, EMAILS[0]))

    assert (first.recipient, first.contact_id, first.letter_id) == (EMAILS[1], "c-1", first.delivery_id)
    assert (second.contact_id, second.letter_id, second.has_letter) == ("c-2", first.delivery_id, False)


def test_the_id_of_a_delivery_is_its_messages_contacts_and_channels_alone() -> None:
    one = rules.delivery_id(MESSAGE, "c-1", Channel.EMAIL)

    assert one == rules.delivery_id(MESSAGE, "c-1", Channel.EMAIL)
    assert len({one, *(rules.delivery_id(*each) for each in (
        ("m-other", "c-1", Channel.EMAIL), (MESSAGE, "c-2", Channel.EMAIL), (MESSAGE, "c-1", Channel.SMS)
    ))}) == 4  # fmt: skip
    assert len(one) == 32


def test_a_closed_address_is_suppressed_and_the_fallback_is_nobodys() -> None:
    (suppressed,) = routed(told(1), closed={EMAILS[0]: Suppression.REFUSED})
    fallback = rules.fallback(Subject(MESSAGE, "ServiceMessage", Severity.INFO, NOW), "duty@example.com")

    assert (suppressed.suppression, suppressed.letter_id) == (Suppression.REFUSED, "")
    assert (fallback.contact_id, fallback.channel, fallback.cause) == ("", Channel.EMAIL, Cause.FALLBACK)


def test_whose_mail_is_closed_is_told_by_sms_though_the_message_would_not_ask_for_it() -> None:
    made = routed(told(1, phone=PHONES[0]), closed={EMAILS[0]: Suppression.UNREACHABLE})

    assert [(each.channel.value, each.suppression, each.cause.value) for each in made] == [
        ("email", Suppression.UNREACHABLE, "Routed"), ("sms", None, "Failover"),
    ]  # fmt: skip


def test_who_has_unsubscribed_by_mail_is_not_told_by_sms_instead() -> None:
    tom = told(1, phone=PHONES[0])

    made = routed(tom, type="ProductMessage", closed={EMAILS[0]: Suppression.UNSUBSCRIBED})

    assert [(each.channel.value, each.suppression) for each in made] == [("email", Suppression.UNSUBSCRIBED)]


def test_the_more_a_message_matters_the_longer_it_is_tried() -> None:
    usual = [rules.lifetime_s(each, None) for each in (Severity.INFO, Severity.WARNING, Severity.CRITICAL)]

    assert usual == [86_400, 2 * 86_400, 3 * 86_400]
    assert rules.lifetime_s(Severity.INFO, 60) == 60
