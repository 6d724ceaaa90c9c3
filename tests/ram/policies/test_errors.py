"""Every refusal that an action of policies, attachments and roles declares, provoked through the official client."""

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from callboard.errors import ApiError
from tests.ram.policies.cloud import Cloud, document
from tests.ram.policies.provocations import COMPLETE, PROVOCATIONS

MINE = [each for each in ACTIONS.values() if each.handle.__module__.startswith("callboard.ram.policies.")]
DECLARED: dict[tuple[str, str], type[ApiError]] = {
    (each.name, error.code): error for each in MINE for error in (*each.errors, *each.everyones_errors)
}
SOME = [
    ('{"Version": "2", "Statement": []}', 'Version must be "1".'),
    (
        document({"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Permit"}),
        "Statement 2: Effect must be Allow or Deny.",
    ),
    ("{tom", "The document is not JSON."),
]


def test_there_are_actions_to_be_walked_over() -> None:
    assert {each.name for each in MINE} == set(COMPLETE)
    assert len(MINE) == 25


@pytest.mark.parametrize(("action", "code"), [pytest.param(*key, id="-".join(key)) for key in DECLARED])
def test_a_declared_refusal_has_a_provocation(action: str, code: str) -> None:
    assert (action, code) in PROVOCATIONS


def test_every_provocation_is_of_a_declared_refusal() -> None:
    assert [key for key in PROVOCATIONS if key not in DECLARED] == []


@pytest.mark.parametrize(("action", "code"), [pytest.param(*key, id="-".join(key)) for key in PROVOCATIONS])
def test_a_declared_refusal_surfaces_with_its_status_and_message(root: Cloud, action: str, code: str) -> None:
    error = DECLARED[action, code]

    refused = root.refusal(lambda: PROVOCATIONS[action, code](root))

    assert (refused.status, refused.code) == (error.status, error.code)
    if "{" not in str(error.__doc__):
        assert refused.message == error.__doc__


@pytest.mark.parametrize(("text", "why"), SOME)
def test_a_refused_document_is_told_where_it_fails(root: Cloud, text: str, why: str) -> None:
    created = root.refused("CreatePolicy", policy_name="tom", policy_document=text)

    assert (created.code, created.message) == ("MalformedPolicyDocument", why)


@pytest.mark.parametrize("text", ["a\0b", "a\x1bb"])
def test_a_description_holds_no_control_characters(root: Cloud, text: str) -> None:
    given = {"policy_document": document({"Effect": "Allow", "Action": "*", "Resource": "*"}), "description": text}

    assert root.code("CreatePolicy", policy_name="tom", **given) == "InvalidParameter"


def test_a_trust_policy_names_principals_that_there_can_be(root: Cloud) -> None:
    statement = {"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": {"RAM": ["*"]}}

    refused = root.refused("CreateRole", role_name="tom", assume_role_policy_document=document(statement))

    assert refused.message == (
        "Statement 1: a RAM principal is acs:ram::<account>: with root, user/<name> or role/<name>."
    )
