"""The action that asks what became of deliveries: whether somebody was told, when, and why."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Reply, Request
from callboard.audit.parameters import DEFAULT_RESULTS, EndTime, MaxResults, StartTime, period
from callboard.call import Call
from callboard.contacts.parameters import ContactId
from callboard.messages import answers, deliveries, listing
from callboard.messages.deliveries import Try
from callboard.messages.listing import Listed, Query
from callboard.messages.parameters import DeliveryToken, MessageId, State, write_delivery_token
from callboard.messages.shapes import DeliveryListed, operation
from callboard.parameters import NextTokenShown
from callboard.recipients.parameters import AccountId, MessageType


class ListDeliveries(Request):
    """List deliveries of messages, newest first, each with its message: those to a contact, those of a message, those
    about an account, or all. StartTime and EndTime are about when a delivery was made; without ContactId and MessageId,
    about when its message was published.

    The caller needs the right to the contact and to the account that are named; where neither is, to the root folder.
    Go on with NextToken as long as there is one: a page may hold fewer deliveries than MaxResults, even none, before
    the last one.
    """

    contact_id: ContactId | UnsetType = UNSET
    message_id: MessageId | UnsetType = UNSET
    account_id: AccountId | UnsetType = UNSET
    message_type: MessageType | UnsetType = UNSET
    state: State | UnsetType = UNSET
    start_time: StartTime | UnsetType = UNSET
    end_time: EndTime | UnsetType = UNSET
    next_token: DeliveryToken | UnsetType = UNSET
    max_results: MaxResults = DEFAULT_RESULTS


class ListDeliveriesReply(Reply, kw_only=True):
    deliveries: list[DeliveryListed]
    max_results: Annotated[int, Meta(description="The most deliveries on a page.", examples=[50])]
    next_token: NextTokenShown | UnsetType = UNSET


@operation(access_level="list", scopes=("ContactId", "AccountId"))
def list_deliveries(call: Call, request: ListDeliveries) -> ListDeliveriesReply:
    since, before = period(request.start_time, request.end_time)
    query = Query(
        contact_id=request.contact_id or None,
        message_id=request.message_id or None,
        account_id=request.account_id or None,
        message_type=request.message_type or None,
        since=since,
        before=before,
    )
    state = request.state
    found, place = listing.page(
        call.connection,
        call.directory_id,
        query,
        after=request.next_token or None,
        limit=request.max_results,
        fits=(lambda each: answers.state_of(each) == state) if state else None,
    )
    return ListDeliveriesReply(
        deliveries=_shown(call, found),
        max_results=request.max_results,
        next_token=UNSET if place is None else write_delivery_token(place),
    )


def _shown(call: Call, found: list[Listed]) -> list[DeliveryListed]:
    tries: dict[str, list[Try]] = {}
    letter_ids = (each.standing.letter_id for each in found if each.standing.attempts)
    for each in deliveries.tries_of(call.connection, call.directory_id, letter_ids):
        tries.setdefault(each.letter_id, []).append(each)
    return [answers.listed(each.standing, tries.get(each.standing.letter_id, []), each.about) for each in found]
