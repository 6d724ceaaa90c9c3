"""One request for each refusal of the gateway, with the status, code and message of protocol.md, section 6.2."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from callboard import provision
from callboard.api import errors
from callboard.api.wire import BODY_BYTES
from callboard.clock import wall_clock as now
from tests.serving import Account
from tests.signing import Response, call_v1, call_v3, send, timestamp, v3_headers

ACTION = "ListMessageContacts"
QUERY = f"/?Action={ACTION}&Version=2022-04-19"


@dataclass(frozen=True)
class Provocation:
    """A refusal, and how to come by it."""

    refusal: type[errors.GatewayError]
    status: int
    code: str
    message: str
    provoke: Callable[[Account], Response]


def inactive(account: Account) -> Account:
    """Another key of the account, disabled before its first use."""
    key = account.server.key(account.account_id)
    account.server.run(lambda connection: provision.set_key_active(connection, key.key_id, is_active=False, now=now()))
    return key


def plain(account: Account, path: str, **headers: str) -> Response:
    """A request without signature."""
    return send(account.server.endpoint, "GET", path, headers)


def with_authorization(account: Account, value: str) -> Response:
    headers = v3_headers(
        endpoint=account.server.endpoint, action=ACTION, key_id=account.key_id, secret=account.secret, query=[]
    )
    return send(account.server.endpoint, "POST", "/", headers | {"Authorization": value})


def twice(account: Account) -> Response:
    nonce = uuid.uuid4().hex
    assert call_v3(account, ACTION, nonce=nonce).status == 200
    return call_v3(account, ACTION, nonce=nonce)


def mandatory(name: str) -> str:
    return f"{name} is mandatory for this action."


def invalid(name: str) -> str:
    return f"Specified parameter {name} is not valid."


PROVOCATIONS = (
    Provocation(
        errors.ActionNotFound,
        404,
        "InvalidAction.NotFound",
        "Specified api is not found, please check your url and method.",
        lambda account: call_v3(account, "NoSuchAction"),
    ),
    Provocation(
        errors.MethodNotSupported,
        403,
        "UnsupportedHTTPMethod",
        "This http method is not supported.",
        lambda account: call_v3(account, ACTION, method="PUT"),
    ),
    Provocation(
        errors.FormatInvalid,
        400,
        "InvalidParameter.Format",
        "Specified parameter format is not valid.",
        lambda account: call_v1(account, ACTION, Format="YAML"),
    ),
    Provocation(
        errors.ParameterInvalid,
        400,
        "InvalidParameter",
        invalid("PageSize"),
        lambda account: call_v3(account, ACTION, {"PageSize": "0"}),
    ),
    Provocation(
        errors.RequestTooLarge,
        413,
        "InvalidParameter",
        "The request is too large: at most 1048576 bytes are taken.",
        lambda account: call_v3(account, ACTION, body=b"a" * (BODY_BYTES + 1)),
    ),
    Provocation(
        errors.VersionInvalid,
        400,
        "InvalidVersion",
        invalid("Version"),
        lambda account: call_v3(account, ACTION, version="2020-03-30"),
    ),
    Provocation(errors.ActionMissing, 400, "MissingAction", mandatory("Action"), lambda account: plain(account, "/")),
    Provocation(
        errors.VersionMissing,
        400,
        "MissingVersion",
        mandatory("Version"),
        lambda account: plain(account, f"/?Action={ACTION}"),
    ),
    Provocation(
        errors.TimestampMissing,
        400,
        "MissingTimestamp",
        mandatory("Timestamp"),
        lambda account: call_v1(account, ACTION, Timestamp=None),
    ),
    Provocation(
        errors.NonceMissing,
        400,
        "MissingSignatureNonce",
        mandatory("SignatureNonce"),
        lambda account: call_v1(account, ACTION, SignatureNonce=None),
    ),
    Provocation(
        errors.AccessKeyIdMissing,
        400,
        "MissingAccessKeyId",
        mandatory("AccessKeyId"),
        lambda account: plain(account, f"/?Action={ACTION}&Version=2022-04-19"),
    ),
    Provocation(
        errors.SignatureMethodMissing,
        400,
        "MissingSignatureMethod",
        mandatory("SignatureMethod"),
        lambda account: call_v1(account, ACTION, SignatureMethod=None),
    ),
    Provocation(
        errors.SignatureVersionMissing,
        400,
        "MissingSignatureVersion",
        mandatory("SignatureVersion"),
        lambda account: call_v1(account, ACTION, SignatureVersion=None),
    ),
    Provocation(
        errors.SignatureMethodInvalid,
        400,
        "InvalidSignatureMethod",
        "Specified signature method is not valid.",
        lambda account: call_v1(account, ACTION, SignatureMethod="HMAC-MD5"),
    ),
    Provocation(
        errors.SignatureVersionInvalid,
        400,
        "InvalidSignatureVersion",
        invalid("SignatureVersion"),
        lambda account: call_v1(account, ACTION, SignatureVersion="2.0"),
    ),
    Provocation(
        errors.SignatureTypeInvalid,
        400,
        "InvalidSignatureType",
        invalid("SignatureType"),
        lambda account: plain(account, f"/?Action={ACTION}&Version=2022-04-19&SignatureType=BEARERTOKEN&BearerToken=t"),
    ),
    Provocation(
        errors.SignatureIncomplete,
        400,
        "IncompleteSignature",
        "The request signature does not conform to Aliyun standards.",
        lambda account: with_authorization(account, "ACS3-HMAC-SHA256 Credential=a"),
    ),
    Provocation(
        errors.NonceUsed,
        400,
        "SignatureNonceUsed",
        "Specified signature nonce was used already.",
        twice,
    ),
    Provocation(
        errors.TimestampMalformed,
        400,
        "InvalidTimeStamp.Format",
        "Specified time stamp or date value is not well formatted.",
        lambda account: call_v3(account, ACTION, date="yesterday"),
    ),
    Provocation(
        errors.TimestampExpired,
        400,
        "InvalidTimeStamp.Expired",
        "Specified time stamp or date value is expired.",
        lambda account: call_v3(account, ACTION, date=timestamp(ahead=timedelta(minutes=-16))),
    ),
    Provocation(
        errors.AccessKeyNotFound,
        404,
        "InvalidAccessKeyId.NotFound",
        "Specified access key is not found.",
        lambda account: call_v3(account, ACTION, key_id="LTAInobody"),
    ),
    Provocation(
        errors.AccessKeyInactive,
        400,
        "InvalidAccessKeyId.Inactive",
        "Specified access key is disabled.",
        lambda account: call_v3(inactive(account), ACTION),
    ),
    Provocation(
        errors.SecurityTokenMismatch,
        400,
        "InvalidSecurityToken.MismatchWithAccessKey",
        "Specified SecurityToken mismatch with the AccessKey.",
        lambda account: call_v3(account, ACTION, extra={"x-acs-security-token": "t"}),
    ),
)
PROVOCATIONS += (
    Provocation(
        errors.BearerInvalid,
        404,
        "InvalidAccessKeyId.NotFound",
        "Specified access key is not found.",
        lambda account: plain(account, QUERY, Authorization=f"Bearer {account.key_id}.wrong"),
    ),
    Provocation(
        errors.SslNeeded,
        400,
        "InvalidProtocol.NeedSsl",
        "Your request is denied as lack of ssl protect.",
        lambda account: plain(
            account, QUERY, Authorization=f"Bearer {account.key_id}.{account.secret}", Via="1.1 proxy"
        ),
    ),
)
ELSEWHERE = {
    errors.SignatureDoesNotMatch,
    errors.InternalError,
    errors.ServiceUnavailable,
    errors.SecurityTokenMissing,
    errors.SecurityTokenExpired,
    errors.Throttled,
}
"""Refusals with tests of their own: the message of the first is no constant, the others need a broken server, the
session of a role (tests/sts), or many calls (tests/access).
"""
