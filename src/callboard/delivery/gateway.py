"""SMS by the HTTP gateway of whatever provider: a request from templates that no letter can break out of."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import httpx

from callboard.delivery.http_answers import beginning, decode, retry_after_s
from callboard.delivery.letter import Letter, PermanentFailure, TemporaryFailure
from callboard.delivery.placeholders import fill, one_line, placeholders
from callboard.errors import StartupError
from callboard.settings.delivery import DeliverySettings

AGAIN = (408, 425, 429)
CONTENT_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")


class GatewaySender:
    """Sends letters by one request each. `now` tells the time in milliseconds, for gateways that name a date."""

    name = "gateway"

    def __init__(self, settings: DeliverySettings, *, now: Callable[[], int]) -> None:
        self._settings = settings
        self._now = now
        self._headers = _read_headers(settings)
        self._client = httpx.AsyncClient(timeout=settings.sms_gateway_timeout_s, follow_redirects=False)

    async def send(self, letter: Letter) -> str:
        request = self._request(placeholders(letter))
        seconds = self._settings.sms_gateway_timeout_s
        try:
            async with asyncio.timeout(seconds):  # httpx bounds each step alone: a dribble would never end.
                response, text = await self._exchange(request)
        except TimeoutError as error:
            raise TemporaryFailure(f"The gateway took more than {seconds} s.") from error
        except httpx.HTTPError as error:
            raise TemporaryFailure(one_line(f"{type(error).__name__}: {error}")) from error
        return self._judge(response, text)

    async def close(self) -> None:
        await self._client.aclose()

    def _request(self, values: Mapping[str, str]) -> httpx.Request:
        # Of the letter, headers hold the id alone: a text could end the line.
        headers = {name.encode(): value.replace("{id}", values["id"]).encode() for name, value in self._headers.items()}
        try:
            return self._client.build_request(
                self._settings.sms_gateway_method,
                fill(self._settings.sms_gateway_url, values, escape=_percent_encode),
                headers=headers,
                content=self._body(values),
            )
        except httpx.InvalidURL as error:
            raise PermanentFailure("The letter does not fit into the gateway's address.") from error

    def _body(self, values: Mapping[str, str]) -> bytes | None:
        """The template is taken apart before anything is filled in, so no value can change its structure."""
        template = self._settings.sms_gateway_body
        if self._settings.sms_gateway_method == "GET":
            return None
        if self._settings.sms_gateway_type == "form":
            pairs = [(name, fill(value, values)) for name, value in parse_qsl(template, keep_blank_values=True)]
            return urlencode(pairs, errors="replace").encode()
        return json.dumps(_fill_leaves(json.loads(template), values)).encode()

    async def _exchange(self, request: httpx.Request) -> tuple[httpx.Response, str]:
        response = await self._client.send(request, stream=True)
        try:
            content = await beginning(response.aiter_bytes())
        finally:
            await response.aclose()
        return response, decode(content, response.encoding)

    def _judge(self, response: httpx.Response, text: str) -> str:
        answer = one_line(f"{response.status_code} {text}")
        if response.is_success and self._settings.sms_gateway_success in text:
            return answer
        if response.is_success:
            raise TemporaryFailure(answer)
        if response.status_code in AGAIN or response.is_server_error:
            after_s = retry_after_s(response.headers.get("retry-after", ""), now=self._now())
            raise TemporaryFailure(answer, retry_after_s=after_s)
        raise PermanentFailure(answer)


def _percent_encode(value: str) -> str:
    """A value for any place of a URL. Dots too, as ".." between slashes would be a way upwards."""
    return quote(value, safe="", errors="replace").replace(".", "%2E")


def _fill_leaves(tree: Any, values: Mapping[str, str]) -> Any:
    if isinstance(tree, str):
        return fill(tree, values)
    if isinstance(tree, list):
        return [_fill_leaves(each, values) for each in tree]
    if isinstance(tree, dict):
        return {name: _fill_leaves(each, values) for name, each in tree.items()}
    return tree


def _read_headers(settings: DeliverySettings) -> dict[str, str]:
    """The headers before a letter's id is in them. A refusal does not show them: they hold the gateway's secrets."""
    given: dict[str, str] = json.loads(settings.sms_gateway_headers)
    for name, value in given.items():
        if _HEADER_NAME.match(name) is None or not value.isprintable():
            raise StartupError("The setting sms_gateway_headers has a name or a value that no header can have.")
    headers = {"accept-encoding": "identity"}
    if settings.sms_gateway_method != "GET":
        headers["content-type"] = CONTENT_TYPES[settings.sms_gateway_type]
    return headers | {name.lower(): value for name, value in given.items()}
