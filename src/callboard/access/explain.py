"""Why somebody may do something or may not: the verdict of the check itself, and what each policy has to do with it."""

import re

from msgspec import Struct
from sqlalchemy import bindparam, select

from callboard.access import grants
from callboard.access.rules import Context, Decision, Grants, Policy, applies, decide
from callboard.database.statement import Connection, Statement
from callboard.database.tables import roles, users

PRINCIPAL = re.compile(r"acs:ram::(?P<account>[0-9]{1,32}):(root|(?P<kind>user|role)/(?P<name>[A-Za-z0-9._-]{1,64}))")
"""A session is none: what it may do depends on the policy that it was begun with, besides its role."""

_USER = Statement(
    select(users.c.user_id).where(users.c.account_id == bindparam("account_id"), users.c.user_name == bindparam("name"))
)
_ROLE = Statement(
    select(roles.c.role_id).where(roles.c.account_id == bindparam("account_id"), roles.c.role_name == bindparam("name"))
)


class Weighed(Struct, frozen=True):
    """A policy in force, and for each of its statements whether it speaks of the action in question."""

    policy: Policy
    applies: tuple[bool, ...]


class Explanation(Struct, frozen=True):
    """The verdict, and all that was looked at."""

    decision: Decision
    weighed: tuple[Weighed, ...]


def find(connection: Connection, account_id: str, principal: str) -> Grants | None:
    """What the check of rights goes by for a principal of an account; None when there is none of that name."""
    parts = PRINCIPAL.fullmatch(principal)
    if parts is None or parts["account"] != account_id:
        return None
    if parts["kind"] is None:
        return Grants(is_root=True)
    row = connection.one(_USER if parts["kind"] == "user" else _ROLE, account_id=account_id, name=parts["name"])
    return None if row is None else grants.of_entity(connection, account_id, row[0])


def explain(found: Grants, *, action: str, resource: str, context: Context) -> Explanation:
    """Ask the check itself, and then each statement."""
    return Explanation(
        decide(found, action=action, resources=[resource], context=context),
        tuple(
            Weighed(
                policy,
                tuple(
                    applies(statement, action=action, resource=resource, context=context)
                    for statement in policy.statements
                ),
            )
            for policy in found.policies
        ),
    )
