"""Both signature schemes against the vectors of the official client and of the documentation."""

import hashlib

import pytest

from callboard.api import credentials, errors, signature, wire
from tests.signing import canonical
from tests.unit.requests import parsed, request
from tests.unit.vectors import VECTORS, Vector

NAMED = {"argvalues": VECTORS, "ids": [vector.name for vector in VECTORS]}
V3_HEADERS = {
    "host": "a",
    "x_acs_action": "GetMessageContact",
    "x_acs_version": "2022-04-19",
    "x_acs_date": "2026-01-02T03:04:05Z",
    "x_acs_signature_nonce": "n",
    "x_acs_content_sha256": signature.EMPTY_SHA256,
}
SIGNED = ";".join(sorted(name.replace("_", "-") for name in V3_HEADERS))
V1_QUERY = {
    "AccessKeyId": "testid",
    "SignatureMethod": "HMAC-SHA1",
    "SignatureVersion": "1.0",
    "SignatureNonce": "n",
    "Timestamp": "2026-01-02T03:04:05Z",
    "Signature": "s",
}


def claim_of(each: wire.HttpRequest) -> credentials.Claim:
    return credentials.read(each, wire.read(each))


def authorization(**parts: str) -> str:
    given = {"algorithm": "ACS3-HMAC-SHA256", "key": "testid", "signed": SIGNED, "signature": "f", **parts}
    return (
        f"{given['algorithm']} Credential={given['key']},SignedHeaders={given['signed']},Signature={given['signature']}"
    )


@pytest.mark.parametrize("vector", **NAMED)
def test_the_string_to_sign_is_the_official_clients(vector: Vector) -> None:
    claim = claim_of(parsed(vector.request))

    assert claim.string_to_sign == vector.string_to_sign


@pytest.mark.parametrize("vector", **NAMED)
def test_the_signature_is_the_official_clients(vector: Vector) -> None:
    claim = claim_of(parsed(vector.request))

    assert claim.given == claim.signed_by(vector.secret) == vector.signature
    claim.check_signature(vector.secret)


@pytest.mark.parametrize("vector", **NAMED)
def test_another_secret_is_refused_with_the_string_to_sign_after_a_colon(vector: Vector) -> None:
    claim = claim_of(parsed(vector.request))

    with pytest.raises(errors.SignatureDoesNotMatch) as refusal:
        claim.check_signature("another secret")

    assert refusal.value.message.endswith(f"server string to sign is:{vector.string_to_sign}")


@pytest.mark.parametrize("vector", **NAMED)
def test_the_encoding_in_transit_does_not_matter(vector: Vector) -> None:
    """The async Python client leaves @ bare and others send lower-case escapes; all sign the same text."""
    each = parsed(vector.request)
    escapes = {b"%40": b"@", b"%2A": b"*", b"%E5": b"%e5", b"%3A": b":", b"+": b"%20"}
    query = each.query
    for escape, other in escapes.items():
        query = query.replace(escape, other)

    claim = claim_of(wire.HttpRequest(each.method, each.path, query, each.headers, each.body))

    assert claim.string_to_sign == vector.string_to_sign


@pytest.mark.parametrize("vector", [each for each in VECTORS if each.name.startswith(("4.2", "4.10"))])
def test_the_claim_names_key_time_nonce_and_token(vector: Vector) -> None:
    claim = claim_of(parsed(vector.request))

    assert claim.key_id == "STS.testid"
    assert claim.signed_at == 1767323045000
    assert claim.nonce == "0123456789abcdef0123456789abcdef"
    assert claim.security_token == "tok+/=en"


def test_the_body_that_arrived_is_hashed_whatever_the_header_says() -> None:
    vector = next(each for each in VECTORS if each.name.startswith("4.3"))
    each = parsed(vector.request)
    altered = wire.HttpRequest(each.method, each.path, each.query, each.headers, each.body + b"&Title=CEO")

    claim = claim_of(altered)

    with pytest.raises(errors.SignatureDoesNotMatch):
        claim.check_signature(vector.secret)


@pytest.mark.parametrize(("algorithm", "digest"), [("ACS3-HMAC-SHA256", "sha256"), ("ACS3-HMAC-SM3", "sm3")])
@pytest.mark.parametrize("body", [b"", b"a=b", bytes(range(256))])
def test_a_body_is_hashed_by_the_algorithm_of_the_scheme(algorithm: str, digest: str, body: bytes) -> None:
    found = signature.digest(algorithm, body)

    assert found == hashlib.new(digest, body).hexdigest()


@pytest.mark.parametrize(
    "header",
    [
        "ACS3-HMAC-SHA256",
        "ACS3-HMAC-SHA256 Credential=a",
        "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host",
        "ACS3-HMAC-SHA256 Credential=a,Signature=b,SignedHeaders=host",
        "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=b,More=c",
        "ACS3-HMAC-SHA256,Credential=a,SignedHeaders=host,Signature=b",
        "ACS3-HMAC-SHA256 Credential=a b,SignedHeaders=host,Signature=b",
    ],
)
def test_an_authorization_of_another_form_is_incomplete(header: str) -> None:
    with pytest.raises(errors.SignatureIncomplete):
        claim_of(request(authorization=header, **V3_HEADERS))


def test_blanks_between_the_parts_of_an_authorization_are_allowed() -> None:
    found = signature.authorization("ACS3-HMAC-SHA256  Credential=a , SignedHeaders=Host;X-Acs-Date , Signature=f ")

    assert found == signature.Authorization("ACS3-HMAC-SHA256", "a", ("host", "x-acs-date"), "f")


