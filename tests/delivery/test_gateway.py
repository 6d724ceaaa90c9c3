"""SMS by an HTTP gateway: what exactly arrives, and what its answers mean."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callboard.delivery.gateway import GatewaySender
from callboard.delivery.letter import Letter, PermanentFailure, TemporaryFailure
from callboard.errors import StartupError
from callboard.settings import Settings
from tests.delivery.letters import CREATED_AT, sms
from tests.delivery.web_servers import Gateway, Request, web_server

HOSTILE = 'Zoë said: "{code}" & {number}=\'1\'\r\nX-Evil: 1\r\n\r\n},{"a":[1]} %2e%00 ?#/../ \\ {link.__class__} 验证码'


def deliver(gateway: Gateway, letter: Letter, path: str = "/sms", **given: Any) -> str:
    """One letter to a server that answers as it is told to."""

    async def act() -> str:
        async with web_server(gateway) as port:
            values = {f"sms_gateway_{name}": value for name, value in given.items()}
            url = f"http://127.0.0.1:{port}{path}"
            sender = GatewaySender(Settings(sms_gateway_url=url, **values), now=lambda: CREATED_AT)
            try:
                return await sender.send(letter)
            finally:
                await sender.close()

    return asyncio.run(act())


def asked(letter: Letter, path: str = "/sms", **given: Any) -> Request:
    gateway = Gateway()
    deliver(gateway, letter, path, **given)
    (request,) = gateway.requests
    return request


def test_the_default_body_carries_number_text_and_id() -> None:
    request = asked(sms(HOSTILE))

    assert (request.method, request.target) == ("POST", "/sms")
    assert request.header("content-type") == "application/json"
    assert request.tree == {"to": "+8613900001234", "text": HOSTILE, "id": "l-0123456789abcdef"}


def test_a_json_body_keeps_its_structure_whatever_the_text_says() -> None:
    body = """{"to": ["{number}", {"cc": "{country}", "n": "{national}"}], "{text}": 1, "flash": true, "x": null,
        "parts": ["{text}", "<{code}|{link}>", "{unknown} {0} {text.real} {{id}}"]}"""

    request = asked(sms(HOSTILE), body=body, method="PUT")

    assert request.method == "PUT"
    assert request.tree == {
        "to": ["+8613900001234", {"cc": "86", "n": "13900001234"}],
        "{text}": 1,
        "flash": True,
        "x": None,
        "parts": [HOSTILE, "<123456|https://example.com/c?a=1&b=2>", "{unknown} {0} {text.real} {l-0123456789abcdef}"],
    }


def test_a_form_body_keeps_its_pairs_whatever_the_text_says() -> None:
    request = asked(sms(HOSTILE), body="to={number}&msg=%5B{text}%5D&key=a%26b+c&empty=&to={national}", type="form")

    assert request.header("content-type") == "application/x-www-form-urlencoded"
    assert request.form == [
        ("to", "+8613900001234"),
        ("msg", f"[{HOSTILE}]"),
        ("key", "a&b c"),
        ("empty", ""),
        ("to", "13900001234"),
    ]


def test_a_value_in_the_address_stays_one_value() -> None:
    request = asked(sms(HOSTILE), "/v1/{number}/{id}/send?msg={text}&who={unknown}&code={code}#no", method="GET")

    path, _, _ = request.target.partition("?")
    assert request.method == "GET"
    assert path == "/v1/%2B8613900001234/l-0123456789abcdef/send"
    assert request.query == {"msg": HOSTILE, "who": "{unknown}", "code": "123456"}
    assert request.content == b""


def test_a_text_in_the_path_leads_nowhere_else() -> None:
    request = asked(sms(".."), "/v1/{text}/{text}/send")

    assert request.target == "/v1/%2E%2E/%2E%2E/send"


def test_headers_hold_the_id_and_nothing_else_of_the_letter() -> None:
    headers = {"Authorization": "Bearer é-1", "X-Id": "<{id}>", "X-Text": "{text}", "Content-Type": "application/x"}

    request = asked(sms(HOSTILE), headers=json.dumps(headers))

    assert request.header("authorization") == "Bearer é-1"
    assert request.header("x-id") == "<l-0123456789abcdef>"
    assert request.header("x-text") == "{text}"
    assert request.header("content-type") == "application/x"
    assert "x-evil" not in [name.lower() for name, _ in request.headers]


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_arrives_as_it_is_in_each_place(text: str) -> None:
    as_json = asked(sms(text), "/?m={text}", body='{"m": "{text}"}')
    as_form = asked(sms(text), "/?m={text}", body="m={text}", type="form")

    assert (as_json.tree, as_json.query) == ({"m": text}, {"m": text})
    assert (as_form.form, as_form.query) == ([("m", text)], {"m": text})


@pytest.mark.parametrize(
    "recipient", ["", "13900001234", "86-1390000123x", "86-13900001234\n", "+86-13900001234", "86-1&2"]
)
def test_what_is_no_number_is_refused_for_good(recipient: str) -> None:
    gateway = Gateway()

    with pytest.raises(PermanentFailure, match="not a phone number"):
        deliver(gateway, sms(recipient=recipient))

    assert gateway.requests == []


def test_the_answer_of_success_is_the_gateways_own_on_one_line() -> None:
    answer = deliver(Gateway(status="202 Accepted", content=b'{"id":\r\n 7}\x00'), sms())

    assert answer == '202 {"id": 7}'


def test_an_answer_in_another_encoding_is_read_in_it() -> None:
    gateway = Gateway(headers="Content-Type: text/plain; charset=gb2312\r\n", content="成功".encode("gb2312"))

    assert deliver(gateway, sms(), success="成功") == "200 成功"


def test_a_2xx_without_the_text_of_success_is_temporary() -> None:
    with pytest.raises(TemporaryFailure, match=r"^200 balance is empty$"):
        deliver(Gateway(content=b"balance is empty"), sms(), success="accepted")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 599])
def test_a_status_that_may_pass_is_temporary(status: int) -> None:
    with pytest.raises(TemporaryFailure, match=f"^{status} accepted$"):
        deliver(Gateway(status=f"{status} X"), sms())


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 422])
def test_any_other_status_is_permanent_and_no_redirect_is_followed(status: int) -> None:
    gateway = Gateway(status=f"{status} X", headers="Location: /elsewhere\r\n")

    with pytest.raises(PermanentFailure, match=f"^{status} accepted$"):
        deliver(gateway, sms())

    assert len(gateway.requests) == 1


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Mon, 21 Sep 2026 13:15:00 GMT", 1_789_996_500 - CREATED_AT / 1000),
        ("Mon, 21 Sep 2076 13:15:00 -0000", 3_367_919_700 - CREATED_AT / 1000),
        ("soon", None),
        ("-5", None),
        ("9" * 400, None),
        ("Mon, 99 Sep 99999999999999999999 13:15:00 GMT", None),
    ],
)
def test_retry_after_is_understood_in_both_its_forms(header: str, expected: float | None) -> None:
    gateway = Gateway(status="429 Slow", headers=f"Retry-After: {header}\r\n")

    with pytest.raises(TemporaryFailure) as refused:
        deliver(gateway, sms())

    assert refused.value.retry_after_s == (expected if expected is None else pytest.approx(max(0.0, expected)))


def test_a_gateway_that_dribbles_does_not_hold_the_worker() -> None:
    with pytest.raises(TemporaryFailure, match=r"more than 0.2 s"):
        deliver(Gateway(is_dribbling=True), sms(), timeout_s=0.2)


def test_a_gateway_that_has_no_end_is_not_read_to_it() -> None:
    answer = deliver(Gateway(content=b"x" * 5_000_000), sms())

    assert len(answer) == len("200 ") + 64 * 1024


def test_no_gateway_is_temporary() -> None:
    async def act() -> None:
        async with web_server(Gateway()) as port:
            pass
        sender = GatewaySender(Settings(sms_gateway_url=f"http://127.0.0.1:{port}/"), now=lambda: CREATED_AT)
        try:
            await sender.send(sms())
        finally:
            await sender.close()

    with pytest.raises(TemporaryFailure, match=r"^ConnectError"):
        asyncio.run(act())


@pytest.mark.parametrize("headers", [{"X-A": "s3cret\r\nX-B: 1"}, {"X A": "s3cret"}, {"": "s3cret"}])
def test_headers_that_are_none_stop_the_start_and_are_not_shown(headers: dict[str, str]) -> None:
    given = Settings(sms_gateway_url="http://127.0.0.1/", sms_gateway_headers=json.dumps(headers))

    with pytest.raises(StartupError, match="sms_gateway_headers") as refused:
        GatewaySender(given, now=lambda: CREATED_AT)

    assert "s3cret" not in str(refused.value)
