"""SMS by Alibaba Cloud's SDK, pointed at a server of ours that answers in the form of SendSms."""

import asyncio
import json
from typing import Any

import pytest

from callboard.delivery.aliyun_sms import AliyunSender
from callboard.delivery.letter import Letter, PermanentFailure, TemporaryFailure
from callboard.settings import Settings
from tests.delivery.letters import sms
from tests.delivery.web_servers import Gateway, web_server

REQUEST_ID = "F655A8D5-B967-440B-8683-DAD6FF8DE990"
TAKEN = {"Code": "OK", "Message": "OK", "BizId": "900619746936498440^0", "RequestId": REQUEST_ID}


def answering(body: dict[str, Any] | bytes, status: str = "200 OK") -> Gateway:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Gateway(status=status, headers="Content-Type: application/json\r\n", content=content)


def sender_to(port: int, **given: Any) -> AliyunSender:
    values = {
        "sms_aliyun_access_key_id": "LTAI0123456789",
        "sms_aliyun_access_key_secret": "s3cret",
        "sms_aliyun_sign_name": "阿里云",
        "sms_aliyun_template_code": "SMS_15305****",
        "sms_aliyun_endpoint": f"127.0.0.1:{port}",
        "sms_aliyun_protocol": "http",
        **given,
    }
    return AliyunSender(Settings(**values))


def deliver(gateway: Gateway, letter: Letter, **given: Any) -> str:
    async def act() -> str:
        async with web_server(gateway) as port:
            sender = sender_to(port, **given)
            answer = await sender.send(letter)
            await sender.close()
            return answer

    return asyncio.run(act())


def test_a_letter_arrives_signed_with_its_template_filled() -> None:
    gateway = answering(TAKEN)
    template = '{"code": "{code}", "said": "{text} {nothing}"}'

    answer = deliver(gateway, sms('"},{"x'), sms_aliyun_template_params=template)

    (request,) = gateway.requests
    assert answer == "OK 900619746936498440^0"
    assert request.header("x-acs-action") == "SendSms"
    assert request.header("authorization").startswith("ACS3-HMAC-SHA256 Credential=LTAI0123456789,")
    assert json.loads(request.query.pop("TemplateParam")) == {"code": "123456", "said": '"},{"x {nothing}'}
    assert request.query | {"TemplateParam": ""} == {
        "PhoneNumbers": "13900001234",
        "SignName": "阿里云",
        "TemplateCode": "SMS_15305****",
        "OutId": "l-0123456789abcdef",
        "TemplateParam": "",
    }


def test_a_number_abroad_has_its_country_in_front() -> None:
    gateway = answering(TAKEN)

    deliver(gateway, sms(recipient="49-15112345678"))

    assert gateway.requests[0].query["PhoneNumbers"] == "4915112345678"


@pytest.mark.parametrize(
    "code",
    [
        "isv.BUSINESS_LIMIT_CONTROL",
        "isp.SYSTEM_ERROR",
        "isp.RAM_PERMISSION_DENY",
        "isv.AMOUNT_NOT_ENOUGH",
        "isv.OUT_OF_SERVICE",
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.SMS_TEMPLATE_ILLEGAL",
        "Throttling.User",
        "ServiceUnavailable",
    ],
)
@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request"])
def test_a_code_that_may_pass_is_temporary(code: str, status: str) -> None:
    with pytest.raises(TemporaryFailure, match=f"^{code}: .*why"):
        deliver(answering({"Code": code, "Message": "why", "RequestId": REQUEST_ID}, status), sms())


@pytest.mark.parametrize(
    "code", ["SignatureDoesNotMatch", "InvalidAccessKeyId.NotFound", "Forbidden.RAM", "NoPermission"]
)
def test_a_key_that_is_refused_is_temporary(code: str) -> None:
    with pytest.raises(TemporaryFailure, match=f"^{code}: "):
        deliver(answering({"Code": code, "Message": "why", "RequestId": REQUEST_ID}, "403 Forbidden"), sms())


@pytest.mark.parametrize("code", ["isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT", "InvalidParameter"])
@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request"])
def test_any_other_code_is_permanent(code: str, status: str) -> None:
    with pytest.raises(PermanentFailure, match=f"^{code}: .*why"):
        deliver(answering({"Code": code, "Message": "why", "RequestId": REQUEST_ID}, status), sms())


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("500 Broken", {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "why"}),
        ("503 Busy", b"<html>busy</html>"),
        ("200 OK", b"<html>log in</html>"),
        ("200 OK", b""),
        ("200 OK", b"[]"),
        ("200 OK", b"{}"),
        ("403 Forbidden", b"{}"),
    ],
)
def test_an_answer_that_says_nothing_of_the_letter_is_temporary(status: str, body: Any) -> None:
    with pytest.raises(TemporaryFailure):
        deliver(answering(body, status), sms())


def test_no_server_is_temporary() -> None:
    async def act() -> None:
        async with web_server(Gateway()) as port:
            pass
        await sender_to(port).send(sms())

    with pytest.raises(TemporaryFailure, match="connect"):
        asyncio.run(act())


def test_what_is_no_number_is_refused_for_good() -> None:
    gateway = answering(TAKEN)

    with pytest.raises(PermanentFailure, match="not a phone number"):
        deliver(gateway, sms(recipient="86-1,2"))

    assert gateway.requests == []
