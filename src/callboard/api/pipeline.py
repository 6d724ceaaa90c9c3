"""One call from its first byte to its answer's last: read, identify, authorize, decode, handle, write."""

from collections.abc import Mapping
from contextlib import nullcontext

from callboard.access import rules as access_rules
from callboard.access import storage as access
from callboard.access.keyring import NOBODY, AccessKey
from callboard.api import credentials, errors, wire
from callboard.api.credentials import NONCE_LIFETIME_MS, Claim
from callboard.api.decode import decode
from callboard.api.model import ACTIONS, EVERY_ACTION, PRODUCTS, Action, Reply
from callboard.api.wire import Answer, Arrival, HttpRequest
from callboard.call import Call, new_request_id
from callboard.database.statement import Connection
from callboard.errors import ApiError, Conflict, Unavailable
from callboard.log import fault
from callboard.runtime import Runtime

METHODS = ("POST", "GET")


async def answer(runtime: Runtime, request: HttpRequest) -> Answer:
    """Answer one request. Whatever goes wrong, the client gets a code and nothing is half done."""
    request_id = new_request_id()
    is_xml, action = False, None
    noted: dict[str, object] = {"request_id": request_id, "source": request.source_address}
    try:
        arrival = wire.read(request)
        is_xml = wire.wants_xml(arrival.values)
        action = _action(request, arrival)
        claim = credentials.read(request, arrival)
        noted |= {"action": action.name, "key": claim.key_id_shown}
        key = await _identify(runtime, claim)
        async with runtime.callers.turn() if action.stands_in_line else nullcontext():
            reply = await _run(runtime, request, arrival, action, claim, key, request_id)
        reply.request_id = request_id
        runtime.log.info("answered", status=200, **noted)
        runtime.metrics.calls.labels(action.name, "").inc()
        return wire.write(reply, root=f"{action.name}Response", request_id=request_id, is_xml=is_xml)
    except ApiError as error:
        refusal = error
        _check_declared(runtime, action, error, noted)
    except Conflict as error:
        runtime.log.warning("conflict", reason=str(error), **noted)
        refusal = _conflict(action)
    except Unavailable as error:
        runtime.log.error("unavailable", reason=str(error), **noted)
        refusal = errors.ServiceUnavailable()
    except Exception as error:
        runtime.log.error("failed", **noted, **fault(error))
        refusal = errors.InternalError()
    runtime.log.info("refused", status=refusal.status, code=refusal.code, **noted)
    runtime.metrics.calls.labels(action.name if action else "", refusal.code).inc()
    host = request.headers.get("host", "")
    site = f"{request.scheme}://{host.rpartition('://')[2].rstrip('/')}"  # Some clients send a whole URL as Host.
    recommend = f"{site}/reference/errors#{refusal.code}"
    return wire.write_error(refusal, host=host, request_id=request_id, recommend=recommend, is_xml=is_xml)


def _action(request: HttpRequest, arrival: Arrival) -> Action:
    """The record of the action that is asked for: V3 names it in headers, V1 in parameters, others in either."""
    if request.method not in METHODS:
        raise errors.MethodNotSupported
    if request.path != "/":
        raise errors.ActionNotFound
    headers, values = request.headers, arrival.values
    if headers.get("authorization", "").startswith("ACS3-"):
        values = {}  # Only the headers are the sender's word for it: they are signed as such.
    elif "Signature" in values:
        headers = {}  # V1 signs no header.
    name = headers.get("x-acs-action") or values.get("Action")
    version = headers.get("x-acs-version") or values.get("Version")
    if not name or not isinstance(name, str):
        raise errors.ActionMissing
    if not version or not isinstance(version, str):
        raise errors.VersionMissing
    if version not in PRODUCTS:
        raise errors.VersionInvalid
    action = ACTIONS.get((version, name))
    if action is None:
        raise errors.ActionNotFound
    return action


async def _identify(runtime: Runtime, claim: Claim) -> AccessKey:
    """The key that signed the request. Its signature is computed whoever asks, so that time tells nothing."""
    claim.check_time(runtime.wall_clock())
    key = await runtime.keyring.find(claim.key_id)
    if key is None:
        claim.signed_by(NOBODY)
        raise errors.AccessKeyNotFound
    if not key.is_active:
        raise errors.AccessKeyInactive
    if claim.security_token:
        raise errors.SecurityTokenMismatch
    claim.check_signature(key.secret)
    return key


async def _run(
    runtime: Runtime,
    request: HttpRequest,
    arrival: Arrival,
    action: Action,
    claim: Claim,
    key: AccessKey,
    request_id: str,
) -> Reply:
    """Use the nonce up, then authorize, decode and handle, in one transaction; a refusal keeps the nonce used."""
    now, principal = runtime.clock(), key.principal
    nonce_expires_at = runtime.wall_clock() + NONCE_LIFETIME_MS

    def use_nonce(connection: Connection) -> None:
        if not access.use_nonce(connection, claim.nonce_digest, expires_at=nonce_expires_at):
            raise errors.NonceUsed

    def handle(connection: Connection) -> Reply:
        resource = action.resource_of(principal.account_id, arrival.values)
        access_rules.check_permission(is_root=principal.is_root, permission=action.permission, resource=resource)
        directory_id = access_rules.check_account(directory_id=key.directory_id, is_management=key.is_management)
        typed = decode(action, arrival.values, runtime.profile)
        call = Call(
            connection,
            now,
            request_id,
            principal,
            directory_id,
            runtime.profile,
            runtime.terms,
            runtime.vault,
            runtime.new_id,
            request.source_address,
        )
        return action.handle(call, typed)

    return await runtime.database.transact(handle, first=use_nonce, reads=action.is_read)


def _check_declared(runtime: Runtime, action: Action | None, error: ApiError, noted: Mapping[str, object]) -> None:
    """A refusal that the action does not declare goes out all the same; the fault is ours, and the log says so."""
    is_known = isinstance(error, (errors.GatewayError, *EVERY_ACTION))
    if not is_known and action is not None and type(error) not in action.errors:
        runtime.log.error("undeclared_refusal", code=error.code, **noted)


def _conflict(action: Action | None) -> ApiError:
    """What the action answers when another transaction holds what it needs."""
    declared = [error for error in action.errors if error.is_conflict] if action else []
    return declared[0]() if declared else errors.ServiceUnavailable()
