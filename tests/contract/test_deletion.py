"""DeleteMessageContact both ways, and GetMessageContactDeletionStatus while it lasts and afterwards."""

import pytest

from callboard.clock import wall_clock as now
from callboard.contacts.deletion import finish_due
from callboard.database.statement import insertion
from callboard.database.tables import deletions
from tests.contract.callers import Sdk
from tests.contract.steps import PHONE, TOM, add, add_active, add_deleting, bind, finish_deletions, shown, waiting
from tests.signing import call_v3

ONE_CONTACT = [
    "UpdateMessageContact",
    "DeleteMessageContact",
    "GetMessageContact",
    "ListMessageContacts",
    "GetMessageContactDeletionStatus",
    "CancelMessageContactUpdate",
    "ListMessageContactVerifications",
]


def codes(sdk: Sdk, contact_id: str) -> set[str]:
    """What every action that takes a contact id refuses it with."""
    return {sdk.refused(action, contact_id=contact_id).code for action in ONE_CONTACT}


@pytest.mark.parametrize("given", [{}, {"retain_contact_in_members": True}], ids=["by-default", "told-so"])
def test_a_contact_that_members_retain_is_gone_at_once(sdk: Sdk, given: dict[str, bool]) -> None:
    contact_id = add(sdk)

    reply = sdk.call("DeleteMessageContact", contact_id=contact_id, **given)

    assert reply["Status"] == "Deleted"
    assert codes(sdk, contact_id) == {"EntityNotExists.Contact"}


