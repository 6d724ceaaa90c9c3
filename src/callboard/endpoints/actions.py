"""The actions that make, change, show and delete endpoints."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from callboard.api.model import Reply, Request
from callboard.audit.parameters import DEFAULT_RESULTS, MaxResults
from callboard.call import Call
from callboard.contacts.errors import ContactNotFound, MemberNotFound, SendLimitExceeded
from callboard.contacts.parameters import MessageTypes
from callboard.delivery.letter import Channel
from callboard.delivery.signatures import new_key
from callboard.endpoints import finding, proving, storage
from callboard.endpoints.errors import ChatsNotServed, EndpointNotFound, EndpointsExceeded, UrlInvalid
from callboard.endpoints.parameters import (
    EndpointId,
    EndpointName,
    Kind,
    NextToken,
    OwnerId,
    Url,
    write_token,
)
from callboard.endpoints.rules import MOST_OF_OWNER, Endpoint, Known, Secrets
from callboard.endpoints.shapes import EndpointShown, Recorded, SigningKey, operation, shown
from callboard.endpoints.storage import FIRST, Place
from callboard.parameters import NextTokenShown
from callboard.tree import directories


class CreateEndpoint(Request):
    """Make an endpoint: a webhook or a chat that is told beside people. It is sent a code at once, and is told of
    messages once ConfirmEndpoint was called with that. A webhook's signing key is shown this once.
    """

    name: EndpointName
    kind: Kind
    url: Url
    owner_id: OwnerId
    message_types: MessageTypes


class CreateEndpointReply(Reply, kw_only=True):
    endpoint: EndpointShown
    signing_key: SigningKey | UnsetType = UNSET


@operation(
    access_level="create",
    scopes=("OwnerId",),
    errors=[ChatsNotServed, ContactNotFound, MemberNotFound, EndpointsExceeded, SendLimitExceeded],
)
def create_endpoint(call: Call, request: CreateEndpoint) -> CreateEndpointReply:
    finding.check_url(call, request.kind, request.url)
    directories.lock(call.connection, call.directory_id)
    owner_id = finding.owner(call, request.owner_id)
    if storage.count(call.connection, call.directory_id, owner_id) >= MOST_OF_OWNER:
        raise EndpointsExceeded
    key = new_key() if request.kind is Channel.WEBHOOK else ""
    endpoint = Endpoint(
        endpoint_id=call.new_id("e-"),
        name=request.name,
        channel=request.kind,
        owner_id=owner_id,
        message_types=request.message_types,
        confirmed_at=None,
        created_at=call.now,
    )
    known, _ = proving.send(call, Known(endpoint, Secrets(waiting=request.url, key=key)))
    storage.add(call.connection, call.vault, call.directory_id, known)
    finding.record(call, "CreateEndpoint", endpoint.endpoint_id, after=Recorded.of(known))
    return CreateEndpointReply(endpoint=shown(known), signing_key=key or UNSET)


class GetEndpoint(Request):
    """Show an endpoint. Without OwnerId the caller needs the right to the root folder; with it, to that owner alone,
    which the endpoint must belong to.
    """

    endpoint_id: EndpointId
    owner_id: OwnerId | UnsetType = UNSET


class GetEndpointReply(Reply, kw_only=True):
    endpoint: EndpointShown


@operation(access_level="get", scopes=("OwnerId",), errors=[EndpointNotFound])
def get_endpoint(call: Call, request: GetEndpoint) -> GetEndpointReply:
    return GetEndpointReply(
        endpoint=shown(finding.endpoint(call, request.endpoint_id, request.owner_id, is_changed=False))
    )


class ListEndpoints(Request):
    """List endpoints, oldest first: all of the directory, or those of one owner."""

    owner_id: OwnerId | UnsetType = UNSET
    next_token: NextToken | UnsetType = UNSET
    max_results: MaxResults = DEFAULT_RESULTS


class ListEndpointsReply(Reply, kw_only=True):
    endpoints: list[EndpointShown]
    max_results: Annotated[int, Meta(description="The most endpoints on a page.", examples=[50])]
    next_token: NextTokenShown | UnsetType = UNSET


@operation(access_level="list", scopes=("OwnerId",), errors=[ContactNotFound, MemberNotFound])
def list_endpoints(call: Call, request: ListEndpoints) -> ListEndpointsReply:
    owner_id = None if request.owner_id is UNSET else finding.owner(call, request.owner_id)
    most = request.max_results
    found = storage.page(
        call.connection,
        call.vault,
        call.directory_id,
        owner_id,
        after=FIRST if request.next_token is UNSET else request.next_token,
        limit=most + 1,
    )
    last = found[most - 1].endpoint if len(found) > most else None
    return ListEndpointsReply(
        endpoints=[shown(each) for each in found[:most]],
        max_results=most,
        next_token=UNSET if last is None else write_token(Place(last.created_at, last.endpoint_id)),
    )


class UpdateEndpoint(Request):
    """Change an endpoint. A new Url is sent a code, and takes effect once ConfirmEndpoint was called with that: until
    then messages go to the one before. The Url in effect, given again, drops one that waits. OwnerId is as in
    GetEndpoint; it cannot be changed.
    """

    endpoint_id: EndpointId
    owner_id: OwnerId | UnsetType = UNSET
    name: EndpointName | UnsetType = UNSET
    message_types: MessageTypes | UnsetType = UNSET
    url: Url | UnsetType = UNSET


class UpdateEndpointReply(Reply, kw_only=True):
    endpoint: EndpointShown


@operation(
    access_level="update",
    scopes=("OwnerId",),
    errors=[EndpointNotFound, UrlInvalid, ChatsNotServed, SendLimitExceeded],
)
def update_endpoint(call: Call, request: UpdateEndpoint) -> UpdateEndpointReply:
    before = finding.endpoint(call, request.endpoint_id, request.owner_id)
    endpoint = before.endpoint
    if request.name is not UNSET:
        endpoint = replace(endpoint, name=request.name)
    if request.message_types is not UNSET:
        endpoint = replace(endpoint, message_types=request.message_types)
    known = replace(before, endpoint=endpoint)
    if request.url is not UNSET:
        known = _moved(call, known, request.url)
    if known != before:
        storage.save(call.connection, call.vault, call.directory_id, known)
        recorded = {"before": Recorded.of(before), "after": Recorded.of(known)}
        finding.record(call, "UpdateEndpoint", endpoint.endpoint_id, **recorded)
    return UpdateEndpointReply(endpoint=shown(known))


def _moved(call: Call, known: Known, url: str) -> Known:
    finding.check_url(call, known.endpoint.channel, url)
    moved = known.moved(url)
    if moved is known:
        return known
    proving.withdraw(call, known)
    return proving.send(call, moved)[0] if moved.waits else moved


class DeleteEndpoint(Request):
    """Delete an endpoint. Messages that are on their way to it fail. OwnerId is as in GetEndpoint."""

    endpoint_id: EndpointId
    owner_id: OwnerId | UnsetType = UNSET


class DeleteEndpointReply(Reply):
    pass


@operation(access_level="delete", scopes=("OwnerId",), errors=[EndpointNotFound])
def delete_endpoint(call: Call, request: DeleteEndpoint) -> DeleteEndpointReply:
    known = finding.endpoint(call, request.endpoint_id, request.owner_id)
    proving.withdraw(call, known)
    storage.delete_(call.connection, call.directory_id, request.endpoint_id)
    finding.record(call, "DeleteEndpoint", request.endpoint_id, before=Recorded.of(known))
    return DeleteEndpointReply()
