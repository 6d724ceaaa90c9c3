"""UpdateMessageContact with every combination of its five optional parameters, present or absent."""

from itertools import product
from typing import Any

import pytest

from tests.contract.callers import Sdk
from tests.contract.steps import PHONE, add, add_active, shown, waiting

NEW: dict[str, Any] = {
    "name": "jerry",
    "email_address": "jerry@example.com",
    "phone_number": "86-13900005678",
    "title": "Other",
    "message_types": ["SecurityMessage", "FaultMessage"],
}
SHOWN = {
    "name": "Name",
    "email_address": "EmailAddress",
    "phone_number": "PhoneNumber",
    "title": "Title",
    "message_types": "MessageTypes",
}
COMBINATIONS = [
    tuple(name for name, given in zip(NEW, mask, strict=True) if given) for mask in product((0, 1), repeat=5)
]

EVERY_COMBINATION = pytest.mark.parametrize("given", COMBINATIONS, ids=lambda given: "+".join(given) or "nothing")


def test_there_are_32_combinations() -> None:
    assert len(set(COMBINATIONS)) == 32


@EVERY_COMBINATION
def test_an_update_of_an_unverified_contact_changes_exactly_what_is_given(sdk: Sdk, given: tuple[str, ...]) -> None:
    contact_id = add(sdk, phone_number=PHONE)
    before = shown(sdk, contact_id)

    sdk.call("UpdateMessageContact", contact_id=contact_id, **{name: NEW[name] for name in given})

    assert shown(sdk, contact_id) == {**before, **{SHOWN[name]: NEW[name] for name in given}}


@EVERY_COMBINATION
def test_an_update_of_an_active_contact_keeps_a_new_email_address_pending(sdk: Sdk, given: tuple[str, ...]) -> None:
    contact_id = add_active(sdk, phone_number=PHONE)
    before = shown(sdk, contact_id)
    at_once = set(given) - {"email_address"}

    sdk.call("UpdateMessageContact", contact_id=contact_id, **{name: NEW[name] for name in given})

    phone = NEW["phone_number"] if "phone_number" in given else PHONE
    pending = [NEW["email_address"]] if "email_address" in given else []
    assert shown(sdk, contact_id) == {**before, **{SHOWN[name]: NEW[name] for name in at_once}}
    assert waiting(sdk, contact_id) == [*pending, phone]


@EVERY_COMBINATION
def test_an_update_with_one_bad_parameter_changes_nothing(sdk: Sdk, given: tuple[str, ...]) -> None:
    contact_id = add(sdk, phone_number=PHONE)
    before = shown(sdk, contact_id)
    parameters = {**{name: NEW[name] for name in given}, "title": "Nobody"}

    refused = sdk.refused("UpdateMessageContact", contact_id=contact_id, **parameters)

    assert refused.code == "InvalidParameter.Title"
    assert shown(sdk, contact_id) == before
