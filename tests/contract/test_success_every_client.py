"""The success of every action through the SDK, its async methods, its V1, and the core client's GET and POST."""

import re

import pytest

from tests.contract.callers import CALLERS, Caller
from tests.contract.steps import (
    PHONE,
    SEND_EMAIL,
    SEND_PHONE,
    TOM,
    add,
    add_active,
    add_deleting,
    new_email,
    new_phone,
    shown,
    waiting,
)
from tests.owner import Owner
from tests.serving import Account

CONTACT_ID = re.compile(r"c-[A-Za-z0-9]{16}")
DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


@pytest.fixture(params=CALLERS, ids=lambda client: client.__name__)
def caller(request: pytest.FixtureRequest, account: Account) -> Caller:
    return request.param(account)


def test_add_answers_the_contact_id_and_the_date(caller: Caller) -> None:
    reply = caller.call("AddMessageContact", **TOM, phone_number=PHONE)

    contact = reply["Contact"]
    assert set(reply) == {"RequestId", "Contact"}
    assert set(contact) == {"ContactId", "CreateDate"}
    assert CONTACT_ID.fullmatch(contact["ContactId"])
    assert DATE.fullmatch(contact["CreateDate"])


def test_update_answers_the_request_id_alone(caller: Caller) -> None:
    contact_id = add(caller)

    reply = caller.call(
        "UpdateMessageContact", contact_id=contact_id, name="张三", message_types=["ProductMessage", "FaultMessage"]
    )

    contact = shown(caller, contact_id)
    assert set(reply) == {"RequestId"}
    assert (contact["Name"], contact["MessageTypes"]) == ("张三", ["ProductMessage", "FaultMessage"])


def test_get_answers_the_whole_contact(caller: Caller) -> None:
    added = caller.call("AddMessageContact", **TOM, phone_number=PHONE)["Contact"]

    contact = shown(caller, added["ContactId"])

    assert contact == {
        "ContactId": added["ContactId"],
        "Name": "tom",
        "EmailAddress": "tom@example.com",
        "PhoneNumber": PHONE,
        "Title": "CEO",
        "MessageTypes": ["FaultMessage", "AccountExpenses"],
        "Members": [],
        "Status": "Verifying",
        "CreateDate": added["CreateDate"],
    }


def test_list_answers_the_contacts_oldest_first(caller: Caller) -> None:
    first, second = add(caller, name="zoe"), add(caller, name="anna")

    reply = caller.call("ListMessageContacts", page_number=1, page_size=50)

    contacts = reply.pop("Contacts")
    assert [contact["ContactId"] for contact in contacts] == [first, second]
    assert contacts[0] == shown(caller, first)
    del reply["RequestId"]
    assert reply == {"TotalCount": 2, "PageNumber": 1, "PageSize": 50}


def test_list_of_an_empty_directory_is_empty(caller: Caller) -> None:
    reply = caller.call("ListMessageContacts")

    assert (reply["TotalCount"], reply["PageNumber"], reply["PageSize"], reply["Contacts"]) == (0, 1, 10, [])


def test_list_verifications_answers_what_waits(caller: Caller) -> None:
    contact_id = add(caller, phone_number=PHONE)

    reply = caller.call("ListMessageContactVerifications", contact_id=contact_id, page_number=1, page_size=20)

    del reply["RequestId"]
    assert reply == {
        "TotalCount": 2,
        "PageNumber": 1,
        "PageSize": 20,
        "ContactVerifications": [
            {"ContactId": contact_id, "Target": "tom@example.com"},
            {"ContactId": contact_id, "Target": PHONE},
        ],
    }


def test_cancel_answers_the_request_id_alone(caller: Caller) -> None:
    contact_id = add_active(caller)
    caller.call("UpdateMessageContact", contact_id=contact_id, email_address="new@example.com")

    reply = caller.call("CancelMessageContactUpdate", contact_id=contact_id, email_address="new@example.com")

    assert set(reply) == {"RequestId"}
    assert waiting(caller, contact_id) == []


def test_send_email_answers_the_request_id_alone_and_writes_one_email(caller: Caller) -> None:
    address = new_email()
    contact_id = add(caller, email_address=address)

    reply = caller.call(SEND_EMAIL, contact_id=contact_id, email_address=address)

    (letter,) = Owner(caller.account.server, address).letters
    assert set(reply) == {"RequestId"}
    assert (letter.channel, letter.recipient) == ("email", address)
    assert waiting(caller, contact_id) == [address]


def test_send_phone_answers_the_request_id_alone_and_writes_one_sms(caller: Caller) -> None:
    number = new_phone()
    contact_id = add(caller, phone_number=number)

    reply = caller.call(SEND_PHONE, contact_id=contact_id, phone_number=number)

    (letter,) = Owner(caller.account.server, number).letters
    assert set(reply) == {"RequestId"}
    assert (letter.channel, letter.recipient) == ("sms", number)
    assert waiting(caller, contact_id) == [TOM["email_address"], number]


def test_delete_answers_deleted(caller: Caller) -> None:
    contact_id = add(caller)

    reply = caller.call("DeleteMessageContact", contact_id=contact_id)

    assert (set(reply), reply["Status"]) == ({"RequestId", "Status"}, "Deleted")
    assert caller.refused("GetMessageContact", contact_id=contact_id).code == "EntityNotExists.Contact"


@pytest.mark.parametrize(("retain", "status"), [(True, "Deleted"), (False, "Deleting")])
def test_delete_understands_the_clients_booleans(caller: Caller, *, retain: bool, status: str) -> None:
    contact_id = add(caller)

    reply = caller.call("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=retain)

    assert reply["Status"] == status


def test_deletion_status_answers_deleting(caller: Caller) -> None:
    contact_id = add_deleting(caller)

    reply = caller.call("GetMessageContactDeletionStatus", contact_id=contact_id)

    assert reply["ContactDeletionStatus"] == {"ContactId": contact_id, "Status": "Deleting", "FailReasonList": []}


def test_an_empty_phone_number_arrives_as_empty(caller: Caller) -> None:
    contact_id = add(caller, phone_number=PHONE)

    caller.call("UpdateMessageContact", contact_id=contact_id, phone_number="")

    assert "PhoneNumber" not in shown(caller, contact_id)


def test_text_that_must_be_encoded_arrives_whole(caller: Caller) -> None:
    contact_id = add(caller, name="王小明", email_address="a+b_c.d-e@mail.example.com")

    contact = shown(caller, contact_id)

    assert (contact["Name"], contact["EmailAddress"]) == ("王小明", "a+b_c.d-e@mail.example.com")
