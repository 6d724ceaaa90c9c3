"""The actions of policies, roles and STS against the models of the official clients, and against odd input."""

import typing
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram_models
from alibabacloud_sts20150401 import models as sts_models
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS, Action
from tests.contract.callers import snake
from tests.contract.test_sdk_names import model_shape, sdk_shape
from tests.ram.policies.cloud import Cloud, allow
from tests.ram.policies.provocations import COMPLETE

MODELS = {"2015-05-01": ram_models, "2015-04-01": sts_models}
MINE = [
    each
    for each in ACTIONS.values()
    if each.handle.__module__.startswith(("callboard.ram.policies.", "callboard.sts."))
]
EVERY = pytest.mark.parametrize("action", MINE, ids=lambda action: action.name)
ODD = ["\0", "a\0b", "\x1b[2J", "\U0010ffff", "'", '"', "\\", "%s", "{0}", "${a}", "\u2028", "a" * 5000, " ", "-1"]


def missing(taken: Any, documented: Any, path: str = "") -> list[str]:
    """What the action has and the official model has not."""
    if isinstance(taken, list):
        return missing(taken[0], documented[0], f"{path}[]")
    if isinstance(taken, dict):
        return [
            problem
            for name, inner in taken.items()
            for problem in (
                missing(inner, documented[name], f"{path}.{name}") if name in documented else [f"{path}.{name}"]
            )
        ]
    return [] if taken == documented else [f"{path}: {taken} instead of {documented}"]


@EVERY
def test_a_reply_has_nothing_that_the_official_client_does_not_know(action: Action) -> None:
    documented = sdk_shape(getattr(MODELS[action.version], f"{action.name}ResponseBody"))

    assert missing(model_shape(action.reply), documented) == []


@EVERY
def test_a_request_has_the_parameters_of_the_official_client(action: Action) -> None:
    model = getattr(MODELS[action.version], f"{action.name}Request", None)
    hints = typing.get_type_hints(model.__init__) if model else {}

    taken = {field.attribute: field.parameter.kind for field in action.fields}

    assert {name: kind for name, kind in taken.items() if hints.get(name) is not kind} == {}


@EVERY
def test_a_handler_bears_the_name_of_its_action(action: Action) -> None:
    assert action.handle.__name__ == snake(action.name)


@EVERY
def test_what_changes_something_changes_access_and_what_reads_does_not(action: Action) -> None:
    assert action.changes_access == (not action.is_read and action.name != "AssumeRole")


@pytest.mark.parametrize("name", COMPLETE)
def test_odd_characters_are_refused_or_taken_and_never_a_fault(root: Cloud, name: str) -> None:
    action = ACTIONS["2015-05-01", name]
    for field in action.fields:
        if field.parameter.kind is str:
            for odd in ODD:
                status = answered(root, name, **{**COMPLETE[name], field.attribute: odd})
                assert status in (200, 400, 404, 409), (field.name, odd)


@pytest.mark.parametrize("name", ["RoleArn", "RoleSessionName", "Policy", "ExternalId"])
def test_odd_characters_make_no_session(root: Cloud, name: str) -> None:
    user, given = root.user(allow("sts:*")), {"role_arn": root.arn_of(root.role()), "role_session_name": "session"}

    assert {answered(user, "AssumeRole", **{**given, snake(name): odd}) for odd in ODD} <= {400, 200}


def answered(caller: Cloud, action: str, **parameters: Any) -> int:
    try:
        caller.call(action, **parameters)
    except AlibabaCloudException as error:
        return int(error.status_code)
    return 200
