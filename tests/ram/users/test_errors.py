"""Every declared error of users, keys and groups, provoked through the official SDK; and who is refused what."""

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.access.errors import NoPermission
from callboard.api.model import ACTIONS
from tests.contract.facts import Refusal
from tests.ram.users import provoked_by_parameters, provoked_by_state
from tests.ram.users.clients import VERSION, Ram
from tests.ram.users.provocation import NAMES, PROVOCATIONS, Provocation, actions, complete

# Importing them registers the provocations.
REGISTERED = (provoked_by_parameters, provoked_by_state)

DECLARED = {(action.name, error.code): error for action in actions() for error in action.errors}

EVERY = pytest.mark.parametrize("name", NAMES)


@pytest.mark.parametrize("provocation", PROVOCATIONS, ids=str)
def test_a_declared_error_surfaces_with_its_status_and_message(provocation: Provocation, ram: Ram) -> None:
    error = DECLARED[provocation.action, provocation.code]

    refused = ram.refusal(lambda: provocation.provoke(ram))

    assert refused == Refusal(error.status, error.code, error().message)


def test_each_declared_error_has_a_provocation_and_none_is_left_over() -> None:
    provoked = [(each.action, each.code) for each in PROVOCATIONS]

    assert sorted(provoked) == sorted(DECLARED)


def test_the_model_has_no_other_action_on_users_keys_groups_and_logons() -> None:
    modules = {"callboard.ram.users.actions", "callboard.ram.users.keys", "callboard.ram.users.groups"}
    modules |= {"callboard.ram.users.members", "callboard.ram.users.logons"}

    found = {name for (version, name), each in ACTIONS.items() if each.request.__module__ in modules}

    assert found == set(NAMES)
    assert all((VERSION, name) in ACTIONS for name in NAMES)


@EVERY
def test_a_user_without_policy_is_refused_in_detail(name: str, ram: Ram) -> None:
    user = ram.call("CreateUser", user_name="alice")["User"]
    alice = ram.key_of("alice")

    refused = alice.refused_in_full(name, **complete(name))

    assert refused["Code"] == NoPermission.code
    assert refused["AccessDeniedDetail"] == {
        "AuthAction": f"ram:{name}",
        "AuthPrincipalType": "SubUser",
        "AuthPrincipalOwnerId": ram.account.account_id,
        "AuthPrincipalDisplayName": user["UserId"],
        "NoPermissionType": "ImplicitDeny",
        "PolicyType": "AccountLevelIdentityBasedPolicy",
    }


@pytest.mark.parametrize("name", ["CreateUser", "CreateGroup"])
@pytest.mark.parametrize("comments", ["a\0b", "\x1b[2J"])
def test_comments_that_cannot_be_shown_are_refused(name: str, comments: str, ram: Ram) -> None:
    refused = ram.refused(name, **complete(name, comments=comments))

    assert refused == Refusal(400, "InvalidParameter", "Specified parameter Comments is not valid.")


@pytest.mark.parametrize("name", ["ListUsers", "ListGroups", "ListUsersForGroup"])
@pytest.mark.parametrize("given", [{"max_items": 0}, {"max_items": 1001}, {"marker": "a\0b"}], ids=str)
def test_pages_have_limits(name: str, given: dict[str, object], ram: Ram) -> None:
    ram.call("CreateGroup", group_name="dev")

    refused = ram.refused(name, **complete(name, **given))

    assert (refused.status, refused.code) == (400, "InvalidParameter")
