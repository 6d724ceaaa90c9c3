"""AssociateMembers and DisassociateMembers: what they bind, answer, refuse and leave as it was."""

import json
from typing import Any

import pytest

from callboard.audit import storage as audit
from callboard.contacts import membership
from tests.contract.callers import CALLERS, Caller, Sdk
from tests.contract.steps import NOBODYS, add, add_active, add_deleting, shown
from tests.contract.trees import Tree
from tests.serving import Server
from tests.signing import call_v3

BINDING = ("AssociateMembers", "DisassociateMembers")
FOLDER = "fd-ZDNPiTabcd"


@pytest.fixture
def tree(sdk: Sdk) -> Tree:
    return Tree(sdk.account)


def associate(caller: Caller, contact_id: str, *members: str) -> list[dict[str, Any]]:
    return list(caller.call("AssociateMembers", contact_id=contact_id, members=list(members))["Members"])


def disassociate(caller: Caller, contact_id: str, *members: str) -> list[dict[str, Any]]:
    return list(caller.call("DisassociateMembers", contact_id=contact_id, members=list(members))["Members"])


def finish_unbinding(server: Server) -> None:
    server.run(membership.finish_unbinding)


def associated_date(caller: Caller, member: str) -> str:
    (listed,) = caller.call("ListMessageContacts", member=member)["Contacts"]
    return str(listed["AssociatedDate"])


@pytest.mark.parametrize("client", CALLERS)
def test_every_client_binds_and_takes_out(sdk: Sdk, tree: Tree, client: type[Caller]) -> None:
    caller, contact_id, folder = client(sdk.account), add(sdk), tree.folder()

    associate(caller, contact_id, folder, tree.directory_id)
    bound = shown(sdk, contact_id)["Members"]
    disassociate(caller, contact_id, folder, tree.directory_id)

    assert sorted(bound) == sorted([folder, tree.directory_id])
    assert shown(sdk, contact_id)["Members"] == []


def test_the_answer_has_every_target_once_with_the_moment(sdk: Sdk, tree: Tree) -> None:
    contact_id, folder, member = add(sdk), tree.folder(), tree.member()

    entries = associate(sdk, contact_id, member, tree.root, folder)

    assert [(each["ContactId"], each["MemberId"]) for each in entries] == [
        (contact_id, member),
        (contact_id, tree.directory_id),
        (contact_id, folder),
    ]
    assert {each["ModifyDate"] for each in entries} == {associated_date(sdk, folder)}


def test_members_are_shown_oldest_binding_first(sdk: Sdk, tree: Tree) -> None:
    contact_id, targets = add(sdk), [tree.member(), tree.directory_id, tree.folder()]

    for target in targets:
        associate(sdk, contact_id, target)

    (listed,) = sdk.call("ListMessageContacts")["Contacts"]
    assert shown(sdk, contact_id)["Members"] == listed["Members"] == targets


def test_the_root_folder_is_shown_as_the_directory(sdk: Sdk, tree: Tree) -> None:
    contact_id = add(sdk)

    associate(sdk, contact_id, tree.root)

    assert shown(sdk, contact_id)["Members"] == [tree.directory_id]
    assert disassociate(sdk, contact_id, tree.root)[0]["MemberId"] == tree.directory_id


def test_what_is_bound_already_keeps_its_first_date(own_server_without_limits: Server) -> None:
    server = own_server_without_limits
    sdk = Sdk(server.account())
    contact_id, folder = add(sdk), Tree(sdk.account).folder()
    (first,) = associate(sdk, contact_id, folder)
    server.runtime.clock.advance(3_600_000)

    again, new = associate(sdk, contact_id, folder, sdk.account.directory_id)

    assert again == first
    assert associated_date(sdk, folder) == first["ModifyDate"]
    assert new["ModifyDate"] == associated_date(sdk, sdk.account.directory_id) > first["ModifyDate"]


def test_taking_out_of_what_it_is_not_bound_to_succeeds(sdk: Sdk, tree: Tree) -> None:
    contact_id, folder, member = add(sdk), tree.folder(), tree.member()

    entries = disassociate(sdk, contact_id, folder, member)

    assert [each["MemberId"] for each in entries] == [folder, member]
    associate(sdk, contact_id, folder)  # No task was begun, as nothing was unbound.


