"""Every declared refusal of the actions about messages, provoked; and what no message may hold."""

from collections.abc import Callable

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from tests.declared import assert_declared
from tests.messages.press import VERSION, call, publish, published, with_bearer
from tests.recipients.world import World
from tests.signing import Response

NAMES = ("PublishMessage", "GetMessage", "ListMessages", "ResendMessage")
OF_TEMPLATES = {
    "EntityNotExists.MessageTemplate",
    "InvalidParameter.TemplateName",
    "MissingParameter.Variables",
    "InvalidParameter.Variables",
}
"""Provoked in test_templates.py."""
DECLARED = {
    (name, error.code) for name in NAMES for error in ACTIONS[VERSION, name].errors if error.code not in OF_TEMPLATES
}
NO_ONE, NO_MESSAGE = "1000000000000000", "m-0123456789abcdef"


def _another_with_the_same_key(world: World, member: str) -> Response:
    published(world.account, member, IdempotencyKey="k")
    return publish(world.account, member, IdempotencyKey="k", Subject="Another one")


PROVOCATIONS: dict[tuple[str, str], Callable[[World, str], Response]] = {
    ("PublishMessage", "EntityNotExists.Account"): lambda world, _: publish(world.account, NO_ONE),
    ("PublishMessage", "IdempotentParameterMismatch"): _another_with_the_same_key,
    ("GetMessage", "EntityNotExists.Message"): lambda world, _: call(world.account, "GetMessage", MessageId=NO_MESSAGE),
    ("ResendMessage", "EntityNotExists.Message"): lambda world, _: call(
        world.account, "ResendMessage", MessageId=NO_MESSAGE
    ),
}


@pytest.mark.parametrize(("action", "code"), PROVOCATIONS)
def test_a_declared_error_surfaces_as_it_is_declared(world: World, action: str, code: str) -> None:
    refused = PROVOCATIONS[action, code](world, world.member())

    assert_declared(refused, action, code)


def test_every_declared_error_has_a_provocation_and_no_other() -> None:
    assert set(PROVOCATIONS) == DECLARED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "") for name in (
            "AccountId", "MessageType", "Severity", "Subject", "Content", "ContentType", "Link", "TimeToLive", "Sender",
            "IdempotencyKey",
        )),
        ("AccountId", "tom"),
        ("MessageType", "Spam"),
        ("Severity", "critical"),
        ("Severity", "Fatal"),
        *((name, text) for name in ("Subject", "Sender") for text in (
            "a\nb", "a\r\nBcc: e@example.com", "a\tb", "a\x00b", "a\x7fb", "a\x85b", "a\u2028b", "\u202ea", " a", "a ",
            "x" * 201,
        )),
        *(("Content", text) for text in ("  \n", "a\x00b", "a\x1bb", "a\u202eb", "x" * 20_001)),
        ("ContentType", "Html"),
        *(("Link", text) for text in (
            "example.com", "javascript:alert(1)", "ftp://example.com/", "https://", "https://bank.com@evil.com/",
            "https://exämple.com/", "https://example.com/ x", 'https://example.com/"onclick=', "http://[", "https://" +
            "x" * 500,
        )),
        *(("TimeToLive", text) for text in ("59", "604801", "-1", "soon", "1e3")),
        *(("IdempotencyKey", text) for text in ("a b", "ä", "x" * 129, "a\n")),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_its_name(world: World, name: str, value: str) -> None:
    usual = {"AccountId": NO_ONE, "MessageType": "FaultMessage", "Severity": "Info", "Subject": "s", "Content": "c"}

    refused = with_bearer(world.account, "PublishMessage", {**usual, name: value})

    assert (refused.status, refused.code) == (400, "InvalidParameter")
    assert name in refused.json["Message"]


@pytest.mark.parametrize("name", ["AccountId", "MessageType", "Severity", "Subject", "Content"])
def test_what_is_missing_is_refused_by_its_name(world: World, name: str) -> None:
    usual = {"AccountId": NO_ONE, "MessageType": "FaultMessage", "Severity": "Info", "Subject": "s", "Content": "c"}
    del usual[name]

    refused = call(world.account, "PublishMessage", **usual)

    assert (refused.status, refused.code, name in refused.json["Message"]) == (400, "InvalidParameter", True)


@pytest.mark.parametrize(
    ("subject", "content"),
    [
        ("数据库没有响应 👩\u200d💻", "第一行\n\t第二行\r\n\u200f\u0645\u0631\u062d\u0628\u0627"),
        ("s" * 200, "c" * 20_000),
        ("=?utf-8?b?eA==?=", "."),
    ],
)
def test_every_script_and_the_longest_texts_are_taken(world: World, subject: str, content: str) -> None:
    usual = {"AccountId": world.member(), "MessageType": "FaultMessage", "Severity": "Info", "TimeToLive": 604_800}
    longest = {"Sender": "m" * 100, "IdempotencyKey": "k" * 128, "Link": "https://example.com/".ljust(500, "x")}

    answer = with_bearer(world.account, "PublishMessage", {**usual, **longest, "Subject": subject, "Content": content})

    assert answer.status == 200, answer.body


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NextToken", "x"),
        ("NextToken", "01.m-0123456789abcdef"),
        ("NextToken", "9999999999999999.m-0123456789abcdef"),
        ("MaxResults", "0"),
        ("MaxResults", "101"),
        ("StartTime", "yesterday"),
        ("AccountId", "tom"),
        ("MessageType", "Spam"),
    ],
)
def test_what_does_not_fit_a_list_is_refused_by_its_name(world: World, name: str, value: str) -> None:
    refused = call(world.account, "ListMessages", **{name: value})

    assert (refused.status, refused.code, name in refused.json["Message"]) == (400, "InvalidParameter", True)


def test_a_period_that_ends_before_it_begins_is_refused(world: World) -> None:
    period = {"StartTime": "2026-11-25T10:00:00Z", "EndTime": "2026-11-25T09:00:00Z"}

    assert call(world.account, "ListMessages", **period).code == "InvalidParameter"
