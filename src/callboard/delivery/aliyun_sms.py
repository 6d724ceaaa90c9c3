"""SMS by Alibaba Cloud's SendSms, from a template that was approved there."""

import asyncio
import json
from typing import Any

from callboard.delivery.letter import Letter, PermanentFailure, TemporaryFailure
from callboard.delivery.placeholders import Phone, fill, one_line, placeholders
from callboard.errors import StartupError
from callboard.settings.delivery import DeliverySettings

TIMEOUT_S = 30
STEP_MS = 10_000
AGAIN = (
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.OUT_OF_SERVICE",
    "isv.SMS_SIGNATURE_ILLEGAL",
    "isv.SMS_TEMPLATE_ILLEGAL",
    "isp.",
    "Throttling",
    "ServiceUnavailable",
    "InternalError",
    # The key, its rights or the clock: an operator can mend that, and the receiver has no part in it.
    "Forbidden",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidCredentials",
    "InvalidSecurityToken",
    "InvalidTimeStamp",
    "MissingAccessKeyId",
    "MissingSecurityToken",
    "NoPermission",
    "SignatureDoesNotMatch",
    "SignatureNonceUsed",
)
"""How codes begin after which the same SMS may be taken later. All others are final."""


class AliyunSender:
    """Sends each letter by one SendSms, whose OutId is the letter's."""

    name = "aliyun"

    def __init__(self, settings: DeliverySettings) -> None:
        try:  # An extra, and it costs much start-up time and memory.
            from alibabacloud_dysmsapi20170525 import models
            from alibabacloud_dysmsapi20170525.client import Client
            from alibabacloud_tea_openapi.utils_models import Config
            from darabonba.runtime import RuntimeOptions
        except ImportError as error:
            raise StartupError(
                "The setting sms_aliyun_access_key_id needs: pip install 'callboard[aliyun-sms]'."
            ) from error
        self._settings = settings
        self._new_request = models.SendSmsRequest
        self._runtime = RuntimeOptions(connect_timeout=STEP_MS, read_timeout=STEP_MS)
        self._client = Client(
            Config(
                access_key_id=settings.sms_aliyun_access_key_id,
                access_key_secret=settings.sms_aliyun_access_key_secret,
                endpoint=settings.sms_aliyun_endpoint,
                protocol=settings.sms_aliyun_protocol,
            )
        )

    async def send(self, letter: Letter) -> str:
        request = self._request(letter)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                reply = await self._client.send_sms_with_options_async(request, self._runtime)
        except TimeoutError as error:
            raise TemporaryFailure(f"SendSms took more than {TIMEOUT_S} s.") from error
        except Exception as error:  # The SDK wraps whatever it meets, from the network to the JSON parser.
            raise _failure(error) from error
        body = reply.body
        if body is None or not body.code:
            raise TemporaryFailure("SendSms answered without a code.")
        if body.code != "OK":
            raise _refusal(str(body.code), str(body.message))
        return one_line(f"OK {body.biz_id}")

    async def close(self) -> None:
        """The SDK makes a connection for each request, and closes it."""

    def _request(self, letter: Letter) -> Any:
        values = placeholders(letter)
        phone = Phone.read(letter.recipient)
        template: dict[str, str] = json.loads(self._settings.sms_aliyun_template_params)
        return self._new_request(
            phone_numbers=phone.national if phone.country == "86" else phone.country + phone.national,
            sign_name=self._settings.sms_aliyun_sign_name,
            template_code=self._settings.sms_aliyun_template_code,
            template_param=json.dumps({name: fill(value, values) for name, value in template.items()}),
            out_id=letter.letter_id,
        )


def _failure(error: Exception) -> TemporaryFailure | PermanentFailure:
    """What an exception of the SDK means: one with a code and a status below 500 is Alibaba Cloud's own answer."""
    code, status = getattr(error, "code", None), getattr(error, "status_code", None)
    if code not in (None, "None") and isinstance(status, int) and status < 500:  # "None" is the SDK's word for no code.
        return _refusal(str(code), str(getattr(error, "message", "")))
    return TemporaryFailure(one_line(str(error)) or type(error).__name__)


def _refusal(code: str, message: str) -> TemporaryFailure | PermanentFailure:
    return (TemporaryFailure if code.startswith(AGAIN) else PermanentFailure)(one_line(f"{code}: {message}"))
