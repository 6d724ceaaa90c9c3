"""SQL of endpoints. Every statement is held to one directory."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select

from callboard.access.vault import Vault
from callboard.call import Moment
from callboard.database.statement import Connection, Row, Slots, Statement, insertion
from callboard.database.tables import endpoints
from callboard.delivery.letter import Channel, Target

AT_A_TIME = 50

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
_ADD = insertion(endpoints)
_ONE = (endpoints.c.directory_id == bindparam("directory_id"), endpoints.c.endpoint_id == bindparam("endpoint_id"))
_OF_OWNERS = Statement(
    select(*_COLUMNS)
    .where(
        endpoints.c.directory_id == bindparam("directory_id"),
        endpoints.c.owner_id.in_(_OWNERS.parameters),
        endpoints.c.confirmed_at.is_not(None),
    )
    .order_by(endpoints.c.created_at, endpoints.c.endpoint_id)
)
_TARGET = Statement(select(endpoints.c.secrets).where(*_ONE))


class Endpoint(Struct, frozen=True):
    """A webhook or a chat, the contact or the scope that it is told for, and the types that it is told of."""

    endpoint_id: str
    name: str
    channel: Channel
    owner_id: str
    message_types: tuple[str, ...]
    confirmed_at: Moment | None
    """When somebody who reads there has proven it; nothing but the code goes there before."""
    created_at: Moment


def add(
    connection: Connection,
    vault: Vault,
    directory_id: str,
    endpoint: Endpoint,
    target: Target,
    *,
    code_digest: bytes | None = None,
    code_expires_at: Moment | None = None,
) -> None:
    connection.run(
        _ADD,
        directory_id=directory_id,
        endpoint_id=endpoint.endpoint_id,
        name=endpoint.name,
        kind=endpoint.channel.value,
        secrets=vault.encrypt(msgspec.json.encode(target).decode(), belongs_to=endpoint.endpoint_id),
        owner_id=endpoint.owner_id,
        message_types=msgspec.json.encode(endpoint.message_types).decode(),
        code_digest=code_digest,
        code_expires_at=code_expires_at,
        code_attempts=0,
        confirmed_at=endpoint.confirmed_at,
        created_at=endpoint.created_at,
    )


def of_owners(connection: Connection, directory_id: str, owner_ids: Iterable[str]) -> list[Endpoint]:
    """The confirmed endpoints of contacts and scopes."""
    every = list(dict.fromkeys(owner_ids))
    found: list[Endpoint] = []
    for start in range(0, len(every), AT_A_TIME):
        values = {"directory_id": directory_id, **_OWNERS.filled(every[start : start + AT_A_TIME])}
        found += [_endpoint(row) for row in connection.all(_OF_OWNERS, **values)]
    return found


def target(connection: Connection, vault: Vault, directory_id: str, endpoint_id: str) -> Target | None:
    """Where an endpoint is, with its secrets; None when it is gone."""
    row = connection.one(_TARGET, directory_id=directory_id, endpoint_id=endpoint_id)
    if row is None:
        return None
    return msgspec.json.decode(vault.decrypt(row[0], belongs_to=endpoint_id), type=Target)


def _endpoint(row: Row) -> Endpoint:
    types = msgspec.json.decode(row[4], type=tuple[str, ...])
    return Endpoint(row[0], row[1], Channel(row[2]), row[3], types, row[5], row[6])
