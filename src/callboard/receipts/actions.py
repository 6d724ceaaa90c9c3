"""The actions about addresses that reach nobody: list them, believe in one again."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Reply, Request, Shape
from callboard.audit.parameters import DEFAULT_RESULTS, MaxResults
from callboard.call import Call
from callboard.clock import write_moment
from callboard.contacts import reachability, unreachable
from callboard.messages.shapes import operation
from callboard.parameters import NextTokenShown
from callboard.receipts.errors import AddressNotUnreachable
from callboard.receipts.parameters import Address, NextToken, write_token
from callboard.recipients.shapes import ShownMoment

EVERY_ADDRESS = "acs:callboard:*:{AccountId}:address/*"
"""One address has many spellings, so that no right is given to a single one."""


class ListUnreachableAddresses(Request):
    """List the addresses and numbers that no message is sent to, as what was sent there came back; oldest first."""

    next_token: NextToken | UnsetType = UNSET
    max_results: MaxResults = DEFAULT_RESULTS


class UnreachableAddress(Shape, kw_only=True):
    """An address that reaches nobody."""

    address: Annotated[str, Meta(description="The email address, or the number.", examples=["tom@example.com"])]
    reason: Annotated[str, Meta(description="What was said of it.", examples=["550 5.1.1 no such user"])]
    letter_id: Annotated[str, Meta(description="The letter that came back: of a message, the delivery's ID.")]
    since: ShownMoment


class ListUnreachableAddressesReply(Reply, kw_only=True):
    addresses: list[UnreachableAddress]
    max_results: Annotated[int, Meta(description="The most addresses on a page.", examples=[50])]
    next_token: NextTokenShown | UnsetType = UNSET


@operation(access_level="list", resource=EVERY_ADDRESS)
def list_unreachable_addresses(call: Call, request: ListUnreachableAddresses) -> ListUnreachableAddressesReply:
    found, place = unreachable.page(
        call.connection, call.directory_id, after=request.next_token or None, limit=request.max_results
    )
    return ListUnreachableAddressesReply(
        addresses=[
            UnreachableAddress(
                address=each.target, reason=each.reason, letter_id=each.letter_id, since=write_moment(each.since)
            )
            for each in found
        ],
        max_results=request.max_results,
        next_token=UNSET if place is None else write_token(place),
    )


class LiftUnreachableAddress(Request):
    """Send messages to an address again that is held to reach nobody. When its owner proves it anew, that is done
    without this.
    """

    address: Address


class LiftUnreachableAddressReply(Reply):
    pass


@operation(access_level="update", resource=EVERY_ADDRESS, errors=[AddressNotUnreachable])
def lift_unreachable_address(call: Call, request: LiftUnreachableAddress) -> LiftUnreachableAddressReply:
    if not reachability.believe(call, request.address):
        raise AddressNotUnreachable
    return LiftUnreachableAddressReply()
