"""Which addresses have unsubscribed from which types of messages: for the administrator to see, and to undo."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Operation, Parameter, Reply, Request, Shape
from callboard.audit import storage as audit
from callboard.call import Call
from callboard.clock import write_moment
from callboard.directory.paging import DEFAULT_RESULTS, MaxResults, NextToken, write_token
from callboard.parameters import NextTokenShown
from callboard.preferences import storage
from callboard.preferences.errors import SubscriptionNotFound
from callboard.profile import Profile
from callboard.recipients.parameters import MessageType
from callboard.recipients.shapes import ShownMoment
from callboard.tree import directories

operation = Operation("2026-11-25", ram_code="callboard", needs_directory=True)

EVERY_SUBSCRIPTION = "acs:callboard:*:{AccountId}:subscription/*"
UNSUBSCRIBE, SUBSCRIBE = "UnsubscribeAddress", "SubscribeAddress"
LONGEST_ADDRESS = 320


def _check_address(text: str, _: Profile) -> str:
    if "@" not in text or len(text) > LONGEST_ADDRESS:
        raise ParameterInvalid(parameter="EmailAddress")
    return text


Address = Annotated[
    str,
    Parameter(
        description="The email address, in whatever spelling.",
        example="someone@example.com",
        schema={"type": "string", "maxLength": LONGEST_ADDRESS},
        invalid=ParameterInvalid,
        check=_check_address,
    ),
]


class Subscription(Struct, frozen=True):
    """An address and a type of messages, as the audit trail keeps them."""

    email_address: str
    message_type: str


class UnsubscribedAddress(Shape, kw_only=True):
    """An address that gets no messages of a type any more, as its owner has asked for."""

    email_address: Annotated[str, Meta(description="The address.", examples=["someone@example.com"])]
    message_type: Annotated[str, Meta(description="The type of messages.", examples=["ProductMessage"])]
    unsubscribe_date: ShownMoment


class ListUnsubscribedAddresses(Request):
    """List the addresses whose owners have unsubscribed from a type of messages. Go on with NextToken as long as there
    is one.
    """

    next_token: NextToken | UnsetType = UNSET
    max_results: MaxResults = DEFAULT_RESULTS


class ListUnsubscribedAddressesReply(Reply, kw_only=True):
    unsubscribed_addresses: list[UnsubscribedAddress]
    max_results: Annotated[int, Meta(description="The most entries on a page.", examples=[10])]
    next_token: NextTokenShown | UnsetType = UNSET


@operation(access_level="list", resource=EVERY_SUBSCRIPTION)
def list_unsubscribed_addresses(call: Call, request: ListUnsubscribedAddresses) -> ListUnsubscribedAddressesReply:
    found = storage.unsubscribed_page(
        call.connection, call.directory_id, after=request.next_token or ("", ""), limit=request.max_results + 1
    )
    shown = found[: request.max_results]
    return ListUnsubscribedAddressesReply(
        unsubscribed_addresses=[
            UnsubscribedAddress(
                email_address=each.target, message_type=each.message_type, unsubscribe_date=write_moment(each.at)
            )
            for each in shown
        ],
        max_results=request.max_results,
        next_token=write_token(shown[-1].target_key, shown[-1].message_type) if len(found) > len(shown) else UNSET,
    )


class SubscribeAddress(Request):
    """Send messages of a type to an address again that was unsubscribed, after its owner has told you that it was a
    mistake.
    """

    email_address: Address
    message_type: MessageType


class SubscribeAddressReply(Reply):
    pass


@operation(access_level="update", resource=EVERY_SUBSCRIPTION, errors=[SubscriptionNotFound])
def subscribe_address(call: Call, request: SubscribeAddress) -> SubscribeAddressReply:
    directories.lock(call.connection, call.directory_id)
    if not subscribe(call, request.email_address, request.message_type):
        raise SubscriptionNotFound
    return SubscribeAddressReply()


def subscribe(call: Call, target: str, message_type: str) -> bool:
    """Send messages of a type to an address again; false when it was not unsubscribed. The directory is held still."""
    if not storage.subscribe(call.connection, call.directory_id, target, message_type):
        return False
    record(call, SUBSCRIBE, target, message_type)
    return True


def record(call: Call, action: str, target: str, message_type: str) -> None:
    """Keep in the audit trail that an address was unsubscribed, or subscribed again."""
    resource = EVERY_SUBSCRIPTION.format(AccountId=call.principal.account_id)
    audit.add(call.connection, audit.Source.of(call), action, resource, after=Subscription(target, message_type))
