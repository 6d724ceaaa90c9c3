"""The Member filter of ListMessageContacts: contacts bound directly to a target, with the moment of the binding."""

from typing import Any

import pytest

from tests.contract.callers import Sdk
from tests.contract.steps import NOBODYS, add, bind, root_folder, shown

AT, WRITTEN = 1_700_000_000_000, "2023-11-14 22:13:20"


def listed(sdk: Sdk, **parameters: Any) -> list[str]:
    reply = sdk.call("ListMessageContacts", **parameters)
    assert reply["TotalCount"] == len(reply["Contacts"])
    return [contact["ContactId"] for contact in reply["Contacts"]]


def test_the_filter_keeps_contacts_bound_to_the_directory(sdk: Sdk) -> None:
    account, bound, _ = sdk.account, add(sdk, name="bound"), add(sdk, name="free")
    bind(account, bound, account.directory_id, at=AT)

    assert listed(sdk, member=account.directory_id) == [bound]


def test_the_root_folder_is_another_name_of_the_directory(sdk: Sdk) -> None:
    account, bound = sdk.account, add(sdk)
    bind(account, bound, account.directory_id, at=AT)

    assert listed(sdk, member=root_folder(account)) == [bound]


def test_the_filter_lists_in_order_of_addition(sdk: Sdk) -> None:
    account, first, second = sdk.account, add(sdk, name="first"), add(sdk, name="second")
    bind(account, second, account.directory_id, at=AT)
    bind(account, first, account.directory_id, at=AT + 1000)

    assert listed(sdk, member=account.directory_id) == [first, second]


def test_the_associated_date_comes_with_the_filter(sdk: Sdk) -> None:
    account, contact_id = sdk.account, add(sdk)
    bind(account, contact_id, account.directory_id, at=AT)

    (contact,) = sdk.call("ListMessageContacts", member=account.directory_id)["Contacts"]

    assert contact == {**shown(sdk, contact_id), "AssociatedDate": WRITTEN}


def test_no_associated_date_comes_without_the_filter(sdk: Sdk) -> None:
    account, contact_id = sdk.account, add(sdk)
    bind(account, contact_id, account.directory_id, at=AT)

    by_list = (
        sdk.call("ListMessageContacts")["Contacts"] + sdk.call("ListMessageContacts", contact_id=contact_id)["Contacts"]
    )

    assert by_list == [shown(sdk, contact_id)] * 2
    assert "AssociatedDate" not in by_list[0]


def test_members_are_the_direct_bindings_oldest_first(sdk: Sdk) -> None:
    account, contact_id = sdk.account, add(sdk)
    bind(account, contact_id, "fd-ZDNPiTabcd", at=AT + 1000)
    bind(account, contact_id, account.directory_id, at=AT)

    assert shown(sdk, contact_id)["Members"] == [account.directory_id, "fd-ZDNPiTabcd"]


def test_contact_id_and_member_must_both_apply(sdk: Sdk) -> None:
    account, bound, free = sdk.account, add(sdk, name="bound"), add(sdk, name="free")
    bind(account, bound, account.directory_id, at=AT)

    assert listed(sdk, member=account.directory_id, contact_id=bound) == [bound]
    assert listed(sdk, member=account.directory_id, contact_id=free) == []


def test_the_filtered_list_is_paged(sdk: Sdk) -> None:
    account, added = sdk.account, [add(sdk, name=name) for name in ("one", "two", "three")]
    for contact_id in added:
        bind(account, contact_id, account.directory_id, at=AT)

    reply = sdk.call("ListMessageContacts", member=account.directory_id, page_number=2, page_size=2)

    assert [contact["ContactId"] for contact in reply["Contacts"]] == added[2:]
    assert reply["TotalCount"] == 3


def test_a_deleted_contact_is_bound_no_more(sdk: Sdk) -> None:
    account, contact_id = sdk.account, add(sdk)
    bind(account, contact_id, account.directory_id, at=AT)

    sdk.call("DeleteMessageContact", contact_id=contact_id)

    assert listed(sdk, member=account.directory_id) == []


@pytest.mark.parametrize("member", ["fd-ZDNPiTabcd", "rd-unknown", "r-unknown", "1234567890123456"])
def test_a_target_of_no_directory_does_not_exist(sdk: Sdk, member: str) -> None:
    refused = sdk.refused("ListMessageContacts", member=member)

    assert (refused.status, refused.code) == (404, "EntityNotExists.Member")


def test_another_directory_does_not_exist(sdk: Sdk) -> None:
    other = sdk.account.server.account()

    refused = [sdk.refused("ListMessageContacts", member=each) for each in (other.directory_id, root_folder(other))]

    assert [each.code for each in refused] == ["EntityNotExists.Member"] * 2


@pytest.mark.parametrize("member", ["", "tom", "fd_ZDNPiT", "fd-", "rd-ab cd", NOBODYS, "١٢٣٤"])
def test_a_malformed_target_is_invalid(sdk: Sdk, member: str) -> None:
    refused = sdk.refused("ListMessageContacts", member=member)

    assert (refused.status, refused.code) == (400, "InvalidParameter.Member")
