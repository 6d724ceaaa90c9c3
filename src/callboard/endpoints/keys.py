"""The actions that prove an endpoint, and that give it another signing key."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from callboard.api.model import Reply, Request
from callboard.call import Call
from callboard.clock import write_moment
from callboard.contacts.errors import SendLimitExceeded
from callboard.delivery.signatures import new_key
from callboard.endpoints import finding, proving, storage
from callboard.endpoints.errors import EndpointNotFound, NothingToProve, NotSigned
from callboard.endpoints.parameters import Code, EndpointId, OwnerId
from callboard.endpoints.shapes import Recorded, Sent, SigningKey, operation
from callboard.recipients.shapes import ShownMoment


class SendEndpointCode(Request):
    """Send a new code to the address of an endpoint that waits for its proof; the one before is void, and the tries are
    counted anew. OwnerId is as in GetEndpoint.
    """

    endpoint_id: EndpointId
    owner_id: OwnerId | UnsetType = UNSET


class SendEndpointCodeReply(Reply):
    pass


@operation(access_level="update", scopes=("OwnerId",), errors=[EndpointNotFound, NothingToProve, SendLimitExceeded])
def send_endpoint_code(call: Call, request: SendEndpointCode) -> SendEndpointCodeReply:
    known = finding.endpoint(call, request.endpoint_id, request.owner_id)
    if not known.waits:
        raise NothingToProve
    sent, letter_id = proving.send(call, known)
    storage.save(call.connection, call.vault, call.directory_id, sent)
    finding.record(call, "SendEndpointCode", request.endpoint_id, after=Sent(letter_id))
    return SendEndpointCodeReply()


class ConfirmEndpoint(Request):
    """Prove an endpoint by the code that was sent there: from now on messages go to that address. A wrong code is
    answered with Confirmed false and counts; after five no code is taken until SendEndpointCode was called. OwnerId is
    as in GetEndpoint.
    """

    endpoint_id: EndpointId
    code: Code
    owner_id: OwnerId | UnsetType = UNSET


class ConfirmEndpointReply(Reply, kw_only=True):
    """A wrong code is no refusal, as a refusal would take back that it was counted."""

    confirmed: Annotated[bool, Meta(description="Whether the code was the right one.", examples=[True])]
    tries_left: Annotated[int, Meta(description="How often the code may be tried yet, if it was not.", examples=[4])]


@operation(access_level="update", scopes=("OwnerId",), errors=[EndpointNotFound, NothingToProve])
def confirm_endpoint(call: Call, request: ConfirmEndpoint) -> ConfirmEndpointReply:
    known = finding.endpoint(call, request.endpoint_id, request.owner_id)
    code = known.code
    if code is None or not known.waits or not code.is_open(now=call.now):
        raise NothingToProve
    if not proving.is_code(call, known, code, request.code):
        counted = replace(code, tries=code.tries + 1)
        storage.save(call.connection, call.vault, call.directory_id, replace(known, code=counted))
        return ConfirmEndpointReply(confirmed=False, tries_left=counted.tries_left)
    proven = known.proven(at=call.now)
    storage.save(call.connection, call.vault, call.directory_id, proven)
    finding.record(call, "ConfirmEndpoint", request.endpoint_id, before=Recorded.of(known), after=Recorded.of(proven))
    return ConfirmEndpointReply(confirmed=True, tries_left=0)


class RotateEndpointKey(Request):
    """Give a webhook another signing key, which is shown this once. For 24 hours letters are signed with the one before
    as well, so that its owner can change over without a gap. OwnerId is as in GetEndpoint.
    """

    endpoint_id: EndpointId
    owner_id: OwnerId | UnsetType = UNSET


class RotateEndpointKeyReply(Reply, kw_only=True):
    signing_key: SigningKey
    former_key_expire_date: ShownMoment


@operation(access_level="update", scopes=("OwnerId",), errors=[EndpointNotFound, NotSigned])
def rotate_endpoint_key(call: Call, request: RotateEndpointKey) -> RotateEndpointKeyReply:
    known = finding.endpoint(call, request.endpoint_id, request.owner_id)
    if not known.secrets.key:
        raise NotSigned
    rotated = known.rotated(new_key(), at=call.now)
    storage.save(call.connection, call.vault, call.directory_id, rotated)
    secrets = rotated.secrets
    finding.record(
        call, "RotateEndpointKey", request.endpoint_id, after={"former_until": write_moment(secrets.former_until)}
    )
    return RotateEndpointKeyReply(signing_key=secrets.key, former_key_expire_date=write_moment(secrets.former_until))
