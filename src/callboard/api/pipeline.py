"""One call from its first byte to its answer's last: read, identify, authorize, decode, handle, write."""

import hmac
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from msgspec import Struct

from callboard.access import rules as access_rules
from callboard.access import storage as access
from callboard.access.keyring import NOBODY, AccessKey
from callboard.api import authorization, credentials, errors, wire
from callboard.api.credentials import NONCE_LIFETIME_MS, Claim
from callboard.api.decode import decode
from callboard.api.model import ACTIONS, PRODUCTS, Action, Reply
from callboard.api.wire import Answer, Arrival, HttpRequest
from callboard.audit import storage as audit
from callboard.call import Call, Principal, new_request_id
from callboard.database.statement import Connection
from callboard.errors import ApiError, Conflict, Unavailable
from callboard.log import fault
from callboard.runtime import Runtime
from callboard.traces import Span

METHODS = ("POST", "GET")
RESOURCE_LENGTH = 500
SERVER_FAULT = 500


class Progress(Struct):
    """How far a request has come: what its refusal, the log and the audit trail can tell of it."""

    request_id: str
    source_address: str | None
    span: Span
    values: Mapping[str, Any] = {}
    is_xml: bool = False
    action: Action | None = None
    key_id_shown: str = ""
    key: AccessKey | None = None

    @property
    def noted(self) -> dict[str, object]:
        """For the log."""
        named = {"action": self.action.name, "key": self.key_id_shown} if self.action and self.key_id_shown else {}
        return {"request_id": self.request_id, "source": self.source_address, **named}


async def answer(runtime: Runtime, request: HttpRequest) -> Answer:
    """Answer one request. Whatever goes wrong, the client gets a code and nothing is half done."""
    span = runtime.traces.begin(request.headers.get("traceparent", ""), is_call=True)
    progress = Progress(new_request_id(), request.source_address, span)
    try:
        arrival = wire.read(request)
        progress.values, progress.is_xml = arrival.values, wire.wants_xml(arrival.values)
        action = progress.action = _action(request, arrival)
        claim = credentials.read(request, arrival)
        progress.key_id_shown = claim.key_id_shown
        key = progress.key = await _identify(runtime, claim)
        _throttle(runtime, key, action)
        async with runtime.callers.turn() if action.stands_in_line else nullcontext():
            reply = await _run(runtime, request, arrival, action, claim, key, progress)
    except Exception as error:
        return await _refuse(runtime, request, progress, error)
    reply.request_id = progress.request_id
    runtime.log.info("answered", status=200, **progress.noted)
    runtime.metrics.calls.labels(action.name, "").inc()
    span.end(action.name, {"callboard.request_id": progress.request_id})
    root = f"{action.name}Response"
    return wire.write(reply, root=root, request_id=progress.request_id, is_xml=progress.is_xml)


async def _refuse(runtime: Runtime, request: HttpRequest, progress: Progress, error: Exception) -> Answer:
    """The answer to what went wrong, in the log and, if somebody known tried to change something, the audit trail."""
    refusal = _refusal(runtime, progress, error)
    action = progress.action
    if action is not None and progress.key is not None and not action.is_read and refusal.is_audited:
        await _audit_refusal(runtime, progress, action, progress.key.principal, refusal)
    runtime.log.info("refused", status=refusal.status, code=refusal.code, **progress.noted)
    runtime.metrics.calls.labels(action.name if action else "", refusal.code).inc()
    about = {"callboard.request_id": progress.request_id, "callboard.code": refusal.code}
    progress.span.end(action.name if action else "call", about, is_failure=refusal.status >= SERVER_FAULT)
    host = request.headers.get("host", "")
    site = f"{request.scheme}://{host.rpartition('://')[2].rstrip('/')}"  # Some clients send a whole URL as Host.
    return wire.write_error(
        refusal,
        host=host,
        request_id=progress.request_id,
        recommend=f"{site}/reference/errors#{refusal.code}",
        is_xml=progress.is_xml,
    )


def _refusal(runtime: Runtime, progress: Progress, error: Exception) -> ApiError:
    """What the client is told of an error; whatever is not a refusal is logged besides."""
    if isinstance(error, ApiError):
        _check_declared(runtime, progress, error)
        return error
    if isinstance(error, Conflict):
        runtime.log.warning("conflict", reason=str(error), **progress.noted)
        return _conflict(progress.action)
    if isinstance(error, Unavailable):
        runtime.log.error("unavailable", reason=str(error), **progress.noted)
        return errors.ServiceUnavailable()
    runtime.log.error("failed", **progress.noted, **fault(error))
    return errors.InternalError()


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
    if claim.is_bearer and not runtime.takes_bearer_keys:
        raise errors.SignatureTypeInvalid
    key = await runtime.keyring.find(claim.key_id)
    if key is None:
        claim.signed_by(NOBODY)
        raise errors.AccessKeyNotFound
    if not key.is_active:
        raise errors.AccessKeyInactive
    _check_token(runtime, claim, key)
    claim.check_signature(key.secret)
    return key


