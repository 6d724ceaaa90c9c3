"""The policy language: what is read, and what is refused with the place where it fails."""

import json
from typing import Any

import pytest

from callboard.access.policy import PolicyMalformed, read_policy, read_trust_policy

FINE = {"Effect": "Allow", "Action": "rd:Get", "Resource": "*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": "acs:ram::1:root"}}


def document(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "1", "Statement": list(statements), **more})


def but(statement: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A statement with other values; None takes a key away."""
    return {key: value for key, value in {**statement, **changes}.items() if value is not None}


def conditioned(condition: Any) -> str:
    return document(but(FINE, Condition=condition))


DOCUMENTS = {
    "": "The document is not JSON.",
    "{": "The document is not JSON.",
    "[" * 10_000: "The document is not JSON.",
    '{"Version": "1"} x': "The document is not JSON.",
    "[]": "The document must be an object with Version and Statement.",
    "null": "The document must be an object with Version and Statement.",
    document(FINE, Id="x"): "The document must be an object with Version and Statement.",
    '{"Statement": []}': 'Version must be "1".',
    '{"Version": 1, "Statement": []}': 'Version must be "1".',
    '{"Version": "2", "Statement": []}': 'Version must be "1".',
    '{"Version": "1"}': "Statement must be a list of statements.",
    '{"Version": "1", "Statement": []}': "Statement must be a list of statements.",
    '{"Version": "1", "Statement": "Allow"}': "Statement must be a list of statements.",
    document("x"): "Statement 1: it must be an object.",
    document(FINE, "x"): "Statement 2: it must be an object.",
    document(but(FINE, Principals="*")): "Statement 1: Principals is not known.",
    document(but(FINE, Effect=None)): "Statement 1: Effect must be Allow or Deny.",
    document(but(FINE, Effect="allow")): "Statement 1: Effect must be Allow or Deny.",
    document(but(FINE, Principal={"RAM": "*"})): "Statement 1: Principal is due in a trust policy, and only there.",
    document(but(FINE, Action=None)): "Statement 1: exactly one of Action and NotAction is due.",
    document(but(FINE, NotAction="*")): "Statement 1: exactly one of Action and NotAction is due.",
    document(but(FINE, Resource=None)): "Statement 1: exactly one of Resource and NotResource is due.",
    document(but(FINE, NotResource="*")): "Statement 1: exactly one of Resource and NotResource is due.",
    **{
        document(but(FINE, Action=value)): "Statement 1: an action is <product>:<operation>, or *."
        for value in ("", "Get", "rd:", ":Get", "rd:Get:All", "rd:Ge t", [], {}, 5, ["rd:Get", 5], ["rd:Get", ""])
    },
    **{
        document(but(FINE, Resource=value)): (
            "Statement 1: a resource is acs:<product>:<region>:<account>:<relative id>, or *."
        )
        for value in ("", "acs", "acs:rd:*:1", "arn:rd:*:1:a", "acs:rd:*:1:a\n", "**", [], {}, 5, ["*", 5])
    },
    conditioned([]): "Statement 1: Condition must be an object.",
    conditioned("x"): "Statement 1: Condition must be an object.",
    conditioned({"StringIs": {"a": "b"}}): "Statement 1: there is no operator StringIs.",
    conditioned({"stringequals": {"a": "b"}}): "Statement 1: there is no operator stringequals.",
    conditioned({"StringEquals": {}}): "Statement 1: StringEquals must be an object of keys.",
    conditioned({"StringEquals": "a"}): "Statement 1: StringEquals must be an object of keys.",
    **{
        conditioned({operator: {"key": value}}): f"Statement 1: {operator} cannot compare key with what is given."
        for operator, value in (
            ("StringEquals", []),
            ("StringEquals", 5),
            ("StringEquals", ["a", None]),
            ("NumericEquals", "tom"),
            ("NumericLessThan", "NaN"),
            ("NumericLessThan", "Infinity"),
            ("NumericLessThan", ["1", "tom"]),
            ("DateEquals", "yesterday"),
            ("DateLessThan", "2026-13-01T00:00:00Z"),
            ("Bool", "yes"),
            ("Bool", True),
            ("IpAddress", "10.0.0.256"),
            ("IpAddress", "10.0.0.0/33"),
            ("NotIpAddress", "localhost"),
        )
    },
}
TRUST_DOCUMENTS = {
    document(FINE): "Statement 1: Principal is due in a trust policy, and only there.",
    document(but(TRUST, Resource="*")): "Statement 1: a trust policy names no resource.",
    document(but(TRUST, NotResource="*")): "Statement 1: a trust policy names no resource.",
    **{
        document(but(TRUST, Principal=value)): (
            "Statement 1: Principal must be an object with RAM, Service or Federated."
        )
        for value in ("*", {}, [], {"AWS": "*"}, {"RAM": "acs:ram::1:root", "AWS": "*"})
    },
    **{
        document(but(TRUST, Principal=value)): "Statement 1: Principal names nobody."
        for value in ({"RAM": []}, {"RAM": 5}, {"RAM": [None]}, {"RAM": "acs:ram::1:root", "Service": []})
    },
    **{
        document(but(TRUST, Principal={"RAM": value})): (
            "Statement 1: a RAM principal is acs:ram::<account>: with root, user/<name> or role/<name>."
        )
        for value in ("*", "tom", "acs:ram::1:user/", "acs:ram::1:user/*", "acs:ram::tom:root", "acs:ram::1:group/a")
    },
}


@pytest.mark.parametrize(("text", "why"), DOCUMENTS.items())
def test_a_policy_is_refused_with_the_place_where_it_fails(text: str, why: str) -> None:
    with pytest.raises(PolicyMalformed) as raised:
        read_policy(text)

    assert str(raised.value) == why


@pytest.mark.parametrize(("text", "why"), TRUST_DOCUMENTS.items())
def test_a_trust_policy_is_refused_with_the_place_where_it_fails(text: str, why: str) -> None:
    with pytest.raises(PolicyMalformed) as raised:
        read_trust_policy(text)

    assert str(raised.value) == why


def test_one_statement_need_not_stand_in_a_list() -> None:
    assert read_policy(json.dumps({"Version": "1", "Statement": FINE})) == read_policy(document(FINE))


def test_texts_and_lists_of_texts_are_read_alike() -> None:
    listed = but(FINE, Action=["rd:Get"], Resource=["*"], Condition={"StringEquals": {"a": ["b"]}})

    assert read_policy(document(but(FINE, Condition={"StringEquals": {"a": "b"}}))) == read_policy(document(listed))


def test_everything_that_a_statement_may_have_is_read() -> None:
    condition = {"IpAddress": {"acs:SourceIp": ["10.0.0.0/8", "::1"]}, "Bool": {"acs:SecureTransport": "true"}}

    (statement,) = read_policy(
        document({"Sid": "x", "Effect": "Deny", "NotAction": "*", "NotResource": "acs:*:*:*:*", "Condition": condition})
    )

    assert (statement.is_allow, statement.is_not_action, statement.is_not_resource) == (False, True, True)
    assert [(each.operator, each.key, each.values) for each in statement.conditions] == [
        ("IpAddress", "acs:SourceIp", ("10.0.0.0/8", "::1")),
        ("Bool", "acs:SecureTransport", ("true",)),
    ]


def test_the_principals_of_a_trust_policy_are_read() -> None:
    names = {
        "RAM": ["acs:ram::1:root", "acs:ram::1:user/a.b_c-d", "acs:ram::1:role/Night"],
        "Service": "ecs.aliyuncs.com",
    }

    (statement,) = read_trust_policy(document(but(TRUST, Principal=names)))

    assert statement.principals == (
        ("RAM", "acs:ram::1:root"),
        ("RAM", "acs:ram::1:user/a.b_c-d"),
        ("RAM", "acs:ram::1:role/Night"),
        ("Service", "ecs.aliyuncs.com"),
    )
