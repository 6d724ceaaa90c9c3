"""The twenty traps of clients.md, section 6, one by one."""

import http.client
import json
import socket
import uuid
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.serving import Account
from tests.signing import Response, call_v1, call_v3, send, v1_parameters, v3_headers
from tests.wire.provocations import ACTION, PROVOCATIONS

CONTACT = {"Name": "tom", "EmailAddress": "a+b@example.com", "Title": "CEO", "MessageTypes.1": "FaultMessage"}
FORM = "application/x-www-form-urlencoded"


def signed(account: Account, action: str, query: list[tuple[str, str]] | None = None, **options: Any) -> dict[str, str]:
    """The headers of a V3 request."""
    keys = {"endpoint": account.server.endpoint, "key_id": account.key_id, "secret": account.secret}
    return v3_headers(action=action, query=query or [], **{**keys, **options})


def v1(account: Account, parameters: dict[str, str], *, action: str = ACTION, method: str = "POST") -> dict[str, str]:
    return v1_parameters(
        action=action, key_id=account.key_id, secret=account.secret, parameters=parameters, method=method
    )


def received(account: Account, request: bytes) -> bytes:
    """What a first read gives of the answer to a request on a connection of its own."""
    host, port = account.server.endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(65536)


def raw(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode()


@pytest.mark.parametrize("space", ["%20", "+"])
@pytest.mark.parametrize("safe", ["", "@*", "@*:/~"])
def test_trap_01_signatures_are_verified_from_decoded_values(account: Account, space: str, safe: str) -> None:
    value = "a b*c@example.com/~:+"
    query = quote(value, safe=safe).replace("%20", space)

    response = send(
        account.server.endpoint, "POST", f"/?RegionId={query}", signed(account, ACTION, [("RegionId", value)])
    )

    assert response.status == 200


@pytest.mark.parametrize("call", [call_v1, call_v3], ids=["V1", "V3"])
def test_trap_02_parameters_with_empty_values_are_signed_and_kept(account: Account, call: Any) -> None:
    added = call(account, "AddMessageContact", CONTACT | {"PhoneNumber": "86-13900001234", "SignatureType": ""})
    contact_id = added.json["Contact"]["ContactId"]

    call(account, "UpdateMessageContact", {"ContactId": contact_id, "PhoneNumber": "", "AbandonableCheckId": ""})

    contact = call(account, "GetMessageContact", {"ContactId": contact_id}).json["Contact"]
    assert "PhoneNumber" not in contact


def test_trap_03_exactly_the_named_headers_are_signed_trimmed_and_in_the_order_named(account: Account) -> None:
    every = signed(account, ACTION, extra={"accept": "application/json", "user-agent": "  Python  "})
    unsigned = {"accept-encoding": "identity", "x-acs-more": "not signed"}

    response = send(account.server.endpoint, "POST", "/", every | unsigned)
    shortest = call_v3(account, ACTION)

    assert (response.status, shortest.status) == (200, 200)


@pytest.mark.parametrize("host", ["{}", "http://{}", "http://{}/", "{}/"])
def test_trap_04_the_host_is_signed_as_sent(account: Account, host: str) -> None:
    sent = host.format(account.server.endpoint)

    response = send(account.server.endpoint, "POST", "/", signed(account, ACTION, endpoint=sent))

    assert response.status == 200


def test_trap_05_the_hash_in_the_header_is_compared_with_the_body(account: Account) -> None:
    headers = signed(account, "AddMessageContact", content_type=FORM)

    response = send(account.server.endpoint, "POST", "/", headers, urlencode(CONTACT).encode())

    assert (response.status, response.code) == (400, "SignatureDoesNotMatch")


def test_trap_06_v1_is_signed_over_query_and_form_and_names_its_action_in_either(account: Account) -> None:
    pairs = v1(account, {"Format": "json"})
    pop_core = send(account.server.endpoint, "POST", "/", {"content-type": FORM}, urlencode(pairs).encode())
    pairs = v1(account, CONTACT, action="AddMessageContact")
    common, business = urlencode(list(pairs.items())[:8] + list(pairs.items())[-1:]), urlencode(CONTACT).encode()

    terraform = send(account.server.endpoint, "POST", f"/?{common}", {"content-type": FORM}, business)

    assert (pop_core.status, terraform.status) == (200, 200)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_trap_07_both_methods_take_parameters_from_query_and_form(account: Account, method: str) -> None:
    for index, in_query in enumerate((True, False)):
        parameters = CONTACT | {"Name": f"tom{'ab'[index]}"}
        query, body = (list(parameters.items()), b"") if in_query else ([], urlencode(parameters).encode())
        headers = signed(account, "AddMessageContact", query, method=method, body=body, content_type=FORM)

        response = send(account.server.endpoint, method, f"/?{urlencode(query)}", headers, body)

        assert response.status == 200


@pytest.mark.parametrize("scheme", ["V1", "V3"])
def test_trap_08_a_body_may_come_in_chunks(account: Account, scheme: str) -> None:
    pairs = v1(account, CONTACT, action="AddMessageContact") if scheme == "V1" else CONTACT
    body = urlencode(pairs).encode()
    headers = {"content-type": FORM}
    if scheme == "V3":
        headers = signed(account, "AddMessageContact", body=body, content_type=FORM)

    response = send(account.server.endpoint, "POST", "/", headers, iter([body[:9], body[9:]]))  # type: ignore[arg-type]

    assert response.status == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("content_type", ["application/octet-stream", None, FORM, "application/json"])
def test_trap_09_any_content_type_goes_with_an_empty_body(
    account: Account, method: str, content_type: str | None
) -> None:
    unsigned = {"content-type": content_type} if content_type else {}

    response = send(account.server.endpoint, method, "/", signed(account, ACTION, method=method) | unsigned)

    assert response.status == 200


@pytest.mark.parametrize("case", [str.lower, str.upper, str.title], ids=["lower", "upper", "title"])
def test_trap_10_header_names_come_in_any_case_and_the_user_agent_may_be_empty(account: Account, case: Any) -> None:
    headers = signed(account, ACTION, extra={"user-agent": ""})

    answer = received(account, raw("POST", "/", {case(name): value for name, value in headers.items()}))

    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("encoding", ["identity", "gzip, deflate, br", ""])
def test_trap_11_answers_are_plain_json_with_a_content_length(account: Account, encoding: str) -> None:
    headers = signed(account, ACTION) | {"accept-encoding": encoding}

    response = send(account.server.endpoint, "POST", "/", headers)

    assert response.headers["content-type"] == "application/json;charset=utf-8"
    assert response.headers["content-length"] == str(len(response.body))
    assert "content-encoding" not in response.headers
    assert json.loads(response.body.decode())["RequestId"]


def test_trap_12_head_and_body_are_sent_in_one_piece(account: Account) -> None:
    answers = [received(account, raw("POST", "/", signed(account, ACTION))) for _ in range(5)]

    assert any(answer.endswith(b'"}') for answer in answers)


def test_trap_13_a_connection_serves_many_calls_refused_ones_too(account: Account) -> None:
    connection = http.client.HTTPConnection(account.server.endpoint, timeout=30)
    connection.connect()
    first = connection.sock

    statuses = []
    for number in range(45):
        headers = signed(account, ACTION if number % 2 else "NoSuchAction")
        connection.request("POST", "/", headers=headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)

    is_same = connection.sock is first
    connection.close()
    assert is_same
    assert statuses == [404, 200] * 22 + [404]


@pytest.mark.parametrize("each", PROVOCATIONS, ids=[each.code for each in PROVOCATIONS])
def test_trap_14_every_error_is_a_json_object_with_a_code(account: Account, each: Any) -> None:
    response: Response = each.provoke(account)

    assert {"Code", "RequestId", "HostId", "Message", "Recommend"} <= set(response.json)
    assert all(response.json.values())


@pytest.mark.parametrize("path", ["/nowhere", "/?" + "a" * 60_000, "/%"])
def test_trap_14_odd_addresses_too(account: Account, path: str) -> None:
    response = send(account.server.endpoint, "POST", path)

    assert response.status in (400, 404, 413)
    assert response.code


def test_trap_14_a_query_that_is_far_too_long_too(account: Account) -> None:
    response = send(account.server.endpoint, "POST", "/?RegionId=" + "a" * 70_000)

    assert response.status in (400, 413, 414)
    assert response.code


def test_trap_15_the_message_of_a_wrong_signature_has_a_colon_and_the_clients_own_text(account: Account) -> None:
    pairs = v1(account, {}, method="GET")
    pairs["Signature"] = "wrong"

    response = send(account.server.endpoint, "GET", f"/?{urlencode(pairs)}")

    start, text = response.json["Message"].split(":")
    del pairs["Signature"]
    expected = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in sorted(pairs.items()))
    assert start == "Specified signature is not matched with our calculation. server string to sign is"
    assert text == f"GET&%2F&{quote(expected, safe='')}"


