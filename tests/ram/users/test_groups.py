"""Groups through the official SDK: made, changed, filled, emptied, listed, deleted; and what they give their users."""

import re

from tests.ram.users.clients import Ram, allow, names, pages


def with_members(ram: Ram, *user_names: str) -> None:
    ram.call("CreateGroup", group_name="dev", comments="Developers.")
    for name in user_names:
        ram.call("CreateUser", user_name=name, display_name=name.title())
        ram.call("AddUserToGroup", user_name=name, group_name="dev")


def test_a_new_group_is_shown_as_it_was_given(ram: Ram) -> None:
    group = ram.call("CreateGroup", group_name="dev", comments="Developers.")["Group"]

    assert re.fullmatch(r"g-[A-Za-z0-9]{16}", group["GroupId"])
    assert {name: group[name] for name in ("GroupName", "Comments")} == {"GroupName": "dev", "Comments": "Developers."}
    read = ram.call("GetGroup", group_name="dev")["Group"]
    assert read == {**group, "UpdateDate": group["CreateDate"]}


def test_a_renamed_group_keeps_its_users_and_policies(ram: Ram) -> None:
    with_members(ram, "alice")
    ram.allow_group("dev", allow("ram:ListUsers"))
    alice = ram.key_of("alice")
    before = ram.call("GetGroup", group_name="dev")["Group"]

    group = ram.call("UpdateGroup", group_name="dev", new_group_name="ops", new_comments="")["Group"]

    assert group == {**before, "GroupName": "ops", "Comments": "", "UpdateDate": group["UpdateDate"]}
    assert names(ram.call("ListUsersForGroup", group_name="ops"), "Users", "User") == ["alice"]
    assert alice.call("ListUsers")["IsTruncated"] is False
    assert ram.refused("GetGroup", group_name="dev").code == "EntityNotExist.Group"


def test_an_update_that_changes_nothing_is_not_recorded(ram: Ram) -> None:
    with_members(ram)

    ram.call("UpdateGroup", group_name="dev", new_comments="Developers.")

    assert ram.trail()[-1].action == "CreateGroup"


def test_a_deleted_group_is_gone(ram: Ram) -> None:
    with_members(ram)

    ram.call("DeleteGroup", group_name="dev")

    assert ram.call("ListGroups")["Groups"] == {"Group": []}


def test_pages_by_marker_walk_all_groups(ram: Ram) -> None:
    for name in ("c", "a", "b"):
        ram.call("CreateGroup", group_name=name)

    found = pages(ram, "ListGroups", max_items=2)

    assert [names(page, "Groups", "Group") for page in found] == [["a", "b"], ["c"]]


def test_pages_by_marker_walk_all_users_of_a_group_and_no_others(ram: Ram) -> None:
    with_members(ram, "carol", "alice", "bob")
    ram.call("CreateUser", user_name="arthur")

    found = pages(ram, "ListUsersForGroup", group_name="dev", max_items=2)

    assert [names(page, "Users", "User") for page in found] == [["alice", "bob"], ["carol"]]
    assert sorted(found[0]["Users"]["User"][0]) == ["DisplayName", "JoinDate", "UserName"]


def test_the_groups_of_a_user_are_listed_with_the_time_of_joining(ram: Ram) -> None:
    with_members(ram, "alice")
    ram.call("CreateGroup", group_name="all")
    ram.call("CreateGroup", group_name="ops")
    ram.call("AddUserToGroup", user_name="alice", group_name="all")

    groups = ram.call("ListGroupsForUser", user_name="alice")["Groups"]["Group"]

    assert [group["GroupName"] for group in groups] == ["all", "dev"]
    assert sorted(groups[0]) == ["Comments", "GroupId", "GroupName", "JoinDate"]


def test_what_a_group_may_do_its_users_may_do_at_once_and_only_as_long_as_they_are_in_it(ram: Ram) -> None:
    with_members(ram)
    ram.allow_group("dev", allow("ram:ListUsers"))
    ram.call("CreateUser", user_name="alice")
    alice = ram.key_of("alice")
    without = alice.refused("ListUsers").code

    ram.call("AddUserToGroup", user_name="alice", group_name="dev")
    within = alice.call("ListUsers")["IsTruncated"]
    ram.call("RemoveUserFromGroup", user_name="alice", group_name="dev")

    assert (without, within, alice.refused("ListUsers").code) == ("NoPermission", False, "NoPermission")


def test_to_let_a_user_in_takes_the_right_to_both(ram: Ram) -> None:
    with_members(ram)
    ram.call("CreateUser", user_name="alice")
    alice = ram.key_of("alice")
    ram.allow_user("alice", allow("ram:AddUserToGroup", resource="acs:ram:*:*:user/alice"))
    both = {"user_name": "alice", "group_name": "dev"}
    with_one = alice.refused("AddUserToGroup", **both).code

    ram.allow_user("alice", allow("ram:AddUserToGroup", resource="acs:ram:*:*:group/dev"))
    ram.call("UpdateUser", user_name="alice", new_comments="Believe nothing that was read before.")

    alice.call("AddUserToGroup", **both)
    assert with_one == "NoPermission"
    assert names(ram.call("ListUsersForGroup", group_name="dev"), "Users", "User") == ["alice"]
