"""Every refusal that an action of STS declares, provoked through the official client."""

from collections.abc import Callable
from typing import Any

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.access.errors import NoPermission
from callboard.api.model import ACTIONS
from callboard.errors import ApiError
from tests.ram.policies.cloud import Cloud, allow, document

Provoke = Callable[[Cloud], object]

MINE = [each for each in ACTIONS.values() if each.version == "2015-04-01"]
DECLARED: dict[tuple[str, str], type[ApiError]] = {
    (each.name, error.code): error
    for each in MINE
    for error in (*each.errors, *(() if each.is_for_everybody else each.everyones_errors))
}


def with_changes(changes: dict[str, Any]) -> Provoke:
    """A call that would be fine but for these parameters."""

    def provoke(root: Cloud) -> None:
        given = {"role_arn": root.arn_of(root.role()), "role_session_name": "session", **changes}
        root.user(allow("sts:*")).call("AssumeRole", **given)

    return provoke


PROVOCATIONS: dict[tuple[str, str], Provoke] = {
    ("AssumeRole", code): with_changes(changes)
    for code, changes in {
        "MissingRoleArn": {"role_arn": None},
        "InvalidParameter.RoleArn": {"role_arn": "acs:ram::tom:role/tom"},
        "MissingRoleSessionName": {"role_session_name": None},
        "InvalidParameter.RoleSessionName": {"role_session_name": "a"},
        "InvalidParameter.DurationSeconds": {"duration_seconds": 899},
        "InvalidParameter.PolicyGrammar": {"policy": '{"Version": "1"}'},
        "InvalidParameter.PolicySize": {"policy": document(allow("a:" + "a" * 2048))},
        "InvalidParameter.ExternalId": {"external_id": "a"},
    }.items()
} | {
    ("AssumeRole", "EntityNotExist.Role"): lambda root: with_changes({"role_arn": root.arn_of("nothing")})(root),
    ("AssumeRole", "NoPermission"): lambda root: root.user().assume(root.arn_of(root.role())),
}


def test_there_are_actions_to_be_walked_over() -> None:
    assert {each.name for each in MINE} == {"AssumeRole", "GetCallerIdentity"}


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
    assert refused.message.startswith(str(error.__doc__).partition("{")[0])


def test_a_refused_session_policy_is_told_where_it_fails(root: Cloud) -> None:
    broken = document(allow("*"), {"Effect": "Allow", "Action": "List", "Resource": "*"})

    refused = root.refusal(lambda: with_changes({"policy": broken})(root))

    assert refused.message == (
        "The parameter Policy has not passed grammar check. Statement 2: an action is <product>:<operation>, or *."
    )


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        ("role_session_name", ["a", "a" * 65, "a b", "a/b", "ä" * 3, "ab\n"]),
        ("external_id", ["a", "a" * 1225, "a b", "a\nb", "ab!"]),
        (
            "role_arn",
            ["tom", "acs:ram::1:user/tom", "acs:ram:cn:1:role/tom", "acs:ram::1:role/", "acs:ram::1:role/a\n"],
        ),
    ],
)
def test_what_does_not_fit_is_refused(root: Cloud, parameter: str, values: list[str]) -> None:
    given = {"role_arn": root.arn_of("nothing"), "role_session_name": "session"}
    user = root.user(allow("sts:*"))

    codes = {user.code("AssumeRole", **{**given, parameter: value}) for value in values}

    wire = "".join(word.capitalize() for word in parameter.split("_"))
    assert codes == {f"InvalidParameter.{wire}"}


@pytest.mark.parametrize(
    ("parameter", "values"),
    [("role_session_name", ["ab", "a" * 64, "a.b@c-d_e"]), ("external_id", ["ab", "a" * 1224, "a_b+c=d,e.f@g:h/i-j"])],
)
def test_what_fits_is_taken(root: Cloud, parameter: str, values: list[str]) -> None:
    given = {"role_arn": root.arn_of(root.role()), "role_session_name": "session"}
    user = root.user(allow("sts:*"))

    replies = [user.call("AssumeRole", **{**given, parameter: value}) for value in values]

    assert len({each["Credentials"]["AccessKeyId"] for each in replies}) == len(values)


def test_nobody_is_refused_to_ask_who_it_is(root: Cloud) -> None:
    assert NoPermission.code not in [error.code for error in ACTIONS["2015-04-01", "GetCallerIdentity"].errors]
    assert root.user().call("GetCallerIdentity")["IdentityType"] == "RAMUser"
