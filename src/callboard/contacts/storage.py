"""SQL of contacts and of their deletions. Every statement is held to one directory."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, func, select, update

from callboard.call import Call
from callboard.contacts.rules import Address, Contact, Status
from callboard.database.statement import Connection, Row, Statement, insertion
from callboard.database.tables import contacts, deletions, directories

COLUMNS = (
    contacts.c.contact_id,
    contacts.c.name,
    contacts.c.title,
    contacts.c.message_types,
    contacts.c.status,
    contacts.c.email_address,
    contacts.c.email_verified_at,
    contacts.c.pending_email_address,
    contacts.c.phone_number,
    contacts.c.phone_verified_at,
    contacts.c.pending_phone_number,
    contacts.c.created_at,
    contacts.c.modified_at,
)
_OF_DIRECTORY = contacts.c.directory_id == bindparam("directory_id")
_ONE = (_OF_DIRECTORY, contacts.c.contact_id == bindparam("contact_id"))

_FIND = Statement(select(*COLUMNS).where(*_ONE))
_DIRECTORY_OF = Statement(select(contacts.c.directory_id).where(contacts.c.contact_id == bindparam("contact_id")))
_LOCK = Statement(select(*COLUMNS).where(*_ONE).with_for_update())
_NAME_IS_TAKEN = Statement(
    select(contacts.c.contact_id).where(_OF_DIRECTORY, contacts.c.name == bindparam("taken_name"))
)
_COUNT = Statement(
    select(func.count(), func.coalesce(func.max(contacts.c.position), 0)).select_from(contacts).where(_OF_DIRECTORY)
)
_PAGE = Statement(
    select(*COLUMNS)
    .where(_OF_DIRECTORY)
    .order_by(contacts.c.position)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_ADD = insertion(contacts)
_SAVED = (
    "name",
    "title",
    "message_types",
    "status",
    "email_address",
    "email_verified_at",
    "pending_email_address",
    "phone_number",
    "phone_verified_at",
    "pending_phone_number",
    "modified_at",
)
_SAVE = Statement(
    update(contacts)
    .values({name: bindparam(name) for name in _SAVED})
    .where(contacts.c.directory_id == bindparam("directory"), contacts.c.contact_id == bindparam("contact"))
)
_DELETE = Statement(delete(contacts).where(*_ONE))
_DELETE_ALL = Statement(delete(contacts).where(_OF_DIRECTORY))

_OF_CONTACT = (
    deletions.c.directory_id == bindparam("directory_id"),
    deletions.c.contact_id == bindparam("contact_id"),
)
_DELETION = Statement(select(deletions.c.status, deletions.c.former_status, deletions.c.failures).where(*_OF_CONTACT))
_ADD_DELETION = insertion(deletions)
_DROP_DELETION = Statement(delete(deletions).where(*_OF_CONTACT))
_FAIL_DELETION = Statement(
    update(deletions)
    .values(status=bindparam("failed"), failures=bindparam("reasons"))
    .where(deletions.c.directory_id == bindparam("directory"), deletions.c.contact_id == bindparam("contact"))
)
_DUE_DELETION = Statement(
    select(
        deletions.c.directory_id,
        deletions.c.contact_id,
        directories.c.management_account_id,
        deletions.c.request_id,
        deletions.c.principal,
    )
    .join(directories, directories.c.directory_id == deletions.c.directory_id)
    .join(
        contacts,
        (contacts.c.directory_id == deletions.c.directory_id) & (contacts.c.contact_id == deletions.c.contact_id),
    )
    .where(deletions.c.status == Status.DELETING.value)
    .order_by(deletions.c.requested_at, deletions.c.directory_id, deletions.c.contact_id)
    .limit(1)
    .with_for_update(of=[directories, contacts], skip_locked=True, key_share=True)
)
FAILED = "Failed"


class Failure(Struct, frozen=True):
    """A member account that would be left without a recipient of these message types."""

    account_id: str
    message_types: tuple[str, ...]


class Deletion(Struct, frozen=True):
    """An asynchronous deletion: Deleting, or Failed with the reasons."""

    status: str
    former_status: Status
    """Where the contact stood before, and stands again if it fails."""
    failures: tuple[Failure, ...]


class DueDeletion(Struct, frozen=True):
    """A deletion that waits to be finished, and whose call it was."""

    directory_id: str
    contact_id: str
    account_id: str
    request_id: str
    principal: str


def find(connection: Connection, directory_id: str, contact_id: str) -> Contact | None:
    row = connection.one(_FIND, directory_id=directory_id, contact_id=contact_id)
    return None if row is None else contact_of(row)


def directory_of(connection: Connection, contact_id: str) -> str | None:
    """Which directory a contact is in, whoever asks: for test controls alone."""
    row = connection.one(_DIRECTORY_OF, contact_id=contact_id)
    return None if row is None else str(row[0])


def lock(connection: Connection, directory_id: str, contact_id: str) -> Contact | None:
    """Find a contact that this transaction is about to change: others who would change it wait."""
    row = connection.one(_LOCK, directory_id=directory_id, contact_id=contact_id)
    return None if row is None else contact_of(row)


def has_name(connection: Connection, directory_id: str, name: str) -> bool:
    return connection.one(_NAME_IS_TAKEN, directory_id=directory_id, taken_name=name) is not None


def count(connection: Connection, directory_id: str) -> int:
    """How many contacts there are."""
    row = connection.one(_COUNT, directory_id=directory_id)
    return int(row[0]) if row else 0


def page(connection: Connection, directory_id: str, *, limit: int, offset: int) -> list[Contact]:
    """Contacts in the order in which they were added."""
    rows = connection.all(_PAGE, directory_id=directory_id, limit=limit, offset=offset)
    return [contact_of(row) for row in rows]


def add(connection: Connection, directory_id: str, contact: Contact) -> None:
    """Add a contact after all others; the directory must be locked. Raises Duplicate when the name is taken."""
    row = connection.one(_COUNT, directory_id=directory_id)
    last = row[1] if row else 0
    connection.run(
        _ADD,
        directory_id=directory_id,
        contact_id=contact.contact_id,
        position=last + 1,
        created_at=contact.created_at,
        **_values(contact),
    )


def save(connection: Connection, directory_id: str, contact: Contact) -> None:
    """Write a changed contact. Raises Duplicate when the name is taken."""
    connection.run(_SAVE, directory=directory_id, contact=contact.contact_id, **_values(contact))


def delete_(connection: Connection, directory_id: str, contact_id: str) -> None:
    """Delete a contact with its bindings and its deletion's state."""
    connection.run(_DELETE, directory_id=directory_id, contact_id=contact_id)


