"""The action that tells who may do what, and why. It changes nothing."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.access.errors import PrincipalNotFound
from callboard.access.explain import Explanation, Weighed, explain, find
from callboard.access.parameters import (
    ContactDomain,
    CurrentTime,
    MessageTypes,
    PrincipalArn,
    RamAction,
    ResourceArn,
    SecureTransport,
    SourceAddress,
)
from callboard.access.rules import Context, Grants, Policy, Reason, context_of
from callboard.api.model import ACTIONS, Operation, Reply, Request, Shape
from callboard.call import Call

operation = Operation("2026-11-25", ram_code="callboard")

PolicyType = Annotated[str, Meta(description="System or Custom.", examples=["Custom"])]
PolicyName = Annotated[str, Meta(description="The policy.", examples=["ContactsOfOneDomain"])]
StatementNumber = Annotated[int, Meta(description="The number of the statement in its policy, from 1.", examples=[1])]
Via = Annotated[str, Meta(description="The group that has the policy; not there where the principal has it itself.")]


class ExplainAccess(Request):
    """Tell whether a user, a role or the account itself may do something, which policy decides it, and what each
    policy in force has to do with it. Of an inactive key, or of a missing resource directory, it knows nothing.
    """

    principal: PrincipalArn
    action_name: RamAction
    resource_arn: ResourceArn
    source_address: SourceAddress | UnsetType = UNSET
    current_time: CurrentTime | UnsetType = UNSET
    secure_transport: SecureTransport = False
    message_types: MessageTypes | UnsetType = UNSET
    contact_domain: ContactDomain | UnsetType = UNSET


class StatementWeighed(Shape):
    """One statement."""

    statement_number: StatementNumber
    effect: Annotated[str, Meta(description="Allow or Deny.", examples=["Allow"])]
    applies: Annotated[bool, Meta(description="Whether it speaks of this action on this resource, as things are.")]


class PolicyWeighed(Shape, kw_only=True):
    """One policy in force."""

    policy_type: PolicyType
    policy_name: PolicyName
    via: Via | UnsetType = UNSET
    statements: list[StatementWeighed]


class ExplainAccessReply(Reply, kw_only=True):
    """PolicyType, PolicyName and StatementNumber are there where a statement has decided."""

    is_allowed: bool
    reason: Annotated[str, Meta(description="RootUser, Allow, ExplicitDeny or ImplicitDeny.", examples=["Allow"])]
    policy_type: PolicyType | UnsetType = UNSET
    policy_name: PolicyName | UnsetType = UNSET
    statement_number: StatementNumber | UnsetType = UNSET
    via: Via | UnsetType = UNSET
    policies: list[PolicyWeighed]


@operation(access_level="get", resource="acs:callboard:*:{AccountId}:access/*", errors=[PrincipalNotFound])
def explain_access(call: Call, request: ExplainAccess) -> ExplainAccessReply:
    found = find(call.connection, call.principal.account_id, request.principal)
    if found is None:
        raise PrincipalNotFound
    return verdict(
        found,
        action=request.action_name,
        resource=request.resource_arn,
        context=context_of(
            source_address=request.source_address or None,
            is_secure=request.secure_transport,
            now=call.now if request.current_time is UNSET else request.current_time,
            values=contact_conditions(request.message_types or [], request.contact_domain or ""),
        ),
    )


def contact_conditions(message_types: list[str], contact_domain: str) -> Context:
    """The condition keys of a contact, under the names that its parameters have."""
    found = {"callboard:MessageType": tuple(message_types)} if message_types else {}
    return found | {"callboard:ContactDomain": (contact_domain.lower(),)} if contact_domain else found


def verdict(found: Grants, *, action: str, resource: str, context: Context) -> ExplainAccessReply:
    """The answer for somebody who has these grants."""
    explanation = explain(found, action=action, resource=resource, context=context)
    if not found.is_root and any(each.is_for_everybody and each.permission == action for each in ACTIONS.values()):
        # No policy is asked, not even one that denies.
        return ExplainAccessReply(is_allowed=True, reason=Reason.ALLOW.value, policies=_weighed(explanation))
    decision = explanation.decision
    reply = ExplainAccessReply(
        is_allowed=decision.is_allowed, reason=decision.reason.value, policies=_weighed(explanation)
    )
    if decision.policy is not None:
        reply.policy_type, reply.policy_name = decision.policy.kind, decision.policy.name
        reply.statement_number, reply.via = decision.statement, _via(decision.policy)
    return reply


def _weighed(explanation: Explanation) -> list[PolicyWeighed]:
    return [
        PolicyWeighed(
            policy_type=each.policy.kind,
            policy_name=each.policy.name,
            via=_via(each.policy),
            statements=_statements(each),
        )
        for each in explanation.weighed
    ]


def _statements(weighed: Weighed) -> list[StatementWeighed]:
    return [
        StatementWeighed(
            statement_number=number, effect="Allow" if statement.is_allow else "Deny", applies=statement_applies
        )
        for number, (statement, statement_applies) in enumerate(
            zip(weighed.policy.statements, weighed.applies, strict=True), 1
        )
    ]


def _via(policy: Policy) -> str | UnsetType:
    return policy.via or UNSET
