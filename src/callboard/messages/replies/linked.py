"""What the links in letters of messages lead to: the letter, the message in it, and those for whom it was sent."""

from enum import StrEnum

from msgspec import Struct

from callboard.database.statement import Connection
from callboard.messages import deliveries, storage
from callboard.messages.deliveries import Standing
from callboard.messages.replies import links
from callboard.messages.replies.links import Purpose
from callboard.messages.shapes import Body
from callboard.messages.storage import Message
from callboard.verification.confirmation import Visit


class Dead(StrEnum):
    """Why a link leads nowhere."""

    GONE = "gone"
    """It was ours, and what it was about is cleared."""
    UNKNOWN = "lost"
    """No link of ours."""


class Linked(Struct, frozen=True):
    """A letter by its link, with what it carries."""

    directory_id: str
    letter_id: str
    carried: list[Standing]
    message: Message
    body: Body


def follow(visit: Visit, connection: Connection, token: str, purpose: Purpose) -> Linked | Dead:
    """Find the letter whose link this is. Changes nothing."""
    letter_id = links.letter_of(visit.vault, token, purpose)
    if letter_id is None:
        return Dead.UNKNOWN
    directory_id = deliveries.directory_of_letter(connection, letter_id)
    if directory_id is None:
        return Dead.GONE
    carried = deliveries.carried(connection, directory_id, letter_id)
    found = storage.find(connection, visit.vault, directory_id, carried[0].message_id) if carried else None
    return Dead.GONE if found is None else Linked(directory_id, letter_id, carried, *found)
