"""SQL of refused addresses: their owner has said 'This isn't me', and nothing more is sent there."""

from msgspec import Struct
from sqlalchemy import bindparam, delete, select, text

from callboard.call import Moment
from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection, Statement
from callboard.database.tables import refusals as table

_ONE = (table.c.directory_id == bindparam("directory_id"), table.c.target_key == bindparam("target_key"))
_FIND = Statement(select(table.c.target_key).where(*_ONE))
_PAGE = Statement(
    select(table.c.directory_id, table.c.target, table.c.contact_id, table.c.refused_at).order_by(
        table.c.refused_at, table.c.target
    )
)
# Written out, as Core has no ON CONFLICT that serves both databases.
_ADD = Statement(
    text(
        "INSERT INTO refusals (directory_id, target_key, target, contact_id, refused_at) "
        "VALUES (:directory_id, :target_key, :target, :contact_id, :refused_at) ON CONFLICT DO NOTHING"
    )
)
_FORGET = Statement(delete(table).where(table.c.directory_id == bindparam("directory_id")))
_LIFT = Statement(delete(table).where(table.c.target_key == bindparam("target_key")))


class Refusal(Struct, frozen=True):
    """An address that is not to be written to for a directory, and the contact that it was given for."""

    directory_id: str
    target: str
    contact_id: str
    refused_at: Moment


def add(connection: Connection, directory_id: str, target: str, contact_id: str, *, at: Moment) -> None:
    """Keep that an address was refused; a second time changes nothing."""
    connection.run(
        _ADD,
        directory_id=directory_id,
        target_key=key_of(target),
        target=target,
        contact_id=contact_id,
        refused_at=at,
    )


def has(connection: Connection, directory_id: str, target: str) -> bool:
    return connection.one(_FIND, directory_id=directory_id, target_key=key_of(target)) is not None


def forget(connection: Connection, directory_id: str) -> None:
    """Forget what was refused for a directory that goes."""
    connection.run(_FORGET, directory_id=directory_id)


def page(connection: Connection) -> list[Refusal]:
    """Every refused address of every directory, oldest first; for operators."""
    return [Refusal(*row) for row in connection.all(_PAGE)]


def lift(connection: Connection, target: str) -> int:
    """Allow letters to an address again, in every directory; in how many it was refused. For operators."""
    return connection.run(_LIFT, target_key=key_of(target))
