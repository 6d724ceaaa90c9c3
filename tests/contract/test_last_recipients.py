"""RetainContactInMembers=false: a contact is not taken out where somebody would lose the last recipient of a type."""

import json
from typing import Any

import pytest

from callboard.contacts import retained
from tests.audit.trail import records
from tests.contract.callers import Sdk
from tests.contract.steps import add, add_active, finish_deletions, shown
from tests.contract.test_bindings import associate
from tests.contract.trees import Tree

ALL = ["FaultMessage", "AccountExpenses"]


@pytest.fixture
def tree(sdk: Sdk) -> Tree:
    return Tree(sdk.account)


def delete(sdk: Sdk, contact_id: str) -> dict[str, Any] | None:
    """Delete a contact that members are not to keep, and finish that; the deletion's state, or None: it is gone."""
    reply = sdk.call("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=False)
    assert reply["Status"] == "Deleting"
    finish_deletions(sdk.account.server)
    if contact_id not in [each["ContactId"] for each in sdk.call("ListMessageContacts", page_size=100)["Contacts"]]:
        return None
    return dict(sdk.call("GetMessageContactDeletionStatus", contact_id=contact_id)["ContactDeletionStatus"])


def reasons(sdk: Sdk, contact_id: str) -> dict[str, list[str]]:
    """Delete a contact, which fails: by member, the types that it would lose."""
    status = delete(sdk, contact_id)
    assert status is not None
    assert status["Status"] == "Failed"
    found = {each["AccountId"]: each["MessageTypes"] for each in status["FailReasonList"]}
    assert list(found) == sorted(found)
    return found


def active(sdk: Sdk, name: str, *targets: str, types: list[str] | None = None) -> str:
    contact_id = add_active(sdk, name=name, message_types=types or ALL)
    for target in targets:
        associate(sdk, contact_id, target)
    return contact_id


def test_a_last_recipient_stays_as_it_was(sdk: Sdk, tree: Tree) -> None:
    member = tree.member(tree.folder())
    contact_id = active(sdk, "tom", tree.directory_id)
    before = shown(sdk, contact_id)

    assert reasons(sdk, contact_id) == {member: ALL}
    assert shown(sdk, contact_id) == before
    assert before["Status"] == "Active"


def test_a_second_try_starts_anew(sdk: Sdk, tree: Tree) -> None:
    tree.member()
    contact_id = active(sdk, "tom", tree.directory_id)
    reasons(sdk, contact_id)

    sdk.call("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=False)
    while_deleting = sdk.call("GetMessageContactDeletionStatus", contact_id=contact_id)["ContactDeletionStatus"]
    finish_deletions(sdk.account.server)
    active(sdk, "other", tree.directory_id)

    assert (while_deleting["Status"], while_deleting["FailReasonList"]) == ("Deleting", [])
    assert delete(sdk, contact_id) is None


def test_a_contact_whose_deletion_failed_may_be_deleted_so_that_members_keep_it(sdk: Sdk, tree: Tree) -> None:
    tree.member()
    contact_id = active(sdk, "tom", tree.directory_id)
    reasons(sdk, contact_id)

    reply = sdk.call("DeleteMessageContact", contact_id=contact_id)

    assert reply["Status"] == "Deleted"
    assert sdk.call("ListMessageContacts")["TotalCount"] == 0


def test_a_directory_without_members_loses_nothing(sdk: Sdk, tree: Tree) -> None:
    contact_id = active(sdk, "tom", tree.directory_id, tree.folder())

    assert delete(sdk, contact_id) is None


def test_members_elsewhere_lose_nothing(sdk: Sdk, tree: Tree) -> None:
    tree.member()
    tree.member(tree.folder())

    assert delete(sdk, active(sdk, "tom", tree.folder())) is None
    assert delete(sdk, active(sdk, "free")) is None


def test_an_address_that_nobody_has_proven_is_no_loss_and_no_help(sdk: Sdk, tree: Tree) -> None:
    member = tree.member()
    unproven, contact_id = add(sdk, name="unproven"), active(sdk, "tom", tree.directory_id)
    associate(sdk, unproven, tree.directory_id)

    assert reasons(sdk, contact_id) == {member: ALL}
    assert delete(sdk, unproven) is None


@pytest.mark.parametrize("scope", ["directory", "folder", "deep", "member"])
def test_another_recipient_at_any_scope_above_is_enough(sdk: Sdk, tree: Tree, scope: str) -> None:
    folder = tree.folder()
    deep = tree.folder(folder)
    member = tree.member(deep)
    target = {"directory": tree.directory_id, "folder": folder, "deep": deep, "member": member}[scope]
    active(sdk, "other", target)

    assert delete(sdk, active(sdk, "tom", folder)) is None


def test_only_the_types_that_nobody_else_receives_are_lost(sdk: Sdk, tree: Tree) -> None:
    folder = tree.folder()
    alone, below, both = tree.member(), tree.member(folder), tree.member(folder)
    active(sdk, "above", tree.directory_id, types=["ProductMessage"])
    active(sdk, "folder", folder, types=["AccountExpenses"])
    active(sdk, "own", both, types=["FaultMessage", "SecurityMessage"])
    contact_id = active(sdk, "tom", tree.directory_id, types=["FaultMessage", "ProductMessage", "AccountExpenses"])

    assert reasons(sdk, contact_id) == {alone: ["FaultMessage", "AccountExpenses"], below: ["FaultMessage"]}


def test_a_contact_of_single_members_is_the_last_of_those_alone(sdk: Sdk, tree: Tree) -> None:
    one, two, _ = tree.member(), tree.member(tree.folder()), tree.member()
    active(sdk, "other", two)

    assert reasons(sdk, active(sdk, "tom", one, two)) == {one: ALL}


def test_of_two_that_go_at_once_one_stays(sdk: Sdk, tree: Tree) -> None:
    tree.member()
    first, second = (active(sdk, name, tree.directory_id) for name in ("first", "second"))
    for contact_id in (first, second):
        sdk.call("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=False)

    finish_deletions(sdk.account.server)

    (left,) = sdk.call("ListMessageContacts")["Contacts"]
    assert (left["ContactId"], left["Status"]) == (second, "Active")


def test_a_contact_that_members_keep_is_a_recipient_until_it_is_released(sdk: Sdk, tree: Tree) -> None:
    member, account = tree.member(), sdk.account
    kept = active(sdk, "kept", tree.directory_id)
    sdk.call("DeleteMessageContact", contact_id=kept)
    later = tree.member()
    contact_id = active(sdk, "tom", tree.directory_id)

    before = reasons(sdk, contact_id)
    account.server.run(lambda open_: retained.release(open_, tree.directory_id, kept, at=1))

    assert before == {later: ALL}
    assert reasons(sdk, contact_id) == dict.fromkeys(sorted([member, later]), ALL)


@pytest.mark.parametrize("is_bound_to_members", [False, True])
def test_a_member_that_moved_keeps_what_was_kept_at_its_old_folder(
    sdk: Sdk, tree: Tree, *, is_bound_to_members: bool
) -> None:
    old, new = tree.folder(), tree.folder()
    moved, newcomer = tree.member(old), tree.member(new)
    kept = active(sdk, "kept", old)
    sdk.call("DeleteMessageContact", contact_id=kept)
    tree.move(moved, new)
    tree.move(newcomer, old)
    targets = (moved, newcomer) if is_bound_to_members else (tree.directory_id,)

    assert reasons(sdk, active(sdk, "tom", *targets)) == {newcomer: ALL}


def test_what_was_kept_at_a_member_itself_counts(sdk: Sdk, tree: Tree) -> None:
    one, two = tree.member(), tree.member()
    kept = active(sdk, "kept", one, types=["FaultMessage"])
    sdk.call("DeleteMessageContact", contact_id=kept)

    assert reasons(sdk, active(sdk, "tom", tree.directory_id)) == {one: ["AccountExpenses"], two: ALL}


def test_what_failed_is_not_tried_again_by_itself(sdk: Sdk, tree: Tree) -> None:
    member = tree.member()
    contact_id = active(sdk, "tom", tree.directory_id)
    reasons(sdk, contact_id)
    tree.leave(member)

    finish_deletions(sdk.account.server)

    assert shown(sdk, contact_id)["Status"] == "Active"


def test_another_directory_is_neither_help_nor_hindrance(sdk: Sdk, other: Sdk, tree: Tree) -> None:
    theirs = Tree(other.account)
    theirs.member()
    active(other, "other", theirs.directory_id)
    member = tree.member()

    assert reasons(sdk, active(sdk, "tom", tree.directory_id)) == {member: ALL}


def test_a_failed_deletion_is_in_the_trail(sdk: Sdk, tree: Tree) -> None:
    tree.member()
    contact_id = active(sdk, "tom", tree.directory_id)

    reasons(sdk, contact_id)

    (record,) = records(sdk.account, action_name="FinishDeletion")
    before, after = json.loads(record["Before"]), json.loads(record["After"])
    assert (before["contact_id"], before["status"], after["status"]) == (contact_id, "Deleting", "Active")
