"""Calls at the same time, from two servers over one database: none is lost, and none ends in a fault."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from alibabacloud_tea_openapi.exceptions import AlibabaCloudException

from tests.ram.users.clients import Ram, names
from tests.serving import Account, Server

ROUNDS = 8


def outcome(ram: Ram, action: str, given: dict[str, Any]) -> str:
    try:
        ram.call(action, **given)
    except AlibabaCloudException as error:
        return str(error.code)
    return "OK"


def together(*calls: Callable[[], str]) -> list[str]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(call) for call in calls]]


def on_both(ram: Ram, replica: Server, calls: Sequence[tuple[str, dict[str, Any]]]) -> list[str]:
    """What came of calls that were sent at once, to the two servers in turn."""
    account = ram.account
    clients = [ram, Ram(Account(replica, account.account_id, account.key_id, account.secret))]
    return together(
        *(
            lambda client=clients[number % 2], call=call: outcome(client, *call)  # type: ignore[misc]
            for number, call in enumerate(calls)
        )
    )


def test_of_ten_keys_that_are_asked_for_at_once_two_are_made(ram: Ram, replica: Server) -> None:
    ram.call("CreateUser", user_name="alice")

    found = on_both(ram, replica, [("CreateAccessKey", {"user_name": "alice"})] * 10)

    assert Counter(found) == {"OK": 2, "LimitExceeded.User.AccessKey": 8}
    assert len(ram.call("ListAccessKeys", user_name="alice")["AccessKeys"]["AccessKey"]) == 2


def test_of_ten_keys_of_the_account_itself_one_more_is_made(ram: Ram, replica: Server) -> None:
    found = on_both(ram, replica, [("CreateAccessKey", {})] * 10)

    assert Counter(found) == {"OK": 1, "LimitExceeded.User.AccessKey": 9}


def test_of_users_of_one_name_that_are_made_at_once_there_is_one(ram: Ram, replica: Server) -> None:
    found = on_both(ram, replica, [("CreateUser", {"user_name": "alice"})] * 10)

    assert Counter(found) == {"OK": 1, "EntityAlreadyExists.User": 9}


def test_of_groups_of_one_name_that_are_made_at_once_there_is_one(ram: Ram, replica: Server) -> None:
    found = on_both(ram, replica, [("CreateGroup", {"group_name": "dev"})] * 10)

    assert Counter(found) == {"OK": 1, "EntityAlreadyExists.Group": 9}


def test_of_users_who_are_renamed_alike_at_once_one_has_the_name(ram: Ram, replica: Server) -> None:
    for number in range(6):
        ram.call("CreateUser", user_name=f"user-{number}")

    found = on_both(
        ram, replica, [("UpdateUser", {"user_name": f"user-{n}", "new_user_name": "alice"}) for n in range(6)]
    )

    assert Counter(found) == {"OK": 1, "EntityAlreadyExists.User": 5}


def test_a_user_who_is_let_in_ten_times_at_once_is_in_once(ram: Ram, replica: Server) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.call("CreateGroup", group_name="dev")

    found = on_both(ram, replica, [("AddUserToGroup", {"user_name": "alice", "group_name": "dev"})] * 10)

    assert Counter(found) == {"OK": 1, "EntityAlreadyExists.User.Group": 9}


def test_a_user_is_either_deleted_or_gets_a_key(ram: Ram, replica: Server) -> None:
    for number in range(ROUNDS):
        name = f"user-{number}"
        ram.call("CreateUser", user_name=name)

        found = on_both(ram, replica, [("DeleteUser", {"user_name": name}), ("CreateAccessKey", {"user_name": name})])

        assert found in (["OK", "EntityNotExist.User"], ["DeleteConflict.User.AccessKey", "OK"])


def test_a_user_is_either_deleted_or_let_in(ram: Ram, replica: Server) -> None:
    ram.call("CreateGroup", group_name="dev")
    for number in range(ROUNDS):
        name = f"user-{number}"
        ram.call("CreateUser", user_name=name)
        membership = {"user_name": name, "group_name": "dev"}

        found = on_both(ram, replica, [("DeleteUser", {"user_name": name}), ("AddUserToGroup", membership)])

        assert found in (["OK", "EntityNotExist.User"], ["DeleteConflict.User.Group", "OK"])


def test_a_group_is_either_deleted_or_let_into(ram: Ram, replica: Server) -> None:
    ram.call("CreateUser", user_name="alice")
    for number in range(ROUNDS):
        name = f"group-{number}"
        ram.call("CreateGroup", group_name=name)
        membership = {"user_name": "alice", "group_name": name}

        found = on_both(ram, replica, [("DeleteGroup", {"group_name": name}), ("AddUserToGroup", membership)])

        assert found in (["OK", "EntityNotExist.Group"], ["DeleteConflict.Group.User", "OK"])


def test_a_key_that_is_made_while_its_user_is_renamed_goes_along(ram: Ram, replica: Server) -> None:
    for number in range(ROUNDS):
        name = f"user-{number}"
        ram.call("CreateUser", user_name=name)
        rename = {"user_name": name, "new_user_name": f"{name}.new"}

        renamed, made = on_both(ram, replica, [("UpdateUser", rename), ("CreateAccessKey", {"user_name": name})])

        keys = ram.call("ListAccessKeys", user_name=f"{name}.new")["AccessKeys"]["AccessKey"]
        assert (renamed, made, len(keys)) in (("OK", "OK", 1), ("OK", "EntityNotExist.User", 0))


def test_users_who_call_while_they_are_renamed_are_served(ram: Ram, replica: Server) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.allow_user("alice", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    alice = ram.key_of("alice")

    found = together(
        lambda: outcome(ram, "UpdateUser", {"user_name": "alice", "new_user_name": "alicia"}),
        *([lambda: outcome(alice, "CreateAccessKey", {})] * 3),
    )

    assert found[0] == "OK"
    assert set(found[1:]) <= {"OK", "LimitExceeded.User.AccessKey", "EntityNotExist.User"}
    assert names(ram.call("ListUsers"), "Users", "User") == ["alicia"]
