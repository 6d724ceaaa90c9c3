"""What people find in their letters: links, and where they lead on a server of the tests."""

import re

from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection
from callboard.delivery import outbox
from callboard.delivery.letter import Letter
from callboard.messages import writing
from tests.messages.press import letters
from tests.owner import post
from tests.recipients.world import World
from tests.signing import Response, send

_LINK = re.compile(r"(https?://\S+)(/[au]/[^\s>]+)")


def link_in(text: str, page: str = "/a/") -> str:
    """The path of the link to a page: /a/ to acknowledge, /u/ to unsubscribe."""
    return next(path for _, path in _LINK.findall(text) if path.startswith(page))


def link_to(world: World, address: str, page: str = "/a/") -> str:
    """The same of the newest letter to an address, wherever it stands."""
    runtime = world.server.runtime

    def work(connection: Connection) -> list[Letter]:
        newest = outbox.last(connection, runtime.vault, key_of(address))
        assert newest is not None
        return writing.written(connection, runtime.vault, runtime.terms, [newest])

    return link_in(world.run(work)[0].content.text, page)


def addressees(world: World, *addresses: str) -> list[str]:
    """Which of these have had a letter of the world's."""
    return [each for each in addresses if letters(world, each)]


def look(world: World, path: str, method: str = "GET") -> Response:
    return send(world.server.endpoint, method, path)


def press(world: World, path: str, do: str) -> Response:
    return post(world.server, path, do=do)
