"""How much an account may have, when many ask for the last place at once; and what a full account still may do."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.ram.filling import fill
from tests.ram.users.clients import Ram, allow, names
from tests.ram.users.test_races import on_both
from tests.serving import Server

Calls = list[tuple[str, dict[str, Any]]]

ASKING = range(10)
READS = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ram:Get*", "Resource": "*"}]}'
TRUST = (
    '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"RAM": ["acs:ram::1:root"]}}]}'
)


def users(ram: Ram) -> Calls:
    fill(ram.account, "users", 4999)
    return [("CreateUser", {"user_name": f"last-{number}"}) for number in ASKING]


def groups(ram: Ram) -> Calls:
    fill(ram.account, "groups", 299)
    return [("CreateGroup", {"group_name": f"last-{number}"}) for number in ASKING]


def roles(ram: Ram) -> Calls:
    fill(ram.account, "roles", 999)
    given = {"assume_role_policy_document": TRUST}
    return [("CreateRole", {"role_name": f"last-{number}", **given}) for number in ASKING]


def policies(ram: Ram) -> Calls:
    fill(ram.account, "policies", 1499)
    given = {"policy_document": READS}
    return [("CreatePolicy", {"policy_name": f"last-{number}", **given}) for number in ASKING]


def groups_of_a_user(ram: Ram) -> Calls:
    fill(ram.account, "groups", 20)
    ram.call("CreateUser", user_name="alice")
    joining = [("AddUserToGroup", {"user_name": "alice", "group_name": f"filling-{n}"}) for n in range(1, 20)]
    for action, given in joining[:9]:
        ram.call(action, **given)
    return joining[9:]


def policies_of(kind: str) -> Callable[[Ram], Calls]:
    def work(ram: Ram) -> Calls:
        fill(ram.account, "policies", 20)
        fill(ram.account, f"{kind.lower()}s", 1)
        given = {"policy_type": "Custom", f"{kind.lower()}_name": "filling-1"}
        attaching = [(f"AttachPolicyTo{kind}", {"policy_name": f"filling-{n}", **given}) for n in range(1, 20)]
        for action, each in attaching[:9]:
            ram.call(action, **each)
        return attaching[9:]

    return work


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        pytest.param(users, "User", id="users"),
        pytest.param(groups, "Group", id="groups"),
        pytest.param(roles, "Role", id="roles"),
        pytest.param(policies, "Policy", id="policies"),
        pytest.param(groups_of_a_user, "User.Group", id="groups of a user"),
        pytest.param(policies_of("User"), "User.Policy", id="policies of a user"),
        pytest.param(policies_of("Group"), "Group.Policy", id="policies of a group"),
        pytest.param(policies_of("Role"), "Role.Policy", id="policies of a role"),
    ],
)
def test_of_ten_that_ask_for_the_last_place_at_once_one_has_it(
    prepare: Callable[[Ram], Calls], code: str, ram: Ram, replica: Server
) -> None:
    calls = prepare(ram)

    found = on_both(ram, replica, calls)

    assert Counter(found) == {"OK": 1, f"LimitExceeded.{code}": 9}


def test_where_one_is_deleted_there_is_a_place_again(ram: Ram) -> None:
    fill(ram.account, "groups", 300)
    refused = ram.refused("CreateGroup", group_name="dev")
    ram.call("DeleteGroup", group_name="filling-1")

    ram.call("CreateGroup", group_name="dev")

    assert refused == (409, "LimitExceeded.Group", "The count of groups beyond the current limits.")
    assert ram.call("GetGroup", group_name="dev")["Group"]["GroupName"] == "dev"


def test_a_name_that_is_taken_is_refused_as_that_in_a_full_account_as_well(ram: Ram) -> None:
    for what, many in (("users", 5000), ("groups", 300), ("roles", 1000), ("policies", 1500)):
        fill(ram.account, what, many)

    codes = [
        ram.refused("CreateUser", user_name="filling-1").code,
        ram.refused("CreateGroup", group_name="filling-1").code,
        ram.refused("CreateRole", role_name="Filling-1", assume_role_policy_document=TRUST).code,
        ram.refused("CreatePolicy", policy_name="filling-1", policy_document=READS).code,
    ]

    assert codes == [f"EntityAlreadyExists.{each}" for each in ("User", "Group", "Role", "Policy")]


def test_another_account_is_as_empty_as_it_was(ram: Ram, stranger: Ram) -> None:
    fill(ram.account, "groups", 300)

    stranger.call("CreateGroup", group_name="dev")

    assert names(stranger.call("ListGroups"), "Groups", "Group") == ["dev"]


def test_system_policies_are_not_counted_among_the_custom_ones(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    for _ in range(10):
        ram.allow_user("alice", allow("ram:*"))

    ram.call("AttachPolicyToUser", user_name="alice", policy_type="System", policy_name="AdministratorAccess")

    attached = ram.call("ListPoliciesForUser", user_name="alice")["Policies"]["Policy"]
    assert [each["PolicyType"] for each in attached] == ["Custom"] * 10 + ["System"]


def test_an_operator_makes_a_key_for_one_user_more(ram: Ram) -> None:
    fill(ram.account, "users", 5000)

    made = ram.account.server.key(ram.account.account_id, user_name="alice")

    (key,) = ram.call("ListAccessKeys", user_name="alice")["AccessKeys"]["AccessKey"]
    assert key["AccessKeyId"] == made.key_id
