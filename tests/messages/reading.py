"""What people find in their letters: links, and where they lead on a server of the tests."""

import re

from sqlalchemy import bindparam, select

from callboard.database.statement import Connection, Statement
from callboard.database.tables import letters as table
from callboard.delivery.letter import Channel, Content, Letter
from callboard.messages import writing
from tests.messages.press import letters
from tests.owner import post
from tests.recipients.world import World
from tests.signing import Response, send

_NEWEST = Statement(
    select(table.c.letter_id, table.c.created_at, table.c.message_id)
    .where(
        table.c.directory_id == bindparam("directory"),
        table.c.recipient == bindparam("address"),
        table.c.message_id.is_not(None),
    )
    .order_by(table.c.created_at.desc(), table.c.letter_id.desc())
    .limit(1)
)
_LINK = re.compile(r"(https?://\S+)(/[au]/[^\s>]+)")


def link_in(text: str, page: str = "/a/") -> str:
    """The path of the link to a page: /a/ to acknowledge, /u/ to unsubscribe."""
    return next(path for _, path in _LINK.findall(text) if path.startswith(page))


def link_to(world: World, address: str, page: str = "/a/") -> str:
    """The same of the newest letter to an address with a message of the world's, wherever it stands."""
    runtime = world.server.runtime

    def work(connection: Connection) -> list[Letter]:
        row = connection.one(_NEWEST, directory=world.directory_id, address=address)
        assert row is not None
        newest = Letter(row[0], Channel.EMAIL, address, Content(""), row[1], row[2])
        return writing.written(connection, runtime.vault, runtime.terms, [newest])

    return link_in(world.run(work)[0].content.text, page)


def addressees(world: World, *addresses: str) -> list[str]:
    """Which of these have had a letter of the world's."""
    return [each for each in addresses if letters(world, each)]


def look(world: World, path: str, method: str = "GET") -> Response:
    return send(world.server.endpoint, method, path)


def press(world: World, path: str, do: str) -> Response:
    return post(world.server, path, do=do)
