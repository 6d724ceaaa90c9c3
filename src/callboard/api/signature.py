"""The two signature schemes, V1 (HMAC-SHA1) and V3 (ACS3-HMAC-*): pure functions over the request as it arrived.

Facts: protocol.md, section 3. Nothing here knows keys, time or the database.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from msgspec import Struct

V1_METHOD = "HMAC-SHA1"
V3_DIGESTS = {"ACS3-HMAC-SHA256": "sha256", "ACS3-HMAC-SM3": "sm3"}
V3_MANDATORY = frozenset(
    {"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"}
)
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()

# Text that reads the same after decoding and encoding again: unreserved characters, and upper-case escapes of
# everything else; names without escapes, so that they sort alike. Most clients send this, and the check costs a
# third of doing the work.
_ESCAPE = "%(?:[0189A-F][0-9A-F]|2[0-9A-CF]|3[A-F]|40|5[B-E]|60|7[B-DF])"
_PAIR = rf"[A-Za-z0-9\-_.~]+=(?:[A-Za-z0-9\-_.~]|{_ESCAPE})*"
_CANONICAL = re.compile(rf"(?:{_PAIR}(?:&{_PAIR})*)?", re.ASCII)
_AUTHORIZATION = re.compile(
    r"(?P<algorithm>ACS3-[A-Za-z0-9-]+)\s+Credential=(?P<key>[^,\s]*)\s*,\s*"
    r"SignedHeaders=(?P<headers>[^,\s]*)\s*,\s*Signature=(?P<signature>[^,\s]*)\s*",
    re.ASCII,
)

Pair = tuple[str, str]


class Authorization(Struct, frozen=True):
    """The Authorization header of V3, taken apart."""

    algorithm: str
    key_id: str
    signed_headers: tuple[str, ...]
    signature: str


def authorization(header: str) -> Authorization | None:
    """The parts of a V3 Authorization header, or None when it has not the documented form."""
    match = _AUTHORIZATION.fullmatch(header)
    if match is None:
        return None
    signed = tuple(match["headers"].lower().split(";"))
    return Authorization(match["algorithm"], match["key"], signed, match["signature"])


def encode(text: str) -> str:
    """Percent-encode by RFC 3986 over UTF-8: the blank is %20, the tilde stays."""
    return quote(text, safe="-_.~")


def canonical_query(encoded_pairs: Sequence[Pair], decoded_pairs: Sequence[Pair]) -> str:
    """Sorted and encoded pairs: as they arrived where that is the canonical form, else encoded anew."""
    sorted_as_sent = "&".join([f"{name}={value}" for name, value in sorted(encoded_pairs)])
    if _CANONICAL.fullmatch(sorted_as_sent) is not None:
        return sorted_as_sent
    return "&".join([f"{encode(name)}={encode(value)}" for name, value in sorted(decoded_pairs)])


def v1_string_to_sign(method: str, canonical: str) -> str:
    """What V1 signs: `canonical` holds query and form together, without Signature."""
    return f"{method}&%2F&{encode(canonical)}"


def v1_signature(string_to_sign: str, secret: str) -> str:
    """Base64 of the HMAC-SHA1 whose key is the secret and an ampersand."""
    mac = hmac.digest(f"{secret}&".encode(), string_to_sign.encode(), "sha1")
    return base64.b64encode(mac).decode()


def v3_string_to_sign(
    algorithm: str, method: str, canonical: str, headers: Mapping[str, str], signed: Sequence[str], body_digest: str
) -> str:
    """What V3 signs: `canonical` holds the query string alone; the digest is that of the body that arrived."""
    lines = "".join([f"{name}:{headers.get(name, '')}\n" for name in signed])
    request = f"{method}\n/\n{canonical}\n{lines}\n{';'.join(signed)}\n{body_digest}"
    return f"{algorithm}\n{digest(algorithm, request.encode('utf-8', 'surrogateescape'))}"


def v3_signature(algorithm: str, string_to_sign: str, secret: str) -> str:
    """Lower-case hex of the HMAC whose key is the bare secret."""
    return hmac.digest(secret.encode(), string_to_sign.encode(), V3_DIGESTS[algorithm]).hex()


def digest(algorithm: str, text: bytes) -> str:
    """Lower-case hex of a hash by the algorithm of the scheme."""
    if algorithm == "ACS3-HMAC-SHA256":  # Nearly always, and its own constructor is faster than `new`.
        return hashlib.sha256(text).hexdigest() if text else EMPTY_SHA256
    return hashlib.new(V3_DIGESTS[algorithm], text).hexdigest()


def matches(expected: str, given: str) -> bool:
    """Compare in constant time; a signature that is not ASCII never matches."""
    return given.isascii() and hmac.compare_digest(expected, given)
