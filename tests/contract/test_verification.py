"""Sending what asks an owner for a proof, and what comes of the proof: behaviour.md, sections 3.3 and 8."""

import pytest

from tests.contract.callers import Sdk
from tests.contract.sending import NOT_FOUND, add_pending, refused, send
from tests.contract.steps import (
    NOBODYS,
    SEND_EMAIL,
    SEND_PHONE,
    TOM,
    add,
    add_active,
    add_deleting,
    new_email,
    new_phone,
    prove,
    shown,
    waiting,
)
from tests.owner import Owner


def test_a_new_contact_is_active_once_its_owner_has_pressed_the_button(sdk: Sdk, email: Owner) -> None:
    contact_id = add(sdk, email_address=email.address)
    send(sdk, contact_id, email)
    before = (shown(sdk, contact_id)["Status"], waiting(sdk, contact_id))

    email.press("confirm")

    assert before == ("Verifying", [email.address])
    assert (shown(sdk, contact_id)["Status"], waiting(sdk, contact_id)) == ("Active", [])


def test_a_new_contact_is_active_once_its_owner_has_typed_the_code(sdk: Sdk, email: Owner) -> None:
    contact_id = add(sdk, email_address=email.address)
    send(sdk, contact_id, email)

    answer = email.type_code()

    assert answer.status == 200
    assert (shown(sdk, contact_id)["Status"], waiting(sdk, contact_id)) == ("Active", [])


def test_an_address_is_not_proven_by_being_written_to_nor_by_an_opened_link(sdk: Sdk, email: Owner) -> None:
    contact_id = add(sdk, email_address=email.address)
    send(sdk, contact_id, email)

    email.open()

    assert (shown(sdk, contact_id)["Status"], waiting(sdk, contact_id)) == ("Verifying", [email.address])


@pytest.mark.parametrize("way", ["link", "code"])
def test_a_number_is_proven_on_its_own(sdk: Sdk, phone: Owner, way: str) -> None:
    contact_id = add(sdk, phone_number=phone.address)
    send(sdk, contact_id, phone)

    phone.press("confirm") if way == "link" else phone.type_code()

    assert (shown(sdk, contact_id)["Status"], waiting(sdk, contact_id)) == ("Verifying", [TOM["email_address"]])


def test_a_pending_address_takes_the_place_of_the_one_in_effect_once_it_is_proven(sdk: Sdk, email: Owner) -> None:
    contact_id = add_pending(sdk, email)
    send(sdk, contact_id, email)
    before = shown(sdk, contact_id)

    email.press("confirm")

    assert before["EmailAddress"] == TOM["email_address"]
    assert shown(sdk, contact_id) == {**before, "EmailAddress": email.address}
    assert waiting(sdk, contact_id) == []


def test_a_pending_number_takes_the_place_of_the_one_in_effect_once_it_is_proven(sdk: Sdk, phone: Owner) -> None:
    old = new_phone()
    contact_id = add_active(sdk, phone_number=old)
    prove(sdk.account, contact_id, old)
    sdk.call("UpdateMessageContact", contact_id=contact_id, phone_number=phone.address)
    send(sdk, contact_id, phone)
    before = shown(sdk, contact_id)

    phone.press("confirm")

    assert before["PhoneNumber"] == old
    assert shown(sdk, contact_id) == {**before, "PhoneNumber": phone.address}


def test_email_and_number_are_sent_to_and_proven_apart(sdk: Sdk, email: Owner, phone: Owner) -> None:
    contact_id = add(sdk, email_address=email.address, phone_number=phone.address)
    send(sdk, contact_id, email)
    send(sdk, contact_id, phone)

    email.press("confirm")

    assert waiting(sdk, contact_id) == [phone.address]
    assert phone.open().status == 200
    phone.press("confirm")
    assert waiting(sdk, contact_id) == []


def test_nothing_is_sent_to_an_address_in_effect(sdk: Sdk, email: Owner, phone: Owner) -> None:
    contact_id = add(sdk, email_address=email.address, phone_number=phone.address)
    for owner in (email, phone):
        prove(sdk.account, contact_id, owner.address)

    answers = [refused(sdk, contact_id, owner) for owner in (email, phone)]

    assert answers == [NOT_FOUND] * 2
    assert [*email.letters, *phone.letters] == []


