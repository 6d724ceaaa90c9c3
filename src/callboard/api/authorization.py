"""Whether the caller may make a call: the evaluator asked with what the call says of itself."""

from collections.abc import Mapping
from typing import Any

from callboard.access import rules
from callboard.access.errors import NoPermission
from callboard.access.keyring import AccessKey
from callboard.access.rules import Decision
from callboard.api.decode import condition_values, texts_of
from callboard.api.model import Action
from callboard.api.wire import HttpRequest
from callboard.call import Moment, Principal
from callboard.database.statement import Connection
from callboard.tree import scopes


def check(
    connection: Connection,
    action: Action,
    values: Mapping[str, Any],
    request: HttpRequest,
    key: AccessKey,
    *,
    now: Moment,
) -> None:
    """Raise NoPermission, with the reason, unless the caller may do this to that."""
    if action.is_for_everybody or key.grants.is_root:
        return
    decision = rules.decide(
        key.grants,
        action=action.permission,
        resources=[
            *action.resources_of(key.principal.account_id, values, user_name=key.principal.user_name or ""),
            *_scopes(connection, action, values, key),
        ],
        context=rules.context_of(
            source_address=request.source_address,
            is_secure=request.scheme == "https",
            now=now,
            values=condition_values(action, values) if key.grants.looks_at_parameters else {},
        ),
    )
    if not decision.is_allowed:
        refusal = NoPermission()
        refusal.detail = detail_of(decision, key.principal)
        raise refusal


def _scopes(connection: Connection, action: Action, values: Mapping[str, Any], key: AccessKey) -> list[str]:
    """The RAM resources of the folders, members or the directory that a call names."""
    if not action.scopes or key.directory_id is None:
        return []
    named = [each for scope in action.scopes for each in _named(action, scope, values)]
    resources = scopes.resources(connection, key.directory_id, dict.fromkeys(named) or [key.directory_id])
    return [f"acs:resourcemanager:*:{key.principal.account_id}:{each}" for each in resources]


def _named(action: Action, scope: str, values: Mapping[str, Any]) -> list[str]:
    name, _, inner = scope.partition(".")
    fields = (field for field in action.fields if field.name == name)
    return [text for field in fields for text in texts_of(field, values, inner=inner)]


def detail_of(decision: Decision, principal: Principal) -> dict[str, str]:
    """The AccessDeniedDetail of a refusal (protocol.md, section 6.1)."""
    kind = decision.policy.kind if decision.policy else ""
    return {
        "AuthAction": decision.action,
        "AuthPrincipalType": principal.kind,
        "AuthPrincipalOwnerId": principal.account_id,
        "AuthPrincipalDisplayName": principal.principal_id,
        "NoPermissionType": decision.reason.value,
        "PolicyType": "SessionPolicy" if kind == "Session" else "AccountLevelIdentityBasedPolicy",
    }
