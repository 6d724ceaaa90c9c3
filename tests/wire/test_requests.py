"""The forms in which a request may come: where its parameters stand, its headers, in what pieces it arrives."""

import hashlib
import http.client
import json
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from tests.serving import Account
from tests.signing import Response, call_v1, call_v3, send, v1_parameters, v3_headers
from tests.wire.provocations import ACTION

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = "application/json; charset=utf-8"
CONTACT = {
    "Name": "张三",
    "EmailAddress": "a+b@example.com",
    "Title": "CEO",
    "MessageTypes.1": "FaultMessage",
    "MessageTypes.2": "AccountExpenses",
}


def v1(
    account: Account, action: str, parameters: dict[str, str], method: str = "POST", **common: Any
) -> dict[str, str]:
    return v1_parameters(
        action=action,
        key_id=account.key_id,
        secret=account.secret,
        parameters=parameters,
        method=method,
        **common,
    )


def v3(account: Account, action: str, query: list[tuple[str, str]], **options: Any) -> dict[str, str]:
    keys = {"endpoint": account.server.endpoint, "key_id": account.key_id, "secret": account.secret}
    return v3_headers(action=action, query=query, **{**keys, **options})


def added(account: Account, response: Response) -> Any:
    """The contact that the call added, as the server shows it."""
    assert response.status == 200, response.body
    contact_id = response.json["Contact"]["ContactId"]
    return call_v3(account, "GetMessageContact", {"ContactId": contact_id}).json["Contact"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("in_query", [0, 1, 5, 99], ids=["body", "one in the query", "mixed", "query"])
def test_v1_parameters_may_stand_in_the_query_in_the_body_or_in_both(
    account: Account, method: str, in_query: int
) -> None:
    pairs = list(v1(account, "AddMessageContact", CONTACT, method).items())
    path, body = f"/?{urlencode(pairs[:in_query])}", urlencode(pairs[in_query:]).encode()

    response = send(account.server.endpoint, method, path, FORM, body)

    contact = added(account, response)
    assert (contact["Name"], contact["EmailAddress"]) == ("张三", "a+b@example.com")
    assert contact["MessageTypes"] == ["FaultMessage", "AccountExpenses"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("in_query", [0, 2, 99], ids=["body", "mixed", "query"])
def test_v3_parameters_may_stand_in_the_query_in_the_body_or_in_both(
    account: Account, method: str, in_query: int
) -> None:
    pairs = list(CONTACT.items())
    query, body = pairs[:in_query], urlencode(pairs[in_query:]).encode()
    headers = v3(account, "AddMessageContact", query, method=method, body=body, content_type=FORM["content-type"])

    response = send(account.server.endpoint, method, f"/?{urlencode(query)}", headers, body)

    assert added(account, response)["Name"] == "张三"


def test_a_v3_request_may_have_a_json_body_with_real_lists(account: Account) -> None:
    contact = {key: value for key, value in CONTACT.items() if "." not in key}
    body = json.dumps({**contact, "MessageTypes": ["FaultMessage"], "PhoneNumber": None}).encode()

    response = call_v3(account, "AddMessageContact", body=body, content_type=JSON)

    assert added(account, response)["MessageTypes"] == ["FaultMessage"]


@pytest.mark.parametrize("body", [b'{"RetainContactInMembers":false}', b"{", b"[]", b"null"])
def test_a_v1_request_with_a_json_body_is_refused_since_v1_does_not_sign_it(account: Account, body: bytes) -> None:
    path = f"/?{urlencode(v1(account, ACTION, {}))}"

    response = send(account.server.endpoint, "POST", path, {"content-type": JSON}, body)

    assert (response.status, response.code) == (400, "InvalidParameter")


def test_v1_credentials_in_a_json_body_are_refused(account: Account) -> None:
    body = json.dumps(v1(account, ACTION, {})).encode()

    response = send(account.server.endpoint, "POST", "/", {"content-type": JSON}, body)

    assert response.status == 400


@pytest.mark.parametrize("pieces", [[b""], None], ids=["empty pieces", "byte by byte"])
def test_a_form_body_may_come_in_chunks(account: Account, pieces: list[bytes] | None) -> None:
    body = urlencode(v1(account, "AddMessageContact", CONTACT)).encode()
    chunks = iter([body[:7], body[7:]] if pieces else [body[at : at + 1] for at in range(len(body))])

    response = send(account.server.endpoint, "POST", "/", FORM, chunks)  # type: ignore[arg-type]

    assert added(account, response)["Name"] == "张三"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_octet_stream_without_content_is_an_empty_body(account: Account, method: str) -> None:
    headers = v3(account, ACTION, [("PageSize", "7")], method=method)
    unsigned = {"content-type": "application/octet-stream", "content-length": "0"}

    response = send(account.server.endpoint, method, "/?PageSize=7", headers | unsigned)

    assert response.json["PageSize"] == 7


@pytest.mark.parametrize("host", ["http://{}", "http://{}/", "{}/", "example.com", "EXAMPLE.com:80"])
def test_any_host_is_accepted_as_it_was_signed(account: Account, host: str) -> None:
    headers = v3(account, ACTION, [], endpoint=host.format(account.server.endpoint))

    response = send(account.server.endpoint, "POST", "/", headers)

    assert response.status == 200


def test_a_header_with_several_values_is_signed_with_them_sorted_and_joined(account: Account) -> None:
    headers = v3(account, ACTION, [], extra={"x-acs-more": "a,b"})
    connection = http.client.HTTPConnection(account.server.endpoint, timeout=30)
    connection.putrequest("POST", "/", skip_host=True, skip_accept_encoding=True)
    for name, value in [*headers.items(), ("Content-Length", "0")]:
        for each in reversed(value.split(",")) if name == "x-acs-more" else [value]:
            connection.putheader(name, each)
    connection.endheaders()

    status = connection.getresponse().status

    connection.close()
    assert status == 200


def test_a_value_of_a_header_is_signed_without_the_blanks_around_it(account: Account) -> None:
    response = call_v3(account, ACTION, extra={"x-acs-more": "  a b\t"})

    assert response.status == 200


def test_a_hash_that_is_not_the_bodys_is_refused(account: Account) -> None:
    body = urlencode(CONTACT).encode()
    headers = v3(account, "AddMessageContact", [], body=body, content_type=FORM["content-type"])

    response = send(account.server.endpoint, "POST", "/", headers, body.replace(b"CEO", b"Other"))

    assert response.code == "SignatureDoesNotMatch"
    assert call_v3(account, ACTION).json["TotalCount"] == 0


def test_a_hash_that_is_signed_but_wrong_is_refused(account: Account) -> None:
    other = hashlib.sha256(b"another body").hexdigest()

    response = call_v3(account, ACTION, extra={"x-acs-content-sha256": other})

    assert response.status == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/?Action=ListMessageContacts", "/contacts"])
def test_another_method_is_refused_in_the_apis_own_words(account: Account, method: str, path: str) -> None:
    response = send(account.server.endpoint, method, path)

    assert (response.status, response.code) == (403, "UnsupportedHTTPMethod")


def test_head_is_refused_without_a_body(account: Account) -> None:
    response = send(account.server.endpoint, "HEAD", "/")

    assert (response.status, response.body) == (403, b"")
    assert response.headers["x-acs-request-id"]


@pytest.mark.parametrize(
    "path", ["/api", "//", "/index.html", "/%2e%2e/", "/?x/../y", "/\\", "/healthz/", "/%00", "/%FF"]
)
def test_an_unknown_path_is_refused_in_the_apis_own_words(account: Account, path: str) -> None:
    headers = v3(account, ACTION, [])

    response = send(account.server.endpoint, "POST", path, headers)

    expected = (400, "SignatureDoesNotMatch") if path.startswith("/?") else (404, "InvalidAction.NotFound")
    assert (response.status, response.code) == expected


@pytest.mark.parametrize(
    "extra",
    [{"RegionId": "cn-hangzhou"}, {"SourceIp": "1.2.3.4"}, {"Tags.1.Key": "k"}, {"SignatureType": ""}, {"": "x"}],
)
@pytest.mark.parametrize("call", [call_v1, call_v3], ids=["V1", "V3"])
def test_unknown_parameters_are_signed_and_ignored(account: Account, call: Any, extra: dict[str, str]) -> None:
    response = call(account, ACTION, extra | {"PageSize": "7"})

    assert response.json["PageSize"] == 7


@pytest.mark.parametrize("name", ["pagesize", "pageSize", "PAGESIZE"])
def test_names_are_read_by_exact_case(account: Account, name: str) -> None:
    response = call_v3(account, ACTION, {name: "7"})

    assert response.json["PageSize"] == 10


@pytest.mark.parametrize("value", ["XML", "xml"])
def test_a_success_is_written_in_xml_where_xml_is_asked_for(account: Account, value: str) -> None:
    response = call_v1(account, ACTION, Format=value)

    root = ET.fromstring(response.body)
    assert response.headers["content-type"] == "text/xml;charset=utf-8"
    assert root.tag == "ListMessageContactsResponse"
    assert {each.tag: each.text for each in root} == {
        "TotalCount": "0",
        "PageSize": "10",
        "PageNumber": "1",
        "RequestId": response.headers["x-acs-request-id"],
    }
