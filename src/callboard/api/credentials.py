"""What a request claims about its sender: key, time, nonce and signature, by either scheme.

Facts: protocol.md, sections 1.3 to 2. Whether the claim is true is for the pipeline to find out.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from msgspec import Struct

from callboard.api import errors, signature
from callboard.api.wire import Arrival, HttpRequest

WINDOW_MS = 15 * 60 * 1000
NONCE_LIFETIME_MS = 2 * WINDOW_MS
"""A nonce is kept for twice the window, as the sender's clock may run ahead."""

_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


class Claim(Struct, frozen=True):
    """One request's credentials. `signed_by` makes the signature that a secret would have made."""

    key_id: str
    signed_at: int
    nonce: str
    """Empty for a bearer key, which signs nothing."""
    security_token: str
    given: str
    string_to_sign: str
    signed_by: Callable[[str], str]
    is_body_intact: bool = True
    is_bearer: bool = False

    @property
    def key_id_shown(self) -> str:
        """The key's id as far as a log can hold it: it is the sender's own text."""
        return self.key_id[:128] if self.key_id.isascii() and self.key_id.isprintable() else "(unreadable)"

    @property
    def nonce_digest(self) -> bytes:
        """Under which the nonce is remembered: unique for the key, and of one length."""
        parts = f"{len(self.key_id)}:{self.key_id}{self.nonce}".encode("utf-8", "surrogateescape")
        return hashlib.blake2b(parts, digest_size=16).digest()

    def check_time(self, now: int) -> None:
        if not self.is_bearer and abs(now - self.signed_at) > WINDOW_MS:
            raise errors.TimestampExpired

    def check_signature(self, secret: str) -> None:
        is_match = signature.matches(self.signed_by(secret), self.given)
        if self.is_bearer and not is_match:
            raise errors.BearerInvalid
        if not is_match or not self.is_body_intact:
            raise errors.SignatureDoesNotMatch(string_to_sign=self.string_to_sign)


def read(request: HttpRequest, arrival: Arrival) -> Claim:
    """The claim of a request. Raises the gateway's refusal of what is missing or malformed."""
    header = request.headers.get("authorization", "")
    if header.startswith("ACS3-"):
        return _read_v3(request, arrival, header)
    if "Signature" in arrival.values:
        return _read_v1(request, arrival)
    if header[:7].lower() == "bearer ":
        return _read_bearer(request, header[7:].strip())
    if "x-acs-bearer-token" in request.headers or arrival.values.get("SignatureType") == "BEARERTOKEN":
        raise errors.SignatureTypeInvalid
    raise errors.AccessKeyIdMissing


def _read_v3(request: HttpRequest, arrival: Arrival, header: str) -> Claim:
    parts = signature.authorization(header)
    if parts is None:
        raise errors.SignatureIncomplete
    if parts.algorithm not in signature.V3_DIGESTS:
        raise errors.SignatureMethodInvalid
    headers = request.headers
    signed_at = _moment(_required(headers.get("x-acs-date"), errors.TimestampMissing))
    nonce = _required(headers.get("x-acs-signature-nonce"), errors.NonceMissing)
    token = headers.get("x-acs-security-token", "")
    signed = set(parts.signed_headers)
    if not signed >= signature.V3_MANDATORY or not signed <= headers.keys():
        raise errors.SignatureIncomplete
    if token and "x-acs-security-token" not in signed:
        raise errors.SignatureIncomplete
    digest = signature.digest(parts.algorithm, request.body)
    string_to_sign = signature.v3_string_to_sign(
        parts.algorithm,
        request.method,
        signature.canonical_query(arrival.query_encoded, arrival.query_decoded),
        headers,
        parts.signed_headers,
        digest,
    )
    return Claim(
        key_id=parts.key_id,
        signed_at=signed_at,
        nonce=nonce,
        security_token=token,
        given=parts.signature,
        string_to_sign=string_to_sign,
        signed_by=lambda secret: signature.v3_signature(parts.algorithm, string_to_sign, secret),
        is_body_intact=headers["x-acs-content-sha256"] == digest,
    )


def _read_bearer(request: HttpRequest, text: str) -> Claim:
    """`<id>.<secret>`, for scripts: good only where nobody else reads what is sent. An id may hold dots."""
    if not request.is_private:
        raise errors.SslNeeded
    key_id, dot, secret = text.rpartition(".")
    if not dot:
        raise errors.SignatureIncomplete
    return Claim(key_id, 0, "", "", secret, "", lambda known: known, is_bearer=True)


def _read_v1(request: HttpRequest, arrival: Arrival) -> Claim:
    if len(arrival.values) != len(arrival.query_decoded) + len(arrival.form_decoded):
        raise errors.ParameterInvalid(parameter="body")  # V1 signs no JSON: anybody could have written it.
    values = arrival.values
    key_id = _required(values.get("AccessKeyId"), errors.AccessKeyIdMissing)
    if _required(values.get("SignatureMethod"), errors.SignatureMethodMissing) != signature.V1_METHOD:
        raise errors.SignatureMethodInvalid
    if _required(values.get("SignatureVersion"), errors.SignatureVersionMissing) != "1.0":
        raise errors.SignatureVersionInvalid
    nonce = _required(values.get("SignatureNonce"), errors.NonceMissing)
    signed_at = _moment(_required(values.get("Timestamp"), errors.TimestampMissing))
    encoded = [pair for pair in (*arrival.query_encoded, *arrival.form_encoded) if pair[0] != "Signature"]
    decoded = [pair for pair in (*arrival.query_decoded, *arrival.form_decoded) if pair[0] != "Signature"]
    string_to_sign = signature.v1_string_to_sign(request.method, signature.canonical_query(encoded, decoded))
    return Claim(
        key_id=key_id,
        signed_at=signed_at,
        nonce=nonce,
        security_token=values.get("SecurityToken", ""),
        given=values["Signature"],
        string_to_sign=string_to_sign,
        signed_by=lambda secret: signature.v1_signature(string_to_sign, secret),
    )


def _required(value: str | None, missing: type[errors.GatewayError]) -> str:
    if not value:
        raise missing
    return value


@lru_cache(maxsize=64)
def _moment(text: str) -> int:
    """Milliseconds since 1970 of yyyy-MM-ddTHH:mm:ssZ. The calls of one second share their text."""
    if _TIMESTAMP.fullmatch(text) is None:
        raise errors.TimestampMalformed
    try:
        return int(datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC).timestamp()) * 1000
    except ValueError as error:
        raise errors.TimestampMalformed from error