def test_trap_16_an_unknown_key_or_action_is_not_found(account: Account) -> None:
    key, action = call_v3(account, ACTION, key_id="LTAInobody"), call_v3(account, "NoSuchAction")

    assert (key.status, key.code) == (404, "InvalidAccessKeyId.NotFound")
    assert key.json["Message"] == "Specified access key is not found."
    assert (action.status, action.code) == (404, "InvalidAction.NotFound")
    assert action.json["Message"] == "Specified api is not found, please check your url and method."


@pytest.mark.parametrize("call", [call_v1, call_v3], ids=["V1", "V3"])
def test_trap_17_unknown_parameters_are_ignored(account: Account, call: Any) -> None:
    more = {"RegionId": "cn", "Tags.1.Key": "k", "Tag.1.Value": "v", "SecureTransport": "true", "SourceIp": "1.2.3.4"}

    response = call(account, "AddMessageContact", CONTACT | more)

    assert response.status == 200


def test_trap_18_a_retry_with_a_nonce_of_its_own_is_served(account: Account) -> None:
    extra = {"x-acs-retry-attempts": "1", "x-acs-retry-delay": "100"}

    responses = [call_v3(account, ACTION, nonce=uuid.uuid4().hex, extra=each) for each in ({}, extra, extra)]

    assert [each.status for each in responses] == [200, 200, 200]


def test_trap_19_what_is_not_throttled_asks_for_no_retry(account: Account) -> None:
    responses = [each.provoke(account) for each in PROVOCATIONS]

    assert not [each for each in responses if "x-acs-retry-after" in each.headers or "Throttling" in each.code]


@pytest.mark.parametrize(("name", "status"), [("张", 400), ("张三", 200), ("张" * 12, 200), ("张" * 13, 400)])
def test_trap_20_lengths_are_in_characters(account: Account, name: str, status: int) -> None:
    response = call_v3(account, "AddMessageContact", CONTACT | {"Name": name})

    assert response.status == status
