"""Bindings while another transaction holds what they need, and what the background finishes by itself."""

from dataclasses import replace

import pytest

from callboard.settings import Settings
from tests.contract.callers import Sdk
from tests.contract.provoked_by_state import held
from tests.contract.steps import add, add_active, shown
from tests.contract.test_bindings import associate, disassociate
from tests.contract.test_retained import deleted, release
from tests.contract.trees import Tree
from tests.serving import Server, serving
from tests.signing import call_v3

LOCKS = [f"SELECT 1 FROM {table} WHERE directory_id = %s FOR UPDATE" for table in ("directories", "contacts")]


@pytest.fixture
def hasty(impatient: Server) -> Sdk:
    """The official SDK with an account on a server that waits for a lock for a moment only."""
    return Sdk(impatient.account())


@pytest.mark.parametrize("lock", LOCKS, ids=["directory", "contact"])
@pytest.mark.parametrize(
    ("action", "status", "code"),
    [
        ("AssociateMembers", 429, "ConcurrentCallNotSupported"),
        ("DeleteMessageContact", 429, "ConcurrentCallNotSupported"),
        ("DisassociateMembers", 503, "ServiceUnavailable"),
    ],
)
def test_a_lock_that_is_held_too_long_is_told_as_documented(
    hasty: Sdk, lock: str, action: str, status: int, code: str
) -> None:
    contact_id, directory_id = add(hasty), hasty.account.directory_id
    associate(hasty, contact_id, directory_id)

    with held(hasty.account, lock):
        answer = call_v3(hasty.account, action, {"ContactId": contact_id, "Members.1": directory_id})

    assert (answer.status, answer.code) == (status, code)
    assert shown(hasty, contact_id)["Members"] == [directory_id]


def test_a_release_that_has_to_wait_too_long_conflicts(hasty: Sdk) -> None:
    contact_id = deleted(hasty, hasty.account.directory_id)

    with held(hasty.account, LOCKS[0]):
        answer = release(hasty.account, contact_id)

    assert (answer.status, answer.code) == (429, "ConcurrentCallNotSupported")
    assert release(hasty.account, contact_id).status == 200


def test_the_background_finishes_what_was_begun(own_settings: Settings) -> None:
    with serving(replace(own_settings, background=True)) as server:
        sdk = Sdk(server.account())
        tree, directory_id = Tree(sdk.account), sdk.account.directory_id
        tree.member()
        contact_id = add_active(sdk)
        associate(sdk, contact_id, directory_id)
        disassociate(sdk, contact_id, directory_id)
        bound = {"ContactId": contact_id, "Members.1": directory_id}

        while call_v3(sdk.account, "AssociateMembers", bound).status == 429:
            continue
        sdk.call("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=False)
        while shown(sdk, contact_id)["Status"] == "Deleting":
            continue

        assert shown(sdk, contact_id)["Members"] == [directory_id]
        status = sdk.call("GetMessageContactDeletionStatus", contact_id=contact_id)["ContactDeletionStatus"]
        assert status["Status"] == "Failed"
