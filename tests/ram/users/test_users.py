"""Users through the official SDK: made, read, changed, listed, deleted."""

import re

import pytest

from tests.ram.users.clients import Ram, names, pages

FULL = {
    "user_name": "alice",
    "display_name": "Alice, die Große",
    "mobile_phone": "86-13900001234",
    "email": "alice@example.com",
    "comments": "On call.\nAt night.",
}
SHOWN = {
    "UserName": "alice",
    "DisplayName": "Alice, die Große",
    "MobilePhone": "86-13900001234",
    "Email": "alice@example.com",
    "Comments": "On call.\nAt night.",
}
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_a_new_user_is_shown_as_it_was_given(ram: Ram) -> None:
    user = ram.call("CreateUser", **FULL)["User"]

    assert user == {**SHOWN, "UserId": user["UserId"], "CreateDate": user["CreateDate"]}
    assert re.fullmatch(r"[0-9]{18}", user["UserId"])
    assert DATE.fullmatch(user["CreateDate"])


def test_a_user_is_read_with_the_time_of_its_last_change(ram: Ram) -> None:
    made = ram.call("CreateUser", **FULL)["User"]

    user = ram.call("GetUser", user_name="alice")["User"]

    assert user == {**made, "UpdateDate": made["CreateDate"]}


def test_what_was_not_given_is_empty(ram: Ram) -> None:
    user = ram.call("CreateUser", user_name="alice")["User"]

    assert [user[name] for name in ("DisplayName", "MobilePhone", "Email", "Comments")] == ["", "", "", ""]


def test_an_update_changes_what_it_names_and_nothing_else(ram: Ram) -> None:
    made = ram.call("CreateUser", **FULL)["User"]

    changed = ram.call("UpdateUser", user_name="alice", new_email="a@example.org", new_comments="")["User"]

    assert changed == {**made, "Email": "a@example.org", "Comments": "", "UpdateDate": changed["UpdateDate"]}
    assert ram.call("GetUser", user_name="alice")["User"] == changed


def test_every_attribute_of_a_user_can_be_changed(ram: Ram) -> None:
    made = ram.call("CreateUser", user_name="bob")["User"]

    ram.call("UpdateUser", user_name="bob", **{f"new_{name}": value for name, value in FULL.items()})

    user = ram.call("GetUser", user_name="alice")["User"]
    assert {name: user[name] for name in (*SHOWN, "UserId")} == {**SHOWN, "UserId": made["UserId"]}


def test_an_update_that_changes_nothing_is_not_recorded(ram: Ram) -> None:
    ram.call("CreateUser", **FULL)

    ram.call("UpdateUser", user_name="alice", new_user_name="alice", new_email="alice@example.com")

    assert [record.action for record in ram.trail()][-1] == "CreateUser"


def test_a_deleted_user_is_gone_and_its_name_is_free(ram: Ram) -> None:
    first = ram.call("CreateUser", user_name="alice")["User"]

    ram.call("DeleteUser", user_name="alice")

    assert ram.refused("GetUser", user_name="alice").code == "EntityNotExist.User"
    assert ram.call("CreateUser", user_name="alice")["User"]["UserId"] != first["UserId"]


def test_a_user_whose_keys_groups_and_policies_are_gone_can_be_deleted(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.call("CreateGroup", group_name="dev")
    ram.call("AddUserToGroup", user_name="alice", group_name="dev")
    key = ram.call("CreateAccessKey", user_name="alice")["AccessKey"]
    ram.call("DeleteAccessKey", user_name="alice", user_access_key_id=key["AccessKeyId"])
    ram.call("RemoveUserFromGroup", user_name="alice", group_name="dev")

    ram.call("DeleteUser", user_name="alice")

    assert ram.call("ListUsers")["Users"] == {"User": []}


def test_users_are_listed_in_the_order_of_names(ram: Ram) -> None:
    for name in ("carol", "alice", "bob"):
        ram.call("CreateUser", user_name=name)

    reply = ram.call("ListUsers")

    assert names(reply, "Users", "User") == ["alice", "bob", "carol"]
    assert (reply["IsTruncated"], "Marker" in reply) == (False, False)
    assert reply["Users"]["User"][0] == ram.call("GetUser", user_name="alice")["User"]


@pytest.mark.parametrize("max_items", [1, 3, 7, 8])
def test_pages_by_marker_walk_all_users(max_items: int, ram: Ram) -> None:
    wanted = [f"user-{number}.a_B" for number in range(7)]
    for name in wanted:
        ram.call("CreateUser", user_name=name)

    found = pages(ram, "ListUsers", max_items=max_items)

    assert [name for page in found for name in names(page, "Users", "User")] == wanted
    assert len(found) == -(-len(wanted) // max_items)


def test_a_walk_goes_on_where_the_user_of_its_marker_was_deleted(ram: Ram) -> None:
    for name in ("alice", "bob", "carol"):
        ram.call("CreateUser", user_name=name)
    first = ram.call("ListUsers", max_items=2)
    ram.call("DeleteUser", user_name="bob")

    second = ram.call("ListUsers", max_items=2, marker=first["Marker"])

    assert names(second, "Users", "User") == ["carol"]


def test_names_of_the_longest_kind_are_taken(ram: Ram) -> None:
    name = "A.b_c-" + "9" * 58

    ram.call("CreateUser", user_name=name, display_name="ü" * 128, comments="ü" * 128)

    assert ram.call("GetUser", user_name=name)["User"]["UserName"] == name
