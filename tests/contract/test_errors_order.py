"""Which refusal is answered when a call has several faults: the documented order of checks."""

from typing import Any

import pytest

from tests.contract.callers import Sdk
from tests.contract.provoked_by_parameters import LONG_EMAIL
from tests.contract.steps import NOBODYS, TOM, add, add_deleting, add_many, other_account

ADD_ORDER = [
    ({"name": None, "email_address": None, "title": None, "message_types": None}, "MissingParameter.Name"),
    ({"name": "t", "email_address": None, "title": None, "message_types": None}, "MissingParameter.EmailAddress"),
    ({"name": "t", "title": None, "message_types": None}, "MissingParameter.Title"),
    ({"name": "t", "title": "no", "message_types": None}, "MissingParameter.MessageTypes"),
    ({"name": "1", "title": "no"}, "InvalidParameter.Name.Length"),
    ({"name": "tom1", "title": "no"}, "InvalidParameter.Name"),
    ({"email_address": "@" * 255, "title": "no"}, "InvalidParameter.EmailAddress.Length"),
    ({"phone_number": "1-23", "title": "no"}, "InvalidParameter.PhoneNumber"),
    ({"phone_number": "852-51234567", "title": "no"}, "InvalidParameter.Title"),
    ({"phone_number": "852-51234567", "message_types": ["no"]}, "InvalidParameter.MessageTypes"),
    ({"name": "taken", "phone_number": "852-51234567"}, "InvalidParameter.MobileCountryCode"),
]


@pytest.mark.parametrize(("changes", "code"), ADD_ORDER)
def test_add_finds_what_is_missing_then_forms_then_the_country(sdk: Sdk, changes: dict[str, Any], code: str) -> None:
    add(sdk, name="taken")

    refused = sdk.refused("AddMessageContact", **{**TOM, **changes})

    assert refused.code == code


def test_add_looks_for_the_name_before_the_limit(sdk: Sdk) -> None:
    add_many(sdk, 20)

    refused = sdk.refused("AddMessageContact", **{**TOM, "name": "aa"})

    assert refused.code == "InvalidParameter.Name.AlreadyUsed"


UPDATE_ORDER = [
    ({"contact_id": None, "name": "t"}, "MissingParameter.ContactId"),
    ({"contact_id": "c-1", "name": "t"}, "InvalidParameter.ContactId"),
    ({"contact_id": NOBODYS, "name": "t"}, "InvalidParameter.Name.Length"),
    ({"contact_id": NOBODYS, "email_address": LONG_EMAIL}, "InvalidParameter.EmailAddress.Length"),
    ({"contact_id": NOBODYS, "phone_number": "852-51234567"}, "InvalidParameter.MobileCountryCode"),
    ({"contact_id": NOBODYS, "name": "taken"}, "EntityNotExists.Contact"),
]


@pytest.mark.parametrize(("given", "code"), UPDATE_ORDER)
def test_update_checks_every_form_before_it_looks_for_the_contact(sdk: Sdk, given: dict[str, Any], code: str) -> None:
    add(sdk, name="taken")

    refused = sdk.refused("UpdateMessageContact", **given)

    assert refused.code == code


def test_update_looks_at_the_status_before_the_name(sdk: Sdk) -> None:
    add(sdk, name="taken")
    contact_id = add_deleting(sdk)

    refused = sdk.refused("UpdateMessageContact", contact_id=contact_id, name="taken")

    assert refused.code == "ContactStatusMismatchAction"


def test_an_account_without_directory_is_told_so_before_any_parameter_is_read(sdk: Sdk) -> None:
    account = other_account(sdk.account.server, directory_id=None, is_management=True)

    refused = Sdk(account).refused("AddMessageContact")

    assert refused.code == "EntityNotExists.ResourceDirectory"


def test_a_user_without_policy_is_told_so_before_any_parameter_is_read(sdk: Sdk) -> None:
    alice = sdk.account.server.key(sdk.account.account_id, user_name="alice")

    refused = Sdk(alice).refused("UpdateMessageContact", contact_id="c-1")

    assert refused.code == "NoPermission"


def test_list_looks_for_the_contact_before_the_member(sdk: Sdk) -> None:
    refused = sdk.refused("ListMessageContacts", contact_id=NOBODYS, member="fd-ZDNPiTabcd")

    assert refused.code == "EntityNotExists.Contact"
