"""The evaluator of policies against a naive one, over policies and requests that are made up."""

import json
import time
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from callboard.access.conditions import OPERATORS
from callboard.access.patterns import fits_any, pattern
from callboard.access.policy import read_policy
from callboard.access.rules import Grants, Policy, decide, evaluate
from tests.property.policy_oracle import is_like, verdict
from tests.property.profiles import examples

EFFECTS = st.sampled_from(["Allow", "Allow", "Deny"])
ACTION = st.sampled_from(["rd:Get", "rd:GetAll", "rd:List", "rd:Update", "ram:Get", "RD:get"])
ACTIONS = st.sampled_from(
    ["*", "rd:*", "rd:Get", "RD:GET*", "rd:?et", "*:Get*", "r?:*et", "rd:List", "ram:*", "rd:*a*", "?????:*", "rd:**t"]
)
RESOURCE = st.builds(
    "acs:rd:*:{}:{}".format, st.sampled_from(["1", "12", "2"]), st.sampled_from(["a/1", "a/12", "b/*", "b/", "a/A"])
)
RESOURCES = st.sampled_from(["*"]) | st.builds(
    "acs:{}:*:{}:{}".format,
    st.sampled_from(["rd", "*", "r?"]),
    st.sampled_from(["1", "*", "1*", "?2", "2"]),
    st.sampled_from(["*", "a/*", "a/1", "a/?", "?/*", "b/*", "*1*", "a/A", "b/"]),
)
ADDRESS = st.sampled_from(["10.0.0.1", "10.0.1.7", "127.0.0.1", "192.168.3.4"])
NETWORK = ADDRESS | st.sampled_from(["10.0.0.0/8", "10.0.0.0/24", "0.0.0.0/0", "192.168.0.0/16", "127.0.0.1/32"])
DATE = st.sampled_from([f"2026-0{month}-1{day}T00:00:00Z" for month in (1, 2) for day in (1, 2)])
NUMBER = st.sampled_from(["1", "1.0", "2", "-3", "10", "0.5"])
WORD = st.sampled_from(["a", "A", "ab", "abc", "b", ""])
BOOLEAN = st.sampled_from(["true", "false", "True"])
LIKE = WORD | st.sampled_from(["*", "a*", "?", "?b*", "*c", "A*"])
KEYS: dict[str, tuple[str, st.SearchStrategy[str], st.SearchStrategy[str]]] = {
    "String": ("word", WORD, LIKE),
    "Numeric": ("number", NUMBER, NUMBER),
    "Date": ("date", DATE, DATE),
    "Bool": ("flag", BOOLEAN, BOOLEAN),
    "Ip": ("address", ADDRESS, NETWORK),
}
"""For operators that begin so: a key, what requests have under it, and what policies compare it with."""


def kind_of(operator: str) -> str:
    return next(kind for kind in KEYS if operator.removeprefix("Not").startswith(kind))


def one_or_more(values: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return values | st.lists(values, min_size=1, max_size=3)


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    operators = draw(st.lists(st.sampled_from(sorted(OPERATORS)), min_size=1, max_size=2, unique=True))
    found = {}
    for operator in operators:
        key, _, wanted = KEYS[kind_of(operator)]
        names = draw(st.lists(st.sampled_from([key, f"{key}2"]), min_size=1, max_size=2, unique=True))
        found[operator] = {name: draw(one_or_more(wanted)) for name in names}
    return found


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    found = {
        "Effect": draw(EFFECTS),
        draw(st.sampled_from(["Action", "Action", "NotAction"])): draw(one_or_more(ACTIONS)),
        draw(st.sampled_from(["Resource", "Resource", "NotResource"])): draw(one_or_more(RESOURCES)),
    }
    return found | ({"Condition": draw(conditions())} if draw(st.integers(0, 2)) == 0 else {})


@st.composite
def documents(draw: st.DrawFn) -> str:
    found = draw(st.lists(statements(), min_size=1, max_size=3))
    return json.dumps({"Version": "1", "Statement": found[0] if len(found) == 1 else found})


@st.composite
def contexts(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    found = {}
    for key, have, _ in KEYS.values():
        for name in (key, f"{key}2"):
            values = draw(st.lists(have, max_size=2))
            if values:
                found[name] = tuple(values)
    return found


def policies_of(texts: list[str]) -> tuple[Policy, ...]:
    return tuple(Policy("Custom", f"policy-{number}", read_policy(text)) for number, text in enumerate(texts))


@examples(400, nightly=100_000)
@given(
    texts=st.lists(documents(), max_size=3),
    session=st.none() | documents(),
    action=ACTION,
    resources=st.lists(RESOURCE, min_size=1, max_size=2),
    context=contexts(),
)
def test_a_decision_is_that_of_the_naive_reading(
    texts: list[str], session: str | None, action: str, resources: list[str], context: dict[str, tuple[str, ...]]
) -> None:
    of_session = None if session is None else Policy("Session", "SessionPolicy", read_policy(session))
    grants = Grants(policies=policies_of(texts), session=of_session)

    decision = decide(grants, action=action, resources=resources, context=context)

    expected = verdict(texts, session, action, resources, context)
    event(expected)
    assert decision.reason.value == expected
    assert decision.is_allowed == (expected == "Allow")
    assert decision.resource in resources


@examples(100)
@given(texts=st.lists(documents(), min_size=1, max_size=3), action=ACTION, resource=RESOURCE, context=contexts())
def test_the_statement_that_is_said_to_decide_decides_alone_as_well(
    texts: list[str], action: str, resource: str, context: dict[str, tuple[str, ...]]
) -> None:
    decision = evaluate(policies_of(texts), action=action, resource=resource, context=context)

    if decision.policy is None:
        assert decision.reason.value == "ImplicitDeny"
        return
    content = json.loads(texts[int(decision.policy.name.partition("-")[2])])["Statement"]
    every = content if isinstance(content, list) else [content]
    alone = json.dumps({"Version": "1", "Statement": every[decision.statement - 1]})
    assert verdict([alone], None, action, [resource], context) == decision.reason.value


@examples(400, nightly=100_000)
@given(text=st.text("abA\n", max_size=8), wanted=st.text("abA*?.", max_size=8))
def test_a_text_fits_a_pattern_as_it_does_by_trying_everything(text: str, wanted: str) -> None:
    assert (pattern(wanted)(text) is not None) == is_like(text, wanted)
    assert fits_any(text, (wanted,), ignores_case=True) == is_like(text.lower(), wanted.lower())


@examples(20)
@given(
    piece=st.text("ab?", min_size=1, max_size=3),
    times=st.integers(50, 1000),
    text=st.text("ab", min_size=1, max_size=4),
)
def test_no_pattern_takes_long(piece: str, times: int, text: str) -> None:
    fits = pattern(f"*{piece}" * times + "c")
    started = time.process_time()

    fits(text * 2000)

    assert time.process_time() - started < 1
