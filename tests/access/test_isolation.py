"""Two management accounts: every action of every product, called by one with the identifiers of the other."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS, Action
from callboard.contacts import unreachable
from callboard.contacts.unreachable import Unreachable
from callboard.database.statement import Connection, Statement
from callboard.database.tables import metadata
from callboard.delivery.letter import Channel
from callboard.endpoints import storage as endpoints
from callboard.endpoints.rules import Code, Endpoint, Known, Secrets
from tests.serving import Account, Server
from tests.signing import Response, send

MARK = "geheimes@example.com"
"""Stands in what the other account says of its things: whoever sees it has read something."""
POLICY = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ram:Get*", "Resource": "*"}]}'
RAM, RD, OWN = "2015-05-01", "2022-04-19", "2026-11-25"
TABLES = [table for table in metadata.sorted_tables if {"account_id", "directory_id"} & set(table.columns.keys())]
CHANGING = {"last_used_at", "seal", "seal_number"}
"""Columns that the server itself writes meanwhile."""


def call(account: Account, version: str, name: str, **parameters: str) -> Response:
    headers = {
        "Authorization": f"Bearer {account.key_id}.{account.secret}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    form = urlencode({"Action": name, "Version": version, **parameters})
    return send(account.server.endpoint, "POST", "/", headers, form.encode())


def furnish(account: Account) -> dict[str, str]:
    """One of everything; by what name or id each parameter would reach it."""

    def made(version: str, name: str, **parameters: str) -> Any:
        answer = call(account, version, name, **parameters)
        assert answer.status == 200, answer.body
        return answer.json

    contact = made(
        RD,
        "AddMessageContact",
        **{"Name": "tom", "EmailAddress": MARK, "Title": "CEO", "MessageTypes.1": "FaultMessage"},
    )
    made(RAM, "CreateUser", UserName="alice", DisplayName=MARK, Comments=MARK)
    made(RAM, "CreateGroup", GroupName="team", Comments=MARK)
    made(RAM, "AddUserToGroup", UserName="alice", GroupName="team")
    made(RAM, "CreatePolicy", PolicyName="own", PolicyDocument=POLICY, Description=MARK)
    made(RAM, "CreatePolicyVersion", PolicyName="own", PolicyDocument=POLICY)
    trust = json.dumps(
        {
            "Version": "1",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"RAM": [f"acs:ram::{account.account_id}:root"]},
                }
            ],
        }
    )
    made(RAM, "CreateRole", RoleName="ops", AssumeRolePolicyDocument=trust, Description=MARK)
    for kind in ("User", "Group", "Role"):
        named = {"User": ("UserName", "alice"), "Group": ("GroupName", "team"), "Role": ("RoleName", "ops")}[kind]
        made(RAM, f"AttachPolicyTo{kind}", PolicyType="Custom", PolicyName="own", **dict([named]))
    key = made(RAM, "CreateAccessKey", UserName="alice")["AccessKey"]
    folder = made(RD, "CreateFolder", **{"FolderName": "geheimes", "Tag.1.Key": "team", "Tag.1.Value": MARK})["Folder"]
    member = made(RD, "CreateResourceAccount", DisplayName="geheim")["Account"]["AccountId"]
    message = {"MessageType": "FaultMessage", "Severity": "Info", "Subject": MARK, "Content": MARK, "Sender": MARK}
    doubted = Unreachable(account.directory_id, MARK, MARK, "l-1", 1)
    account.server.run(lambda connection: unreachable.add(connection, doubted))
    message_id = made(OWN, "PublishMessage", AccountId=member, **message, IdempotencyKey="alarm-1")["MessageId"]
    made(OWN, "SetMessageContactPreferences", ContactId=contact["Contact"]["ContactId"], TimeZone="Asia/Shanghai")
    drill = made(OWN, "CreateDrill", Name=MARK, TargetId=member, MessageType="FaultMessage", Window="60")["Drill"]
    run_id = made(OWN, "StartDrill", DrillId=drill["DrillId"])["RunId"]
    made(OWN, "PutMessageTemplate", TemplateName="own", SubjectEn=MARK, ContentEn=MARK)
    server = account.server
    endpoint = Endpoint(server.runtime.new_id("e-"), MARK, Channel.WEBHOOK, member, ("FaultMessage",), None, 1)
    secrets, code = Secrets(waiting=f"https://{MARK}/", key="whsec_QQ=="), Code(b"d" * 32, 2**53)
    known, directory_id = Known(endpoint, secrets, code), account.directory_id
    server.run(lambda open_: endpoints.add(open_, server.runtime.vault, directory_id, known))
    return {
        "EndpointId": endpoint.endpoint_id,
        "OwnerId": member,
        "AccountId": member,
        "TargetId": member,
        "DrillId": drill["DrillId"],
        "RunId": run_id,
        "MessageId": message_id,
        "Messages": json.dumps([{"AccountId": member, **message, "IdempotencyKey": "alarm-1"}]),
        "TemplateName": "own",
        "IdempotencyKey": "alarm-1",
        "Address": MARK,
        **dict.fromkeys(("FolderId", "ParentFolderId", "ChildId"), folder["FolderId"]),
        "ContactId": contact["Contact"]["ContactId"],
        "EmailAddress": MARK,
        "UserName": "alice",
        "GroupName": "team",
        "PolicyName": "own",
        "PolicyType": "Custom",
        "VersionId": "v2",
        "RoleName": "ops",
        "RoleArn": f"acs:ram::{account.account_id}:role/ops",
        "Principal": f"acs:ram::{account.account_id}:user/alice",
        "UserAccessKeyId": key["AccessKeyId"],
    }


def state(server: Server, account: Account) -> dict[str, list[Any]]:
    """Every row of an account and of its directory."""
    directory_id = account.directory_id

    def work(connection: Connection) -> dict[str, list[Any]]:
        found = {}
        for table in TABLES:
            column, value = ("account_id", account.account_id)
            if column not in table.columns:
                column, value = ("directory_id", directory_id)
            kept = [each for each in table.columns if each.name not in CHANGING]
            rows = connection.all(Statement(select(*kept).where(table.c[column] == value)))
            found[table.name] = sorted(map(repr, rows))
        return found

    return dict(server.run(work))


def value_of(action: Action, name: str, theirs: dict[str, str]) -> str | None:
    """What the caller sends: the other account's name where there is one, else what fits."""
    if name in theirs:
        return theirs[name]
    field = next(each for each in action.fields if each.name == name)
    if not field.is_required:
        return None
    example = field.parameter.example
    if isinstance(example, list) and isinstance(example[0], dict):
        return json.dumps(example)
    return POLICY if "Document" in name else str(example[0] if isinstance(example, list) else example)


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.name)
def test_nothing_of_another_account_is_read_or_changed(server: Server, action: Action) -> None:
    owner, stranger = server.account(), server.account()
    theirs = furnish(owner)
    before = state(server, owner)

    sent = {field.name: value_of(action, field.name, theirs) for field in action.fields}
    parameters = {name: value for name, value in sent.items() if value is not None and name != "EmailAddress"}
    if action.name == "SendEmailVerificationForMessageContact":
        parameters["EmailAddress"] = "someone@example.com"
    answer = call(stranger, action.version, action.name, **parameters)

    assert answer.status < 500
    assert MARK.encode() not in answer.body
    assert owner.account_id.encode() not in answer.body.replace(theirs["RoleArn"].encode(), b"")
    assert state(server, owner) == before
