"""Who may assume a role, and for how long: pure.

A trust policy names principals: an account's root, which stands for everybody in that account, its users, its roles.
Names are compared without regard to case; an explicit Deny wins.
"""

from collections.abc import Sequence

from callboard.access.policy import Statement
from callboard.access.rules import Context, Reason, applies
from callboard.call import Principal

ASSUME_ROLE = "sts:AssumeRole"
CHAINED_S = 3600
"""The longest session that a session may begin."""


def trust(statements: Sequence[Statement], principal: Principal, context: Context) -> Reason:
    """What a trust policy says of a principal."""
    names = _names(principal)
    fitting = [
        statement
        for statement in statements
        if any(kind == "RAM" and name.lower() in names for kind, name in statement.principals)
        and applies(statement, action=ASSUME_ROLE, resource="", context=context)
    ]
    if not all(statement.is_allow for statement in fitting):
        return Reason.EXPLICIT_DENY
    return Reason.ALLOW if fitting else Reason.IMPLICIT_DENY


def longest_session_s(principal: Principal, of_role_s: int) -> int:
    """How long a session may last that the principal begins."""
    return of_role_s if principal.role_name is None else min(of_role_s, CHAINED_S)


def _names(principal: Principal) -> set[str]:
    """Under which names a trust policy may mean the principal."""
    account = f"acs:ram::{principal.account_id}:"
    own = f"user/{principal.user_name}" if principal.role_name is None else f"role/{principal.role_name}"
    return {f"{account}root", f"{account}{own}".lower()}
