"""Real clients behind one face: each calls an action by the SDK's names and shows a refusal as its users see it."""

import asyncio
import json
import logging
import re
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from alibabacloud_resourcedirectorymaster20220419 import models
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException, ClientException
from alibabacloud_tea_openapi.utils import Utils
from alibabacloud_tea_openapi.utils_models import OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

from tests.contract.facts import OLDER_VERSION, VERSION, Refusal
from tests.serving import Account

with warnings.catch_warnings():
    # The libraries that this client carries along are of 2018, and import what Python has renamed since.
    warnings.simplefilter("ignore")
    from aliyunsdkcore.acs_exception.exceptions import ServerException
    from aliyunsdkcore.client import AcsClient
    from aliyunsdkcore.request import CommonRequest

# It logs as an error what it raises as well; only servers are to be watched for errors.
logging.getLogger("aliyunsdkcore").setLevel(logging.CRITICAL)

SPELT = {"maname": "MAName", "masecure_mobile_phone": "MASecureMobilePhone"}
"""Attributes of the SDK whose wire names do not follow from them."""
REQUEST_ID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


def snake(action: str) -> str:
    """The SDK's method for an action: no underscore stands within a run of capitals."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", action).lower()


def pascal(attribute: str) -> str:
    """The wire's name for an attribute of the SDK."""
    return SPELT.get(attribute) or "".join(word.capitalize() for word in attribute.split("_"))


@dataclass(frozen=True)
class Caller(ABC):
    """A client with an account's key."""

    account: Account

    @abstractmethod
    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        """The reply by its wire names. A parameter that is None is not sent. Raises the client's exception."""

    @abstractmethod
    def refusal(self, work: Callable[[], object]) -> Refusal:
        """What the client shows of the refusal that the work ends in; fails if it ends in none."""

    def refused(self, action: str, **parameters: Any) -> Refusal:
        return self.refusal(lambda: self.call(action, **parameters))


class Sdk(Caller):
    """The official SDK, as it comes: synchronous, signature V3."""

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        given = {pascal(name): value for name, value in parameters.items() if value is not None}
        model = getattr(models, f"{action}Request", None)  # There is none for an action without parameters.
        response = self.respond(action, *([model().from_map(given)] if model else []))
        assert response.status_code == 200
        assert REQUEST_ID.fullmatch(response.body.request_id)
        return dict(response.body.to_map())

    def respond(self, action: str, *request: Any) -> Any:
        return getattr(self.account.client(), snake(action))(*request)

    def refusal(self, work: Callable[[], object]) -> Refusal:
        with pytest.raises(AlibabaCloudException) as raised:
            work()
        error = raised.value
        assert isinstance(error, ClientException)
        assert REQUEST_ID.fullmatch(error.request_id)
        head, tail = f"code: {error.status_code}, ", f" request id: {error.request_id}"
        assert error.message.startswith(head)
        assert error.message.endswith(tail)
        return Refusal(error.status_code, error.code, error.message.removeprefix(head).removesuffix(tail))


class AsyncSdk(Sdk):
    """The official SDK's methods that end in `_async`."""

    def respond(self, action: str, *request: Any) -> Any:
        return asyncio.run(getattr(self.account.client(), f"{snake(action)}_async")(*request))


class SdkV1(Sdk):
    """The official SDK told to sign as it did before V3."""

    def respond(self, action: str, *request: Any) -> Any:
        return getattr(self.account.client(signature_algorithm="v2"), snake(action))(*request)


class Older(Sdk):
    """The official SDK's generic client, told to call the older version."""

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        given = {pascal(name): value for name, value in parameters.items() if value is not None}
        described = Params(
            action=action,
            version=OLDER_VERSION,
            protocol="HTTPS",
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        request = OpenApiRequest(query=Utils.query(given))
        response = self.account.client().call_api(described, request, RuntimeOptions())
        assert response["statusCode"] == 200
        assert REQUEST_ID.fullmatch(response["body"]["RequestId"])
        return dict(response["body"])


class Core(Caller):
    """aliyun-python-sdk-core: signature V1, everything in the query of a GET."""

    method = "GET"

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        account = self.account
        request = CommonRequest(domain=account.server.endpoint, version=VERSION, action_name=action)
        request.set_method(self.method)
        for name, value in parameters.items():
            self.give(request, pascal(name), value)
        body = AcsClient(account.key_id, account.secret, "cn-hangzhou").do_action_with_exception(request)
        reply = json.loads(body)
        assert REQUEST_ID.fullmatch(reply["RequestId"])
        return dict(reply)

    def give(self, request: CommonRequest, name: str, value: Any) -> None:
        if isinstance(value, list):
            for number, item in enumerate(value, start=1):
                parts = {f".{key}": text for key, text in item.items()} if isinstance(item, dict) else {"": item}
                for part, text in parts.items():
                    self.add(request, f"{name}.{number}{part}", text)
        elif value is not None:
            self.add(request, name, str(value))

    @staticmethod
    def add(request: CommonRequest, name: str, text: str) -> None:
        request.add_query_param(name, text)

    def refusal(self, work: Callable[[], object]) -> Refusal:
        with pytest.raises(ServerException) as raised:
            work()
        error = raised.value
        assert REQUEST_ID.fullmatch(error.get_request_id())
        return Refusal(error.get_http_status(), error.get_error_code(), error.get_error_msg())


class CorePost(Core):
    """aliyun-python-sdk-core with POST: business parameters in a form body."""

    method = "POST"

    @staticmethod
    def add(request: CommonRequest, name: str, text: str) -> None:
        request.add_body_params(name, text)


CALLERS = (Sdk, AsyncSdk, SdkV1, Core, CorePost)
