"""SQL of endpoints. Every statement is held to one directory."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, exists, func, null, or_, select, tuple_, update

from callboard.access.vault import Vault
from callboard.call import Moment
from callboard.database.statement import Connection, Row, Slots, Statement, insertion
from callboard.database.tables import contacts, endpoints, folders, members, retained_contacts
from callboard.delivery.letter import Channel, Target
from callboard.endpoints.rules import Code, Endpoint, Known, Secrets

AT_A_TIME = 25
BATCH = 1000

_OWNERS = Slots("owner", AT_A_TIME)
_COLUMNS = (
    endpoints.c.endpoint_id,
    endpoints.c.name,
    endpoints.c.kind,
    endpoints.c.owner_id,
    endpoints.c.message_types,
    endpoints.c.confirmed_at,
    endpoints.c.created_at,
)
_WHOLE = (
    *_COLUMNS,
    endpoints.c.secrets,
    endpoints.c.code_digest,
    endpoints.c.code_expires_at,
    endpoints.c.code_attempts,
)
_OF_DIRECTORY = endpoints.c.directory_id == bindparam("directory_id")
_ONE = (_OF_DIRECTORY, endpoints.c.endpoint_id == bindparam("endpoint_id"))
_IN_ORDER = (endpoints.c.created_at, endpoints.c.endpoint_id)
_ADD = insertion(endpoints)
_SAVED = ("name", "secrets", "message_types", "code_digest", "code_expires_at", "code_attempts", "confirmed_at")
_SAVE = Statement(
    update(endpoints)
    .values({name: bindparam(name) for name in _SAVED})
    .where(endpoints.c.directory_id == bindparam("directory"), endpoints.c.endpoint_id == bindparam("endpoint"))
)
_DELETE = Statement(delete(endpoints).where(*_ONE))
_OF_OWNERS = Statement(
    select(*_COLUMNS)
    .where(_OF_DIRECTORY, endpoints.c.owner_id.in_(_OWNERS.parameters), endpoints.c.confirmed_at.is_not(None))
    .order_by(*_IN_ORDER)
)
_FIND = Statement(select(*_WHOLE).where(*_ONE))
_COUNT = Statement(
    select(func.count()).select_from(endpoints).where(_OF_DIRECTORY, endpoints.c.owner_id == bindparam("owner_id"))
)
_AFTER = tuple_(*_IN_ORDER) > tuple_(bindparam("after_created_at"), bindparam("after_endpoint_id"))
_IN_DIRECTORY = select(*_WHOLE).where(_OF_DIRECTORY, _AFTER).order_by(*_IN_ORDER).limit(bindparam("limit"))
_PAGE = Statement(_IN_DIRECTORY)
_PAGE_OF_OWNER = Statement(_IN_DIRECTORY.where(endpoints.c.owner_id == bindparam("owner_id")))
_EVERY = Statement(select(endpoints.c.directory_id, *_WHOLE).order_by(endpoints.c.directory_id, *_IN_ORDER))


def _has(table: Table, column: str) -> ColumnElement[bool]:
    return exists().where(table.c.directory_id == endpoints.c.directory_id, table.c[column] == endpoints.c.owner_id)


_IS_KEPT = exists().where(
    retained_contacts.c.directory_id == endpoints.c.directory_id,
    retained_contacts.c.contact_id == endpoints.c.owner_id,
    retained_contacts.c.released_at.is_(null()),
)
_CLEAR = Statement(
    delete(endpoints).where(
        tuple_(endpoints.c.directory_id, endpoints.c.endpoint_id).in_(
            select(endpoints.c.directory_id, endpoints.c.endpoint_id)
            .where(
                and_(
                    endpoints.c.owner_id != endpoints.c.directory_id,
                    ~or_(
                        _has(contacts, "contact_id"),
                        _IS_KEPT,
                        _has(folders, "folder_id"),
                        _has(members, "account_id"),
                    ),
                )
            )
            .limit(bindparam("limit"))
        )
    )
)


class Place(Struct, frozen=True):
    """A place in the order of endpoints: where a page ended."""

    created_at: Moment
    endpoint_id: str


FIRST = Place(0, "")


def add(connection: Connection, vault: Vault, directory_id: str, known: Known) -> None:
    endpoint = known.endpoint
    connection.run(
        _ADD,
        directory_id=directory_id,
        endpoint_id=endpoint.endpoint_id,
        kind=endpoint.channel.value,
        owner_id=endpoint.owner_id,
        created_at=endpoint.created_at,
        **_values(vault, known),
    )


def save(connection: Connection, vault: Vault, directory_id: str, known: Known) -> None:
    """Write a changed endpoint; the directory must be locked."""
    connection.run(_SAVE, directory=directory_id, endpoint=known.endpoint.endpoint_id, **_values(vault, known))


def delete_(connection: Connection, directory_id: str, endpoint_id: str) -> None:
    connection.run(_DELETE, directory_id=directory_id, endpoint_id=endpoint_id)


def find(connection: Connection, vault: Vault, directory_id: str, endpoint_id: str) -> Known | None:
    row = connection.one(_FIND, directory_id=directory_id, endpoint_id=endpoint_id)
    return None if row is None else _known(vault, row)


def count(connection: Connection, directory_id: str, owner_id: str) -> int:
    """How many endpoints an owner has, proven or not."""
    row = connection.one(_COUNT, directory_id=directory_id, owner_id=owner_id)
    return int(row[0]) if row else 0


def page(
    connection: Connection, vault: Vault, directory_id: str, owner_id: str | None, *, after: Place, limit: int
) -> list[Known]:
    """Endpoints of a directory, or of one owner, in the order in which they were made."""
    values = {"directory_id": directory_id, "limit": limit}
    values |= {"after_created_at": after.created_at, "after_endpoint_id": after.endpoint_id}
    if owner_id is None:
        rows = connection.all(_PAGE, **values)
    else:
        rows = connection.all(_PAGE_OF_OWNER, **values, owner_id=owner_id)
    return [_known(vault, row) for row in rows]


def every(connection: Connection, vault: Vault) -> list[tuple[str, Known]]:
    """Every endpoint of the installation with its directory: for operators alone."""
    return [(row[0], _known(vault, row[1:])) for row in connection.all(_EVERY)]


def of_owners(connection: Connection, directory_id: str, owner_ids: Iterable[str]) -> list[Endpoint]:
    """The confirmed endpoints of contacts and scopes."""
    found: list[Endpoint] = []
    for batch in _OWNERS.batches(owner_ids):
        found += [_endpoint(row) for row in connection.all(_OF_OWNERS, directory_id=directory_id, **batch)]
    return found


def target(connection: Connection, vault: Vault, directory_id: str, endpoint_id: str) -> Target | None:
    """Where an endpoint is, with its secrets; None when it is gone."""
    known = find(connection, vault, directory_id, endpoint_id)
    return None if known is None else known.secrets.target


def clear(connection: Connection) -> int:
    """Forget endpoints whose contact or scope is gone, and which no member keeps: a batch of them; how many."""
    return connection.run(_CLEAR, limit=BATCH)


def _values(vault: Vault, known: Known) -> dict[str, object]:
    endpoint, code = known.endpoint, known.code
    return {
        "name": endpoint.name,
        "secrets": vault.encrypt(msgspec.json.encode(known.secrets).decode(), belongs_to=endpoint.endpoint_id),
        "message_types": msgspec.json.encode(endpoint.message_types).decode(),
        "code_digest": code.digest if code else None,
        "code_expires_at": code.expires_at if code else None,
        "code_attempts": code.tries if code else 0,
        "confirmed_at": endpoint.confirmed_at,
    }


def _endpoint(row: Row) -> Endpoint:
    types = msgspec.json.decode(row[4], type=tuple[str, ...])
    return Endpoint(row[0], row[1], Channel(row[2]), row[3], types, row[5], row[6])


def _known(vault: Vault, row: Row) -> Known:
    endpoint = _endpoint(row[:7])
    sealed, digest, expires_at, tries = row[7:]
    secrets = msgspec.json.decode(vault.decrypt(sealed, belongs_to=endpoint.endpoint_id), type=Secrets)
    return Known(endpoint, secrets, None if digest is None else Code(bytes(digest), expires_at, tries))
