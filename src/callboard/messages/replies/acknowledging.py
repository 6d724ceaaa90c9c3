"""Messages acknowledged: by whoever got one, on the page of its letter, or by a system, with a call."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from callboard.access.errors import DirectoryNotEnabled
from callboard.api.model import Reply, Request
from callboard.audit import storage as audit
from callboard.call import Call, Moment
from callboard.clock import write_moment
from callboard.contacts.parameters import ContactId
from callboard.database.statement import Connection
from callboard.messages import deliveries, publishing, storage
from callboard.messages.actions import find
from callboard.messages.errors import AcknowledgementNotRequired, DeliveryNotFound, MessageNotFound
from callboard.messages.parameters import MessageId
from callboard.messages.replies.linked import Dead, follow
from callboard.messages.replies.links import Purpose
from callboard.messages.shapes import Body, MessageIdShown, operation
from callboard.messages.storage import Message
from callboard.metrics import ACKNOWLEDGED
from callboard.recipients.parameters import AccountId
from callboard.recipients.shapes import ShownMoment
from callboard.tree import directories
from callboard.verification.confirmation import Visit

ACKNOWLEDGE = "AcknowledgeMessage"


class View(Struct, frozen=True):
    """What a link leads to."""

    directory_id: str
    letter_id: str
    message: Message
    body: Body
    names: tuple[str, ...]
    """The contacts for whose sake the letter was sent."""
    at: Moment | None
    """When it was acknowledged; None: the link is open."""


class Acknowledged(Struct, frozen=True):
    """What the audit trail keeps of an acknowledgement."""

    message_id: str
    contact_ids: list[str]
    is_first: bool


def look(visit: Visit, connection: Connection, token: str) -> View | Dead:
    """See what a link is worth. Changes nothing."""
    found = follow(visit, connection, token, Purpose.ACKNOWLEDGE)
    if isinstance(found, Dead):
        return found
    at = min((each.acknowledged_at for each in found.carried if each.acknowledged_at is not None), default=None)
    names = tuple(dict.fromkeys(each.contact_name for each in found.carried if each.contact_name))
    return View(found.directory_id, found.letter_id, found.message, found.body, names, at)


def acknowledge(visit: Visit, connection: Connection, token: str) -> bool:
    """Take a press of the button as an acknowledgement; false when it changes nothing."""
    view = look(visit, connection, token)
    if isinstance(view, Dead) or view.at is not None:
        return False
    try:
        at = directories.change(connection, view.directory_id, now=visit.now)  # What escalates is before it, or never.
    except DirectoryNotEnabled:
        return False
    if not deliveries.acknowledge(connection, view.directory_id, view.letter_id, at=at):
        return False
    carried = deliveries.carried(connection, view.directory_id, view.letter_id)
    call = visit.call(connection, view.directory_id)
    _finish(call, view.message.message_id, [each.contact_id for each in carried if each.contact_id], at=at)
    return True


class AcknowledgeMessage(Request):
    """Acknowledge a message for a system or a chat: it escalates no more. With ContactId it counts as that contact's
    own acknowledgement. What was acknowledged before stays as it is. AccountId is as in GetMessage.
    """

    message_id: MessageId
    contact_id: ContactId | UnsetType = UNSET
    account_id: AccountId | UnsetType = UNSET


class AcknowledgeMessageReply(Reply, kw_only=True):
    message_id: MessageIdShown
    acknowledgement_date: Annotated[ShownMoment, Meta(description="When the message was first acknowledged.")]


@operation(
    access_level="update",
    scopes=("AccountId",),
    errors=[MessageNotFound, AcknowledgementNotRequired, DeliveryNotFound],
)
def acknowledge_message(call: Call, request: AcknowledgeMessage) -> AcknowledgeMessageReply:
    at = directories.change(call.connection, call.directory_id, now=call.now)
    message, _ = find(call, request.message_id, request.account_id)
    if not message.asks_acknowledgement:
        raise AcknowledgementNotRequired
    if request.contact_id:
        _acknowledge_for(call, message.message_id, request.contact_id, at=at)
    elif message.acknowledged_at is None:
        _finish(call, message.message_id, [], at=at)
    return AcknowledgeMessageReply(
        message_id=message.message_id,
        acknowledgement_date=write_moment(at if message.acknowledged_at is None else message.acknowledged_at),
    )


def _acknowledge_for(call: Call, message_id: str, contact_id: str, *, at: Moment) -> None:
    standings = deliveries.standings(call.connection, call.directory_id, message_id)
    if contact_id not in {each.contact_id for each in standings}:
        raise DeliveryNotFound
    if deliveries.acknowledge_for(call.connection, call.directory_id, message_id, contact_id, at=at):
        _finish(call, message_id, [contact_id], at=at)


def _finish(call: Call, message_id: str, contact_ids: list[str], *, at: Moment) -> None:
    """The message is acknowledged, too, and that is recorded."""
    is_first = storage.acknowledge(call.connection, call.directory_id, message_id, at=at)
    call.count(ACKNOWLEDGED)
    after = Acknowledged(message_id, contact_ids, is_first)
    resource = publishing.resource_of(call, message_id)
    audit.add(call.connection, audit.Source.of(call), ACKNOWLEDGE, resource, after=after)
