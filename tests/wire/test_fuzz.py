"""Requests that no client would send: each gets an answer of ours, soon, and leaves the server as it was."""

import json
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import callboard.contacts.actions
import callboard.contacts.reads  # noqa: F401 (importing the actions registers them)
from callboard.api.model import ACTIONS
from tests.property.profiles import examples
from tests.property.strategies import TEXT
from tests.signing import VERSION, call_v1, call_v3, v3_headers
from tests.wire.process import Process, add_contact
from tests.wire.raw import exchange, head

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
# Not the end of the directory, which these tests share and which has no parameter.
ACTION_NAMES = [name for version, name in ACTIONS if version == VERSION and name != "DestroyResourceDirectory"]
PARAMETERS = {name: [field.name for field in ACTIONS[VERSION, name].fields] for name in ACTION_NAMES}
EVERY_PARAMETER = sorted({parameter for each in PARAMETERS.values() for parameter in each})
VALUES = {
    "ContactId": "c-qL4HqKONzOM7abcd",
    "Name": "tom",
    "EmailAddress": "tom@example.com",
    "PhoneNumber": "86-13900001234",
    "Title": "CEO",
    "MessageTypes": "FaultMessage",
    "Member": "rd-abcdef",
    "RetainContactInMembers": "true",
    "PageNumber": "1",
    "PageSize": "10",
    "FolderId": "fd-aaaaaaaaaa",
    "ParentFolderId": "fd-aaaaaaaaaa",
    "ChildId": "fd-aaaaaaaaaa",
    "FolderName": "team",
    "NewFolderName": "team",
    "Tag": '[{"Key": "team"}]',
    "EnableMode": "NewManagementAccount",
    "DryRun": "false",
    "Status": "Enabled",
    "Members": "fd-aaaaaaaaaa",
    "AccountId": "1234567890123456",
    "PayerAccountId": "1234567890123456",
    "DisplayName": "Dev",
    "NewDisplayName": "Dev",
    "AccountNamePrefix": "alice",
    "ResellAccountType": "resell",
    "NewAccountType": "CloudAccount",
    "DestinationFolderId": "fd-aaaaaaaaaa",
    "IncludeTags": "true",
    "MaxResults": "10",
    "NextToken": "WyIxMjM0NTY3ODkwMTIzNDU2IiwidGVhbSJd",
    "ResourceId": "1234567890123456",
    "ResourceType": "Account",
    "All": "false",
    "TagKey": "team",
}
FREE_TEXTS = {"QueryKeyword", "MAName", "MASecureMobilePhone", "VerificationCode", "AbandonableCheckId", "Tag"}
"""Parameters of which nothing is demanded that odd characters could break, or nothing before other things are."""
ODD = [
    "\0",
    "\x01",
    "\x1b[2J",
    "\x7f",
    "\r\n",
    "\u2028",
    "\ufeff",
    "\ufffe",
    "\U0010ffff",
    "'",
    '"',
    "\\",
    "%",
    "%s",
    "$1",
    ":x",
    "{0}",
    ";--",
]
JUNK = st.sampled_from(["", "0", "-1", "null", "true", "[]", "{}", "[[1]]", "1e400", "\0", "%00", "a" * 5000]) | TEXT
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.sampled_from(["\ud800", "a\udfffb"])
JSON_VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)


def headers_of(process: Process, action: str, query: list[tuple[str, str]], **options: Any) -> dict[str, str]:
    keys = {"endpoint": process.endpoint, "key_id": process.key_id, "secret": process.secret}
    return v3_headers(action=action, query=query, **{**keys, **options})


@pytest.mark.parametrize("call", [call_v1, call_v3], ids=["V1", "V3"])
@pytest.mark.parametrize("action", ACTION_NAMES)
@examples(8)
@given(data=st.data())
def test_any_text_in_any_parameter_is_answered(process: Process, call: Any, action: str, data: st.DataObject) -> None:
    names = st.sampled_from([*PARAMETERS[action], "Other"]) | TEXT.filter(bool)
    parameters = data.draw(st.dictionaries(names, JUNK | st.sampled_from(sorted(VALUES.values())), max_size=6))

    response = call(process, action, parameters)

    assert response.status in (200, 400, 404, 409)


@pytest.mark.parametrize("action", ACTION_NAMES)
def test_odd_characters_in_a_parameter_reach_validation_and_go_no_further(process: Process, action: str) -> None:
    names = [name for name in PARAMETERS[action] if name not in FREE_TEXTS]
    values = {name: VALUES[name] for name in names} | {"ContactId": add_contact(process)}
    odd = [(name, values[name] + char) for name in names for char in ODD]

    answers = {(name, value): call_v3(process, action, values | {name: value}) for name, value in odd}

    assert {key: each.status for key, each in answers.items() if each.status not in (400, 404, 409)} == {}


