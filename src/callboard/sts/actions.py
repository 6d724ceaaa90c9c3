"""The actions of STS: temporary keys for a role, and who the caller is."""

import secrets
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from callboard.access import rules as access_rules
from callboard.access import sessions
from callboard.access.errors import NoPermission
from callboard.access.policy import read_trust_policy
from callboard.access.rules import Reason
from callboard.api.model import Operation, Reply, Request, Shape
from callboard.audit import storage as audit
from callboard.call import Call, Moment
from callboard.ram.policies import role_storage
from callboard.ram.policies.role_storage import Role, arn_of
from callboard.ram.shapes import Date, wire_date
from callboard.sts import errors, rules
from callboard.sts.parameters import (
    ROLE_ARN,
    DurationSeconds,
    ExternalId,
    RoleArn,
    RoleSessionName,
    SessionPolicy,
)

operation = Operation("2015-04-01", ram_code="sts")

DEFAULT_S = 3600
IDENTITY_TYPES = {"RootUser": "Account", "SubUser": "RAMUser", "AssumedRoleUser": "AssumedRoleUser"}


class AssumeRole(Request, kw_only=True):
    """Begin a session of a role: a temporary key with its security token. For users and sessions, not for root keys."""

    role_arn: RoleArn
    role_session_name: RoleSessionName
    duration_seconds: DurationSeconds = DEFAULT_S
    policy: SessionPolicy | UnsetType = UNSET
    external_id: ExternalId | UnsetType = UNSET


class AssumedRoleUser(Shape):
    """Who the session is."""

    assumed_role_id: Annotated[
        str, Meta(description="The ID of the role and the session's name.", examples=["301234567890123456:alice"])
    ]
    arn: Annotated[
        str,
        Meta(description="The ARN of the session.", examples=["acs:ram::1234567890123456:assumed-role/ECSAdmin/alice"]),
    ]


class Credentials(Shape):
    """What the session signs with. It is told this once."""

    access_key_id: Annotated[str, Meta(description="The ID of the temporary key.", examples=["STS.L4aBSCSJVMuKg5U1"])]
    access_key_secret: Annotated[str, Meta(description="Its secret.")]
    security_token: Annotated[str, Meta(description="To be sent along with every call.")]
    expiration: Date


class AssumeRoleReply(Reply):
    assumed_role_user: AssumedRoleUser
    credentials: Credentials


class Begun(Struct, frozen=True):
    """What the audit trail keeps of a session that has begun."""

    access_key_id: str
    session_name: str
    expires_at: Moment
    policy: str | None


@operation(access_level="create", resource="{RoleArn}", errors=[errors.RoleNotFound])
def assume_role(call: Call, request: AssumeRole) -> AssumeRoleReply:
    if call.principal.is_root:
        raise NoPermission
    account_id, role = _role(call, request.role_arn)
    _check_trust(call, role, request)
    if request.duration_seconds > rules.longest_session_s(call.principal, role.max_session_s):
        raise errors.DurationInvalid
    name = request.role_session_name
    credentials = _begin(call, account_id, role, request)
    return AssumeRoleReply(
        assumed_role_user=AssumedRoleUser(
            assumed_role_id=f"{role.role_id}:{name}",
            arn=f"acs:ram::{account_id}:assumed-role/{role.role_name}/{name}",
        ),
        credentials=credentials,
    )


class GetCallerIdentity(Request):
    """Tell who calls: the account itself, a user, or a session of a role. Everybody may ask."""


class GetCallerIdentityReply(Reply):
    """UserId is left out for a session, RoleId for all others."""

    identity_type: Annotated[str, Meta(description="Account, RAMUser or AssumedRoleUser.", examples=["RAMUser"])]
    account_id: Annotated[str, Meta(description="The ID of the account.", examples=["1234567890123456"])]
    principal_id: Annotated[
        str, Meta(description="The ID of the account or user, or that of the role with the session's name.")
    ]
    arn: Annotated[str, Meta(description="The ARN.", examples=["acs:ram::1234567890123456:user/alice"])]
    user_id: Annotated[str, Meta(description="The ID of the account or user.")] | UnsetType = UNSET
    role_id: Annotated[str, Meta(description="The ID of the role.")] | UnsetType = UNSET