def test_nothing_is_sent_to_the_address_in_effect_while_another_waits(sdk: Sdk, email: Owner) -> None:
    contact_id = add_pending(sdk, email)

    answer = sdk.refused(SEND_EMAIL, contact_id=contact_id, email_address=TOM["email_address"])

    assert answer == NOT_FOUND


def test_nothing_is_sent_to_an_address_that_was_never_set(sdk: Sdk, email: Owner, phone: Owner) -> None:
    contact_id = add(sdk)

    answers = [refused(sdk, contact_id, owner) for owner in (email, phone)]

    assert answers == [NOT_FOUND] * 2
    assert [*email.letters, *phone.letters] == []


def test_nothing_is_sent_to_another_spelling_of_the_address(sdk: Sdk, email: Owner) -> None:
    contact_id = add(sdk, email_address=email.address)

    answer = sdk.refused(SEND_EMAIL, contact_id=contact_id, email_address=email.address.upper())

    assert answer == NOT_FOUND


def test_nothing_is_sent_to_an_address_that_was_replaced(sdk: Sdk, email: Owner) -> None:
    contact_id = add_pending(sdk, email)
    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address=new_email())

    assert refused(sdk, contact_id, email) == NOT_FOUND


def test_nothing_is_sent_to_an_address_whose_change_was_cancelled(sdk: Sdk, email: Owner) -> None:
    contact_id = add_pending(sdk, email)
    sdk.call("CancelMessageContactUpdate", contact_id=contact_id)

    assert refused(sdk, contact_id, email) == NOT_FOUND


def test_nothing_is_sent_to_a_number_that_was_removed(sdk: Sdk, phone: Owner) -> None:
    contact_id = add(sdk, phone_number=phone.address)
    sdk.call("UpdateMessageContact", contact_id=contact_id, phone_number="")

    assert refused(sdk, contact_id, phone) == NOT_FOUND


def test_nothing_is_sent_for_a_contact_that_is_being_deleted(sdk: Sdk, email: Owner) -> None:
    contact_id = add_deleting(sdk, email_address=email.address)

    assert refused(sdk, contact_id, email) == NOT_FOUND
    assert email.letters == []


def test_the_contact_is_looked_for_before_the_verification(sdk: Sdk, email: Owner) -> None:
    answer = refused(sdk, NOBODYS, email)

    assert answer.code == "EntityNotExists.Contact"


@pytest.mark.parametrize(
    ("action", "given", "code"),
    [
        (SEND_EMAIL, {}, "MissingParameter.ContactId"),
        (SEND_PHONE, {"phone_number": "1"}, "MissingParameter.ContactId"),
        (SEND_EMAIL, {"contact_id": "c-1", "email_address": "tom"}, "InvalidParameter.ContactId"),
        (SEND_PHONE, {"contact_id": "c-1", "phone_number": "1"}, "InvalidParameter.ContactId"),
        (SEND_EMAIL, {"contact_id": NOBODYS}, "MissingParameter.EmailAddress"),
        (SEND_EMAIL, {"contact_id": NOBODYS, "email_address": ""}, "MissingParameter.EmailAddress"),
        (SEND_PHONE, {"contact_id": NOBODYS, "phone_number": ""}, "MissingParameter.PhoneNumber"),
        (
            SEND_EMAIL,
            {"contact_id": NOBODYS, "email_address": "a" * 255 + "@example.com"},
            "InvalidParameter.EmailAddress",
        ),
        (SEND_EMAIL, {"contact_id": NOBODYS, "email_address": "86-13900001234"}, "InvalidParameter.EmailAddress"),
        (SEND_PHONE, {"contact_id": NOBODYS, "phone_number": "tom@example.com"}, "InvalidParameter.PhoneNumber"),
        (SEND_PHONE, {"contact_id": NOBODYS, "phone_number": "852-51234567"}, "InvalidParameter.MobileCountryCode"),
        (SEND_PHONE, {"contact_id": NOBODYS, "phone_number": "86-13900001234"}, "EntityNotExists.Contact"),
    ],
)
def test_what_is_wrong_is_named_in_the_documented_order(
    sdk: Sdk, action: str, given: dict[str, str], code: str
) -> None:
    assert sdk.refused(action, **given).code == code


@pytest.mark.parametrize("action", [SEND_EMAIL, SEND_PHONE])
def test_a_malformed_contact_id_is_named_before_an_address_that_is_missing(sdk: Sdk, action: str) -> None:
    """The order of checks of both operations in message-contact-api.yaml."""
    assert sdk.refused(action, contact_id="c-1").code == "InvalidParameter.ContactId"