def test_a_contact_that_is_not_verified_and_one_that_is_may_be_bound(sdk: Sdk, tree: Tree) -> None:
    for contact_id in (add(sdk, name="new"), add_active(sdk, name="active")):
        associate(sdk, contact_id, tree.directory_id)

    assert sdk.call("ListMessageContacts", member=tree.directory_id)["TotalCount"] == 2


@pytest.mark.parametrize("action", BINDING)
@pytest.mark.parametrize("bad", [FOLDER, "r-unknown", "rd-unknown", "1234567890123456"])
def test_one_bad_target_changes_nothing(sdk: Sdk, tree: Tree, action: str, bad: str) -> None:
    contact_id, folder = add(sdk), tree.folder()
    associate(sdk, contact_id, tree.directory_id)
    before = shown(sdk, contact_id)

    refused = sdk.refused(action, contact_id=contact_id, members=[folder, tree.directory_id, bad])

    assert (refused.status, refused.code) == (400, "InvalidMember")
    assert shown(sdk, contact_id) == before


@pytest.mark.parametrize("action", BINDING)
def test_the_management_account_is_no_target(sdk: Sdk, action: str) -> None:
    refused = sdk.refused(action, contact_id=add(sdk), members=[sdk.account.account_id])

    assert refused.code == "InvalidMember"


@pytest.mark.parametrize("action", BINDING)
def test_targets_of_another_directory_do_not_exist(sdk: Sdk, other: Sdk, action: str) -> None:
    contact_id, theirs = add(sdk), Tree(other.account)

    refused = [
        sdk.refused(action, contact_id=contact_id, members=[target])
        for target in (theirs.directory_id, theirs.root, theirs.folder(), theirs.member())
    ]

    assert {each.code for each in refused} == {"InvalidMember"}


@pytest.mark.parametrize("action", BINDING)
@pytest.mark.parametrize("bad", ["", "tom", "fd_ZDNPiT", "fd-", "rd-ab cd", NOBODYS, "1" * 21, "fd-" + "a" * 17])
def test_a_malformed_target_is_invalid(sdk: Sdk, action: str, bad: str) -> None:
    refused = sdk.refused(action, contact_id=add(sdk), members=[sdk.account.directory_id, bad])

    assert (refused.status, refused.code) == (400, "InvalidParameter.Members")


@pytest.mark.parametrize("action", BINDING)
@pytest.mark.parametrize("given", [{}, {"Members": ""}, {"Members": "[]"}, {"Members": "[1]"}, {"Members.x": FOLDER}])
def test_an_absent_or_empty_list_is_invalid(sdk: Sdk, action: str, given: dict[str, str]) -> None:
    answer = call_v3(sdk.account, action, {"ContactId": add(sdk), **given})

    assert (answer.status, answer.code) == (400, "InvalidParameter.Members")


@pytest.mark.parametrize("action", BINDING)
def test_two_names_of_one_target_are_duplicates(sdk: Sdk, tree: Tree, action: str) -> None:
    contact_id = add(sdk)

    refused = sdk.refused(action, contact_id=contact_id, members=[tree.root, tree.directory_id])

    assert (refused.status, refused.code) == (400, "InvalidParameter.Members.Duplicate")
    assert shown(sdk, contact_id)["Members"] == []


def folders_named(number: int) -> list[str]:
    return [f"fd-ZDNPiT{each}" for each in range(number)]


ORDER = [
    ({"contact_id": None}, "MissingParameter.ContactId"),
    ({"contact_id": "c-1"}, "InvalidParameter.ContactId"),
    ({"contact_id": NOBODYS}, "InvalidParameter.Members"),
    ({"contact_id": NOBODYS, "members": [FOLDER, FOLDER, "no"]}, "InvalidParameter.Members"),
    ({"contact_id": NOBODYS, "members": [FOLDER, FOLDER]}, "InvalidParameter.Members.Duplicate"),
    ({"contact_id": NOBODYS, "members": [FOLDER]}, "EntityNotExists.Contact"),
]


