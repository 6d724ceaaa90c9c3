"""The official clients of RAM, STS and ResourceDirectoryMaster behind one face, with permanent or temporary keys."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram_models
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_resourcedirectorymaster20220419 import models as directory_models
from alibabacloud_resourcedirectorymaster20220419.client import Client as DirectoryClient
from alibabacloud_sts20150401 import models as sts_models
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config

from tests.contract.callers import snake
from tests.contract.facts import Refusal
from tests.serving import Account, Server

PRODUCTS: tuple[tuple[type, ModuleType], ...] = (
    (RamClient, ram_models),
    (StsClient, sts_models),
    (DirectoryClient, directory_models),
)
TOM = {"name": "tom", "email_address": "tom@example.com", "title": "CEO", "message_types": ["FaultMessage"]}


@dataclass(frozen=True)
class Cloud:
    """A key, permanent or temporary, and what may be called with it: any action of the three products."""

    server: Server
    account_id: str
    key_id: str
    secret: str
    token: str | None = None
    algorithm: str | None = None

    @property
    def name(self) -> str:
        """The name of the user whose key it is."""
        return str(self.call("GetCallerIdentity")["Arn"].rpartition("/")[2])

    def signing_v1(self) -> "Cloud":
        return replace(self, algorithm="v2")

    def at(self, server: Server) -> "Cloud":
        return replace(self, server=server)

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        """The reply by its wire names. Raises the client's exception."""
        client, models = next(each for each in PRODUCTS if hasattr(each[0], snake(action)))
        config = Config(
            access_key_id=self.key_id,
            access_key_secret=self.secret,
            security_token=self.token,
            endpoint=self.server.endpoint,
            protocol="http",
            signature_algorithm=self.algorithm,
        )
        request = getattr(models, f"{action}Request", None)
        method = getattr(client(config), snake(action))
        response = method(request(**parameters)) if request else method()
        assert response.status_code == 200
        return dict(response.body.to_map())

    def error(self, action: str, **parameters: Any) -> AlibabaCloudException:
        with pytest.raises(AlibabaCloudException) as raised:
            self.call(action, **parameters)
        return raised.value

    def refused(self, action: str, **parameters: Any) -> Refusal:
        return self.refusal(lambda: self.call(action, **parameters))

    def refusal(self, work: Callable[[], object]) -> Refusal:
        """What the client shows of the refusal that the work ends in."""
        with pytest.raises(AlibabaCloudException) as raised:
            work()
        error = raised.value
        head, tail = f"code: {error.status_code}, ", f" request id: {error.request_id}"
        assert error.message.startswith(head)
        assert error.message.endswith(tail)
        return Refusal(error.status_code, error.code, error.message.removeprefix(head).removesuffix(tail))

    def code(self, action: str, **parameters: Any) -> str:
        return str(self.error(action, **parameters).code)

    def may(self, action: str, **parameters: Any) -> bool:
        """Whether a call gets past the check of rights, whatever comes of it then."""
        try:
            self.call(action, **parameters)
        except AlibabaCloudException as error:
            return str(error.code) != "NoPermission"
        return True

    def user(self, *statements: dict[str, Any]) -> "Cloud":
        """A new user of the account with a key, and with a policy of these statements if there are any."""
        name = fresh("user")
        key = self.server.key(self.account_id, user_name=name)
        if statements:
            self.attach("User", name, *statements)
        return of(key)

    def policy(self, *statements: dict[str, Any]) -> str:
        """A new custom policy; its name."""
        name = fresh("policy")
        self.call("CreatePolicy", policy_name=name, policy_document=document(*statements))
        return name

    def attach(self, kind: str, name: str, *statements: dict[str, Any]) -> str:
        """Give a user, group or role a new custom policy; the policy's name."""
        policy = self.policy(*statements)
        self.call(f"AttachPolicyTo{kind}", policy_type="Custom", policy_name=policy, **{f"{kind.lower()}_name": name})
        return policy

    def role(self, trust: str | None = None, **more: Any) -> str:
        """A new role that everybody in the account may assume, or whoever a trust policy names; its name."""
        name = fresh("Role")
        self.call("CreateRole", role_name=name, assume_role_policy_document=trust or trusting(self.root), **more)
        return name

    @property
    def root(self) -> str:
        return f"acs:ram::{self.account_id}:root"

    def arn_of(self, role: str) -> str:
        return f"acs:ram::{self.account_id}:role/{role.lower()}"

    def assume(self, role_arn: str, **more: Any) -> "Cloud":
        """A session of a role."""
        given = {"role_session_name": "session", **more}
        found = self.call("AssumeRole", role_arn=role_arn, **given)["Credentials"]
        account_id = role_arn.split(":")[3]
        return Cloud(self.server, account_id, found["AccessKeyId"], found["AccessKeySecret"], found["SecurityToken"])


def of(account: Account) -> Cloud:
    return Cloud(account.server, account.account_id, account.key_id, account.secret)


def fresh(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


def allow(action: str | list[str], resource: str | list[str] = "*", **condition: Any) -> dict[str, Any]:
    """A statement that allows; a condition is {operator: {key: value}}."""
    return _statement("Allow", action, resource, condition)


def deny(action: str | list[str], resource: str | list[str] = "*", **condition: Any) -> dict[str, Any]:
    return _statement("Deny", action, resource, condition)


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "1", "Statement": list(statements)})


def trusting(*principals: str, **condition: Any) -> str:
    """A trust policy that lets these principals assume the role."""
    return document(trust("Allow", *principals, **condition))


def trust(effect: str, *principals: str, **condition: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": "sts:AssumeRole", "Principal": {"RAM": list(principals)}}
    return {**statement, **({"Condition": condition} if condition else {})}


def _statement(effect: str, action: Any, resource: Any, condition: dict[str, Any]) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return {**statement, **({"Condition": condition} if condition else {})}
