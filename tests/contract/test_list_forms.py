"""The forms in which a list of message types may arrive, and those in which it may not (clients.md, protocol.md)."""

import json
from typing import Any

import pytest

from tests.contract.callers import Sdk
from tests.contract.steps import add, shown
from tests.signing import Response, call_v1, call_v3

ACCEPTED = [
    ([("MessageTypes.1", "SecurityMessage"), ("MessageTypes.2", "FaultMessage")], ["SecurityMessage", "FaultMessage"]),
    ([("MessageTypes.2", "FaultMessage"), ("MessageTypes.1", "SecurityMessage")], ["SecurityMessage", "FaultMessage"]),
    (
        [
            ("MessageTypes.1", "SecurityMessage"),
            ("MessageTypes.10", "AccountExpenses"),
            ("MessageTypes.2", "FaultMessage"),
        ],
        ["SecurityMessage", "FaultMessage", "AccountExpenses"],
    ),
    ([("MessageTypes", '["SecurityMessage","FaultMessage"]')], ["SecurityMessage", "FaultMessage"]),
    ([("MessageTypes", "SecurityMessage")], ["SecurityMessage"]),
    ([("MessageTypes", "SecurityMessage,FaultMessage")], ["SecurityMessage", "FaultMessage"]),
]
FORMS = ["numbered", "numbered-out-of-order", "ten-before-two", "bare-json", "bare-single", "bare-commas"]

INVALID = [
    [("MessageTypes", "")],
    [("MessageTypes.1", "")],
    [("MessageTypes.0", "FaultMessage")],
    [("MessageTypes.01", "FaultMessage")],
    [("MessageTypes.x", "FaultMessage")],
    [("MessageTypes.1.Key", "FaultMessage")],
    [("MessageTypes.1", "FaultMessage"), ("MessageTypes.2", "FaultMessage")],
    [("MessageTypes", "FaultMessage,FaultMessage")],
    [("MessageTypes", "FaultMessage,")],
    [("MessageTypes", " FaultMessage")],
    [("MessageTypes", '["FaultMessage"')],
    [("MessageTypes", '["FaultMessage", 1]')],
    [("MessageTypes", "[]")],
    [("MessageTypes", "Everything")],
]


def update(sdk: Sdk, contact_id: str, pairs: list[tuple[str, str]]) -> Response:
    return call_v3(sdk.account, "UpdateMessageContact", [("ContactId", contact_id), *pairs])


def update_by_json(sdk: Sdk, document: dict[str, Any]) -> Response:
    body = json.dumps(document).encode()
    return call_v3(sdk.account, "UpdateMessageContact", body=body, content_type="application/json; charset=utf-8")


@pytest.mark.parametrize(("pairs", "types"), ACCEPTED, ids=FORMS)
def test_v3_takes_the_form(sdk: Sdk, pairs: list[tuple[str, str]], types: list[str]) -> None:
    contact_id = add(sdk)

    answer = update(sdk, contact_id, pairs)

    assert answer.status == 200
    assert shown(sdk, contact_id)["MessageTypes"] == types


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("pairs", "types"), ACCEPTED, ids=FORMS)
def test_v1_takes_the_form(sdk: Sdk, pairs: list[tuple[str, str]], types: list[str], method: str) -> None:
    contact_id = add(sdk)

    answer = call_v1(sdk.account, "UpdateMessageContact", {"ContactId": contact_id, **dict(pairs)}, method=method)

    assert answer.status == 200
    assert shown(sdk, contact_id)["MessageTypes"] == types


@pytest.mark.parametrize("pairs", INVALID, ids=str)
def test_a_list_that_does_not_fit_changes_nothing(sdk: Sdk, pairs: list[tuple[str, str]]) -> None:
    contact_id = add(sdk)
    before = shown(sdk, contact_id)

    answer = update(sdk, contact_id, pairs)

    assert (answer.status, answer.code) == (400, "InvalidParameter.MessageTypes")
    assert shown(sdk, contact_id) == before


def test_a_list_both_bare_and_numbered_is_refused(sdk: Sdk) -> None:
    answer = update(sdk, add(sdk), [("MessageTypes", "FaultMessage"), ("MessageTypes.1", "ProductMessage")])

    assert (answer.status, answer.code) == (400, "InvalidParameter")
    assert answer.json["Message"] == "Specified parameter MessageTypes is not valid."


def test_a_number_that_comes_twice_is_refused(sdk: Sdk) -> None:
    answer = update(sdk, add(sdk), [("MessageTypes.1", "FaultMessage"), ("MessageTypes.1", "ProductMessage")])

    assert (answer.status, answer.code) == (400, "InvalidParameter")


def test_a_json_body_holds_a_real_list(sdk: Sdk) -> None:
    contact_id = add(sdk)

    answer = update_by_json(
        sdk, {"ContactId": contact_id, "Name": "张三", "MessageTypes": ["ProductMessage", "FaultMessage"]}
    )

    contact = shown(sdk, contact_id)
    assert answer.status == 200
    assert (contact["Name"], contact["MessageTypes"]) == ("张三", ["ProductMessage", "FaultMessage"])


def test_null_in_a_json_body_is_absent(sdk: Sdk) -> None:
    contact_id = add(sdk)

    answer = update_by_json(sdk, {"ContactId": contact_id, "MessageTypes": None, "Title": "Other"})

    contact = shown(sdk, contact_id)
    assert answer.status == 200
    assert (contact["Title"], contact["MessageTypes"]) == ("Other", ["FaultMessage", "AccountExpenses"])


@pytest.mark.parametrize("types", [[], "", 7, True, {"1": "FaultMessage"}, [["FaultMessage"]], ["FaultMessage", None]])
def test_a_json_body_without_a_real_list_is_refused(sdk: Sdk, types: Any) -> None:
    answer = update_by_json(sdk, {"ContactId": add(sdk), "MessageTypes": types})

    assert (answer.status, answer.code) == (400, "InvalidParameter.MessageTypes")


def test_an_empty_list_of_the_sdk_is_not_sent_and_so_changes_nothing(sdk: Sdk) -> None:
    contact_id = add(sdk)

    sdk.call("UpdateMessageContact", contact_id=contact_id, message_types=[])

    assert shown(sdk, contact_id)["MessageTypes"] == ["FaultMessage", "AccountExpenses"]


def test_add_misses_an_empty_list(sdk: Sdk) -> None:
    answer = call_v3(
        sdk.account,
        "AddMessageContact",
        {"Name": "tom", "EmailAddress": "tom@example.com", "Title": "CEO", "MessageTypes": ""},
    )

    assert (answer.status, answer.code) == (400, "MissingParameter.MessageTypes")


def test_add_keeps_the_order_of_all_six_types(sdk: Sdk) -> None:
    types = [
        "ProductMessage",
        "ServiceMessage",
        "ActivityMessage",
        "FaultMessage",
        "SecurityMessage",
        "AccountExpenses",
    ]

    contact_id = add(sdk, message_types=types)

    assert shown(sdk, contact_id)["MessageTypes"] == types
    (listed,) = sdk.call("ListMessageContacts")["Contacts"]
    assert listed["MessageTypes"] == types
