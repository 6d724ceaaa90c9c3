"""One click, and an address gets no more messages of a type (RFC 8058); another, and it does again."""

from msgspec import Struct

from callboard.access.errors import DirectoryNotEnabled
from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection
from callboard.delivery import outbox
from callboard.messages import deliveries
from callboard.messages.replies.linked import Dead, follow
from callboard.messages.replies.links import Purpose
from callboard.messages.rules import Suppression
from callboard.preferences import storage as preferences
from callboard.preferences import subscriptions
from callboard.tree import directories
from callboard.verification.confirmation import Visit


class View(Struct, frozen=True):
    """What a link leads to: the address that the letter went to, and the type of its message."""

    directory_id: str
    target: str
    message_type: str
    organisation: str
    is_unsubscribed: bool


def look(visit: Visit, connection: Connection, token: str) -> View | Dead:
    """See what a link is worth. Changes nothing."""
    found = follow(visit, connection, token, Purpose.UNSUBSCRIBE)
    if isinstance(found, Dead):
        return found
    target, message_type = found.carried[0].recipient, found.message.message_type
    keys = preferences.unsubscribed_keys(connection, found.directory_id, message_type, [key_of(target)])
    return View(found.directory_id, target, message_type, found.body.organisation, bool(keys))


def unsubscribe(visit: Visit, connection: Connection, token: str) -> bool:
    """Send the address no more of the type, and take back what waits; false when it changes nothing."""
    view = look(visit, connection, token)
    if isinstance(view, Dead) or view.is_unsubscribed or not _is_held(connection, view.directory_id):
        return False
    place = (connection, view.directory_id)
    if not preferences.unsubscribe(*place, view.target, view.message_type, at=visit.now):
        return False
    taken_back = outbox.withdraw_labelled(*place, key_of(view.target), view.message_type)
    deliveries.suppress(*place, taken_back, Suppression.UNSUBSCRIBED)
    call = visit.call(connection, view.directory_id)
    subscriptions.record(call, subscriptions.UNSUBSCRIBE, view.target, view.message_type)
    return True


def subscribe(visit: Visit, connection: Connection, token: str) -> bool:
    """Send the address messages of the type again; false when it changes nothing."""
    view = look(visit, connection, token)
    if isinstance(view, Dead) or not view.is_unsubscribed or not _is_held(connection, view.directory_id):
        return False
    return subscriptions.subscribe(visit.call(connection, view.directory_id), view.target, view.message_type)


def _is_held(connection: Connection, directory_id: str) -> bool:
    """Hold the directory still, so that messages are published before or after; false when it is gone."""
    try:
        directories.lock(connection, directory_id)
    except DirectoryNotEnabled:
        return False
    return True
