"""The endpoint and the owner that a call names, and the address that it gives: there and in order, or refused."""

from msgspec import UNSET, UnsetType

from callboard.audit import storage as audit
from callboard.call import Call
from callboard.contacts import storage as contacts
from callboard.contacts.errors import ContactNotFound, MemberNotFound
from callboard.delivery import chat, outside
from callboard.delivery.apprise_services import Services
from callboard.delivery.letter import Channel
from callboard.delivery.outside import Forbidden
from callboard.endpoints import storage
from callboard.endpoints.errors import ChatsNotServed, EndpointNotFound, UrlInvalid
from callboard.endpoints.rules import Known
from callboard.endpoints.shapes import ONE_ENDPOINT
from callboard.tree import directories, scopes


def endpoint(call: Call, endpoint_id: str, owner_id: str | UnsetType, *, is_changed: bool = True) -> Known:
    """The endpoint, which must be the owner's where one is named. Raises EndpointNotFound.

    The directory is locked for a change, so that nobody changes it meanwhile, nor publishes by what it was.
    """
    if is_changed:
        directories.lock(call.connection, call.directory_id)
    known = storage.find(call.connection, call.vault, call.directory_id, endpoint_id)
    if known is None:
        raise EndpointNotFound
    if owner_id is not UNSET and known.endpoint.owner_id not in (
        owner_id,
        scopes.canonical(call.connection, call.directory_id, owner_id),
    ):
        raise EndpointNotFound
    return known


def owner(call: Call, owner_id: str) -> str:
    """The contact, or the scope by its one name. Raises ContactNotFound or MemberNotFound."""
    if owner_id.startswith(scopes.CONTACT_PREFIX):
        if contacts.find(call.connection, call.directory_id, owner_id) is None:
            raise ContactNotFound
        return owner_id
    found = scopes.canonical(call.connection, call.directory_id, owner_id)
    if found is None:
        raise MemberNotFound
    return found


def check_url(call: Call, channel: Channel, url: str) -> None:
    """Raise UrlInvalid for an address that nothing would be sent to, ChatsNotServed where there are no chats."""
    try:
        if channel is Channel.WEBHOOK:
            outside.read(url, allows_private=call.terms.allows_private_endpoints)
            return
        if not chat.is_installed():
            raise ChatsNotServed
        chat.read(
            Services(),
            url,
            allowed=call.terms.chat_services,
            allows_private=call.terms.allows_private_endpoints,
        )
    except Forbidden as error:
        raise UrlInvalid(reason=str(error)) from error


def record(call: Call, action: str, endpoint_id: str, *, before: object = None, after: object = None) -> None:
    """Nothing is recorded where nothing is new."""
    if before != after:
        resource = ONE_ENDPOINT.format(AccountId=call.principal.account_id, EndpointId=endpoint_id)
        audit.add(call.connection, audit.Source.of(call), action, resource, before=before, after=after)
