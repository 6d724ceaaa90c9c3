"""Accounts apart: what one has, the other does not know, cannot list, change or delete."""

import pytest

from tests.ram.users.clients import Ram, allow
from tests.ram.users.provocation import NAMES, complete


def stocked(ram: Ram) -> str:
    """An account with alice in the group dev; the id of her key."""
    ram.call("CreateUser", user_name="alice", comments="Ours.")
    ram.call("CreateGroup", group_name="dev", comments="Ours.")
    ram.call("AddUserToGroup", user_name="alice", group_name="dev")
    return str(ram.call("CreateAccessKey", user_name="alice")["AccessKey"]["AccessKeyId"])


def seen(ram: Ram) -> list[object]:
    """Everything that an account can see of itself."""
    return [
        ram.call("ListUsers")["Users"],
        ram.call("ListGroups")["Groups"],
        ram.call("ListAccessKeys", user_name="alice")["AccessKeys"],
        ram.call("ListGroupsForUser", user_name="alice")["Groups"],
        ram.call("ListUsersForGroup", group_name="dev")["Users"],
    ]


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("Create") or name == "CreateAccessKey"])
def test_another_accounts_users_keys_and_groups_are_not_there(name: str, ram: Ram, stranger: Ram) -> None:
    key_id = stocked(ram)
    before = seen(ram)
    given = complete(name)
    if "user_access_key_id" in given:
        given["user_access_key_id"] = key_id

    if name in ("ListUsers", "ListGroups"):
        reply = stranger.call(name)
        assert reply.get("Users", {"User": []}) == {"User": []}
        assert reply.get("Groups", {"Group": []}) == {"Group": []}
    else:
        assert stranger.refused(name, **given).status == 404
    assert seen(ram) == before


def test_two_accounts_have_the_same_names_for_their_own(ram: Ram, stranger: Ram) -> None:
    stocked(ram)
    before = seen(ram)

    stocked(stranger)
    stranger.call("UpdateUser", user_name="alice", new_comments="Theirs.")
    stranger.call("UpdateGroup", group_name="dev", new_comments="Theirs.")
    stranger.call("RemoveUserFromGroup", user_name="alice", group_name="dev")
    stranger.call("UpdateUser", user_name="alice", new_user_name="alicia")

    assert seen(ram) == before


@pytest.mark.parametrize("action", ["UpdateAccessKey", "DeleteAccessKey", "GetAccessKeyLastUsed"])
@pytest.mark.parametrize("given", [{}, {"user_name": "alice"}], ids=["own", "alice"])
def test_a_key_of_another_account_is_not_to_be_had_through_ones_own_users(
    action: str, given: dict[str, str], ram: Ram, stranger: Ram
) -> None:
    key_id = stocked(ram)
    stocked(stranger)
    status = {"status": "Inactive"} if action == "UpdateAccessKey" else {}

    refused = stranger.refused(action, user_access_key_id=key_id, **status, **given)

    assert refused.code == "EntityNotExist.User.AccessKey"
    assert ram.call("ListAccessKeys", user_name="alice")["AccessKeys"]["AccessKey"][0]["Status"] == "Active"


def test_a_policy_of_one_account_allows_nothing_in_another(ram: Ram, stranger: Ram) -> None:
    stocked(stranger)
    ram.call("CreateUser", user_name="alice")
    ram.allow_user("alice", allow("*"))

    reply = ram.key_of("alice").call("ListUsers")

    assert [user["Comments"] for user in reply["Users"]["User"]] == [""]
