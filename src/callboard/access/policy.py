"""The policy language of RAM, version 1: a document read into statements, or the reason why it is none. Pure.

Facts: protocol.md, section 7. `NotResource` goes beyond it, as `NotAction` does for actions.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from callboard.access.conditions import OPERATORS

VERSION = "1"
DOCUMENT_LENGTH = 6144
"""Characters of the longest policy document; RAM counts them without blanks between the tokens."""
EFFECTS = ("Allow", "Deny")

_ACTION = re.compile(r"\*|[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+")
_PRINCIPAL = re.compile(r"acs:ram::[0-9]{1,32}:(root|(user|role)/[A-Za-z0-9._-]{1,64})")
_STATEMENT_KEYS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition", "Principal"}


class PolicyMalformed(Exception):
    """A document that is no policy; the text says where it fails, for whoever wrote it."""


class Condition(Struct, frozen=True):
    """One operator and one key: true when the values of the request fit."""

    operator: str
    key: str
    values: tuple[str, ...]


class Statement(Struct, frozen=True):
    """One statement. Patterns have `*` for any run of characters and `?` for one."""

    is_allow: bool
    actions: tuple[str, ...]
    is_not_action: bool
    resources: tuple[str, ...]
    is_not_resource: bool
    conditions: tuple[Condition, ...]
    principals: tuple[tuple[str, str], ...] = ()
    """Kind (RAM, Service, Federated) and name: in trust policies alone."""


@lru_cache(maxsize=1024)
def read_policy(document: str) -> tuple[Statement, ...]:
    """The statements of an identity policy. Raises PolicyMalformed."""
    return tuple(_statement(each, number, is_trust=False) for number, each in enumerate(_statements(document), 1))


@lru_cache(maxsize=256)
def read_trust_policy(document: str) -> tuple[Statement, ...]:
    """The statements of a role's trust policy, which name principals and no resources. Raises PolicyMalformed."""
    return tuple(_statement(each, number, is_trust=True) for number, each in enumerate(_statements(document), 1))


def _statements(document: str) -> list[Any]:
    try:
        content = msgspec.json.decode(document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PolicyMalformed("The document is not JSON.") from error
    if not isinstance(content, dict) or set(content) - {"Version", "Statement"}:
        raise PolicyMalformed("The document must be an object with Version and Statement.")
    if content.get("Version") != VERSION:
        raise PolicyMalformed('Version must be "1".')
    statements = content.get("Statement")
    found = [statements] if isinstance(statements, dict) else statements
    if not isinstance(found, list) or not found:
        raise PolicyMalformed("Statement must be a list of statements.")
    return found


def _statement(content: Any, number: int, *, is_trust: bool) -> Statement:
    def fail(why: str) -> PolicyMalformed:
        return PolicyMalformed(f"Statement {number}: {why}")

    if not isinstance(content, dict):
        raise fail("it must be an object.")
    if unknown := sorted(set(content) - _STATEMENT_KEYS):
        raise fail(f"{unknown[0][:50]} is not known.")
    if content.get("Effect") not in EFFECTS:
        raise fail("Effect must be Allow or Deny.")
    if is_trust == ("Principal" not in content):
        raise fail("Principal is due in a trust policy, and only there.")
    return Statement(
        is_allow=content["Effect"] == "Allow",
        actions=_actions(content, fail),
        is_not_action="NotAction" in content,
        resources=_resources(content, fail, is_trust=is_trust),
        is_not_resource="NotResource" in content,
        conditions=tuple(_conditions(content.get("Condition", {}), fail)),
        principals=tuple(_principals(content["Principal"], fail)) if is_trust else (),
    )


def _actions(content: Any, fail: Callable[[str], PolicyMalformed]) -> tuple[str, ...]:
    if ("Action" in content) == ("NotAction" in content):
        raise fail("exactly one of Action and NotAction is due.")
    found = _texts(content.get("Action", content.get("NotAction")))
    if not found or not all(_ACTION.fullmatch(each) for each in found):
        raise fail("an action is <product>:<operation>, or *.")
    return found


def _resources(content: Any, fail: Callable[[str], PolicyMalformed], *, is_trust: bool) -> tuple[str, ...]:
    if is_trust:
        if {"Resource", "NotResource"} & set(content):
            raise fail("a trust policy names no resource.")
        return ("*",)
    if ("Resource" in content) == ("NotResource" in content):
        raise fail("exactly one of Resource and NotResource is due.")
    found = _texts(content.get("Resource", content.get("NotResource")))
    if not found or not all(each == "*" or _is_resource(each) for each in found):
        raise fail("a resource is acs:<product>:<region>:<account>:<relative id>, or *.")
    return found


def _is_resource(text: str) -> bool:
    return text.startswith("acs:") and text.count(":") >= 4 and text.isprintable()


def _texts(value: Any) -> tuple[str, ...]:
    """A text, or a list of them; nothing for anything else."""
    found = [value] if isinstance(value, str) else value
    is_texts = isinstance(found, list) and all(isinstance(each, str) for each in found)
    return tuple(found) if is_texts else ()


def _conditions(content: Any, fail: Callable[[str], PolicyMalformed]) -> list[Condition]:
    if not isinstance(content, dict):
        raise fail("Condition must be an object.")
    found = []
    for operator, keys in content.items():
        if operator not in OPERATORS:
            raise fail(f"there is no operator {operator[:50]}.")
        if not isinstance(keys, dict) or not keys:
            raise fail(f"{operator} must be an object of keys.")
        for key, value in keys.items():
            values = _texts(value)
            if not values or not all(OPERATORS[operator].is_value(each) for each in values):
                raise fail(f"{operator} cannot compare {key[:50]} with what is given.")
            found.append(Condition(operator, key, values))
    return found


def _principals(content: Any, fail: Callable[[str], PolicyMalformed]) -> list[tuple[str, str]]:
    if not isinstance(content, dict) or not content or set(content) - {"RAM", "Service", "Federated"}:
        raise fail("Principal must be an object with RAM, Service or Federated.")
    named = {kind: _texts(value) for kind, value in content.items()}
    if not all(named.values()):
        raise fail("Principal names nobody.")
    if not all(_PRINCIPAL.fullmatch(each) for each in named.get("RAM", ())):
        raise fail("a RAM principal is acs:ram::<account>: with root, user/<name> or role/<name>.")
    return [(kind, name) for kind, names in named.items() for name in names]