@operation(access_level="get", resource="acs:sts:*:{AccountId}:*", is_for_everybody=True)
def get_caller_identity(call: Call, request: GetCallerIdentity) -> GetCallerIdentityReply:
    del request  # It has no parameters.
    who = call.principal
    reply = GetCallerIdentityReply(
        identity_type=IDENTITY_TYPES[who.kind],
        account_id=who.account_id,
        principal_id=who.principal_id,
        arn=who.arn,
    )
    if who.role_name is None:
        reply.user_id = who.principal_id
    else:
        reply.role_id = who.principal_id.partition(":")[0]
    return reply


def _role(call: Call, role_arn: str) -> tuple[str, Role]:
    """The role of an ARN and the account that has it. Whether another account has one is not told to strangers."""
    parts = ROLE_ARN.fullmatch(role_arn)
    assert parts is not None, "checked when the request was decoded"
    account_id = parts["account"]
    role = role_storage.share_by_arn(call.connection, account_id, parts["name"])
    if role is None:
        raise errors.RoleNotFound if account_id == call.principal.account_id else _denied(call, Reason.IMPLICIT_DENY)
    return account_id, role


def _check_trust(call: Call, role: Role, request: AssumeRole) -> None:
    given = {} if request.external_id is UNSET else {"sts:ExternalId": (request.external_id,)}
    context = access_rules.context_of(
        source_address=call.source_address, is_secure=call.is_secure, now=call.now, values=given
    )
    reason = rules.trust(read_trust_policy(role.trust_policy), call.principal, context)
    if reason is not Reason.ALLOW:
        raise _denied(call, reason)


def _begin(call: Call, account_id: str, role: Role, request: AssumeRole) -> Credentials:
    """Keep the session, and tell its secrets this once."""
    expires_at = call.now + request.duration_seconds * 1000
    policy = None if request.policy is UNSET else request.policy
    key_id, secret = call.new_id(sessions.KEY_PREFIX), secrets.token_urlsafe(33)
    token = f"CAIS{secrets.token_urlsafe(64)}"
    sessions.add(
        call.connection,
        access_key_id=key_id,
        account_id=account_id,
        role_id=role.role_id,
        session_name=request.role_session_name,
        secret=call.vault.encrypt(secret, belongs_to=key_id),
        token_digest=call.vault.digest(token, of="security token"),
        policy=policy,
        now=call.now,
        expires_at=expires_at,
    )
    _record(call, account_id, role, Begun(key_id, request.role_session_name, expires_at, policy))
    return Credentials(
        access_key_id=key_id, access_key_secret=secret, security_token=token, expiration=wire_date(expires_at)
    )


def _denied(call: Call, reason: Reason) -> NoPermission:
    refusal = NoPermission()
    refusal.detail = {
        "AuthAction": rules.ASSUME_ROLE,
        "AuthPrincipalType": call.principal.kind,
        "AuthPrincipalOwnerId": call.principal.account_id,
        "AuthPrincipalDisplayName": call.principal.principal_id,
        "NoPermissionType": reason.value,
        "PolicyType": "AssumeRolePolicy",
    }
    return refusal


def _record(call: Call, account_id: str, role: Role, begun: Begun) -> None:
    """Keep who began the session, in the caller's trail and in that of the account whose role it is."""
    source, arn = audit.Source.of(call), arn_of(account_id, role.role_name)
    audit.add(call.connection, source, "AssumeRole", arn, after=begun)
    if account_id != source.account_id:
        theirs = audit.Source(account_id, call.now, call.request_id, source.principal)
        audit.add(call.connection, theirs, "AssumeRole", arn, after=begun)
