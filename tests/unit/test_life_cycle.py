"""The life of a contact: what each step makes of it, and when it is refused."""

from typing import Any

import pytest
from msgspec.structs import replace

from callboard.contacts import errors, rules
from callboard.contacts.rules import Address, Contact, Status

NEW = Contact(
    contact_id="c-qL4HqKONzOM7abcd",
    name="tom",
    title="CEO",
    message_types=("FaultMessage",),
    status=Status.VERIFYING,
    email=Address("tom@example.com"),
    phone=Address("86-13900001234"),
    created_at=1,
    modified_at=1,
)
ACTIVE = replace(
    NEW,
    status=Status.ACTIVE,
    email=Address("tom@example.com", verified_at=2),
    phone=Address("86-13900001234", verified_at=3),
)
PENDING = replace(
    ACTIVE,
    email=Address("tom@example.com", verified_at=2, pending="new@example.com"),
    phone=Address("86-13900001234", verified_at=3, pending="86-13900009999"),
)
DELETING = replace(PENDING, status=Status.DELETING)


def test_an_address_that_nobody_has_proven_is_replaced_at_once() -> None:
    changed = Address("a").changed("b")

    assert changed == Address("b")
    assert changed.unproven == "b"


def test_a_proven_address_stays_in_effect_while_its_change_waits() -> None:
    changed = Address("a", verified_at=1).changed("b")

    assert changed == Address("a", verified_at=1, pending="b")
    assert changed.unproven == "b"


def test_a_second_change_replaces_the_one_that_waits() -> None:
    changed = Address("a", verified_at=1, pending="b").changed("c")

    assert changed == Address("a", verified_at=1, pending="c")


@pytest.mark.parametrize("address", [Address("a"), Address("a", 1), Address("a", 1, "b")])
def test_the_value_in_effect_changes_nothing_and_leaves_alone_what_waits(address: Address) -> None:
    changed = address.changed("a")

    assert changed is address


def test_a_proof_puts_in_effect_what_waited() -> None:
    assert Address("a").proven(at=5) == Address("a", verified_at=5)
    assert Address("a", 1, "b").proven(at=5) == Address("b", verified_at=5)
    assert Address("a", 1).proven(at=5) == Address("a", verified_at=5)


def test_a_proven_address_waits_for_nothing() -> None:
    assert Address("a", 1).unproven is None


def test_a_contact_lists_every_address_that_waits() -> None:
    assert NEW.unproven == ["tom@example.com", "86-13900001234"]
    assert ACTIVE.unproven == []
    assert PENDING.unproven == ["new@example.com", "86-13900009999"]
    assert replace(NEW, phone=None).unproven == ["tom@example.com"]


@pytest.mark.parametrize("contact", [NEW, ACTIVE, PENDING], ids=["new", "active", "pending"])
@pytest.mark.parametrize(
    "change",
    [{"name": "tim"}, {"title": "Other"}, {"message_types": ("ServiceMessage", "FaultMessage")}],
    ids=["name", "title", "types"],
)
def test_name_title_and_types_change_at_once(contact: Contact, change: dict[str, Any]) -> None:
    changed = rules.change(contact, at=9, **change)

    assert changed == replace(contact, modified_at=9, **change)


@pytest.mark.parametrize("contact", [NEW, ACTIVE, PENDING], ids=["new", "active", "pending"])
def test_values_that_are_there_already_change_nothing(contact: Contact) -> None:
    changed = rules.change(
        contact,
        at=9,
        name="tom",
        title="CEO",
        message_types=("FaultMessage",),
        email="tom@example.com",
        phone="86-13900001234",
    )

    assert changed is contact


def test_another_order_of_types_is_a_change() -> None:
    contact = replace(NEW, message_types=("FaultMessage", "ServiceMessage"))

    changed = rules.change(contact, at=9, message_types=("ServiceMessage", "FaultMessage"))

    assert changed.message_types == ("ServiceMessage", "FaultMessage")
    assert changed.modified_at == 9


def test_nothing_given_changes_nothing() -> None:
    assert rules.change(NEW, at=9) is NEW


def test_a_new_contacts_address_and_number_are_replaced_at_once() -> None:
    changed = rules.change(NEW, at=9, email="b@example.com", phone="86-1")

    assert changed == replace(NEW, email=Address("b@example.com"), phone=Address("86-1"), modified_at=9)


def test_an_active_contacts_address_and_number_wait() -> None:
    changed = rules.change(ACTIVE, at=9, email="new@example.com", phone="86-13900009999")

    assert changed == replace(PENDING, modified_at=9)
    assert changed.status is Status.ACTIVE


@pytest.mark.parametrize("contact", [NEW, ACTIVE, PENDING], ids=["new", "active", "pending"])
def test_an_empty_number_removes_it_with_what_waits(contact: Contact) -> None:
    changed = rules.change(contact, at=9, phone="")

    assert changed == replace(contact, phone=None, modified_at=9)


def test_an_empty_number_removes_nothing_where_there_is_none() -> None:
    contact = replace(NEW, phone=None)

    assert rules.change(contact, at=9, phone="") is contact


def test_a_first_number_needs_a_proof() -> None:
    changed = rules.change(replace(ACTIVE, phone=None), at=9, phone="86-1")

    assert changed.phone == Address("86-1")
    assert changed.unproven == ["86-1"]


def test_a_contact_that_is_being_deleted_is_not_changed() -> None:
    with pytest.raises(errors.ContactStatusMismatch):
        rules.change(DELETING, at=9, name="tim")


