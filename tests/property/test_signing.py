"""Whatever a client signs is accepted, and whatever was altered on the way is refused."""

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from callboard.api import credentials, errors, wire
from callboard.api.wire import HttpRequest
from tests.property.strategies import HEADER, PARAMETERS, TEXT, Pair, queries, request
from tests.signing import v1_parameters, v3_headers

SECRET = "testsecret"
NONCE, DATE = "0123456789abcdef", "2026-01-02T03:04:05Z"
METHODS = st.sampled_from(["POST", "GET"])
FORM = "application/x-www-form-urlencoded"


def check(each: HttpRequest, secret: str = SECRET) -> credentials.Claim:
    claim = credentials.read(each, wire.read(each))
    claim.check_signature(secret)
    return claim


def is_refused(each: HttpRequest) -> bool:
    try:
        check(each)
    except errors.GatewayError:
        return True
    return False


@st.composite
def v3_requests(draw: st.DrawFn) -> HttpRequest:
    """A request that a V3 client could send."""
    pairs: list[Pair] = list(draw(PARAMETERS).items())
    method, body = draw(METHODS), draw(st.binary(max_size=40))
    headers = v3_headers(
        endpoint="127.0.0.1:8422",
        action="GetMessageContact",
        key_id="testid",
        secret=SECRET,
        query=pairs,
        body=body,
        method=method,
        nonce=NONCE,
        date=DATE,
        content_type="application/octet-stream",
        extra={"user-agent": draw(HEADER).strip(), "x-acs-more": draw(HEADER).strip()},
    )
    return request(draw(queries(pairs)), method=method, headers=headers, body=body)


@st.composite
def v1_requests(draw: st.DrawFn) -> HttpRequest:
    """A request that a V1 client could send, some of its parameters in the query and the rest in the body."""
    method = draw(METHODS)
    signed = v1_parameters(
        action="GetMessageContact",
        key_id="testid",
        secret=SECRET,
        parameters=draw(PARAMETERS),
        method=method,
        SignatureNonce=NONCE,
        Timestamp=DATE,
    )
    pairs = list(signed.items())
    in_query = draw(st.integers(0, len(pairs)))
    form = draw(queries(pairs[in_query:]))
    return request(draw(queries(pairs[:in_query])), method=method, headers={"content-type": FORM}, body=form.encode())


@given(v3_requests())
def test_what_a_v3_client_signs_is_accepted(each: HttpRequest) -> None:
    assert check(each).key_id == "testid"


@given(v1_requests())
def test_what_a_v1_client_signs_is_accepted(each: HttpRequest) -> None:
    assert check(each).key_id == "testid"


@given(v3_requests() | v1_requests(), TEXT.filter(lambda text: text != SECRET))
def test_another_secret_is_refused(each: HttpRequest, secret: str) -> None:
    with pytest.raises(errors.SignatureDoesNotMatch):
        check(each, secret)


@given(v3_requests(), st.data())
def test_an_altered_signed_header_is_refused(each: HttpRequest, data: st.DataObject) -> None:
    signed = credentials.signature.authorization(each.headers["authorization"])
    assert signed is not None
    name = data.draw(st.sampled_from(signed.signed_headers))
    value = data.draw(altered(each.headers[name]))

    assert is_refused(replace(each, headers=each.headers | {name: value}))


@given(v3_requests(), st.data())
def test_an_altered_signature_is_refused(each: HttpRequest, data: st.DataObject) -> None:
    header = each.headers["authorization"]
    start = header.index("Signature=") + len("Signature=")
    value = header[:start] + data.draw(altered(header[start:]))

    assert is_refused(replace(each, headers=each.headers | {"authorization": value}))


@given(v3_requests(), st.data())
def test_an_altered_body_is_refused(each: HttpRequest, data: st.DataObject) -> None:
    body = data.draw(st.binary(max_size=40).filter(lambda other: other != each.body))

    assert is_refused(replace(each, body=body))


@given(v3_requests() | v1_requests())
def test_another_method_is_refused(each: HttpRequest) -> None:
    other = "GET" if each.method == "POST" else "POST"

    with pytest.raises(errors.SignatureDoesNotMatch):
        check(replace(each, method=other))


@given(v3_requests() | v1_requests(), st.data())
def test_an_altered_byte_of_the_query_is_refused_unless_it_means_the_same(
    each: HttpRequest, data: st.DataObject
) -> None:
    if not each.query:
        return
    at = data.draw(st.integers(0, len(each.query) - 1))
    byte = data.draw(st.integers(0, 255))
    query = each.query[:at] + bytes([byte]) + each.query[at + 1 :]
    other = replace(each, query=query)

    assert is_refused(other) or wire.read(other).values == wire.read(each).values


@given(v1_requests(), st.data())
def test_an_altered_byte_of_a_form_is_refused_unless_it_means_the_same(each: HttpRequest, data: st.DataObject) -> None:
    if not each.body:
        return
    at = data.draw(st.integers(0, len(each.body) - 1))
    byte = data.draw(st.integers(0, 255))
    other = replace(each, body=each.body[:at] + bytes([byte]) + each.body[at + 1 :])

    assert is_refused(other) or wire.read(other).values == wire.read(each).values


@given(v3_requests() | v1_requests(), st.sampled_from(["Title", "ContactId", "x"]), TEXT)
def test_an_added_parameter_is_refused(each: HttpRequest, name: str, value: str) -> None:
    more = urlencode({name: value}).encode()

    assert is_refused(replace(each, query=each.query + b"&" + more if each.query else more))


def altered(text: str) -> Any:
    """Strategies of texts that differ from this one in a character: changed, put in or left out."""
    chars = st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=",")

    def change(at: int, char: str, way: int) -> str:
        rest = text[at + 1 :] if way else text[at:]
        return text[:at] + ("" if way == 2 else char) + rest

    built = st.builds(change, st.integers(0, max(len(text) - 1, 0)), chars, st.integers(0, 2))
    return built.filter(lambda other: other.strip() != text.strip())
