"""Callboard's own action that ends what members keep of a deleted contact: otherwise it would be told forever."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Operation, Reply, Request
from callboard.audit import storage as audit
from callboard.call import Call
from callboard.contacts import errors, retained
from callboard.contacts.parameters import ContactId, KeptMember
from callboard.tree import directories, scopes

operation = Operation("2026-11-25", ram_code="callboard", needs_directory=True)

ONE_RETAINED_CONTACT = "acs:callboard:*:{AccountId}:retainedcontact/{ContactId}"


class ReleaseRetainedContact(Request):
    """Let the members no longer keep a contact: one that was deleted, or that members had when they left.

    From now on it receives none of their messages.
    """

    contact_id: ContactId
    member: KeptMember | UnsetType = UNSET


class ReleaseRetainedContactReply(Reply):
    released_targets: Annotated[int, Meta(description="At how many targets the contact was kept.", examples=[1])]


@operation(access_level="update", resource=ONE_RETAINED_CONTACT, errors=[errors.ContactNotFound, errors.ConcurrentCall])
def release_retained_contact(call: Call, request: ReleaseRetainedContact) -> ReleaseRetainedContactReply:
    at = directories.change(call.connection, call.directory_id, now=call.now)
    target = None
    if request.member is not UNSET:  # It may be gone by now; the root folder is another name of the directory.
        target = scopes.canonical(call.connection, call.directory_id, request.member) or request.member
    released = retained.release(call.connection, call.directory_id, request.contact_id, at=at, target_id=target)
    if not released:
        raise errors.ContactNotFound
    resource = ONE_RETAINED_CONTACT.format(AccountId=call.principal.account_id, ContactId=request.contact_id)
    audit.add(
        call.connection,
        audit.Source.of(call),
        "ReleaseRetainedContact",
        resource,
        before={"targets": released, "member": target},
    )
    return ReleaseRetainedContactReply(released_targets=released)
