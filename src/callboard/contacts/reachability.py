"""Addresses that are held to reach nobody, and believed in again: each such change is in the audit trail."""

from callboard.audit import storage as audit
from callboard.call import Call
from callboard.contacts import unreachable
from callboard.contacts.unreachable import Unreachable

MARK, LIFT = "MarkAddressUnreachable", "LiftUnreachableAddress"
ADDRESS = "acs:callboard:*:{AccountId}:address/{Address}"
"""An address as the audit trail names it."""


def doubt(call: Call, found: Unreachable) -> bool:
    """Hold an address to reach nobody; false when that was known."""
    is_new = unreachable.add(call.connection, found)
    if is_new:
        _record(call, MARK, found.target, after=found)
    return is_new


def believe(call: Call, target: str) -> bool:
    """Believe in an address again, however it is spelt; false when nobody doubted it."""
    found = unreachable.find(call.connection, call.directory_id, target)
    if found is None or not unreachable.lift(call.connection, call.directory_id, target):
        return False
    _record(call, LIFT, found.target, before=found)
    return True


def _record(
    call: Call, action: str, target: str, *, before: Unreachable | None = None, after: Unreachable | None = None
) -> None:
    resource = ADDRESS.format(AccountId=call.principal.account_id, Address=target)
    audit.add(call.connection, audit.Source.of(call), action, resource, before=before, after=after)
