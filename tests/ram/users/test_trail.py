"""What the audit trail keeps of changes to users, keys and groups: who, what, before and after, and no secret."""

import json
from typing import Any

from tests.ram.users.clients import Ram, allow


def shown(ram: Ram) -> list[tuple[str, str, Any, Any]]:
    """Every change since the account was made, with its resource in the account."""
    prefix = f"acs:ram:*:{ram.account.account_id}:"
    return [
        (
            record.action,
            record.resource.removeprefix(prefix),
            json.loads(record.before or "null"),
            json.loads(record.after or "null"),
        )
        for record in ram.trail()
        if record.resource.startswith(prefix)
    ]


def test_each_change_of_a_user_is_recorded_with_what_stood_there(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice", comments="New.")
    ram.call("UpdateUser", user_name="alice", new_user_name="alicia", new_comments="Old.")
    ram.call("DeleteUser", user_name="alicia")

    (made, changed, deleted) = shown(ram)
    assert made[:3] == ("CreateUser", "user/alice", None)
    assert (made[3]["user_name"], made[3]["comments"]) == ("alice", "New.")
    assert changed[:2] == ("UpdateUser", "user/alice")
    assert (changed[2], changed[3]["user_name"], changed[3]["comments"]) == (made[3], "alicia", "Old.")
    assert deleted == ("DeleteUser", "user/alicia", changed[3], None)


def test_each_change_of_a_key_is_recorded_without_its_secret(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    key = ram.call("CreateAccessKey", user_name="alice")["AccessKey"]
    question = {"user_name": "alice", "user_access_key_id": key["AccessKeyId"]}
    ram.call("UpdateAccessKey", **question, status="Inactive")
    ram.call("UpdateAccessKey", **question, status="Inactive")
    ram.call("DeleteAccessKey", **question)

    active, inactive = ({"access_key_id": key["AccessKeyId"], "status": each} for each in ("Active", "Inactive"))
    assert shown(ram)[1:] == [
        ("CreateAccessKey", "user/alice", None, active),
        ("UpdateAccessKey", "user/alice", active, inactive),
        ("DeleteAccessKey", "user/alice", inactive, None),
    ]
    assert key["AccessKeySecret"] not in str(ram.trail())


def test_a_key_of_the_account_itself_is_recorded_as_that(ram: Ram) -> None:
    key = ram.call("CreateAccessKey")["AccessKey"]

    (record,) = shown(ram)
    assert record == ("CreateAccessKey", "root", None, {"access_key_id": key["AccessKeyId"], "status": "Active"})


def test_each_change_of_a_group_is_recorded(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.call("CreateGroup", group_name="dev")
    membership = {"user_name": "alice", "group_name": "dev"}
    ram.call("AddUserToGroup", **membership)
    ram.call("RemoveUserFromGroup", **membership)
    ram.call("UpdateGroup", group_name="dev", new_group_name="ops")
    ram.call("DeleteGroup", group_name="ops")

    made, joined, left, changed, deleted = shown(ram)[1:]
    assert made[:3] == ("CreateGroup", "group/dev", None)
    assert joined == ("AddUserToGroup", "group/dev", None, membership)
    assert left == ("RemoveUserFromGroup", "group/dev", membership, None)
    assert changed[:3] == ("UpdateGroup", "group/dev", made[3])
    assert deleted == ("DeleteGroup", "group/ops", changed[3], None)


def test_a_change_by_a_user_bears_the_name_that_the_user_has(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.allow_user("alice", allow("ram:*"))
    alice = ram.key_of("alice")
    ram.call("UpdateUser", user_name="alice", new_user_name="alicia")

    alice.call("CreateGroup", group_name="dev")

    record = ram.trail()[-1]
    assert record.principal == f"acs:ram::{ram.account.account_id}:user/alicia"
    assert record.access_key_id == alice.account.key_id


def test_a_refused_change_is_recorded_with_its_code(ram: Ram) -> None:
    ram.refused("DeleteUser", user_name="alice")

    record = ram.trail()[-1]
    assert (record.action, record.error, record.before, record.after) == (
        "DeleteUser",
        "EntityNotExist.User",
        None,
        None,
    )
