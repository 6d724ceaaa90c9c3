"""SQL of message templates. Every statement is held to one directory."""

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, func, select, text

from callboard.call import Moment
from callboard.database.statement import Connection, Row, Statement
from callboard.database.tables import message_templates as table
from callboard.messages.wordings.rules import Wording

_COLUMNS = (table.c.name, table.c.document, table.c.created_at, table.c.modified_at)
_OF_DIRECTORY = table.c.directory_id == bindparam("directory_id")
_ONE = (_OF_DIRECTORY, table.c.name == bindparam("name"))
_FIND = Statement(select(*_COLUMNS).where(*_ONE))
_COUNT = Statement(select(func.count()).select_from(table).where(_OF_DIRECTORY))
_PAGE = Statement(
    select(*_COLUMNS)
    .where(_OF_DIRECTORY, table.c.name > bindparam("after"))
    .order_by(table.c.name)
    .limit(bindparam("limit"))
)
# Written out, as Core has no ON CONFLICT that serves both databases.
_PUT = Statement(
    text(
        "INSERT INTO message_templates (directory_id, name, document, created_at, modified_at) "
        "VALUES (:directory_id, :name, :document, :created_at, :modified_at) "
        "ON CONFLICT (directory_id, name) DO UPDATE SET document = excluded.document, "
        "modified_at = excluded.modified_at"
    )
)
_REMOVE = Statement(delete(table).where(*_ONE))


class Template(Struct, frozen=True):
    """A wording under its name."""

    name: str
    wording: Wording
    created_at: Moment
    modified_at: Moment


def find(connection: Connection, directory_id: str, name: str) -> Template | None:
    row = connection.one(_FIND, directory_id=directory_id, name=name)
    return None if row is None else _template(row)


def count(connection: Connection, directory_id: str) -> int:
    row = connection.one(_COUNT, directory_id=directory_id)
    return 0 if row is None else int(row[0])


def page(connection: Connection, directory_id: str, *, after: str, limit: int) -> tuple[list[Template], str | None]:
    """Templates by name, those after a name; and the name to go on after, if there are more."""
    found = [_template(row) for row in connection.all(_PAGE, directory_id=directory_id, after=after, limit=limit + 1)]
    return found[:limit], found[limit - 1].name if len(found) > limit else None


def put(connection: Connection, directory_id: str, template: Template) -> None:
    """Keep a template, in the place of the one that has its name."""
    connection.run(
        _PUT,
        directory_id=directory_id,
        name=template.name,
        document=msgspec.json.encode(template.wording).decode(),
        created_at=template.created_at,
        modified_at=template.modified_at,
    )


def remove(connection: Connection, directory_id: str, name: str) -> None:
    connection.run(_REMOVE, directory_id=directory_id, name=name)


def _template(row: Row) -> Template:
    name, document, created_at, modified_at = row
    return Template(name, msgspec.json.decode(document, type=Wording), created_at, modified_at)