def delete_all(connection: Connection, directory_id: str) -> None:
    """Delete every contact of a directory, with bindings, proofs and deletions."""
    connection.run(_DELETE_ALL, directory_id=directory_id)


def deletion(connection: Connection, directory_id: str, contact_id: str) -> Deletion | None:
    row = connection.one(_DELETION, directory_id=directory_id, contact_id=contact_id)
    if row is None:
        return None
    status, former_status, failures = row
    return Deletion(status, Status(former_status), msgspec.json.decode(failures, type=tuple[Failure, ...]))


def start_deletion(call: Call, contact: Contact) -> None:
    """Keep that a contact is to be taken out of the members; an earlier failure is forgotten."""
    key = {"directory_id": call.directory_id, "contact_id": contact.contact_id}
    call.connection.run(_DROP_DELETION, **key)
    call.connection.run(
        _ADD_DELETION,
        **key,
        status=Status.DELETING.value,
        former_status=contact.status.value,
        failures="[]",
        requested_at=call.now,
        request_id=call.request_id,
        principal=call.principal.arn,
    )


def fail_deletion(connection: Connection, directory_id: str, contact_id: str, failures: Sequence[Failure]) -> None:
    """Keep why a contact was not taken out of the members."""
    connection.run(
        _FAIL_DELETION,
        directory=directory_id,
        contact=contact_id,
        failed=FAILED,
        reasons=msgspec.json.encode(failures).decode(),
    )


def due_deletion(connection: Connection) -> DueDeletion | None:
    """The deletion that waits the longest, of those whose directory and contact nobody else is changing.

    Both are locked, the directory first as everywhere. It may have ended between the look and the lock.
    """
    row = connection.one(_DUE_DELETION)
    return None if row is None else DueDeletion(*row)


def _values(contact: Contact) -> dict[str, object]:
    phone = contact.phone
    return {
        "name": contact.name,
        "title": contact.title,
        "message_types": msgspec.json.encode(contact.message_types).decode(),
        "status": contact.status.value,
        "email_address": contact.email.value,
        "email_verified_at": contact.email.verified_at,
        "pending_email_address": contact.email.pending,
        "phone_number": phone.value if phone else None,
        "phone_verified_at": phone.verified_at if phone else None,
        "pending_phone_number": phone.pending if phone else None,
        "modified_at": contact.modified_at,
    }


def contact_of(row: Row) -> Contact:
    (contact_id, name, title, types, status, email, email_at, new_email, phone, phone_at, new_phone, *moments) = row
    return Contact(
        contact_id,
        name,
        title,
        msgspec.json.decode(types, type=tuple[str, ...]),
        Status(status),
        Address(email, email_at, new_email),
        None if phone is None else Address(phone, phone_at, new_phone),
        *moments,
    )
