"""SQL of what principals have: the policies in force for a user, with those of their groups, or for a role."""

from sqlalchemy import Select, bindparam, select

from callboard.access.policy import PolicyMalformed, read_policy
from callboard.access.rules import Grants, Policy
from callboard.access.system_policies import SYSTEM_POLICIES
from callboard.database.statement import Connection, Row, Statement
from callboard.database.tables import attachments, group_members, groups, policies, policy_versions

CUSTOM, SYSTEM = "Custom", "System"

_ATTACHED = (
    select(
        attachments.c.policy_type,
        attachments.c.policy_name,
        policy_versions.c.document,
        groups.c.group_name,
    )
    .outerjoin(
        policies,
        (policies.c.account_id == attachments.c.account_id)
        & (policies.c.policy_name == attachments.c.policy_name)
        & (attachments.c.policy_type == CUSTOM),
    )
    .outerjoin(
        policy_versions,
        (policy_versions.c.account_id == policies.c.account_id)
        & (policy_versions.c.policy_name == policies.c.policy_name)
        & (policy_versions.c.version == policies.c.default_version),
    )
    .outerjoin(
        groups, (groups.c.account_id == attachments.c.account_id) & (groups.c.group_id == attachments.c.entity_id)
    )
    .where(attachments.c.account_id == bindparam("account_id"))
    .order_by(attachments.c.policy_type, attachments.c.policy_name)
)
_GROUPS_OF: Select[tuple[str]] = select(group_members.c.group_id).where(
    group_members.c.account_id == bindparam("account_id"), group_members.c.user_id == bindparam("entity_id")
)
_OF_ENTITY = Statement(
    _ATTACHED.where((attachments.c.entity_id == bindparam("entity_id")) | attachments.c.entity_id.in_(_GROUPS_OF))
)


def of_entity(connection: Connection, account_id: str, entity_id: str) -> Grants:
    """What a user, with all groups, or a role is granted. A policy that cannot be read any more grants nothing."""
    rows = connection.all(_OF_ENTITY, account_id=account_id, entity_id=entity_id)
    return Grants(policies=tuple(policy for row in rows for policy in _policy(row)))


def _policy(row: Row) -> list[Policy]:
    kind, name, document, group_name = row
    if kind == SYSTEM:
        found = SYSTEM_POLICIES.get(name)
        document = found.document if found else None
    if document is None:
        return []
    try:
        return [Policy(kind, name, read_policy(document), via=group_name or "")]
    except PolicyMalformed:
        # Documents are read before they are kept. Should one not be readable, denying all is the safe side.
        return [Policy(kind, name, read_policy(_DENY_ALL), via=group_name or "")]


_DENY_ALL = '{"Version": "1", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}'