def _throttle(runtime: Runtime, key: AccessKey, action: Action) -> None:
    retry_after_ms = runtime.throttle.admit(key.principal, action.name)
    if retry_after_ms:
        refusal = errors.Throttled()
        refusal.retry_after_ms = retry_after_ms
        raise refusal


def _check_token(runtime: Runtime, claim: Claim, key: AccessKey) -> None:
    """A temporary key comes with its own security token, a permanent one with none."""
    if key.token_digest is None:
        if claim.security_token:
            raise errors.SecurityTokenMismatch
        return
    if not claim.security_token:
        raise errors.SecurityTokenMissing
    given = runtime.vault.digest(claim.security_token, of="security token")
    if not hmac.compare_digest(given, key.token_digest):
        raise errors.SecurityTokenMismatch
    if key.expires_at is None or runtime.clock() >= key.expires_at:
        raise errors.SecurityTokenExpired


async def _run(
    runtime: Runtime,
    request: HttpRequest,
    arrival: Arrival,
    action: Action,
    claim: Claim,
    key: AccessKey,
    progress: Progress,
) -> Reply:
    """Use the nonce up, then authorize, decode and handle, in one transaction; a refusal keeps the nonce used."""
    now, principal = runtime.clock(), key.principal
    nonce_expires_at = runtime.wall_clock() + NONCE_LIFETIME_MS

    def use_nonce(connection: Connection) -> None:
        if claim.nonce and not access.use_nonce(connection, claim.nonce_digest, expires_at=nonce_expires_at):
            raise errors.NonceUsed

    counted: list[str] = []

    def handle(connection: Connection) -> Reply:
        counted.clear()  # What a try that was rolled back has counted did not happen.
        authorization.check(connection, action, arrival.values, request, key, now=now)
        directory_id = ""
        if action.needs_directory:
            directory_id = access_rules.check_account(directory_id=key.directory_id, is_management=key.is_management)
        typed = decode(action, arrival.values, runtime.profile)
        call = Call(
            connection,
            now,
            progress.request_id,
            principal,
            directory_id,
            runtime.profile,
            runtime.terms,
            runtime.vault,
            runtime.new_id,
            request.source_address,
            is_secure=request.scheme == "https",
            trace=progress.span.traceparent,
            count=counted.append,
        )
        return action.handle(call, typed)

    if key.token_digest is None:
        runtime.keyring.note_use(claim.key_id)
    reply = await runtime.database.transact(handle, first=use_nonce, reads=action.is_read)
    for event in counted:
        runtime.metrics.events[event].inc()
    if action.changes_access:
        runtime.keyring.forget()
    return reply


async def _audit_refusal(
    runtime: Runtime, progress: Progress, action: Action, caller: Principal, refusal: ApiError
) -> None:
    """Keep that somebody known tried to change something and was refused."""
    resource = action.resource_shown(caller.account_id, progress.values, user_name=caller.user_name or "")
    source = audit.Source(
        caller.account_id,
        runtime.clock(),
        progress.request_id,
        caller.arn,
        caller.access_key_id,
        progress.source_address,
    )
    try:
        await runtime.database.transact(
            lambda connection: audit.add(connection, source, action.name, _shown(resource), error=refusal.code)
        )
    except (Conflict, Unavailable) as error:  # The refusal goes out all the same.
        runtime.log.warning("refusal_not_audited", reason=str(error), **progress.noted)
    except Exception as error:
        runtime.log.error("refusal_not_audited", **progress.noted, **fault(error))


def _shown(resource: str) -> str:
    """A resource as the audit trail can hold it: parts of it are the sender's own text."""
    return "".join(each if each.isprintable() else "?" for each in resource[:RESOURCE_LENGTH])


def _check_declared(runtime: Runtime, progress: Progress, error: ApiError) -> None:
    """A refusal that the action does not declare goes out all the same; the fault is ours, and the log says so."""
    action = progress.action
    if action is None or isinstance(error, (errors.GatewayError, *action.everyones_errors)):
        return
    if type(error) not in action.errors:
        runtime.log.error("undeclared_refusal", code=error.code, **progress.noted)


def _conflict(action: Action | None) -> ApiError:
    """What the action answers when another transaction holds what it needs."""
    declared = [error for error in action.errors if error.is_conflict] if action else []
    return declared[0]() if declared else errors.ServiceUnavailable()