@pytest.mark.parametrize("action", BINDING)
@pytest.mark.parametrize(("given", "code"), ORDER)
def test_checks_are_made_in_their_documented_order(sdk: Sdk, action: str, given: dict[str, Any], code: str) -> None:
    assert sdk.refused(action, **given).code == code


@pytest.mark.parametrize("action", BINDING)
def test_the_status_is_looked_at_before_the_targets(sdk: Sdk, action: str) -> None:
    refused = sdk.refused(action, contact_id=add_deleting(sdk), members=[FOLDER])

    assert refused.code == "ContactStatusMismatchAction"


def test_more_than_five_targets_have_another_code_when_taking_out(sdk: Sdk) -> None:
    six, doubled = folders_named(6), [FOLDER] * 6

    assert sdk.refused("AssociateMembers", contact_id=NOBODYS, members=six).code == "InvalidParameter.Members"
    for members in (six, doubled):
        refused = sdk.refused("DisassociateMembers", contact_id=NOBODYS, members=members)
        assert refused.code == "InvalidParameter.Members.Length"


def test_a_contact_has_ten_targets_at_most(sdk: Sdk, tree: Tree) -> None:
    contact_id, folders = add(sdk), [tree.folder() for _ in range(9)]
    for five in (folders[:5], folders[5:]):
        associate(sdk, contact_id, *five)
    before = shown(sdk, contact_id)

    refused = sdk.refused("AssociateMembers", contact_id=contact_id, members=[tree.directory_id, tree.member()])
    unknown = sdk.refused("AssociateMembers", contact_id=contact_id, members=[FOLDER, tree.member()])
    associate(sdk, contact_id, folders[0], tree.directory_id)  # What is bound already does not count twice.

    assert (refused.status, refused.code) == (400, "LimitExceeded.ContactMembers")
    assert unknown.code == "InvalidMember"
    assert len(before["Members"]) == 9
    assert len(shown(sdk, contact_id)["Members"]) == 10


@pytest.mark.parametrize("kind", ["folder", "directory"])
def test_what_a_contact_is_being_taken_out_of_is_not_bound_until_that_is_done(sdk: Sdk, tree: Tree, kind: str) -> None:
    contact_id, target = add(sdk), tree.folder() if kind == "folder" else tree.directory_id
    associate(sdk, contact_id, target)
    disassociate(sdk, contact_id, target)

    refused = sdk.refused("AssociateMembers", contact_id=contact_id, members=[target])
    at_once = shown(sdk, contact_id)["Members"]
    associate(sdk, add(sdk, name="other"), target)
    disassociate(sdk, contact_id, target)
    finish_unbinding(sdk.account.server)
    associate(sdk, contact_id, target)

    assert (refused.status, refused.code) == (429, "ConcurrentCallNotSupported")
    assert at_once == []
    assert shown(sdk, contact_id)["Members"] == [target]


def test_what_was_taken_out_of_a_member_is_bound_again_at_once(sdk: Sdk, tree: Tree) -> None:
    contact_id, member = add(sdk), tree.member()
    associate(sdk, contact_id, member)

    disassociate(sdk, contact_id, member)
    associate(sdk, contact_id, member)

    assert shown(sdk, contact_id)["Members"] == [member]


def trail(sdk: Sdk) -> list[tuple[str, Any, Any]]:
    account = sdk.account
    records = account.server.run(lambda open_: audit.page(open_, account.account_id))
    return [
        (each.action, json.loads(each.before or "null"), json.loads(each.after or "null"))
        for each in records
        if each.action in BINDING and each.error is None
    ]


def test_the_trail_has_what_was_bound_before_and_after(sdk: Sdk, tree: Tree) -> None:
    contact_id, one, two = add(sdk), tree.member(), tree.member()

    associate(sdk, contact_id, one)
    associate(sdk, contact_id, two, one)
    associate(sdk, contact_id, two)
    disassociate(sdk, contact_id, one)
    disassociate(sdk, contact_id, one)

    assert trail(sdk) == [
        ("AssociateMembers", {"members": []}, {"members": [one]}),
        ("AssociateMembers", {"members": [one]}, {"members": [one, two]}),
        ("DisassociateMembers", {"members": [one, two]}, {"members": [two]}),
    ]