@pytest.mark.parametrize("char", ["\0", "\x01", "\ufffe", "'", "%00"])
def test_odd_characters_in_the_common_parameters_are_refused(process: Process, char: str) -> None:
    common = {"AccessKeyId": process.key_id, "SecurityToken": "t", "Action": "ListMessageContacts", "Version": "2022"}
    common |= {"Format": "JSON", "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "Timestamp": "2026"}

    answers = [call_v1(process, "ListMessageContacts", **{name: value + char}) for name, value in common.items()]

    assert {answer.status for answer in answers} <= {400, 404}
    assert call_v1(process, "ListMessageContacts", SignatureNonce=f"{add_contact(process)}{char}").status == 200


@pytest.mark.parametrize("name", ["host", "authorization", "x-acs-action", "x-acs-version", "x-acs-date", "user-agent"])
@pytest.mark.parametrize("value", [b"\xff", b"\xc3\xa9", b"\xed\xa0\x80", b"\xef\xbf\xbe", b"]]>"])
def test_a_header_in_any_encoding_is_answered(process: Process, name: str, value: bytes) -> None:
    headers = headers_of(process, "ListMessageContacts", [], extra={"user-agent": "x"})
    sent = head("/", {key.lower(): text for key, text in headers.items()})
    start = sent.index(f"{name}: ".encode()) + len(name) + 2

    answer = exchange(process.endpoint, [sent[:start] + value + sent[start:]])
    key = exchange(process.endpoint, [sent.replace(process.key_id.encode(), value)])

    assert answer.is_ours
    assert key.status in (400, 404)
    assert key.code


@pytest.mark.parametrize(
    "pattern",
    ["%", "%4", "%zz", "%%", "%FF", "%C3%28", "%ED%A0%80", "%u5F20", "&&&", "=", "a=1&a=1", "\xff", "%00", "#x", "?"],
)
@pytest.mark.parametrize("name", ["Name", "%", "MessageTypes.1", ""])
def test_broken_encodings_are_answered_whether_signed_or_not(process: Process, name: str, pattern: str) -> None:
    query = f"{name}={pattern}"
    pairs = parse_qsl(query, keep_blank_values=True)

    answer = exchange(
        process.endpoint,
        [head(f"/?{query}", headers_of(process, "ListMessageContacts", pairs) | {"content-length": "0"})],
    )
    posted = exchange(
        process.endpoint,
        [head("/", {"host": "h", "content-type": FORM, "content-length": str(len(query.encode()))}), query.encode()],
    )

    assert answer.is_ours or pattern == "#x" or answer.status == 400
    assert posted.is_ours


@examples(60)
@given(query=st.binary(max_size=60), body=st.binary(max_size=200), kind=st.sampled_from([FORM, JSON, "x", ""]))
def test_any_bytes_in_query_and_body_are_answered(process: Process, query: bytes, body: bytes, kind: str) -> None:
    path = b"/?" + quote(query, safe="&=+%").encode()
    headers = {"host": "h", "content-type": kind, "content-length": str(len(body))}

    answer = exchange(process.endpoint, [head(path, headers), body])

    assert answer.is_ours
    assert answer.status == 400


@pytest.mark.parametrize("action", ACTION_NAMES)
@examples(10)
@given(data=st.data())
def test_any_json_is_answered(process: Process, action: str, data: st.DataObject) -> None:
    names = st.sampled_from([*PARAMETERS[action], "MessageTypes.1", "Format", "Signature"])
    body = json.dumps(data.draw(st.dictionaries(names, JSON_VALUES, max_size=5) | JSON_VALUES)).encode()

    response = call_v3(process, action, body=body, content_type=JSON)

    assert response.status in (200, 400, 404, 409)
    assert response.status == 200 or response.code


@pytest.mark.parametrize("depth", [10, 100, 1000, 5000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")], ids=["lists", "objects"])
@pytest.mark.parametrize("is_closed", [True, False])
def test_deep_json_is_answered(process: Process, depth: int, opening: str, closing: str, *, is_closed: bool) -> None:
    nested = opening * depth + ("1" + closing * depth if is_closed else "")
    body = f'{{"ContactId":"c-qL4HqKONzOM7abcd","MessageTypes":{nested}}}'.encode()

    response = call_v3(process, "UpdateMessageContact", body=body, content_type=JSON)

    assert (response.status, response.json["Code"][:16]) == (400, "InvalidParameter")


@pytest.mark.parametrize(
    "index",
    ["0", "-1", "99999999999999999999", "1.1", "01", "1.Key", "", "1e9", " 1", "x", "\0", "\u0661", "1\n", "1000000"],
)
@pytest.mark.parametrize("action", ["AddMessageContact", "UpdateMessageContact"])
def test_absurd_indexes_are_refused(process: Process, action: str, index: str) -> None:
    values = {name: VALUES[name] for name in PARAMETERS[action] if name != "MessageTypes"}

    response = call_v3(process, action, values | {f"MessageTypes.{index}": "FaultMessage"})

    assert response.code == "InvalidParameter.MessageTypes"


def test_a_thousand_items_of_a_list_are_refused(process: Process) -> None:
    many = {f"MessageTypes.{number}": "FaultMessage" for number in range(1, 900)}

    response = call_v3(process, "UpdateMessageContact", {"ContactId": "c-qL4HqKONzOM7abcd"} | many)

    assert response.code == "InvalidParameter.MessageTypes"
