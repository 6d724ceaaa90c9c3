"""To whom a message goes, against a naive reading of the rule."""

from hypothesis import given
from hypothesis import strategies as st

from callboard.contacts.rules import MESSAGE_TYPES, Address, Contact, Status
from callboard.delivery.letter import Channel
from callboard.messages import rules
from callboard.messages.rules import Delivery, Severity, Suppression
from callboard.recipients.rules import Effective, Way
from tests.property.profiles import examples

MESSAGE = "m-0123456789abcdef"
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


def routed(*found: Effective, severity: Severity = Severity.WARNING, type: str = "ServiceMessage") -> list[Delivery]:
    return rules.route(MESSAGE, type, severity, found)


def ways(found: list[Delivery]) -> list[tuple[str, str]]:
    return [(each.channel.value, each.recipient) for each in found]


@examples(150)
@given(people(), TYPES, SEVERITIES)
def test_every_address_that_is_told_gets_it_once_for_the_sake_of_all_its_contacts(
    found: list[Effective], message_type: str, severity: Severity
) -> None:
    by_sms = severity == "Critical" or message_type in ("SecurityMessage", "FaultMessage")
    expected: dict[tuple[str, str], set[str]] = {}
    for each in found:
        contact = each.contact
        expected.setdefault(("email", contact.email.value.lower()), set()).add(contact.contact_id)
        if by_sms and contact.phone is not None and contact.phone.verified_at is not None:
            expected.setdefault(("sms", contact.phone.value), set()).add(contact.contact_id)

    made = rules.route(MESSAGE, message_type, severity, found)

    assert len({each.delivery_id for each in made}) == len(made)
    assert {
        (each.channel.value, each.recipient.lower()): {one.contact.contact_id for one in each.contacts} for each in made
    } == expected
    assert rules.route(MESSAGE, message_type, severity, found) == made


@examples(80)
@given(people(), st.sets(st.sampled_from([*EMAILS, *PHONES])))
def test_the_fallback_is_needed_exactly_when_nobody_is_told(found: list[Effective], refused: set[str]) -> None:
    made = rules.without(routed(*found, severity=Severity.CRITICAL), refused)

    going = [each for each in made if each.recipient not in refused]
    assert [each for each in made if each.suppression is None] == going
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


def test_an_address_that_two_contacts_share_gets_it_once_in_the_first_ones_spelling() -> None:
    (delivery,) = routed(told(1, EMAILS[1]), told(2, EMAILS[0]))

    assert (delivery.recipient, delivery.contact_id) == (EMAILS[1], "c-1")
    assert [each.contact.contact_id for each in delivery.contacts] == ["c-1", "c-2"]


def test_the_id_of_a_delivery_is_its_messages_contacts_and_channels_alone() -> None:
    one = rules.delivery_id(MESSAGE, "c-1", Channel.EMAIL)

    assert one == rules.delivery_id(MESSAGE, "c-1", Channel.EMAIL)
    assert len({one, *(rules.delivery_id(*each) for each in (
        ("m-other", "c-1", Channel.EMAIL), (MESSAGE, "c-2", Channel.EMAIL), (MESSAGE, "c-1", Channel.SMS)
    ))}) == 4  # fmt: skip
    assert len(one) == 32


def test_a_refused_address_is_suppressed_and_the_fallback_is_nobodys() -> None:
    (suppressed,) = rules.without(routed(told(1)), {EMAILS[0]})
    fallback = rules.fallback(MESSAGE, "duty@example.com")

    assert suppressed.suppression is Suppression.REFUSED
    assert (fallback.contact_id, fallback.channel, fallback.contacts) == ("", Channel.EMAIL, ())


def test_the_more_a_message_matters_the_longer_it_is_tried() -> None:
    usual = [rules.lifetime_s(each, None) for each in (Severity.INFO, Severity.WARNING, Severity.CRITICAL)]

    assert usual == [86_400, 2 * 86_400, 3 * 86_400]
    assert rules.lifetime_s(Severity.INFO, 60) == 60
