"""Changes of a verified email address or phone number: pending until they are verified or withdrawn."""

import pytest

from tests.contract.callers import Sdk
from tests.contract.steps import PHONE, add, add_active, add_deleting, prove, shown, waiting

NEW_PHONE = "86-13900005678"


def test_a_contact_is_active_once_its_email_address_is_verified(sdk: Sdk) -> None:
    contact_id = add(sdk, phone_number=PHONE)

    prove(sdk.account, contact_id, "tom@example.com")

    assert shown(sdk, contact_id)["Status"] == "Active"
    assert waiting(sdk, contact_id) == [PHONE]


def test_a_verified_phone_number_does_not_make_a_contact_active(sdk: Sdk) -> None:
    contact_id = add(sdk, phone_number=PHONE)

    prove(sdk.account, contact_id, PHONE)

    assert shown(sdk, contact_id)["Status"] == "Verifying"
    assert waiting(sdk, contact_id) == ["tom@example.com"]


def test_a_pending_address_waits_while_the_verified_one_is_shown(sdk: Sdk) -> None:
    contact_id = add_active(sdk)
    before = shown(sdk, contact_id)

    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address="new@example.com")

    assert shown(sdk, contact_id) == before
    assert waiting(sdk, contact_id) == ["new@example.com"]


def test_a_pending_number_waits_while_the_verified_one_is_shown(sdk: Sdk) -> None:
    contact_id = add_active(sdk, phone_number=PHONE)
    prove(sdk.account, contact_id, PHONE)

    sdk.call("UpdateMessageContact", contact_id=contact_id, phone_number=NEW_PHONE)

    assert shown(sdk, contact_id)["PhoneNumber"] == PHONE
    assert waiting(sdk, contact_id) == [NEW_PHONE]


def test_a_verified_number_of_an_unverified_contact_is_kept_too(sdk: Sdk) -> None:
    contact_id = add(sdk, phone_number=PHONE)
    prove(sdk.account, contact_id, PHONE)

    sdk.call("UpdateMessageContact", contact_id=contact_id, phone_number=NEW_PHONE)

    assert shown(sdk, contact_id)["PhoneNumber"] == PHONE
    assert waiting(sdk, contact_id) == ["tom@example.com", NEW_PHONE]


def test_a_pending_address_takes_effect_once_it_is_verified(sdk: Sdk) -> None:
    contact_id = add_active(sdk)
    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address="new@example.com")

    prove(sdk.account, contact_id, "new@example.com")

    assert shown(sdk, contact_id)["EmailAddress"] == "new@example.com"
    assert waiting(sdk, contact_id) == []


def test_a_second_update_replaces_the_pending_address(sdk: Sdk) -> None:
    contact_id = add_active(sdk)
    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address="new@example.com")

    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address="newer@example.com")

    assert waiting(sdk, contact_id) == ["newer@example.com"]


def test_the_address_in_force_sent_again_leaves_the_pending_one_alone(sdk: Sdk) -> None:
    contact_id = add_active(sdk)
    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address="new@example.com")

    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address="tom@example.com", title="Other")

    assert shown(sdk, contact_id)["Title"] == "Other"
    assert waiting(sdk, contact_id) == ["new@example.com"]


def test_a_number_never_verified_is_replaced_at_once_in_active_too(sdk: Sdk) -> None:
    contact_id = add_active(sdk, phone_number=PHONE)

    sdk.call("UpdateMessageContact", contact_id=contact_id, phone_number=NEW_PHONE)

    assert shown(sdk, contact_id)["PhoneNumber"] == NEW_PHONE
    assert waiting(sdk, contact_id) == [NEW_PHONE]


def test_a_number_never_verified_is_removed_at_once_in_active_too(sdk: Sdk) -> None:
    contact_id = add_active(sdk, phone_number=PHONE)

    sdk.call("UpdateMessageContact", contact_id=contact_id, phone_number="")

    assert "PhoneNumber" not in shown(sdk, contact_id)
    assert waiting(sdk, contact_id) == []


def test_removing_a_verified_number_drops_its_pending_change(sdk: Sdk) -> None:
    contact_id = add_active(sdk, phone_number=PHONE)
    prove(sdk.account, contact_id, PHONE)
    sdk.call("UpdateMessageContact", contact_id=contact_id, phone_number=NEW_PHONE)

    sdk.call("UpdateMessageContact", contact_id=contact_id, phone_number="")

    assert "PhoneNumber" not in shown(sdk, contact_id)
    assert waiting(sdk, contact_id) == []


def add_with_two_pending(sdk: Sdk) -> str:
    contact_id = add_active(sdk, phone_number=PHONE)
    prove(sdk.account, contact_id, PHONE)
    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address="new@example.com", phone_number=NEW_PHONE)
    return contact_id


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({}, []),
        ({"email_address": "new@example.com"}, [NEW_PHONE]),
        ({"phone_number": NEW_PHONE}, ["new@example.com"]),
        ({"email_address": "new@example.com", "phone_number": NEW_PHONE}, []),
    ],
    ids=["neither-named", "email-named", "phone-named", "both-named"],
)
def test_cancel_withdraws_what_is_named_or_everything(sdk: Sdk, given: dict[str, str], left: list[str]) -> None:
    contact_id = add_with_two_pending(sdk)
    before = shown(sdk, contact_id)

    sdk.call("CancelMessageContactUpdate", contact_id=contact_id, **given)

    assert waiting(sdk, contact_id) == left
    assert shown(sdk, contact_id) == before


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"email_address": "tom@example.com"}, "InvalidParameter.EmailAddress"),
        ({"email_address": "NEW@example.com"}, "InvalidParameter.EmailAddress"),
        ({"phone_number": PHONE}, "InvalidParameter.PhoneNumber"),
        ({"email_address": "new@example.com", "phone_number": PHONE}, "InvalidParameter.PhoneNumber"),
    ],
)
def test_cancel_of_what_is_not_pending_withdraws_nothing(sdk: Sdk, given: dict[str, str], code: str) -> None:
    contact_id = add_with_two_pending(sdk)

    refused = sdk.refused("CancelMessageContactUpdate", contact_id=contact_id, **given)

    assert refused.code == code
    assert waiting(sdk, contact_id) == ["new@example.com", NEW_PHONE]


def test_cancel_of_a_contact_never_verified_is_refused(sdk: Sdk) -> None:
    contact_id = add(sdk)

    refused = sdk.refused("CancelMessageContactUpdate", contact_id=contact_id)

    assert refused.code == "ContactStatusMismatchAction"
    assert waiting(sdk, contact_id) == ["tom@example.com"]


def test_cancel_of_a_contact_being_deleted_is_refused(sdk: Sdk) -> None:
    refused = sdk.refused("CancelMessageContactUpdate", contact_id=add_deleting(sdk))

    assert refused.code == "ContactStatusMismatchAction"


def test_cancel_while_deleting_keeps_the_pending_change(sdk: Sdk) -> None:
    contact_id = add_with_two_pending(sdk)
    sdk.call("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=False)

    refused = sdk.refused("CancelMessageContactUpdate", contact_id=contact_id)

    assert refused.code == "ContactStatusMismatchAction"
    assert waiting(sdk, contact_id) == ["new@example.com", NEW_PHONE]
