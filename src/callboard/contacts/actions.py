"""The message contact actions that change something: what each takes, answers and does."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Reply, Request, Shape
from callboard.audit import storage as audit
from callboard.call import Call, Moment
from callboard.contacts import bindings, errors, retained, rules, storage
from callboard.contacts.parameters import (
    ContactId,
    ContactName,
    EmailAddress,
    EmailTarget,
    MessageTypes,
    NewPhoneNumber,
    PhoneNumber,
    PhoneTarget,
    RetainContactInMembers,
    Title,
)
from callboard.contacts.rules import Contact, Status
from callboard.contacts.shapes import ALL_CONTACTS, ONE_CONTACT, ContactIdShown, Date, operation, wire_date
from callboard.contacts.withdrawal import withdraw_proofs
from callboard.database.statement import Duplicate
from callboard.tree import directories


class AddMessageContact(Request, kw_only=True):
    """Add a contact for message notifications. It is in effect once its email address is verified."""

    name: ContactName
    email_address: EmailAddress
    phone_number: NewPhoneNumber = ""
    title: Title
    message_types: MessageTypes


class AddedContact(Shape):
    """The contact that was added."""

    contact_id: ContactIdShown
    create_date: Date


class AddMessageContactReply(Reply):
    contact: AddedContact


@operation(
    access_level="create",
    resource=ALL_CONTACTS,
    errors=[errors.NameAlreadyUsed, errors.ContactsExceeded, errors.ConcurrentCall],
)
def add_message_contact(call: Call, request: AddMessageContact) -> AddMessageContactReply:
    directories.lock(call.connection, call.directory_id)
    if storage.has_name(call.connection, call.directory_id, request.name):
        raise errors.NameAlreadyUsed
    if storage.count(call.connection, call.directory_id) >= call.profile.contacts:
        raise errors.ContactsExceeded
    contact = Contact(
        contact_id=call.new_id("c-"),
        name=request.name,
        title=request.title,
        message_types=request.message_types,
        status=Status.VERIFYING,
        email=rules.Address(request.email_address),
        phone=rules.Address(request.phone_number) if request.phone_number else None,
        created_at=call.now,
        modified_at=call.now,
    )
    try:
        storage.add(call.connection, call.directory_id, contact)
    except Duplicate as error:  # Somebody was renamed to it after we looked.
        raise errors.NameAlreadyUsed from error
    _record(call, "AddMessageContact", after=contact)
    added = AddedContact(contact_id=contact.contact_id, create_date=wire_date(call, contact.created_at))
    return AddMessageContactReply(contact=added)


class UpdateMessageContact(Request):
    """Change a contact. What is absent stays as it is; a new address takes effect once it is verified."""

    contact_id: ContactId
    name: ContactName | UnsetType = UNSET
    email_address: EmailAddress | UnsetType = UNSET
    phone_number: PhoneNumber | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    message_types: MessageTypes | UnsetType = UNSET


class UpdateMessageContactReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="update",
    resource=ONE_CONTACT,
    errors=[
        errors.ContactNotFound,
        errors.ContactStatusMismatch,
        errors.NameAlreadyUsed,
        errors.ConcurrentCall,
    ],
)
def update_message_contact(call: Call, request: UpdateMessageContact) -> UpdateMessageContactReply:
    contact = storage.lock(call.connection, call.directory_id, request.contact_id)
    if contact is None:
        raise errors.ContactNotFound
    changed = rules.change(
        contact,
        at=call.now,
        name=request.name,
        title=request.title,
        message_types=request.message_types,
        email=request.email_address,
        phone=request.phone_number,
    )
    _save(call, "UpdateMessageContact", contact, changed)
    return UpdateMessageContactReply()


class CancelMessageContactUpdate(Request):
    """Withdraw a change of the email address or phone number that waits for verification; without either, both."""

    contact_id: ContactId
    phone_number: PhoneTarget | UnsetType = UNSET
    email_address: EmailTarget | UnsetType = UNSET


class CancelMessageContactUpdateReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="update",
    resource=ONE_CONTACT,
    errors=[errors.ContactStatusMismatch, errors.ContactNotFound],
)
def cancel_message_contact_update(call: Call, request: CancelMessageContactUpdate) -> CancelMessageContactUpdateReply:
    contact = storage.lock(call.connection, call.directory_id, request.contact_id)
    if contact is None:
        raise errors.ContactNotFound
    changed = rules.cancel(contact, at=call.now, email=request.email_address, phone=request.phone_number)
    _save(call, "CancelMessageContactUpdate", contact, changed)
    return CancelMessageContactUpdateReply()


class DeleteMessageContact(Request):
    """Delete a contact, and take it out of the members that have it unless they are to keep it.

    Members keep a contact that is in effect, as it is now, until ReleaseRetainedContact. It is not taken out of the
    members if one of them would lose its last recipient of a type of messages: GetMessageContactDeletionStatus says so.
    """

    contact_id: ContactId
    retain_contact_in_members: RetainContactInMembers = True


class DeleteMessageContactReply(Reply):
    status: Annotated[str, Meta(description="Deleting: under way. Deleted: done.", examples=["Deleted"])]


@operation(
    access_level="delete",
    resource=ONE_CONTACT,
    errors=[errors.ContactNotFound, errors.ConcurrentCall],
)
def delete_message_contact(call: Call, request: DeleteMessageContact) -> DeleteMessageContactReply:
    at = directories.change(call.connection, call.directory_id, now=call.now)
    contact = storage.lock(call.connection, call.directory_id, request.contact_id)
    if contact is None:
        raise errors.ContactNotFound
    started = rules.start_deletion(contact, at=at)
    withdraw_proofs(call.connection, call.directory_id, contact.contact_id, contact.unproven)
    if request.retain_contact_in_members:
        _retain(call, contact, at=at)
        bindings.unbind_contact(call.connection, call.directory_id, contact.contact_id, at=at)
        storage.delete_(call.connection, call.directory_id, contact.contact_id)
        _record(call, "DeleteMessageContact", before=contact)
        return DeleteMessageContactReply(status="Deleted")
    storage.save(call.connection, call.directory_id, started)
    storage.start_deletion(call, contact)
    _record(call, "DeleteMessageContact", before=contact, after=started)
    return DeleteMessageContactReply(status="Deleting")


def _retain(call: Call, contact: Contact, *, at: Moment) -> None:
    """Let the members keep the contact; one that was never in effect is told nothing, and is not kept."""
    if not contact.is_in_effect:
        return
    for bound in bindings.targets(call.connection, call.directory_id, contact.contact_id):
        retained.keep(
            call.connection,
            call.directory_id,
            contact,
            bound.target_id,
            cause=retained.DELETED,
            bound_to=bound.target_id,
            at=at,
        )


def _save(call: Call, action: str, contact: Contact, changed: Contact) -> None:
    """Write a change and its record; nothing is written where nothing is new."""
    if changed == contact:
        return
    if changed.name != contact.name and storage.has_name(call.connection, call.directory_id, changed.name):
        raise errors.NameAlreadyUsed
    try:
        storage.save(call.connection, call.directory_id, changed)
    except Duplicate as error:  # Somebody took the name after we looked.
        raise errors.NameAlreadyUsed from error
    dropped = set(contact.unproven).difference(changed.unproven)
    if dropped:
        withdraw_proofs(call.connection, call.directory_id, contact.contact_id, dropped)
    _record(call, action, before=contact, after=changed)


def _record(call: Call, action: str, *, before: Contact | None = None, after: Contact | None = None) -> None:
    contact = after or before
    assert contact is not None, "a change has something before or after it"
    resource = ONE_CONTACT.format(AccountId=call.principal.account_id, ContactId=contact.contact_id)
    audit.add(call.connection, audit.Source.of(call), action, resource, before=before, after=after)
