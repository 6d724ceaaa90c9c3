"""Whose access keys a call is about: a user's who is named, or else those of whoever makes the call."""

from msgspec import UnsetType

from callboard.call import Call
from callboard.ram import quotas
from callboard.ram.resources import present
from callboard.ram.users import errors, storage


def find(call: Call, user_name: str | UnsetType) -> str | None:
    """The name of the user whose keys are meant, or None for the account's own. Raises UserNotFound."""
    name = _name(call, user_name)
    if name is not None:
        present(storage.find(call.connection, call.principal.account_id, name), errors.UserNotFound)
    return name


def lock(call: Call, user_name: str | UnsetType) -> str | None:
    """The same, where others wait who would give the owner a key, delete the user or rename it."""
    name = _name(call, user_name)
    if name is None:
        quotas.lock(call.connection, call.principal.account_id)
    else:
        present(storage.lock(call.connection, call.principal.account_id, name), errors.UserNotFound)
    return name


def _name(call: Call, user_name: str | UnsetType) -> str | None:
    if user_name:
        return user_name
    who = call.principal
    if who.is_root:
        return None
    own = None if who.user_name is None else storage.name_of(call.connection, who.account_id, who.principal_id)
    return present(own, errors.UserNotFound)  # The session of a role has no keys of its own.
