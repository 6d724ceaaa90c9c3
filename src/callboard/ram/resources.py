"""The RAM resources that actions are about: whether they are there, and changes to them in the audit trail."""

from typing import Any, TypeVar

from callboard.audit import storage as audit
from callboard.call import Call
from callboard.errors import ApiError

ONE_USER = "acs:ram:*:{AccountId}:user/{UserName}"
ALL_USERS = "acs:ram:*:{AccountId}:user/*"
ONE_GROUP = "acs:ram:*:{AccountId}:group/{GroupName}"
ALL_GROUPS = "acs:ram:*:{AccountId}:group/*"
ONE_POLICY = "acs:ram:*:{AccountId}:policy/{PolicyName}"
ALL_POLICIES = "acs:ram:*:{AccountId}:policy/*"
ONE_ROLE = "acs:ram:*:{AccountId}:role/{RoleName}"
ALL_ROLES = "acs:ram:*:{AccountId}:role/*"
ACCOUNT_ITSELF = "acs:ram:*:{AccountId}:root"

Found = TypeVar("Found")


def present(found: Found | None, absent: type[ApiError]) -> Found:
    """What a call is about, as it was found; the refusal where there is no such thing."""
    if found is None:
        raise absent
    return found


def record(call: Call, action: str, resource: str, *, before: Any = None, after: Any = None, **names: str) -> None:
    """Enter a change in the audit trail; the resource is one of those above, filled from the names."""
    filled = resource.format(AccountId=call.principal.account_id, **names)
    audit.add(call.connection, audit.Source.of(call), action, filled, before=before, after=after)
