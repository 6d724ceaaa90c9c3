"""What a principal may do. Pure: no SQL, no clock.

An explicit Deny wins, then an Allow, and nothing is allowed by default. A session has at most what its session policy
allows besides. The account's own key has every right within its account (protocol.md, section 7).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from callboard.access.conditions import OPERATORS, holds
from callboard.access.errors import DirectoryNotEnabled, MemberAccountNotAllowed
from callboard.access.patterns import fits_any
from callboard.access.policy import Statement

OWN_KEYS = "callboard:"
"""How the condition keys begin that are about a call's parameters."""

Context = Mapping[str, tuple[str, ...]]
"""The condition keys of a request, each with its values."""


class Reason(StrEnum):
    """Why a request is allowed or not. The two denials are the words of AccessDeniedDetail."""

    ROOT = "RootUser"
    ALLOW = "Allow"
    EXPLICIT_DENY = "ExplicitDeny"
    IMPLICIT_DENY = "ImplicitDeny"


class Policy(Struct, frozen=True):
    """A policy in force for somebody: where it comes from, and what it says."""

    kind: str
    """System, Custom, or Session."""
    name: str
    statements: tuple[Statement, ...]
    via: str = ""
    """The group that it is attached to, if it is not attached to the principal."""


class Grants(Struct, frozen=True, dict=True):
    """Everything that decides what a principal may do. (The dict holds what was found out about it once.)"""

    is_root: bool = False
    policies: tuple[Policy, ...] = ()
    session: Policy | None = None

    @cached_property
    def looks_at_parameters(self) -> bool:
        """Whether a condition depends on what a call sends."""
        policies = (*self.policies, self.session) if self.session else self.policies
        return any(
            condition.key.startswith(OWN_KEYS)
            for policy in policies
            for statement in policy.statements
            for condition in statement.conditions
        )


class Decision(Struct, frozen=True):
    """What was decided, and which statement of which policy decided it.

    For an implicit denial no statement did; the policy is the session's if that one did not allow it, or none.
    """

    reason: Reason
    action: str
    resource: str
    policy: Policy | None = None
    statement: int = 0
    """Its number in the policy, from 1."""

    @property
    def is_allowed(self) -> bool:
        return self.reason in (Reason.ROOT, Reason.ALLOW)


NOBODYS = Grants()
"""Of somebody who is allowed nothing."""


def decide(grants: Grants, *, action: str, resources: Sequence[str], context: Context) -> Decision:
    """Whether the action is allowed on every one of the resources; the first refusal, or the last permission."""
    decision = Decision(Reason.IMPLICIT_DENY, action, "")
    for resource in resources:
        decision = _decide_one(grants, action, resource, context)
        if not decision.is_allowed:
            break
    return decision


def _decide_one(grants: Grants, action: str, resource: str, context: Context) -> Decision:
    if grants.is_root:
        return Decision(Reason.ROOT, action, resource)
    decision = evaluate(grants.policies, action=action, resource=resource, context=context)
    if grants.session is None or decision.reason is Reason.EXPLICIT_DENY:
        return decision
    within = evaluate((grants.session,), action=action, resource=resource, context=context)
    if within.is_allowed:
        return decision
    return within if within.policy else replace(within, policy=grants.session)


def evaluate(policies: Sequence[Policy], *, action: str, resource: str, context: Context) -> Decision:
    """What a set of policies says of one action on one resource."""
    allowing: Decision | None = None
    for policy in policies:
        for number, statement in enumerate(policy.statements, 1):
            if statement.is_allow and allowing is not None:
                continue
            if applies(statement, action=action, resource=resource, context=context):
                if not statement.is_allow:
                    return Decision(Reason.EXPLICIT_DENY, action, resource, policy, number)
                allowing = Decision(Reason.ALLOW, action, resource, policy, number)
    return allowing or Decision(Reason.IMPLICIT_DENY, action, resource)


def applies(statement: Statement, *, action: str, resource: str, context: Context) -> bool:
    """Whether a statement speaks of this action on this resource under these conditions."""
    if fits_any(action, statement.actions, ignores_case=True) == statement.is_not_action:
        return False
    if fits_any(resource, statement.resources) == statement.is_not_resource:
        return False
    return all(
        holds(OPERATORS[condition.operator], context.get(condition.key, ()), condition.values)
        for condition in statement.conditions
    )


def context_of(*, source_address: str | None, is_secure: bool, now: int, values: Context) -> Context:
    """The condition keys of a call (protocol.md, section 7), with those of its parameters."""
    found = {
        "acs:CurrentTime": (_time_text(now // 1000),),
        "acs:SecureTransport": ("true" if is_secure else "false",),
        "acs:MFAPresent": ("false",),
        **values,
    }
    if source_address:
        found["acs:SourceIp"] = (source_address,)
    return found


@lru_cache(maxsize=16)
def _time_text(seconds: int) -> str:
    """The calls of one second share it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def check_account(*, directory_id: str | None, is_management: bool) -> str:
    """The directory that the caller's account manages. Raises when it manages none."""
    if directory_id is None:
        raise DirectoryNotEnabled
    if not is_management:
        raise MemberAccountNotAllowed
    return directory_id
