"""The audit trail: a record with before and after for every change, one with its code for every refused one."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from callboard.audit import storage as audit
from callboard.audit.storage import AuditRecord
from tests.contract.callers import Sdk
from tests.contract.steps import (
    NOBODYS,
    PHONE,
    SEND_EMAIL,
    SEND_PHONE,
    TOM,
    add,
    add_active,
    add_deleting,
    finish_deletions,
    new_email,
    new_phone,
)
from tests.owner import Owner
from tests.serving import Account

OF_THE_OPERATOR = ("CreateDirectory", "CreateAccessKey", "CreateUser")


def trail(account: Account) -> list[AuditRecord]:
    records = account.server.run(lambda open_: audit.page(open_, account.account_id))
    return [record for record in records if record.action not in OF_THE_OPERATOR]


def differences(record: AuditRecord) -> dict[str, tuple[Any, Any]]:
    """What stood there before and after, where they differ; the moment of the change left out."""
    before, after = json.loads(record.before or "{}"), json.loads(record.after or "{}")
    return {
        name: (before.get(name), after.get(name))
        for name in sorted({*before, *after} - {"modified_at"})
        if before.get(name) != after.get(name)
    }


def test_an_addition_has_nothing_before_it(sdk: Sdk) -> None:
    contact_id = add(sdk, phone_number=PHONE)

    (record,) = trail(sdk.account)
    after = json.loads(record.after or "")
    assert (record.action, record.before) == ("AddMessageContact", None)
    assert (after["contact_id"], after["name"], after["email"]["value"], after["phone"]["value"]) == (
        contact_id,
        "tom",
        "tom@example.com",
        PHONE,
    )


def test_a_record_tells_who_where_and_in_which_request(sdk: Sdk) -> None:
    reply = sdk.call("AddMessageContact", **TOM)

    (record,) = trail(sdk.account)
    account_id, contact_id = sdk.account.account_id, reply["Contact"]["ContactId"]
    assert record.request_id == reply["RequestId"]
    assert record.principal == f"acs:ram::{account_id}:root"
    assert record.access_key_id == sdk.account.key_id
    assert record.source_address == "127.0.0.1"
    assert record.resource == f"acs:resourcemanager:*:{account_id}:messagecontact/{contact_id}"


def test_an_update_has_both_sides_of_what_changed(sdk: Sdk) -> None:
    contact_id = add(sdk)

    sdk.call("UpdateMessageContact", contact_id=contact_id, name="jerry", message_types=["ProductMessage"])

    record = trail(sdk.account)[-1]
    assert record.action == "UpdateMessageContact"
    assert differences(record) == {
        "name": ("tom", "jerry"),
        "message_types": (["FaultMessage", "AccountExpenses"], ["ProductMessage"]),
    }


def test_a_pending_change_and_its_withdrawal_are_recorded(sdk: Sdk) -> None:
    contact_id = add_active(sdk)

    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address="new@example.com")
    sdk.call("CancelMessageContactUpdate", contact_id=contact_id)

    update, cancel = trail(sdk.account)[-2:]
    ((before, after),) = differences(update).values()
    assert (before["pending"], after["pending"]) == (None, "new@example.com")
    assert cancel.action == "CancelMessageContactUpdate"
    assert differences(cancel) == {"email": (after, before)}


def test_a_deletion_has_nothing_after_it(sdk: Sdk) -> None:
    contact_id = add(sdk)

    sdk.call("DeleteMessageContact", contact_id=contact_id)

    record = trail(sdk.account)[-1]
    assert (record.action, record.after) == ("DeleteMessageContact", None)
    assert json.loads(record.before or "")["contact_id"] == contact_id


def test_an_asynchronous_deletion_is_recorded_at_its_start_and_at_its_end(sdk: Sdk) -> None:
    add_deleting(sdk)

    finish_deletions(sdk.account.server)

    start, end = trail(sdk.account)[-2:]
    assert (start.action, differences(start)) == ("DeleteMessageContact", {"status": ("Verifying", "Deleting")})
    assert (end.action, end.after, end.principal) == ("FinishDeletion", None, start.principal)
    assert end.request_id == start.request_id
    assert json.loads(end.before or "") == json.loads(start.after or "")


@pytest.mark.parametrize("given", [{}, TOM, {"phone_number": ""}], ids=["nothing", "values-in-force", "no-number"])
def test_an_update_that_changes_nothing_is_not_recorded(sdk: Sdk, given: dict[str, Any]) -> None:
    contact_id = add(sdk)

    sdk.call("UpdateMessageContact", contact_id=contact_id, **given)

    assert [record.action for record in trail(sdk.account)] == ["AddMessageContact"]


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("AddMessageContact", TOM),
        ("UpdateMessageContact", {"contact_id": NOBODYS, "name": "jerry"}),
        ("UpdateMessageContact", {"contact_id": "its own", "name": "taken"}),
        ("UpdateMessageContact", {"contact_id": "its own", "title": "Nobody"}),
        ("CancelMessageContactUpdate", {"contact_id": "its own"}),
        ("DeleteMessageContact", {"contact_id": NOBODYS}),
        ("AssociateMembers", {"contact_id": "its own", "members": ["fd-ZDNPiTabcd"]}),
        ("DisassociateMembers", {"contact_id": NOBODYS, "members": ["fd-ZDNPiTabcd"]}),
        (SEND_EMAIL, {"contact_id": "its own", "email_address": "other@example.com"}),
        (SEND_PHONE, {"contact_id": "its own", "phone_number": PHONE}),
    ],
)
def test_a_refused_change_is_recorded_with_its_code_alone(sdk: Sdk, action: str, given: dict[str, Any]) -> None:
    contact_id = add(sdk)
    add(sdk, name="taken")
    own = {"contact_id": contact_id} if given.get("contact_id") == "its own" else {}

    refusal = sdk.refused(action, **{**given, **own})

    *changes, record = trail(sdk.account)
    assert [each.action for each in changes] == ["AddMessageContact"] * 2
    assert (record.action, record.error, record.before, record.after) == (action, refusal.code, None, None)


@pytest.mark.parametrize(
    ("action", "parameter", "target"),
    [(SEND_EMAIL, "email_address", new_email), (SEND_PHONE, "phone_number", new_phone)],
    ids=["email", "phone"],
)
def test_a_record_of_a_letter_tells_to_whom_and_which_but_not_what_it_says(
    sdk: Sdk, action: str, parameter: str, target: Callable[[], str]
) -> None:
    owner = Owner(sdk.account.server, target())
    contact_id = add(sdk, **{parameter: owner.address})

    reply = sdk.call(action, contact_id=contact_id, **{parameter: owner.address})

    record, letter = trail(sdk.account)[-1], owner.letter
    assert (record.action, record.before, record.request_id) == (action, None, reply["RequestId"])
    assert json.loads(record.after or "") == {"target": owner.address, "letter_id": letter.letter_id}
    assert record.resource.endswith(f":messagecontact/{contact_id}")
    everything = repr(trail(sdk.account))
    assert letter.content.code not in everything
    assert owner.path.rpartition("/")[2] not in everything


@pytest.mark.parametrize(
    ("button", "action", "status"),
    [
        ("confirm", "ConfirmMessageContactVerification", ("Verifying", "Active")),
        ("refuse", "RefuseMessageContactVerification", None),
    ],
)
def test_what_an_owner_does_is_recorded_as_the_owners(
    sdk: Sdk, button: str, action: str, status: tuple[str, str] | None
) -> None:
    owner = Owner(sdk.account.server, new_email())
    contact_id = add(sdk, email_address=owner.address)
    sdk.call(SEND_EMAIL, contact_id=contact_id, email_address=owner.address)

    owner.press(button)
    owner.press(button)

    *_, sent, record = trail(sdk.account)
    assert (sent.action, record.action) == (SEND_EMAIL, action)
    assert (record.principal, record.access_key_id, record.source_address) == ("owner", None, "127.0.0.1")
    assert differences(record).get("status") == status


def test_a_change_that_a_user_may_not_make_is_recorded_as_that_users(sdk: Sdk) -> None:
    alice = sdk.account.server.key(sdk.account.account_id, user_name="alice")

    Sdk(alice).refused("AddMessageContact", **TOM)

    (record,) = trail(sdk.account)
    assert (record.error, record.principal) == ("NoPermission", f"acs:ram::{sdk.account.account_id}:user/alice")
    assert (record.access_key_id, record.before, record.after) == (alice.key_id, None, None)


def test_reading_is_not_recorded(sdk: Sdk) -> None:
    contact_id = add(sdk)

    for action in (
        "GetMessageContact",
        "ListMessageContacts",
        "ListMessageContactVerifications",
        "GetMessageContactDeletionStatus",
    ):
        sdk.call(action, contact_id=contact_id)

    assert [record.action for record in trail(sdk.account)] == ["AddMessageContact"]


def test_a_trail_holds_the_accounts_own_changes_alone(sdk: Sdk) -> None:
    other = Sdk(sdk.account.server.account())

    add(other)

    assert trail(sdk.account) == []
    assert len(trail(other.account)) == 1
