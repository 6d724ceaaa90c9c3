"""ExplainAccess: the verdict is that of the real call, and it says where it comes from."""

import json
import uuid
from typing import Any

import pytest

from callboard.access import sessions
from callboard.database.statement import Connection, insertion
from callboard.database.tables import attachments, group_members, groups, policies, policy_versions, roles
from tests.access.rights import allow, user_with
from tests.audit.trail import TOM, ask
from tests.serving import Account
from tests.signing import Response, call_v3

AT = 1_700_000_000_000
_GROUP, _MEMBER, _ROLE, _POLICY, _VERSION, _ATTACHMENT = map(
    insertion, (groups, group_members, roles, policies, policy_versions, attachments)
)
NOBODYS = "c-0000000000000000"
GET = ("resourcemanager:GetMessageContact", "messagecontact/" + NOBODYS)
ADD = ("resourcemanager:AddMessageContact", "messagecontact/*")


def deny(*actions: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Deny", "Action": list(actions), "Resource": resource}


def attach(account: Account, entity_id: str, kind: str, *statements: dict[str, Any]) -> str:
    """Give a user, group or role a policy of its own; its name."""
    name = f"policy-{uuid.uuid4().hex[:8]}"
    named = {"account_id": account.account_id, "policy_name": name}
    document = json.dumps({"Version": "1", "Statement": list(statements)})

    def work(connection: Connection) -> None:
        connection.run(
            _POLICY, **named, description="", default_version=1, last_version=1, created_at=AT, modified_at=AT
        )
        connection.run(_VERSION, **named, version=1, document=document, created_at=AT)
        connection.run(
            _ATTACHMENT, **named, entity_id=entity_id, policy_type="Custom", entity_kind=kind, attached_at=AT
        )

    account.server.run(work)
    return name


def attach_system(account: Account, entity_id: str, name: str) -> None:
    account.server.run(
        lambda open_: open_.run(
            _ATTACHMENT,
            account_id=account.account_id,
            entity_id=entity_id,
            policy_type="System",
            policy_name=name,
            entity_kind="user",
            attached_at=AT,
        )
    )


def group_of(account: Account, user_id: str, *statements: dict[str, Any]) -> tuple[str, str]:
    """A group with a policy and one member; its name and the policy's."""
    group_id, name = uuid.uuid4().hex[:16], f"group-{uuid.uuid4().hex[:8]}"
    named = {"account_id": account.account_id, "group_id": group_id}

    def work(connection: Connection) -> None:
        connection.run(_GROUP, **named, group_name=name, comments="", created_at=AT, modified_at=AT)
        connection.run(_MEMBER, **named, user_id=user_id, joined_at=AT)

    account.server.run(work)
    return name, attach(account, group_id, "group", *statements)


def role(account: Account, *statements: dict[str, Any]) -> tuple[str, str]:
    """A role with a policy; its id and its name."""
    role_id, name = uuid.uuid4().hex[:16], f"role-{uuid.uuid4().hex[:8]}"
    account.server.run(
        lambda open_: open_.run(
            _ROLE,
            account_id=account.account_id,
            role_id=role_id,
            role_name=name,
            description="",
            trust_policy="{}",
            max_session_s=3600,
            created_at=AT,
            modified_at=AT,
        )
    )
    attach(account, role_id, "role", *statements)
    return role_id, name


def name_of(user: Account) -> tuple[str, str]:
    """Name and id of the user whose key it is."""
    from callboard.access import storage

    key = user.server.run(lambda open_: storage.find(open_, user.key_id))
    return key.user_name, key.user_id


def arn(user: Account) -> str:
    return f"acs:ram::{user.account_id}:user/{name_of(user)[0]}"


def explained(account: Account, principal: str, action: str, resource: str, **more: str) -> dict[str, Any]:
    full = f"acs:resourcemanager:*:{account.account_id}:{resource}"
    answer = ask(account, "ExplainAccess", principal=principal, action_name=action, resource_arn=full, **more)
    assert answer.status == 200, answer.body
    return dict(answer.json)


def is_permitted(answer: Response) -> bool:
    """Whether the check of rights let a call pass, whatever else became of it."""
    return answer.status == 200 or answer.code != "NoPermission"


def reading(caller: Account) -> Response:
    return call_v3(caller, "GetMessageContact", {"ContactId": NOBODYS})


ONE = f"acs:resourcemanager:*:*:messagecontact/{NOBODYS}"
CASES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "nothing at all": ([], "ImplicitDeny"),
    "another action": ([allow("resourcemanager:List*")], "ImplicitDeny"),
    "another resource": ([allow("*", resource="acs:resourcemanager:*:*:messagecontact/c-1*")], "ImplicitDeny"),
    "everything": ([allow("*")], "Allow"),
    "this action in another case": ([allow("resourcemanager:getmessagecontact")], "Allow"),
    "this one": ([allow("resourcemanager:Get*", resource=ONE)], "Allow"),
    "denied": ([allow("*"), deny("resourcemanager:Get*")], "ExplicitDeny"),
    "denied elsewhere": ([allow("*"), deny("resourcemanager:Get*", resource="acs:x:*:*:y")], "Allow"),
    "from here": ([allow("*", IpAddress={"acs:SourceIp": "127.0.0.0/8"})], "Allow"),
    "from elsewhere": ([allow("*", IpAddress={"acs:SourceIp": "192.0.2.0/24"})], "ImplicitDeny"),
    "over TLS": ([allow("*", Bool={"acs:SecureTransport": "true"})], "ImplicitDeny"),
    "in clear": ([allow("*", Bool={"acs:SecureTransport": "false"})], "Allow"),
    "until long ago": ([allow("*", DateLessThan={"acs:CurrentTime": "2001-01-01T00:00:00Z"})], "ImplicitDeny"),
    "for ever": ([allow("*", DateGreaterThan={"acs:CurrentTime": "2001-01-01T00:00:00Z"})], "Allow"),
    "with a second factor": ([allow("*", Bool={"acs:MFAPresent": "true"})], "ImplicitDeny"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_verdict_for_a_user_is_that_of_the_call(account: Account, case: str) -> None:
    statements, reason = CASES[case]
    user = user_with(account, *statements) if statements else account.server.key(account.account_id, f"u{uuid.uuid4()}")

    verdict = explained(account, arn(user), *GET, source_address="127.0.0.1")
    answer = reading(user)

    assert (verdict["Reason"], verdict["IsAllowed"]) == (reason, is_permitted(answer))
    if not is_permitted(answer):
        assert answer.json["AccessDeniedDetail"]["NoPermissionType"] == reason


@pytest.mark.parametrize(
    ("statement", "is_allowed"),
    [
        (allow("*", StringEquals={"callboard:ContactDomain": "example.com"}), True),
        (allow("*", StringEquals={"callboard:ContactDomain": "example.org"}), False),
        (allow("*", StringEquals={"callboard:MessageType": "FaultMessage"}), True),
        (allow("*", StringNotEquals={"callboard:MessageType": "FaultMessage"}), False),
    ],
)
def test_what_a_call_gives_a_contact_counts_as_in_the_call(
    account: Account, statement: dict[str, Any], *, is_allowed: bool
) -> None:
    user = user_with(account, statement)
    circumstances = {"contact_domain": "Example.COM", "source_address": "127.0.0.1"}
    resource = ("MessageTypes.1", "FaultMessage")

    parameters = {
        "Principal": arn(user),
        "ActionName": ADD[0],
        "ResourceArn": f"acs:resourcemanager:*:{account.account_id}:{ADD[1]}",
        "ContactDomain": circumstances["contact_domain"],
        resource[0]: resource[1],
    }
    verdict = call_v3(account, "ExplainAccess", parameters, version="2026-11-25").json
    answer = call_v3(user, "AddMessageContact", {**TOM, "EmailAddress": "tom@EXAMPLE.com"})

    assert verdict["IsAllowed"] is is_permitted(answer) is is_allowed


def test_root_may_do_everything_by_no_policy(account: Account) -> None:
    verdict = explained(account, f"acs:ram::{account.account_id}:root", *GET)

    assert (verdict["IsAllowed"], verdict["Reason"], verdict["Policies"]) == (True, "RootUser", [])
    assert "PolicyName" not in verdict


def test_the_statement_that_decides_is_named_with_the_group_that_has_it(account: Account) -> None:
    user = user_with(account, allow("resourcemanager:Get*"))
    _, user_id = name_of(user)
    group, policy = group_of(account, user_id, allow("x:Y"), deny("resourcemanager:Get*"))

    verdict = explained(account, arn(user), *GET)
    answer = reading(user)

    assert (verdict["Reason"], verdict["PolicyType"], verdict["PolicyName"]) == ("ExplicitDeny", "Custom", policy)
    assert (verdict["StatementNumber"], verdict["Via"]) == (2, group)
    assert not is_permitted(answer)
    by_group = {each.get("Via", ""): each["Statements"] for each in verdict["Policies"]}
    assert by_group[group] == [
        {"StatementNumber": 1, "Effect": "Allow", "Applies": False},
        {"StatementNumber": 2, "Effect": "Deny", "Applies": True},
    ]
    assert by_group[""] == [{"StatementNumber": 1, "Effect": "Allow", "Applies": True}]


def test_a_system_policy_is_named_as_such(account: Account) -> None:
    user = account.server.key(account.account_id, f"u{uuid.uuid4().hex[:8]}")
    attach_system(account, name_of(user)[1], "CallboardMessageContactReadOnlyAccess")

    verdict = explained(account, arn(user), *GET)

    assert (verdict["PolicyType"], verdict["PolicyName"], verdict["StatementNumber"]) == (
        "System",
        "CallboardMessageContactReadOnlyAccess",
        1,
    )
    assert is_permitted(reading(user))
    assert explained(account, arn(user), *ADD)["Reason"] == "ImplicitDeny"


def test_the_verdict_for_a_role_is_that_of_its_sessions(account: Account) -> None:
    role_id, name = role(account, allow("resourcemanager:Get*"))
    session, token = session_of(account, role_id)

    may = explained(account, f"acs:ram::{account.account_id}:role/{name}", *GET)
    may_not = explained(account, f"acs:ram::{account.account_id}:role/{name}", *ADD)

    headers = {"extra": {"x-acs-security-token": token}}
    read = call_v3(session, "GetMessageContact", {"ContactId": NOBODYS}, **headers)
    added = call_v3(session, "AddMessageContact", TOM, **headers)
    assert (may["IsAllowed"], is_permitted(read)) == (True, True)
    assert (may_not["IsAllowed"], is_permitted(added)) == (False, False)


def session_of(account: Account, role_id: str) -> tuple[Account, str]:
    """A session of a role: its key and its token."""
    key_id, secret, token = f"STS.{uuid.uuid4().hex}", uuid.uuid4().hex, uuid.uuid4().hex
    runtime = account.server.runtime
    account.server.run(
        lambda open_: sessions.add(
            open_,
            access_key_id=key_id,
            account_id=account.account_id,
            role_id=role_id,
            session_name="alice",
            secret=runtime.vault.encrypt(secret, belongs_to=key_id),
            token_digest=runtime.vault.digest(token, of="security token"),
            policy=None,
            now=runtime.clock(),
            expires_at=runtime.clock() + 3_600_000,
        )
    )
    return Account(account.server, account.account_id, key_id, secret), token


def test_what_everybody_may_do_no_policy_forbids(account: Account) -> None:
    user = user_with(account, deny("*"))
    parameters = {
        "principal": arn(user),
        "action_name": "sts:GetCallerIdentity",
        "resource_arn": f"acs:sts:*:{account.account_id}:*",
    }

    verdict = ask(account, "ExplainAccess", **parameters).json
    answer = call_v3(user, "GetCallerIdentity", version="2015-04-01")

    assert (verdict["IsAllowed"], verdict["Reason"]) == (True, "Allow")
    assert answer.status == 200


def test_the_moment_in_question_may_be_named(account: Account) -> None:
    user = user_with(account, allow("*", DateLessThan={"acs:CurrentTime": "2030-01-01T00:00:00Z"}))

    assert explained(account, arn(user), *GET, current_time="2029-12-31T23:59:59Z")["IsAllowed"] is True
    assert explained(account, arn(user), *GET, current_time="2030-01-01T00:00:00Z")["IsAllowed"] is False


def test_who_is_not_there_or_in_another_account_is_not_found(account: Account) -> None:
    other = user_with(account.server.account(), allow("*"))

    for principal in (
        f"acs:ram::{account.account_id}:user/nobody",
        f"acs:ram::{account.account_id}:role/nobody",
        arn(other),
        f"acs:ram::{other.account_id}:root",
    ):
        answer = ask(account, "ExplainAccess", principal=principal, action_name=GET[0], resource_arn="acs:x:*:*:y")
        assert (answer.status, answer.code) == (404, "EntityNotExist.Principal")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("principal", ""),
        ("principal", "tom"),
        ("principal", "acs:ram::1:assumed-role/x/y"),
        ("action_name", ""),
        ("action_name", "GetMessageContact"),
        ("action_name", "resourcemanager:*"),
        ("resource_arn", ""),
        ("resource_arn", "messagecontact/x"),
        ("source_address", "here"),
        ("current_time", "now"),
        ("secure_transport", "perhaps"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(account: Account, name: str, value: str) -> None:
    fitting = {
        "principal": f"acs:ram::{account.account_id}:root",
        "action_name": GET[0],
        "resource_arn": "acs:resourcemanager:*:1:messagecontact/*",
    }

    answer = ask(account, "ExplainAccess", **{**fitting, name: value})

    assert (answer.status, answer.code) == (400, "InvalidParameter")
    assert name.replace("_", "") in answer.json["Message"].lower()


def test_a_user_needs_the_right_to_ask(account: Account) -> None:
    may, may_not = user_with(account, allow("callboard:ExplainAccess")), user_with(account, allow("ram:*"))
    asked = {"principal": arn(may), "action_name": GET[0], "resource_arn": "acs:x:*:*:y"}

    assert ask(may, "ExplainAccess", **asked).status == 200
    assert ask(may_not, "ExplainAccess", **asked).code == "NoPermission"
