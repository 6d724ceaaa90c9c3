"""SQL of contacts, their bindings and their deletions. Every statement is held to one directory."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, func, select, update

from callboard.call import Call
from callboard.contacts.rules import Address, Contact, Status
from callboard.database.statement import Connection, Row, Statement, insertion
from callboard.database.tables import bindings, contacts, deletions, directories

LONGEST_PAGE = 100

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
_IS_BOUND = (
    bindings.c.directory_id == contacts.c.directory_id,
    bindings.c.contact_id == contacts.c.contact_id,
    bindings.c.target_id == bindparam("target_id"),
)

_FIND = Statement(select(*COLUMNS).where(*_ONE))
_DIRECTORY_OF = Statement(select(contacts.c.directory_id).where(contacts.c.contact_id == bindparam("contact_id")))
_LOCK = Statement(select(*COLUMNS).where(*_ONE).with_for_update())
_NAME_IS_TAKEN = Statement(
    select(contacts.c.contact_id).where(_OF_DIRECTORY, contacts.c.name == bindparam("taken_name"))
)
_COUNT = Statement(
    select(func.count(), func.coalesce(func.max(contacts.c.position), 0)).select_from(contacts).where(_OF_DIRECTORY)
)
_COUNT_BOUND = Statement(
    select(func.count())
    .select_from(bindings)
    .where(bindings.c.directory_id == bindparam("directory_id"), bindings.c.target_id == bindparam("target_id"))
)
_PAGE = Statement(
    select(*COLUMNS)
    .where(_OF_DIRECTORY)
    .order_by(contacts.c.position)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_PAGE_BOUND = Statement(
    select(*COLUMNS, bindings.c.bound_at)
    .join(bindings, (_IS_BOUND[0]) & (_IS_BOUND[1]))
    .where(_OF_DIRECTORY, _IS_BOUND[2])
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
_TARGETS = Statement(
    select(bindings.c.target_id, bindings.c.bound_at)
    .where(bindings.c.directory_id == bindparam("directory_id"), bindings.c.contact_id == bindparam("contact_id"))
    .order_by(bindings.c.bound_at, bindings.c.target_id)
)
# A list of one length, filled up with empty ids: one prepared statement on both databases.
_PAGE_TARGETS = Statement(
    select(bindings.c.contact_id, bindings.c.target_id, bindings.c.bound_at)
    .where(
        bindings.c.directory_id == bindparam("directory_id"),
        bindings.c.contact_id.in_([bindparam(f"contact_{number}") for number in range(LONGEST_PAGE)]),
    )
    .order_by(bindings.c.bound_at, bindings.c.target_id)
)
_BIND = insertion(bindings)

_OF_CONTACT = (
    deletions.c.directory_id == bindparam("directory_id"),
    deletions.c.contact_id == bindparam("contact_id"),
)
_DELETION = Statement(select(deletions.c.status, deletions.c.failures).where(*_OF_CONTACT))
_ADD_DELETION = insertion(deletions)
_DROP_DELETION = Statement(delete(deletions).where(*_OF_CONTACT))
_DUE_DELETIONS = Statement(
    select(
        deletions.c.directory_id,
        deletions.c.contact_id,
        directories.c.management_account_id,
        deletions.c.request_id,
        deletions.c.principal,
    )
    .join(directories, directories.c.directory_id == deletions.c.directory_id)
    .where(deletions.c.status == Status.DELETING.value)
    .order_by(deletions.c.requested_at)
    .limit(bindparam("limit"))
    .with_for_update(of=deletions, skip_locked=True)
)


class Failure(Struct, frozen=True):
    """A member account that would be left without a recipient of these message types."""

    account_id: str
    message_types: tuple[str, ...]


class Deletion(Struct, frozen=True):
    """An asynchronous deletion: Deleting, or Failed with the reasons."""

    status: str
    failures: tuple[Failure, ...]


class DueDeletion(Struct, frozen=True):
    """A deletion that waits to be finished, and whose call it was."""

    directory_id: str
    contact_id: str
    account_id: str
    request_id: str
    principal: str


class Binding(Struct, frozen=True):
    """What a contact is bound to directly, and since when."""

    target_id: str
    bound_at: int


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


def count(connection: Connection, directory_id: str, *, target_id: str | None = None) -> int:
    """How many contacts there are: in all, or bound directly to a target."""
    if target_id is None:
        row = connection.one(_COUNT, directory_id=directory_id)
    else:
        row = connection.one(_COUNT_BOUND, directory_id=directory_id, target_id=target_id)
    return int(row[0]) if row else 0


def page(connection: Connection, directory_id: str, *, limit: int, offset: int) -> list[Contact]:
    """Contacts in the order in which they were added."""
    rows = connection.all(_PAGE, directory_id=directory_id, limit=limit, offset=offset)
    return [contact_of(row) for row in rows]


def page_bound(
    connection: Connection, directory_id: str, target_id: str, *, limit: int, offset: int
) -> list[tuple[Contact, int]]:
    """Contacts bound directly to a target, each with the moment of that binding."""
    rows = connection.all(_PAGE_BOUND, directory_id=directory_id, target_id=target_id, limit=limit, offset=offset)
    return [(contact_of(row[:-1]), row[-1]) for row in rows]


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


def targets(connection: Connection, directory_id: str, contact_id: str) -> list[Binding]:
    """What the contact is bound to directly, oldest binding first."""
    rows = connection.all(_TARGETS, directory_id=directory_id, contact_id=contact_id)
    return [Binding(*row) for row in rows]


def targets_of(connection: Connection, directory_id: str, contact_ids: Sequence[str]) -> dict[str, list[Binding]]:
    """The same for the contacts of a page, at most LONGEST_PAGE of them."""
    padded = [*contact_ids, *[""] * (LONGEST_PAGE - len(contact_ids))]
    named = {f"contact_{number}": contact_id for number, contact_id in enumerate(padded)}
    found: dict[str, list[Binding]] = {contact_id: [] for contact_id in contact_ids}
    for contact_id, target_id, bound_at in connection.all(_PAGE_TARGETS, directory_id=directory_id, **named):
        found[contact_id].append(Binding(target_id, bound_at))
    return found


def bind(connection: Connection, directory_id: str, contact_id: str, target_id: str, *, at: int) -> None:
    connection.run(_BIND, directory_id=directory_id, contact_id=contact_id, target_id=target_id, bound_at=at)


def deletion(connection: Connection, directory_id: str, contact_id: str) -> Deletion | None:
    row = connection.one(_DELETION, directory_id=directory_id, contact_id=contact_id)
    if row is None:
        return None
    return Deletion(row[0], msgspec.json.decode(row[1], type=tuple[Failure, ...]))


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


def due_deletions(connection: Connection, *, limit: int) -> list[DueDeletion]:
    """Deletions under way, oldest first, that no other process is at."""
    return [DueDeletion(*row) for row in connection.all(_DUE_DELETIONS, limit=limit)]


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
