"""Test messages: whether a contact is reached, by all that it has proven."""

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from callboard.api.model import Reply, Request
from callboard.call import Call
from callboard.clock import write_moment
from callboard.contacts import storage as contacts
from callboard.contacts.errors import ContactNotFound
from callboard.contacts.parameters import ContactId
from callboard.contacts.shapes import ONE_CONTACT
from callboard.endpoints import storage as endpoints
from callboard.messages import publishing, reach, rules
from callboard.messages.errors import NothingProven
from callboard.messages.publishing import Wanted
from callboard.messages.rules import Ear, Kind, Severity, Subject
from callboard.messages.shapes import Body, DeliveryIdShown, MessageIdShown, Text, operation
from callboard.messages.storage import Message
from callboard.messages.texts import TEST_CONTENT, TEST_SUBJECT
from callboard.messages.wordings.rules import chosen
from callboard.recipients.parameters import MessageType
from callboard.recipients.rules import Effective, Situation
from callboard.recipients.shapes import ShownMoment
from callboard.tree import directories
from callboard.verification.texts import LANGUAGES

USUAL_TYPE = "ServiceMessage"


class SendTestMessage(Request):
    """Send a test message to a contact by everything that it has proven, whatever it receives otherwise and however
    late it is there. It is marked as a test, in its subject and in its text; nobody else is told.
    """

    contact_id: ContactId
    message_type: MessageType = USUAL_TYPE


class SendTestMessageReply(Reply, kw_only=True):
    message_id: MessageIdShown
    create_date: ShownMoment
    delivery_ids: Annotated[list[DeliveryIdShown], Meta(description="Of the deliveries; ListDeliveries tells of them.")]


@operation(access_level="create", resource=ONE_CONTACT, errors=[ContactNotFound, NothingProven])
def send_test_message(call: Call, request: SendTestMessage) -> SendTestMessageReply:
    at = directories.change(call.connection, call.directory_id, now=call.now)
    contact = contacts.find(call.connection, call.directory_id, request.contact_id)
    if contact is None:
        raise ContactNotFound
    told = Effective(contact, ())
    subject = Subject(call.new_id("m-"), request.message_type, Severity.INFO, at)
    routed = rules.trial(subject, told, _reach(call, subject, told))
    if not routed:
        raise NothingProven
    wanted = _wanted(call, request.message_type)
    message = publishing.write(
        call, wanted, subject, Situation(wanted.account_id, (), ()), routed, action=SendTestMessage.__name__
    )
    return _sent(message, [each.delivery_id for each in routed])


def _reach(call: Call, subject: Subject, told: Effective) -> rules.Reach:
    """With the contact's endpoints of whichever types."""
    known = reach.gather(call.connection, call.directory_id, subject, [told], ())
    own = endpoints.of_owners(call.connection, call.directory_id, [told.contact.contact_id])
    return replace(known, ears=tuple(Ear(each.endpoint_id, each.channel, each.owner_id) for each in own))


def _wanted(call: Call, message_type: str) -> Wanted:
    """It is about no member, so it is about the management account."""
    texts = {each: Text(TEST_SUBJECT[n], TEST_CONTENT[n]) for n, each in enumerate(LANGUAGES)}
    text, translations = chosen(texts, call.terms.language)
    return Wanted(
        account_id=call.principal.account_id,
        message_type=message_type,
        severity=Severity.INFO,
        subject=text.subject,
        body=Body(text.content, translations=translations),
        kind=Kind.TEST,
    )


def _sent(message: Message, delivery_ids: list[str]) -> SendTestMessageReply:
    return SendTestMessageReply(
        message_id=message.message_id, create_date=write_moment(message.created_at), delivery_ids=delivery_ids
    )
