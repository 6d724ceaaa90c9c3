"""What a change would make of an account's situation: decided by the rules of the change itself, and never made."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from callboard.call import Call
from callboard.contacts import errors as contact_errors
from callboard.contacts import rules as contact_rules
from callboard.contacts import storage as contacts
from callboard.contacts.rules import Contact, Status
from callboard.recipients import rules, storage
from callboard.recipients.errors import AccountNotFound, FolderNotFound, WhatIfInvalid
from callboard.recipients.rules import Situation
from callboard.tree import folders, scopes

MOST_MEMBERS = 5
"""Most targets of one change, as AssociateMembers and DisassociateMembers have it."""


class Change(Struct, frozen=True, kw_only=True):
    """A change that nobody makes: the name of its action, and that action's parameters."""

    name: str
    destination_folder_id: str | UnsetType = UNSET
    contact_id: str | UnsetType = UNSET
    members: tuple[str, ...] | UnsetType = UNSET
    message_types: tuple[str, ...] | UnsetType = UNSET
    email_address: str | UnsetType = UNSET
    phone_number: str | UnsetType = UNSET
    retain_contact_in_members: bool | UnsetType = UNSET


def check(name: str | UnsetType, given: Mapping[str, Any]) -> None:
    """Raise WhatIfInvalid unless a change has the parameters it needs, and no other. Names in snake case."""
    present = {each for each, value in given.items() if value is not UNSET}
    if name is UNSET:
        if present:
            raise WhatIfInvalid(reason=f"{_wire(min(present))} is a parameter of a change, and none is named")
        return
    needed, allowed, _ = CHANGES[name]
    for each in needed:
        if each not in present:
            raise WhatIfInvalid(reason=f"{name} needs {_wire(each)}")
    for each in sorted(present.difference(needed, allowed)):
        raise WhatIfInvalid(reason=f"{name} has no {_wire(each)}")


def after(call: Call, now: Situation, change: Change) -> Situation:
    """The situation once the change was made. Raises what the change itself refuses, as far as it is concerned."""
    _, _, apply = CHANGES[change.name]
    return apply(call, now, change)


def _moved(call: Call, now: Situation, change: Change) -> Situation:
    folder = folders.find(call.connection, call.directory_id, change.destination_folder_id or "")
    if not now.scopes:
        raise AccountNotFound
    if folder is None:
        raise FolderNotFound
    above = (*scopes.on_path(call.directory_id, folder.path), now.account_id)
    return rules.moved(now, above, storage.bound_to(call.connection, call.directory_id, above))


def _associated(call: Call, now: Situation, change: Change) -> Situation:
    return rules.associated(now, _changeable(call, change), _targets(call, change), at=call.now)


def _disassociated(call: Call, now: Situation, change: Change) -> Situation:
    return rules.disassociated(now, _changeable(call, change), _targets(call, change))


def _updated(call: Call, now: Situation, change: Change) -> Situation:
    changed = contact_rules.change(
        _contact(call, change),
        at=call.now,
        message_types=change.message_types,
        email=change.email_address,
        phone=change.phone_number,
    )
    return rules.updated(now, changed)


def _deleted(call: Call, now: Situation, change: Change) -> Situation:
    contact = _contact(call, change)
    contact_rules.start_deletion(contact, at=call.now)
    return rules.deleted(now, contact, is_kept=change.retain_contact_in_members is not False, at=call.now)


def _contact(call: Call, change: Change) -> Contact:
    found = contacts.find(call.connection, call.directory_id, change.contact_id or "")
    if found is None:
        raise contact_errors.ContactNotFound
    return found


def _changeable(call: Call, change: Change) -> Contact:
    found = _contact(call, change)
    if found.status is Status.DELETING:
        raise contact_errors.ContactStatusMismatch
    return found


def _targets(call: Call, change: Change) -> set[str]:
    found = {scopes.canonical(call.connection, call.directory_id, each) for each in change.members or ()}
    if None in found:
        raise contact_errors.MemberNotFound
    return {each for each in found if each is not None}


def _wire(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


Apply = Callable[[Call, Situation, Change], Situation]
CHANGES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], Apply]] = {
    "MoveAccount": (("destination_folder_id",), (), _moved),
    "AssociateMembers": (("contact_id", "members"), (), _associated),
    "DisassociateMembers": (("contact_id", "members"), (), _disassociated),
    "UpdateMessageContact": (("contact_id",), ("message_types", "email_address", "phone_number"), _updated),
    "DeleteMessageContact": (("contact_id",), ("retain_contact_in_members",), _deleted),
}
"""The changes by name: the parameters that each needs, those that it may have, and what it does."""
PARAMETERS = tuple(name for name in Change.__struct_fields__ if name != "name")
"""The parameters of every change."""
