"""What is known of how people are reached, gathered for the routing of one message."""

from collections.abc import Iterable, Sequence

from callboard.contacts import unreachable
from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection
from callboard.endpoints import storage as endpoints
from callboard.messages.rules import Ear, Reach, Subject, Suppression, address_of, ways
from callboard.preferences import rules as wishes
from callboard.preferences import storage as preferences
from callboard.recipients.rules import Effective


def gather(
    connection: Connection, directory_id: str, subject: Subject, told: Sequence[Effective], scopes: Iterable[str]
) -> Reach:
    """What counts for these contacts, and the endpoints of theirs and of these scopes that are told of the type."""
    contact_ids = [each.contact.contact_id for each in told]
    keys = {key_of(address_of(each.contact, way)) for each in told for way in ways(each.contact)}
    ears = endpoints.of_owners(connection, directory_id, [*contact_ids, *scopes])
    return Reach(
        wishes=preferences.of(connection, directory_id, contact_ids),
        closed=closed(connection, directory_id, subject.message_type, keys),
        ears=tuple(
            Ear(each.endpoint_id, each.channel, each.owner_id)
            for each in ears
            if subject.message_type in each.message_types
        ),
    )


def closed(connection: Connection, directory_id: str, message_type: str, keys: Iterable[str]) -> dict[str, Suppression]:
    """The addresses that a message does not go to, and why: the gravest reason counts."""
    unreached, refused = unreachable.keys(connection, directory_id, keys)
    found: dict[str, Suppression] = {}
    if message_type in wishes.OPTIONAL_TYPES:
        unwanted = preferences.unsubscribed_keys(connection, directory_id, message_type, keys)
        found = dict.fromkeys(unwanted, Suppression.UNSUBSCRIBED)
    found |= dict.fromkeys(unreached, Suppression.UNREACHABLE)
    return found | dict.fromkeys(refused, Suppression.REFUSED)
