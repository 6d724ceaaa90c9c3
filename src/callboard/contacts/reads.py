"""The message contact actions that read: what each takes and answers. They change nothing."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import asdict

from callboard.api.model import Reply, Request, Shape
from callboard.call import Call, Moment
from callboard.contacts import bindings, errors, refusals, storage
from callboard.contacts.bindings import Binding
from callboard.contacts.parameters import ContactId, Member, PageNumber, PageSize
from callboard.contacts.rules import Contact
from callboard.contacts.shapes import ALL_CONTACTS, ONE_CONTACT, ContactIdShown, Date, operation, wire_date
from callboard.tree import scopes


class GetMessageContactDeletionStatus(Request):
    """How the deletion of a contact stands that is being taken out of the members."""

    contact_id: ContactId


class FailReason(Shape):
    """A member that would be left without a recipient."""

    account_id: Annotated[str, Meta(description="The ID of the member.", examples=["1997968394351234"])]
    message_types: Annotated[list[str], Meta(description="The types that nobody else receives for it.")]


FailReasons = Annotated[
    list[FailReason],
    Meta(description="Why the contact was not deleted: the first 1,000 such members, in the order of their IDs."),
]


class ContactDeletionStatus(Shape):
    """The state of the deletion; the ContactId alone for a contact that nobody deleted."""

    contact_id: ContactIdShown
    status: Annotated[str, Meta(description="Deleting: under way. Failed: not done.")] | UnsetType = UNSET
    fail_reason_list: FailReasons | UnsetType = UNSET


class GetMessageContactDeletionStatusReply(Reply):
    contact_deletion_status: ContactDeletionStatus


@operation(access_level="get", resource=ONE_CONTACT, errors=[errors.ContactNotFound])
def get_message_contact_deletion_status(
    call: Call, request: GetMessageContactDeletionStatus
) -> GetMessageContactDeletionStatusReply:
    if storage.find(call.connection, call.directory_id, request.contact_id) is None:
        raise errors.ContactNotFound
    status = ContactDeletionStatus(contact_id=request.contact_id)
    found = storage.deletion(call.connection, call.directory_id, request.contact_id)
    if found is not None:
        status.status = found.status
        status.fail_reason_list = [
            FailReason(account_id=failure.account_id, message_types=list(failure.message_types))
            for failure in found.failures
        ]
    return GetMessageContactDeletionStatusReply(contact_deletion_status=status)


class GetMessageContact(Request):
    """Read one contact. While a change of a verified address is pending, the verified one is shown."""

    contact_id: ContactId


class ContactShown(Shape, kw_only=True):
    """A contact. PhoneNumber is left out where there is none, Members is empty for an unbound contact."""

    contact_id: ContactIdShown
    name: Annotated[str, Meta(description="The name.", examples=["tom"])]
    email_address: Annotated[str, Meta(description="The email address.", examples=["someone@example.com"])]
    phone_number: Annotated[str, Meta(description="The phone number.", examples=["86-13900001234"])] | UnsetType = UNSET
    title: Annotated[str, Meta(description="The job title.", examples=["TechnicalDirector"])]
    message_types: Annotated[list[str], Meta(description="The types of messages, in the order given.")]
    members: Annotated[
        list[str], Meta(description="The IDs of what the contact is bound to directly, oldest binding first.")
    ]
    status: Annotated[str, Meta(description="Verifying, Active or Deleting.", examples=["Active"])]
    create_date: Date


class ContactListed(ContactShown, kw_only=True):
    """A contact in a list. AssociatedDate is there with the Member filter only: the time of that binding."""

    associated_date: Date | UnsetType = UNSET


class GetMessageContactReply(Reply):
    contact: ContactShown


@operation(access_level="get", resource=ONE_CONTACT, errors=[errors.ContactNotFound])
def get_message_contact(call: Call, request: GetMessageContact) -> GetMessageContactReply:
    contact = storage.find(call.connection, call.directory_id, request.contact_id)
    if contact is None:
        raise errors.ContactNotFound
    bound = bindings.targets(call.connection, call.directory_id, contact.contact_id)
    return GetMessageContactReply(contact=_shown(call, contact, bound))


class ListMessageContacts(Request):
    """List contacts, oldest first: all, one, or those bound directly to a member, a folder or the directory."""

    contact_id: ContactId | UnsetType = UNSET
    member: Member | UnsetType = UNSET
    page_number: PageNumber = 1
    page_size: PageSize = 10


class ListMessageContactsReply(Reply):
    total_count: Annotated[int, Meta(description="The number of entries on all pages.", examples=[20])]
    page_size: Annotated[int, Meta(description="The number of entries on a page.", examples=[10])]
    page_number: Annotated[int, Meta(description="The number of this page.", examples=[1])]
    contacts: list[ContactListed]


@operation(
    access_level="list",
    resource=ALL_CONTACTS,
    errors=[errors.ContactNotFound, errors.MemberNotFound],
)
def list_message_contacts(call: Call, request: ListMessageContacts) -> ListMessageContactsReply:
    found: list[tuple[Contact, Moment | None]]
    limit, offset = request.page_size, (request.page_number - 1) * request.page_size
    one = None
    if request.contact_id is not UNSET:
        one = storage.find(call.connection, call.directory_id, request.contact_id)
        if one is None:
            raise errors.ContactNotFound
    target = UNSET if request.member is UNSET else _target(call, request.member)
    if one is not None:
        found = _one_entry(call, one, target)
        total, found = len(found), found[offset : offset + limit]
    elif target is not UNSET:
        total = bindings.count(call.connection, call.directory_id, target)
        found = list(bindings.page(call.connection, call.directory_id, target, limit=limit, offset=offset))
    else:
        total = storage.count(call.connection, call.directory_id)
        contacts = storage.page(call.connection, call.directory_id, limit=limit, offset=offset)
        found = [(contact, None) for contact in contacts]
    bound = bindings.targets_of(call.connection, call.directory_id, [contact.contact_id for contact, _ in found])
    return ListMessageContactsReply(
        total_count=total,
        page_size=request.page_size,
        page_number=request.page_number,
        contacts=[_listed(call, contact, bound[contact.contact_id], bound_at) for contact, bound_at in found],
    )


class ListMessageContactVerifications(Request):
    """List the email addresses and phone numbers of a contact that still wait for verification."""

    contact_id: ContactId
    page_number: PageNumber = 1
    page_size: PageSize = 10


class ContactVerification(Shape):
    """An address or number that waits."""

    contact_id: ContactIdShown
    target: Annotated[str, Meta(description="The address or number.", examples=["someone@example.com"])]


class ListMessageContactVerificationsReply(Reply):
    total_count: Annotated[int, Meta(description="The number of entries on all pages.", examples=[1])]
    page_size: Annotated[int, Meta(description="The number of entries on a page.", examples=[10])]
    page_number: Annotated[int, Meta(description="The number of this page.", examples=[1])]
    contact_verifications: list[ContactVerification]


@operation(access_level="list", resource=ONE_CONTACT, errors=[errors.ContactNotFound])
def list_message_contact_verifications(
    call: Call, request: ListMessageContactVerifications
) -> ListMessageContactVerificationsReply:
    contact = storage.find(call.connection, call.directory_id, request.contact_id)
    if contact is None:
        raise errors.ContactNotFound
    offset = (request.page_number - 1) * request.page_size
    waiting = [each for each in contact.unproven if not refusals.has(call.connection, call.directory_id, each)]
    return ListMessageContactVerificationsReply(
        total_count=len(waiting),
        page_size=request.page_size,
        page_number=request.page_number,
        contact_verifications=[
            ContactVerification(contact_id=contact.contact_id, target=target)
            for target in waiting[offset : offset + request.page_size]
        ],
    )


def _target(call: Call, member: str) -> str:
    """The target that a Member parameter names; the root folder is another name of the directory."""
    target = scopes.canonical(call.connection, call.directory_id, member)
    if target is None:
        raise errors.MemberNotFound
    return target


def _one_entry(call: Call, contact: Contact, target: str | UnsetType) -> list[tuple[Contact, Moment | None]]:
    """The list that holds one contact, or none if a target is named and the contact is not bound to it."""
    if target is UNSET:
        return [(contact, None)]
    bound = bindings.targets(call.connection, call.directory_id, contact.contact_id)
    return [(contact, binding.bound_at) for binding in bound if binding.target_id == target]


def _shown(call: Call, contact: Contact, bound: list[Binding]) -> ContactShown:
    return ContactShown(
        contact_id=contact.contact_id,
        name=contact.name,
        email_address=contact.email.value,
        phone_number=contact.phone.value if contact.phone else UNSET,
        title=contact.title,
        message_types=list(contact.message_types),
        members=[binding.target_id for binding in bound],
        status=contact.status.value,
        create_date=wire_date(call, contact.created_at),
    )


def _listed(call: Call, contact: Contact, bound: list[Binding], bound_at: Moment | None) -> ContactListed:
    return ContactListed(
        **asdict(_shown(call, contact, bound)),
        associated_date=UNSET if bound_at is None else wire_date(call, bound_at),
    )
