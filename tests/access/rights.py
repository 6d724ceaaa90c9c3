"""RAM users and their policies, put into the database as the RAM actions would."""

import json
import uuid
from typing import Any

from callboard.database.statement import Connection, insertion
from callboard.database.tables import attachments, policies, policy_versions, users
from tests.serving import Account

_ADD_USER, _ADD_POLICY, _ADD_VERSION, _ATTACH = map(insertion, (users, policies, policy_versions, attachments))
AT = 1_700_000_000_000


def user_with(account: Account, *statements: dict[str, Any], policies_of: int = 1) -> Account:
    """The key of a new RAM user that has these statements, spread over so many policies."""
    name, user_id = f"user-{uuid.uuid4().hex[:8]}", f"2{uuid.uuid4().int % 10**17:017d}"

    def work(connection: Connection) -> None:
        connection.run(
            _ADD_USER,
            account_id=account.account_id,
            user_id=user_id,
            user_name=name,
            display_name=name,
            mobile_phone="",
            email="",
            comments="",
            created_at=AT,
            modified_at=AT,
        )
        for number in range(policies_of):
            document = json.dumps({"Version": "1", "Statement": list(statements[number::policies_of])})
            _attach(connection, account.account_id, user_id, f"{name}-{number}", document)

    account.server.run(work)
    return account.server.key(account.account_id, user_name=name)


def _attach(connection: Connection, account_id: str, user_id: str, policy_name: str, document: str) -> None:
    named = {"account_id": account_id, "policy_name": policy_name}
    connection.run(
        _ADD_POLICY, **named, description="", default_version=1, last_version=1, created_at=AT, modified_at=AT
    )
    connection.run(_ADD_VERSION, **named, version=1, document=document, created_at=AT)
    connection.run(_ATTACH, **named, entity_id=user_id, policy_type="Custom", entity_kind="user", attached_at=AT)


def allow(*actions: str, resource: str = "*", **condition: Any) -> dict[str, Any]:
    """A statement that allows; a condition is {operator: {key: value}}."""
    statement: dict[str, Any] = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


READING = allow("resourcemanager:Get*", "resourcemanager:List*")
