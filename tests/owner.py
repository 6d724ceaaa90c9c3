"""What the owner of an address does: reads the letters, opens links, presses buttons, types codes.

Letters are read where the server keeps them; everything else goes over HTTP, as a browser does it.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from callboard.contacts.addresses import key_of
from callboard.delivery import lists
from callboard.delivery.letter import Letter
from callboard.messages import writing
from tests.serving import Server
from tests.signing import Response, send

FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Owner:
    """Whoever reads what is sent to an address."""

    server: Server
    address: str

    @property
    def letters(self) -> list[Letter]:
        """Every letter to the address, newest first."""
        runtime, key = self.server.runtime, key_of(self.address)
        letters: list[Letter] = self.server.run(
            lambda connection: writing.written(
                connection,
                runtime.vault,
                runtime.terms,
                lists.mailbox(connection, runtime.vault, recipient_key=key, limit=100),
            )
        )
        return letters

    @property
    def letter(self) -> Letter:
        return self.letters[0]

    @property
    def path(self) -> str:
        """Where the link of the newest letter leads on this server."""
        return path_of(self.letter)

    @property
    def code(self) -> str:
        return self.letter.content.code

    def open(self, path: str | None = None) -> Response:
        """Open the newest link, or another one."""
        return send(self.server.endpoint, "GET", path or self.path)

    def press(self, button: str, path: str | None = None) -> Response:
        """Press a button of the page of the newest link, or of another one."""
        return post(self.server, path or self.path, do=button)

    def type_code(self, code: str | None = None, *, target: str | None = None) -> Response:
        """Type the newest code, or another one, and the address."""
        typed = self.address if target is None else target
        return post(self.server, "/verify", target=typed, code=self.code if code is None else code)


def path_of(letter: Letter) -> str:
    """Where a letter's link leads, without the server's address."""
    return "/v/" + letter.content.link.rpartition("/v/")[2]


def post(server: Server, path: str, **fields: str) -> Response:
    """Post a form."""
    return send(server.endpoint, "POST", path, FORM, urlencode(fields).encode())
