"""The pages of ListMessageContacts and ListMessageContactVerifications."""

from typing import Any

import pytest

from tests.contract.callers import Sdk
from tests.contract.steps import PHONE, add, add_many
from tests.signing import call_v3


def page(sdk: Sdk, **parameters: Any) -> list[str]:
    return [contact["ContactId"] for contact in sdk.call("ListMessageContacts", **parameters)["Contacts"]]


def test_a_page_holds_10_contacts_unless_told_otherwise(sdk: Sdk) -> None:
    added = add_many(sdk, 12)

    reply = sdk.call("ListMessageContacts")

    assert [contact["ContactId"] for contact in reply["Contacts"]] == added[:10]
    assert (reply["TotalCount"], reply["PageNumber"], reply["PageSize"]) == (12, 1, 10)


def test_pages_together_hold_every_contact_once(sdk: Sdk) -> None:
    added = add_many(sdk, 5)

    pages = [page(sdk, page_number=number, page_size=2) for number in (1, 2, 3, 4)]

    assert pages == [added[:2], added[2:4], added[4:], []]


def test_a_page_behind_the_last_is_empty_and_knows_the_total(sdk: Sdk) -> None:
    add_many(sdk, 3)

    reply = sdk.call("ListMessageContacts", page_number=2**31 - 1, page_size=100)

    assert (reply["TotalCount"], reply["PageNumber"], reply["PageSize"]) == (3, 2**31 - 1, 100)
    assert reply["Contacts"] == []


def test_an_updated_contact_keeps_its_place(sdk: Sdk) -> None:
    added = add_many(sdk, 3)

    sdk.call("UpdateMessageContact", contact_id=added[0], name="zz")

    assert page(sdk) == added


def test_a_deleted_contact_leaves_no_gap(sdk: Sdk) -> None:
    added = add_many(sdk, 4)

    sdk.call("DeleteMessageContact", contact_id=added[1])

    assert page(sdk, page_size=2, page_number=2) == [added[3]]


def test_the_list_of_one_contact_is_paged_too(sdk: Sdk) -> None:
    contact_id = add(sdk)

    reply = sdk.call("ListMessageContacts", contact_id=contact_id, page_number=2)

    assert (reply["TotalCount"], reply["Contacts"]) == (1, [])


def test_verifications_are_paged(sdk: Sdk) -> None:
    contact_id = add(sdk, phone_number=PHONE)

    replies = [
        sdk.call("ListMessageContactVerifications", contact_id=contact_id, page_number=number, page_size=1)
        for number in (1, 2, 3)
    ]

    targets = [[entry["Target"] for entry in reply["ContactVerifications"]] for reply in replies]
    assert targets == [["tom@example.com"], [PHONE], []]
    assert [reply["TotalCount"] for reply in replies] == [2, 2, 2]
    assert [reply["PageNumber"] for reply in replies] == [1, 2, 3]


@pytest.mark.parametrize("action", ["ListMessageContacts", "ListMessageContactVerifications"])
@pytest.mark.parametrize("parameter", ["PageNumber", "PageSize"])
@pytest.mark.parametrize("value", ["0", "-1", "", "one", "1.0", "\u0661", "2147483648", " 1", "1" * 400])
def test_a_page_value_out_of_range_is_refused_by_its_name(sdk: Sdk, action: str, parameter: str, value: str) -> None:
    parameters = {"ContactId": add(sdk), parameter: value}

    answer = call_v3(sdk.account, action, parameters)

    assert (answer.status, answer.code) == (400, "InvalidParameter")
    assert answer.json["Message"] == f"Specified parameter {parameter} is not valid."


@pytest.mark.parametrize("action", ["ListMessageContacts", "ListMessageContactVerifications"])
def test_a_page_of_101_is_refused(sdk: Sdk, action: str) -> None:
    refused = sdk.refused(action, contact_id=add(sdk), page_size=101)

    assert refused == (400, "InvalidParameter", "Specified parameter PageSize is not valid.")
