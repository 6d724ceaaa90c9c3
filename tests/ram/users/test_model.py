"""The official SDK's models against the action model: the same names in requests and replies."""

import typing

import pytest
from alibabacloud_ram20150501 import models
from alibabacloud_ram20150501.client import Client

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS, Action
from tests.contract.callers import snake
from tests.contract.test_sdk_names import model_shape, sdk_shape
from tests.ram.users.clients import VERSION
from tests.ram.users.provocation import GROUPS, KEYS, LOGONS, MEMBERS, NAMES, USERS, actions

EVERY = pytest.mark.parametrize("action", actions(), ids=lambda action: action.name)
LEVELS = {"Create": "create", "Get": "get", "Update": "update", "Delete": "delete", "List": "list"}


@EVERY
def test_the_request_has_the_names_and_kinds_of_the_sdks(action: Action) -> None:
    documented = getattr(models, f"{action.name}Request")

    taken = {field.name: field.parameter.kind.__name__ for field in action.fields}

    assert taken == sdk_shape(documented)
    assert {field.attribute for field in action.fields} == set(typing.get_type_hints(documented.__init__))
    assert callable(getattr(Client, snake(action.name)))


@EVERY
def test_the_reply_has_the_names_and_kinds_of_the_sdks(action: Action) -> None:
    assert model_shape(action.reply) == sdk_shape(getattr(models, f"{action.name}ResponseBody"))


@EVERY
def test_an_action_has_its_permission_and_access_level(action: Action) -> None:
    levels = [level for verb, level in LEVELS.items() if action.name.startswith(verb)]

    assert action.permission == f"ram:{action.name}"
    assert action.access_level == (levels[0] if levels else "update")


@pytest.mark.parametrize(
    ("names", "resources"),
    [
        (("CreateUser", "ListUsers"), ["user/*"]),
        (("CreateGroup", "ListGroups"), ["group/*"]),
        ((*KEYS, *LOGONS, *USERS[1:4], "ListGroupsForUser"), ["user/alice"]),
        ((*GROUPS[1:4], "ListUsersForGroup"), ["group/dev"]),
        (MEMBERS[:2], ["user/alice", "group/dev"]),
    ],
    ids=["users", "groups", "user", "group", "both"],
)
def test_actions_have_the_resources_of_rams_documentation(names: tuple[str, ...], resources: list[str]) -> None:
    values = {"UserName": "alice", "GroupName": "dev"}

    found = {name: ACTIONS[VERSION, name].resources_of("42", values) for name in names}

    assert found == {name: [f"acs:ram:*:42:{each}" for each in resources] for name in names}


def test_whatever_changes_what_somebody_may_do_is_believed_at_once() -> None:
    reads = {action.name for action in actions() if action.is_read}
    harmless = {"CreateUser", "CreateGroup", "DeleteGroup", "DeleteLoginProfile", "UnbindMFADevice"}

    assert {action.name for action in actions() if action.changes_access} == set(NAMES) - reads - harmless
