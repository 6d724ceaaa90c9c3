"""Two accounts never see, change or stand in the way of each other's contacts."""

from typing import Any

import pytest

from tests.contract.callers import Sdk
from tests.contract.steps import (
    PHONE,
    SEND_EMAIL,
    SEND_PHONE,
    TOM,
    add,
    add_active,
    add_many,
    bind,
    finish_deletions,
    new_email,
    new_phone,
    shown,
    waiting,
)
from tests.owner import Owner

AT = 1_700_000_000_000


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("GetMessageContact", {}),
    ("ListMessageContacts", {}),
    ("ListMessageContactVerifications", {}),
    ("GetMessageContactDeletionStatus", {}),
    ("UpdateMessageContact", {}),
    ("UpdateMessageContact", {"name": "jerry", "email_address": "new@example.com", "phone_number": ""}),
    ("CancelMessageContactUpdate", {}),
    ("CancelMessageContactUpdate", {"email_address": "pending@example.com"}),
    (SEND_EMAIL, {"email_address": "pending@example.com"}),
    (SEND_PHONE, {"phone_number": PHONE}),
    ("AssociateMembers", {"members": ["fd-ZDNPiTabcd"]}),
    ("DisassociateMembers", {"members": ["fd-ZDNPiTabcd"]}),
    ("DeleteMessageContact", {}),
    ("DeleteMessageContact", {"retain_contact_in_members": False}),
]


@pytest.mark.parametrize(("action", "given"), CALLS)
def test_anothers_contact_does_not_exist(sdk: Sdk, other: Sdk, action: str, given: dict[str, Any]) -> None:
    contact_id = add_active(sdk, phone_number=PHONE)
    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address="pending@example.com")
    before = shown(sdk, contact_id)

    refused = other.refused(action, contact_id=contact_id, **given)

    assert refused == (404, "EntityNotExists.Contact", "This Contact does not exist.")
    assert shown(sdk, contact_id) == before
    assert waiting(sdk, contact_id) == ["pending@example.com", PHONE]


def test_nothing_is_sent_to_the_addresses_of_anothers_contact(sdk: Sdk, other: Sdk) -> None:
    address, number = new_email(), new_phone()
    contact_id = add(sdk, email_address=address, phone_number=number)
    server = sdk.account.server

    other.refused(SEND_EMAIL, contact_id=contact_id, email_address=address)
    other.refused(SEND_PHONE, contact_id=contact_id, phone_number=number)

    assert [*Owner(server, address).letters, *Owner(server, number).letters] == []
    sdk.call(SEND_EMAIL, contact_id=contact_id, email_address=address)  # Nothing was counted for the address.


def test_the_proof_for_one_account_proves_nothing_for_another(sdk: Sdk, other: Sdk) -> None:
    owner = Owner(sdk.account.server, new_email())
    contact_id, others = add(sdk, email_address=owner.address), add(other, email_address=owner.address)
    sdk.call(SEND_EMAIL, contact_id=contact_id, email_address=owner.address)

    owner.press("confirm")

    assert shown(sdk, contact_id)["Status"] == "Active"
    assert shown(other, others)["Status"] == "Verifying"
    assert waiting(other, others) == [owner.address]


def test_lists_hold_the_accounts_own_contacts_alone(sdk: Sdk, other: Sdk) -> None:
    add_many(sdk, 3)

    reply = other.call("ListMessageContacts")

    assert (reply["TotalCount"], reply["Contacts"]) == (0, [])


def test_names_are_unique_within_a_directory_only(sdk: Sdk, other: Sdk) -> None:
    add(sdk, name="jerry")
    contact_id = add(other)

    other.call("UpdateMessageContact", contact_id=contact_id, name="jerry")

    assert shown(other, contact_id)["Name"] == "jerry"


def test_the_limit_of_contacts_counts_within_a_directory_only(sdk: Sdk, other: Sdk) -> None:
    add_many(sdk, 20)

    contact_id = add(other)

    assert shown(other, contact_id)["Name"] == TOM["name"]


def test_anothers_bindings_are_not_listed(sdk: Sdk, other: Sdk) -> None:
    bind(sdk.account, add(sdk), sdk.account.directory_id, at=AT)
    own = add(other)

    reply = other.call("ListMessageContacts", member=other.account.directory_id)

    assert reply["TotalCount"] == 0
    assert shown(other, own)["Members"] == []


def test_anothers_deletion_takes_nothing_of_ours(sdk: Sdk, other: Sdk) -> None:
    kept, gone = add(sdk), add(other)
    other.call("DeleteMessageContact", contact_id=gone, retain_contact_in_members=False)

    finish_deletions(sdk.account.server)

    assert shown(sdk, kept)["Name"] == "tom"


def test_two_keys_of_one_account_see_the_same_contacts(sdk: Sdk) -> None:
    second = Sdk(sdk.account.server.key(sdk.account.account_id))

    contact_id = add(sdk)

    assert shown(second, contact_id) == shown(sdk, contact_id)
