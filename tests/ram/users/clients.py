"""The official SDK of RAM as a client, policies put behind its back, and waiting for what another server sees."""

import itertools
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from alibabacloud_ram20150501 import models
from alibabacloud_ram20150501.client import Client
from alibabacloud_tea_openapi.models import Config

from callboard.audit import storage as audit
from callboard.audit.storage import AuditRecord
from callboard.database.statement import Connection, insertion
from callboard.database.tables import attachments, policies, policy_versions
from callboard.ram.users import group_storage, storage
from tests.contract.callers import Sdk, pascal, snake
from tests.serving import Account, Server
from tests.signing import call_v1

VERSION = "2015-05-01"
AT = 1_700_000_000_000

_ADD_POLICY, _ADD_VERSION, _ATTACH = map(insertion, (policies, policy_versions, attachments))


class Ram(Sdk):
    """The official SDK of RAM with an account's key."""

    def respond(self, action: str, request: Any) -> Any:
        client = Client(
            Config(
                access_key_id=self.account.key_id,
                access_key_secret=self.account.secret,
                endpoint=self.account.server.endpoint,
                protocol="http",
            )
        )
        return getattr(client, snake(action))(request)

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        response = self.respond(action, getattr(models, f"{action}Request")(**parameters))
        assert response.status_code == 200
        return dict(response.body.to_map())

    def refused_in_full(self, action: str, **parameters: Any) -> dict[str, Any]:
        """The whole body of a refusal."""
        given = {pascal(name): str(value) for name, value in parameters.items()}
        response = call_v1(self.account, action, given, method="POST", Version=VERSION)
        assert response.status >= 400
        return dict(response.json)

    def key_of(self, user_name: str) -> "Ram":
        """The client of a user, by a new key of that one."""
        return self.with_key(self.call("CreateAccessKey", user_name=user_name)["AccessKey"])

    def with_key(self, key: dict[str, str], *, server: Server | None = None) -> "Ram":
        account = self.account
        return Ram(
            Account(server or account.server, account.account_id, key["AccessKeyId"], key["AccessKeySecret"]),
        )

    def trail(self) -> list[AuditRecord]:
        account = self.account
        return list(account.server.run(lambda open_: audit.page(open_, account.account_id)))

    def allow_user(self, user_name: str, *statements: dict[str, Any]) -> None:
        """Give a user a policy with these statements."""

        def work(connection: Connection) -> None:
            user = storage.find(connection, self.account.account_id, user_name)
            assert user is not None
            _attach(connection, self.account.account_id, user.user_id, "user", statements)

        self.account.server.run(work)

    def allow_group(self, group_name: str, *statements: dict[str, Any]) -> None:
        def work(connection: Connection) -> None:
            group = group_storage.find(connection, self.account.account_id, group_name)
            assert group is not None
            _attach(connection, self.account.account_id, group.group_id, "group", statements)

        self.account.server.run(work)


def _attach(
    connection: Connection, account_id: str, entity_id: str, kind: str, statements: tuple[dict[str, Any], ...]
) -> None:
    named = {"account_id": account_id, "policy_name": f"policy-{uuid.uuid4().hex}"}
    document = json.dumps({"Version": "1", "Statement": list(statements)})
    connection.run(
        _ADD_POLICY, **named, description="", default_version=1, last_version=1, created_at=AT, modified_at=AT
    )
    connection.run(_ADD_VERSION, **named, version=1, document=document, created_at=AT)
    connection.run(_ATTACH, **named, entity_id=entity_id, policy_type="Custom", entity_kind=kind, attached_at=AT)


def allow(*actions: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def deny(*actions: str, resource: str = "*") -> dict[str, Any]:
    return {**allow(*actions, resource=resource), "Effect": "Deny"}


def names(reply: dict[str, Any], plural: str, single: str) -> list[str]:
    """The names in a list that a reply holds."""
    return [each[f"{single}Name"] for each in reply[plural][single]]


def pages(ram: Ram, action: str, **parameters: Any) -> list[dict[str, Any]]:
    """Every page of a list, by its marker."""
    found, marker = [], None
    for _ in itertools.repeat(None, 100):
        found.append(ram.call(action, marker=marker, **parameters))
        marker = found[-1].get("Marker")
        if not found[-1]["IsTruncated"]:
            return found
        assert marker
    raise AssertionError("the list has no end")


def until(is_so: Callable[[], bool], *, within_s: float) -> bool:
    """Whether something becomes so in time."""
    deadline = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
