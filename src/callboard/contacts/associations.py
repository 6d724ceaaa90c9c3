"""The two actions that bind contacts to the directory, folders and members, and take them out again."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from callboard.api.model import Reply, Request, Shape
from callboard.audit import storage as audit
from callboard.call import Call, Moment
from callboard.contacts import bindings, errors, storage
from callboard.contacts.parameters import BoundMembers, ContactId, Members
from callboard.contacts.rules import Contact, Status
from callboard.contacts.shapes import ONE_CONTACT, ContactIdShown, Date, operation, wire_date
from callboard.tree import directories, scopes


class MemberAssociated(Shape):
    """A target of the call."""

    contact_id: ContactIdShown
    member_id: Annotated[
        str, Meta(description="The ID of the resource directory, the folder or the member.", examples=["fd-ZDNPiTabcd"])
    ]
    modify_date: Date


class AssociateMembers(Request):
    """Bind a contact to the resource directory, to folders or to members.

    Bound to a folder or to the directory, it receives the messages of every member in it, now and later. What is bound
    already stays as it is, with its date. Either every target is bound or none.
    """

    contact_id: ContactId
    members: Members


class AssociateMembersReply(Reply):
    members: list[MemberAssociated]


@operation(
    access_level="update",
    resource=ONE_CONTACT,
    scopes=("Members",),
    errors=[
        errors.ContactNotFound,
        errors.ContactStatusMismatch,
        errors.MemberNotInDirectory,
        errors.ContactMembersExceeded,
        errors.ConcurrentCall,
    ],
    checks_in_turn=True,
)
def associate_members(call: Call, request: AssociateMembers) -> AssociateMembersReply:
    connection, directory_id = call.connection, call.directory_id
    at = directories.change(connection, directory_id, now=call.now)
    contact = _changeable(call, request.contact_id)
    targets = _targets(call, request.members)
    bound = {each.target_id: each.bound_at for each in bindings.targets(connection, directory_id, contact.contact_id)}
    new = [target for target in targets if target not in bound]
    if len(bound) + len(new) > call.profile.targets:
        raise errors.ContactMembersExceeded
    if any(bindings.is_being_unbound(connection, directory_id, contact.contact_id, target) for target in new):
        raise errors.ConcurrentCall
    for target in new:
        bindings.bind(connection, directory_id, contact.contact_id, target, at=at)
    _record(call, "AssociateMembers", contact, before=bound, after=[*bound, *new])
    return AssociateMembersReply(members=_shown(call, contact, {target: bound.get(target, at) for target in targets}))


class DisassociateMembers(Request):
    """Take a contact out of the resource directory, of folders or of members to which it is bound directly.

    A target to which it is not bound is no fault. Either it is taken out of every target or of none. It is in effect at
    once; in the profile alibaba no member moves out of or into the folder for about a second.
    """

    contact_id: ContactId
    members: BoundMembers


class DisassociateMembersReply(Reply):
    members: list[MemberAssociated]


@operation(
    access_level="update",
    resource=ONE_CONTACT,
    scopes=("Members",),
    errors=[errors.ContactNotFound, errors.ContactStatusMismatch, errors.MemberNotInDirectory],
    checks_in_turn=True,
)
def disassociate_members(call: Call, request: DisassociateMembers) -> DisassociateMembersReply:
    connection, directory_id = call.connection, call.directory_id
    at = directories.change(connection, directory_id, now=call.now)
    contact = _changeable(call, request.contact_id)
    targets = _targets(call, request.members)
    bound = [each.target_id for each in bindings.targets(connection, directory_id, contact.contact_id)]
    for target in targets:
        was_bound = bindings.unbind(connection, directory_id, contact.contact_id, target, at=at)
        holds_members = target == directory_id or scopes.is_folder(target)
        if was_bound and holds_members and call.profile.unbinding_blocks_moves:
            bindings.add_task(connection, directory_id, contact.contact_id, target, at=at)
    left = [target for target in bound if target not in targets]
    _record(call, "DisassociateMembers", contact, before=bound, after=left)
    return DisassociateMembersReply(members=_shown(call, contact, dict.fromkeys(targets, at)))


def _changeable(call: Call, contact_id: str) -> Contact:
    """The contact, locked. Raises ContactNotFound, or ContactStatusMismatch while it is being deleted."""
    contact = storage.lock(call.connection, call.directory_id, contact_id)
    if contact is None:
        raise errors.ContactNotFound
    if contact.status is Status.DELETING:
        raise errors.ContactStatusMismatch
    return contact


def _targets(call: Call, named: Iterable[str]) -> list[str]:
    """The targets that a call names. Raises MemberNotInDirectory, or MembersDuplicate for two names of one target."""
    found = []
    for name in named:
        target = scopes.canonical(call.connection, call.directory_id, name)
        if target is None:
            raise errors.MemberNotInDirectory
        found.append(target)
    if len(set(found)) != len(found):
        raise errors.MembersDuplicate
    return found


def _shown(call: Call, contact: Contact, targets: dict[str, Moment]) -> list[MemberAssociated]:
    return [
        MemberAssociated(contact_id=contact.contact_id, member_id=target, modify_date=wire_date(call, at))
        for target, at in targets.items()
    ]


def _record(call: Call, action: str, contact: Contact, *, before: Iterable[str], after: Iterable[str]) -> None:
    """Nothing is recorded where nothing is new."""
    before, after = list(before), list(after)
    if before != after:
        resource = ONE_CONTACT.format(AccountId=call.principal.account_id, ContactId=contact.contact_id)
        audit.add(
            call.connection,
            audit.Source.of(call),
            action,
            resource,
            before={"members": before},
            after={"members": after},
        )