def test_a_contact_that_is_taken_out_is_deleting_until_that_is_done(sdk: Sdk) -> None:
    contact_id = add_active(sdk)
    before = shown(sdk, contact_id)

    reply = sdk.call("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=False)

    assert reply["Status"] == "Deleting"
    assert shown(sdk, contact_id) == {**before, "Status": "Deleting"}


def test_a_contact_that_was_taken_out_is_gone(sdk: Sdk) -> None:
    contact_id = add_deleting(sdk)

    finish_deletions(sdk.account.server)

    assert codes(sdk, contact_id) == {"EntityNotExists.Contact"}
    assert sdk.call("ListMessageContacts")["Contacts"] == []


def test_deletions_are_finished_one_by_one(sdk: Sdk) -> None:
    server = sdk.account.server
    finish_deletions(server)
    add_deleting(sdk, name="one")
    add_deleting(sdk, name="two")

    done = [server.run(lambda open_: finish_due(open_, now=now())) for _ in range(3)]

    assert done == [1, 1, 0]


def test_finishing_leaves_other_contacts_alone(sdk: Sdk) -> None:
    kept = add(sdk, name="kept")
    add_deleting(sdk)

    finish_deletions(sdk.account.server)

    (left,) = sdk.call("ListMessageContacts")["Contacts"]
    assert (left["ContactId"], left["Status"]) == (kept, "Verifying")


def test_a_contact_that_is_being_deleted_may_be_read(sdk: Sdk) -> None:
    contact_id = add_deleting(sdk, phone_number=PHONE)

    (listed,) = sdk.call("ListMessageContacts", contact_id=contact_id)["Contacts"]

    assert listed["Status"] == "Deleting"
    assert waiting(sdk, contact_id) == ["tom@example.com", PHONE]


def test_a_bound_contact_is_deleted_with_its_bindings(sdk: Sdk) -> None:
    account, contact_id = sdk.account, add(sdk)
    bind(account, contact_id, account.directory_id, at=now())
    sdk.call("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=False)

    finish_deletions(account.server)

    assert sdk.call("ListMessageContacts", member=account.directory_id)["TotalCount"] == 0


def test_the_name_is_taken_while_deleting_and_free_afterwards(sdk: Sdk) -> None:
    add_deleting(sdk)
    refused = sdk.refused("AddMessageContact", **TOM)

    finish_deletions(sdk.account.server)

    assert refused.code == "InvalidParameter.Name.AlreadyUsed"
    assert shown(sdk, add(sdk))["Name"] == "tom"


def test_a_second_deletion_while_deleting_conflicts_either_way(sdk: Sdk) -> None:
    contact_id = add_deleting(sdk)

    refused = [
        sdk.refused("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=retain)
        for retain in (True, False)
    ]

    assert [(each.status, each.code) for each in refused] == [(429, "ConcurrentCallNotSupported")] * 2


@pytest.mark.parametrize(("text", "status"), [("TRUE", "Deleted"), ("False", "Deleting"), ("fAlSe", "Deleting")])
def test_the_boolean_is_read_in_any_case(sdk: Sdk, text: str, status: str) -> None:
    parameters = {"ContactId": add(sdk), "RetainContactInMembers": text}

    answer = call_v3(sdk.account, "DeleteMessageContact", parameters)

    assert answer.json["Status"] == status


@pytest.mark.parametrize("text", ["", "yes", "0", " true"])
def test_a_boolean_that_is_none_deletes_nothing(sdk: Sdk, text: str) -> None:
    contact_id = add(sdk)

    answer = call_v3(sdk.account, "DeleteMessageContact", {"ContactId": contact_id, "RetainContactInMembers": text})

    assert (answer.status, answer.code) == (400, "InvalidParameter")
    assert shown(sdk, contact_id)["Status"] == "Verifying"


def test_the_status_of_a_contact_that_nobody_deletes_is_its_id_alone(sdk: Sdk) -> None:
    contact_id = add(sdk)

    answer = call_v3(sdk.account, "GetMessageContactDeletionStatus", {"ContactId": contact_id})

    assert answer.json["ContactDeletionStatus"] == {"ContactId": contact_id}


def test_the_status_while_deleting_has_no_reasons(sdk: Sdk) -> None:
    contact_id = add_deleting(sdk)

    answer = call_v3(sdk.account, "GetMessageContactDeletionStatus", {"ContactId": contact_id})

    assert answer.json["ContactDeletionStatus"] == {
        "ContactId": contact_id,
        "Status": "Deleting",
        "FailReasonList": [],
    }


def add_failed(sdk: Sdk) -> str:
    """A contact whose deletion has failed for one member."""
    account, contact_id = sdk.account, add(sdk)
    values = {
        "directory_id": account.directory_id,
        "contact_id": contact_id,
        "status": "Failed",
        "former_status": "Verifying",
        "failures": '[{"account_id": "199796839435", "message_types": ["FaultMessage", "AccountExpenses"]}]',
        "requested_at": now(),
        "request_id": "9B34724D-54B0-4A51-B34D-4512372FE1BE",
        "principal": "operator",
    }
    account.server.run(lambda open_: open_.run(insertion(deletions), **values))
    return contact_id


def test_the_status_of_a_failed_deletion_names_the_members(sdk: Sdk) -> None:
    contact_id = add_failed(sdk)

    reply = sdk.call("GetMessageContactDeletionStatus", contact_id=contact_id)

    assert reply["ContactDeletionStatus"] == {
        "ContactId": contact_id,
        "Status": "Failed",
        "FailReasonList": [{"AccountId": "199796839435", "MessageTypes": ["FaultMessage", "AccountExpenses"]}],
    }


def test_a_failed_deletion_may_be_tried_again(sdk: Sdk) -> None:
    contact_id = add_failed(sdk)

    sdk.call("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=False)

    status = sdk.call("GetMessageContactDeletionStatus", contact_id=contact_id)["ContactDeletionStatus"]
    assert (status["Status"], status["FailReasonList"]) == ("Deleting", [])


def test_finishing_does_not_touch_a_failed_deletion(sdk: Sdk) -> None:
    contact_id = add_failed(sdk)

    finish_deletions(sdk.account.server)

    assert shown(sdk, contact_id)["Status"] == "Verifying"
