"""UpdateMessageContact: absent is not empty, equal is no change, names are unique, the order of types is kept."""

import pytest

from tests.contract.callers import Sdk
from tests.contract.steps import PHONE, TOM, add, add_active, prove, shown, stored, waiting
from tests.signing import call_v3


@pytest.mark.parametrize("parameter", ["Name", "EmailAddress", "Title", "MessageTypes"])
def test_a_parameter_given_empty_is_invalid(sdk: Sdk, parameter: str) -> None:
    contact_id = add(sdk)

    answer = call_v3(sdk.account, "UpdateMessageContact", {"ContactId": contact_id, parameter: ""})

    assert (answer.status, answer.code) == (400, f"InvalidParameter.{parameter}")


@pytest.mark.parametrize(
    ("attribute", "parameter"), [("name", "Name"), ("email_address", "EmailAddress"), ("title", "Title")]
)
def test_the_sdk_sends_empty_texts_and_shows_them_as_invalid(sdk: Sdk, attribute: str, parameter: str) -> None:
    contact_id = add(sdk)

    refused = sdk.refused("UpdateMessageContact", contact_id=contact_id, **{attribute: ""})

    assert (refused.status, refused.code) == (400, f"InvalidParameter.{parameter}")


@pytest.mark.parametrize("parameter", ["name", "email_address", "title"])
def test_a_parameter_that_add_demands_is_missing_when_it_is_empty(sdk: Sdk, parameter: str) -> None:
    refused = sdk.refused("AddMessageContact", **{**TOM, parameter: ""})

    assert refused.code.startswith("MissingParameter.")


@pytest.mark.parametrize(
    "action",
    [
        "UpdateMessageContact",
        "GetMessageContact",
        "DeleteMessageContact",
        "GetMessageContactDeletionStatus",
        "ListMessageContactVerifications",
        "CancelMessageContactUpdate",
    ],
)
def test_an_empty_contact_id_is_missing(sdk: Sdk, action: str) -> None:
    refused = sdk.refused(action, contact_id="")

    assert refused.code == "MissingParameter.ContactId"


def test_an_empty_contact_id_is_invalid_where_it_is_optional(sdk: Sdk) -> None:
    refused = sdk.refused("ListMessageContacts", contact_id="")

    assert refused.code == "InvalidParameter.ContactId"


@pytest.mark.parametrize(
    ("attribute", "parameter"), [("email_address", "EmailAddress"), ("phone_number", "PhoneNumber")]
)
def test_cancel_takes_no_empty_target(sdk: Sdk, attribute: str, parameter: str) -> None:
    refused = sdk.refused("CancelMessageContactUpdate", contact_id=add(sdk), **{attribute: ""})

    assert refused.code == f"InvalidParameter.{parameter}"


def test_an_empty_phone_number_removes_the_number(sdk: Sdk) -> None:
    contact_id = add(sdk, phone_number=PHONE)

    sdk.call("UpdateMessageContact", contact_id=contact_id, phone_number="")

    assert "PhoneNumber" not in shown(sdk, contact_id)
    assert waiting(sdk, contact_id) == ["tom@example.com"]


def test_an_empty_phone_number_removes_a_verified_number(sdk: Sdk) -> None:
    contact_id = add_active(sdk, phone_number=PHONE)
    prove(sdk.account, contact_id, PHONE)

    sdk.call("UpdateMessageContact", contact_id=contact_id, phone_number="")

    assert "PhoneNumber" not in shown(sdk, contact_id)


def test_an_empty_phone_number_of_a_contact_without_one_changes_nothing(sdk: Sdk) -> None:
    contact_id = add(sdk)
    before = stored(sdk.account, contact_id)

    sdk.call("UpdateMessageContact", contact_id=contact_id, phone_number="")

    assert stored(sdk.account, contact_id) == before


def test_an_empty_phone_number_in_add_is_none(sdk: Sdk) -> None:
    contact_id = add(sdk, phone_number="")

    assert "PhoneNumber" not in shown(sdk, contact_id)


def test_the_values_in_force_sent_again_change_nothing(sdk: Sdk) -> None:
    contact_id = add(sdk, phone_number=PHONE)
    before = stored(sdk.account, contact_id)

    sdk.call("UpdateMessageContact", contact_id=contact_id, **TOM, phone_number=PHONE)

    assert stored(sdk.account, contact_id) == before


def test_a_name_differs_from_another_by_case_alone(sdk: Sdk) -> None:
    first, second = add(sdk, name="tom"), add(sdk, name="Tom")

    sdk.call("UpdateMessageContact", contact_id=second, name="TOM")

    assert (shown(sdk, first)["Name"], shown(sdk, second)["Name"]) == ("tom", "TOM")


def test_the_name_of_a_deleted_contact_is_free(sdk: Sdk) -> None:
    sdk.call("DeleteMessageContact", contact_id=add(sdk, name="jerry"))
    contact_id = add(sdk)

    sdk.call("UpdateMessageContact", contact_id=contact_id, name="jerry")

    assert shown(sdk, contact_id)["Name"] == "jerry"


def test_two_contacts_may_share_address_and_number(sdk: Sdk) -> None:
    add(sdk, name="jerry", phone_number=PHONE)
    contact_id = add(sdk, email_address="other@example.com")

    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address="tom@example.com", phone_number=PHONE)

    contact = shown(sdk, contact_id)
    assert (contact["EmailAddress"], contact["PhoneNumber"]) == ("tom@example.com", PHONE)


@pytest.mark.parametrize("name", ["张三", "ab", "abcdefghijkl", "一二三四五六七八九十甲乙", "Tom张"])
def test_a_name_has_2_to_12_letters_or_characters(sdk: Sdk, name: str) -> None:
    contact_id = add(sdk)

    sdk.call("UpdateMessageContact", contact_id=contact_id, name=name)

    assert shown(sdk, contact_id)["Name"] == name


@pytest.mark.parametrize("name", ["张", "abcdefghijklm", "一二三四五六七八九十甲乙丙"])
def test_a_name_is_measured_in_characters(sdk: Sdk, name: str) -> None:
    refused = sdk.refused("UpdateMessageContact", contact_id=add(sdk), name=name)

    assert refused.code == "InvalidParameter.Name.Length"


@pytest.mark.parametrize("name", ["tom ", "tom\n", "to.m", "tom2", "tomé", "ｔｏｍ", "to m"])  # noqa: RUF001
def test_a_name_has_letters_only(sdk: Sdk, name: str) -> None:
    refused = sdk.refused("UpdateMessageContact", contact_id=add(sdk), name=name)

    assert refused.code == "InvalidParameter.Name"


def test_the_longest_email_address_has_254_characters(sdk: Sdk) -> None:
    contact_id, longest = add(sdk), "a" * 242 + "@example.com"

    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address=longest)

    assert shown(sdk, contact_id)["EmailAddress"] == longest