@pytest.mark.parametrize("header", sorted(signature.V3_MANDATORY))
def test_a_mandatory_header_must_be_signed(header: str) -> None:
    signed = ";".join(name for name in SIGNED.split(";") if name != header)

    with pytest.raises(errors.SignatureIncomplete):
        claim_of(request(authorization=authorization(signed=signed), **V3_HEADERS))


def test_a_security_token_must_be_signed() -> None:
    with pytest.raises(errors.SignatureIncomplete):
        claim_of(request(authorization=authorization(), x_acs_security_token="t", **V3_HEADERS))


def test_a_signed_header_must_be_there() -> None:
    with pytest.raises(errors.SignatureIncomplete):
        claim_of(request(authorization=authorization(signed=f"{SIGNED};x-acs-more"), **V3_HEADERS))


@pytest.mark.parametrize("algorithm", ["ACS3-RSA-SHA256", "ACS3-HMAC-SHA1", "ACS3-hmac-sha256", "ACS3-X"])
def test_another_v3_algorithm_is_refused(algorithm: str) -> None:
    with pytest.raises(errors.SignatureMethodInvalid):
        claim_of(request(authorization=authorization(algorithm=algorithm), **V3_HEADERS))


@pytest.mark.parametrize(
    ("header", "refusal"),
    [("x_acs_date", errors.TimestampMissing), ("x_acs_signature_nonce", errors.NonceMissing)],
)
@pytest.mark.parametrize("value", [None, ""])
def test_v3_needs_date_and_nonce(header: str, refusal: type[errors.GatewayError], value: str | None) -> None:
    headers = {name: text for name, text in {**V3_HEADERS, header: value}.items() if text is not None}

    with pytest.raises(refusal):
        claim_of(request(authorization=authorization(), **headers))


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("AccessKeyId", errors.AccessKeyIdMissing),
        ("SignatureMethod", errors.SignatureMethodMissing),
        ("SignatureVersion", errors.SignatureVersionMissing),
        ("SignatureNonce", errors.NonceMissing),
        ("Timestamp", errors.TimestampMissing),
    ],
)
@pytest.mark.parametrize("is_sent", [True, False])
def test_v1_needs_its_common_parameters(name: str, refusal: type[errors.GatewayError], *, is_sent: bool) -> None:
    rest = {key: value for key, value in V1_QUERY.items() if key != name} | ({name: ""} if is_sent else {})

    with pytest.raises(refusal):
        claim_of(request(canonical(list(rest.items()))))


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("SignatureMethod", "HMAC-SHA256", errors.SignatureMethodInvalid),
        ("SignatureMethod", "hmac-sha1", errors.SignatureMethodInvalid),
        ("SignatureVersion", "2.0", errors.SignatureVersionInvalid),
        ("SignatureVersion", "1", errors.SignatureVersionInvalid),
    ],
)
def test_v1_knows_one_method_and_version(name: str, value: str, refusal: type[errors.GatewayError]) -> None:
    with pytest.raises(refusal):
        claim_of(request(canonical(list((V1_QUERY | {name: value}).items()))))


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02 03:04:05",
        "2026-01-02T03:04:05",
        "2026-01-02T03:04:05.000Z",
        "2026-01-02T03:04:05+00:00",
        "2026-13-02T03:04:05Z",
        "2026-02-30T03:04:05Z",
        "2026-01-02T24:00:01Z",
        "2026-01-02T03:04:60Z",
        "0000-01-02T03:04:05Z",
        "\uff12026-01-02T03:04:05Z",
        "2026-01-02T03:04:05Z\n",
        "1767323045",
    ],
)
def test_a_time_of_another_form_is_malformed(text: str) -> None:
    with pytest.raises(errors.TimestampMalformed):
        claim_of(request(canonical(list((V1_QUERY | {"Timestamp": text}).items()))))


@pytest.mark.parametrize("given", ["", "ü", "\udcff", "SIGNATURE", "signatur", "signature "])
def test_no_other_signature_matches(given: str) -> None:
    is_match = signature.matches("signature", given)

    assert not is_match


def test_the_bearer_of_a_token_is_refused_in_either_scheme() -> None:
    for each in (request(x_acs_bearer_token="t"), request("SignatureType=BEARERTOKEN&BearerToken=t")):
        with pytest.raises(errors.SignatureTypeInvalid):
            claim_of(each)


def test_two_keys_may_use_the_same_nonce() -> None:
    ours, theirs = (claim_of(request(canonical(list((V1_QUERY | {"AccessKeyId": key}).items())))) for key in "ab")

    assert ours.nonce == theirs.nonce
    assert ours.nonce_digest != theirs.nonce_digest


@pytest.mark.parametrize("away", [-credentials.WINDOW_MS, 0, credentials.WINDOW_MS])
def test_a_time_within_the_window_is_accepted(away: int) -> None:
    claim = claim_of(request(canonical(list(V1_QUERY.items()))))

    claim.check_time(claim.signed_at + away)


@pytest.mark.parametrize("away", [-credentials.WINDOW_MS - 1, credentials.WINDOW_MS + 1])
def test_a_time_beyond_the_window_is_expired_in_both_directions(away: int) -> None:
    claim = claim_of(request(canonical(list(V1_QUERY.items()))))

    with pytest.raises(errors.TimestampExpired):
        claim.check_time(claim.signed_at + away)
