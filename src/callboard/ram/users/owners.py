"""Whose access keys a call is about: a user's who is named, or else those of whoever makes the call."""

from msgspec import UnsetType

from callboard.call import Call
from callboard.ram.users import errors, storage


def find(call: Call, named: str | UnsetType) -> str | None:
    """The name of the user whose keys are meant, or None for the account's own. Raises UserNotFound."""
    name = _name(call, named)
    if name is not None and storage.find(call.connection, call.principal.account_id, name) is None:
        raise errors.UserNotFound
    return name


def lock(call: Call, named: str | UnsetType) -> str | None:
    """The same, where others wait who would give the owner a key, delete the user or rename it."""
    name = _name(call, named)
    if name is None:
        storage.lock_account(call.connection, call.principal.account_id)
    elif storage.lock(call.connection, call.principal.account_id, name) is None:
        raise errors.UserNotFound
    return name


def _name(call: Call, named: str | UnsetType) -> str | None:
    if named:
        return named
    who = call.principal
    if who.is_root:
        return None
    own = None if who.user_name is None else storage.name_of(call.connection, who.account_id, who.principal_id)
    if own is None:  # The session of a role has no keys of its own.
        raise errors.UserNotFound
    return own