@pytest.mark.parametrize(
    ("named", "email", "phone"),
    [
        ({}, None, None),
        ({"email": "new@example.com", "phone": "86-13900009999"}, None, None),
        ({"email": "new@example.com"}, None, "86-13900009999"),
        ({"phone": "86-13900009999"}, "new@example.com", None),
    ],
)
def test_a_cancel_withdraws_what_is_named_or_everything(
    named: dict[str, str], email: str | None, phone: str | None
) -> None:
    changed = rules.cancel(PENDING, at=9, **named)

    assert changed.email == Address("tom@example.com", 2, email)
    assert changed.phone == Address("86-13900001234", 3, phone)
    assert (changed.status, changed.modified_at) == (Status.ACTIVE, 9)


def test_a_cancel_leaves_a_number_alone_that_was_never_proven() -> None:
    contact = replace(PENDING, phone=Address("86-1"))

    changed = rules.cancel(contact, at=9)

    assert changed.phone == Address("86-1")


def test_a_cancel_needs_no_number() -> None:
    changed = rules.cancel(replace(PENDING, phone=None), at=9)

    assert changed == replace(PENDING, phone=None, email=replace(PENDING.email, pending=None), modified_at=9)


@pytest.mark.parametrize("contact", [NEW, ACTIVE, DELETING], ids=["never proven", "nothing pending", "deleting"])
def test_a_cancel_of_nothing_does_not_fit_the_status(contact: Contact) -> None:
    with pytest.raises(errors.ContactStatusMismatch):
        rules.cancel(contact, at=9)


@pytest.mark.parametrize("email", ["tom@example.com", "other@example.com"])
def test_a_cancel_of_another_address_is_invalid(email: str) -> None:
    with pytest.raises(errors.EmailAddressInvalid):
        rules.cancel(PENDING, at=9, email=email)


@pytest.mark.parametrize("phone", ["86-13900001234", "86-1"])
def test_a_cancel_of_another_number_is_invalid(phone: str) -> None:
    with pytest.raises(errors.PhoneNumberInvalid):
        rules.cancel(PENDING, at=9, email="new@example.com", phone=phone)


def test_a_cancel_of_a_number_is_invalid_where_there_is_none() -> None:
    with pytest.raises(errors.PhoneNumberInvalid):
        rules.cancel(replace(PENDING, phone=None), at=9, phone="86-1")


def test_the_proof_of_the_address_makes_a_contact_active() -> None:
    proven = rules.prove(NEW, "tom@example.com", at=9)

    assert proven == replace(NEW, status=Status.ACTIVE, email=Address("tom@example.com", verified_at=9), modified_at=9)


def test_the_proof_of_the_number_does_not() -> None:
    proven = rules.prove(NEW, "86-13900001234", at=9)

    assert proven == replace(NEW, phone=Address("86-13900001234", verified_at=9), modified_at=9)


def test_the_proof_of_a_change_puts_it_in_effect() -> None:
    proven = rules.prove(rules.prove(PENDING, "new@example.com", at=8), "86-13900009999", at=9)

    assert proven == replace(
        ACTIVE, email=Address("new@example.com", 8), phone=Address("86-13900009999", 9), modified_at=9
    )


@pytest.mark.parametrize(
    ("contact", "target"),
    [
        (NEW, "other@example.com"),
        (ACTIVE, "tom@example.com"),
        (PENDING, "tom@example.com"),
        (PENDING, "86-13900001234"),
        (replace(NEW, phone=None), "86-13900001234"),
        (DELETING, "new@example.com"),
        (replace(NEW, status=Status.DELETING), "tom@example.com"),
    ],
)
def test_the_proof_of_what_does_not_wait_changes_nothing(contact: Contact, target: str) -> None:
    proven = rules.prove(contact, target, at=9)

    assert proven is contact


@pytest.mark.parametrize("contact", [NEW, ACTIVE, PENDING], ids=["new", "active", "pending"])
def test_a_deletion_starts_from_every_other_status(contact: Contact) -> None:
    started = rules.start_deletion(contact, at=9)

    assert started == replace(contact, status=Status.DELETING, modified_at=9)


def test_a_deletion_under_way_is_not_started_again() -> None:
    with pytest.raises(errors.ConcurrentCall):
        rules.start_deletion(DELETING, at=9)


def test_a_refused_change_is_dropped_and_what_is_in_effect_stays() -> None:
    without_email = rules.refuse(PENDING, "new@example.com", at=9)
    without_phone = rules.refuse(PENDING, "86-13900009999", at=9)

    assert without_email == replace(PENDING, email=ACTIVE.email, modified_at=9)
    assert without_phone == replace(PENDING, phone=ACTIVE.phone, modified_at=9)


def test_a_refused_number_that_nobody_has_proven_is_removed() -> None:
    refused = rules.refuse(NEW, "86-13900001234", at=9)

    assert refused == replace(NEW, phone=None, modified_at=9)


def test_a_refused_email_address_that_nobody_has_proven_stays() -> None:
    refused = rules.refuse(NEW, "tom@example.com", at=9)

    assert refused == replace(NEW, modified_at=9)
    assert refused.status is Status.VERIFYING


@pytest.mark.parametrize(
    ("contact", "target"),
    [
        (NEW, "other@example.com"),
        (ACTIVE, "tom@example.com"),
        (ACTIVE, "86-13900001234"),
        (PENDING, "tom@example.com"),
        (replace(NEW, phone=None), "86-13900001234"),
        (DELETING, "new@example.com"),
    ],
)
def test_the_refusal_of_what_does_not_wait_changes_nothing(contact: Contact, target: str) -> None:
    assert rules.refuse(contact, target, at=9) is contact
