"""The action model against the documented facts."""

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS, Action
from callboard.errors import ApiError
from tests.contract import facts_accounts
from tests.contract.facts import ENFORCED, OLDER_VERSION, OPERATIONS, OPTIONAL, VERSION, Refusal, everyones
from tests.directory import facts_directory

DIRECTORY = {key: action for key, action in ACTIONS.items() if action.version in (VERSION, OLDER_VERSION)}
EVERY = pytest.mark.parametrize("action", DIRECTORY.values(), ids=lambda action: f"{action.name}-{action.version}")
# Importing them registers the facts.
REGISTERED = (facts_accounts, facts_directory)


def refusals(errors: tuple[type[ApiError], ...]) -> list[Refusal]:
    return sorted(Refusal(error.status, error.code, error().message) for error in errors)


def test_the_model_holds_the_documented_operations_and_no_others() -> None:
    assert set(DIRECTORY) == {(version, name) for name, facts in OPERATIONS.items() for version in facts.versions}


@EVERY
def test_an_action_declares_its_documented_error_table(action: Action) -> None:
    assert refusals(action.errors) == sorted(OPERATIONS[action.name].errors)


@EVERY
def test_what_every_action_may_answer_is_the_table_of_every_operation(action: Action) -> None:
    assert refusals(action.everyones_errors) == sorted(everyones(action.name))


@EVERY
def test_an_action_takes_its_documented_parameters(action: Action) -> None:
    facts = OPERATIONS[action.name]
    newer = set(facts.newer_parameters) if action.version == OLDER_VERSION else set()

    assert {field.name for field in action.fields} == set(facts.parameters) - newer


@EVERY
def test_an_action_demands_what_is_required_or_enforced(action: Action) -> None:
    documented = OPERATIONS[action.name].parameters

    demanded = {field.name for field in action.fields if field.is_required}

    assert demanded == {name for name, kind in documented.items() if kind != OPTIONAL}


@EVERY
def test_an_enforced_parameter_has_its_documented_refusal(action: Action) -> None:
    facts = OPERATIONS[action.name]
    codes = {error.code for error in facts.errors}

    enforced = [name for name, kind in facts.parameters.items() if kind == ENFORCED]

    assert all(f"MissingParameter.{name}" in codes for name in enforced)


@EVERY
def test_an_action_has_its_documented_permission_and_access_level(action: Action) -> None:
    facts = OPERATIONS[action.name]

    assert (action.permission, action.access_level) == (facts.permission, facts.access_level)


@EVERY
def test_an_action_has_its_documented_resource(action: Action) -> None:
    account_id, contact_id = "1234567890123456", "c-qL4HqKONzOM7abcd"
    facts = OPERATIONS[action.name]
    documented = facts.resource.format(accountId=account_id, MessageContactId=contact_id)

    resources = action.resources_of(account_id, {"ContactId": contact_id})

    assert resources == ([documented] if documented else [])
    assert action.scopes == facts.scopes
