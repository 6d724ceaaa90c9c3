"""Bodies far too large, headers far too long, junk and half requests: the server stays up and answers soon."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.profiles import examples
from tests.signing import call_v3, v3_headers
from tests.wire.process import Process
from tests.wire.raw import Answer, exchange, head

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
SIZE = 10 * 1024 * 1024
PIECE = 64 * 1024
START = b"POST /?Action=ListMessageContacts HTTP/1.1\r\nHost: h\r\n"


def pieces(text: bytes, *, is_chunked: bool) -> Iterator[bytes]:
    """A body of SIZE bytes that repeats the text."""
    piece = (text * (PIECE // len(text) + 1))[:PIECE]
    for _ in range(SIZE // PIECE):
        yield f"{PIECE:x}\r\n".encode() + piece + b"\r\n" if is_chunked else piece
    if is_chunked:
        yield b"0\r\n\r\n"


@pytest.mark.parametrize("kind", [FORM, JSON, "application/octet-stream"])
@pytest.mark.parametrize("is_chunked", [True, False], ids=["chunked", "with its length"])
def test_a_body_of_ten_megabytes_is_too_large(process: Process, kind: str, *, is_chunked: bool) -> None:
    length = {"transfer-encoding": "chunked"} if is_chunked else {"content-length": str(SIZE)}
    start = head("/?Action=ListMessageContacts", {"host": "h", "content-type": kind, **length})

    answer = exchange(process.endpoint, [start, *pieces(b"Name=%E5&[", is_chunked=is_chunked)])

    assert (answer.status, answer.code) == (413, "InvalidParameter")


@pytest.mark.parametrize("kind", [FORM, JSON])
def test_a_body_of_a_million_small_parameters_is_refused_soon(process: Process, kind: str) -> None:
    body = b"&".join(b"a%d" % number for number in range(120_000)) if kind == FORM else b"[" * 1_000_000

    response = call_v3(process, "ListMessageContacts", body=body, content_type=kind)

    assert response.status in (400, 413)
    assert response.code == "InvalidParameter"


def test_parameters_of_a_megabyte_are_refused_by_their_rules(process: Process) -> None:
    for name in ("Name", "EmailAddress", "PhoneNumber", "Title", "MessageTypes", "ContactId"):
        body = f"{name}={'a' * 1_000_000}".encode()

        response = call_v3(process, "UpdateMessageContact", body=body, content_type=FORM)

        assert response.status == 400


@pytest.mark.parametrize("length", [10_000, 60_000, 1_000_000])
def test_a_very_long_value_of_a_header_is_answered(process: Process, length: int) -> None:
    long = {"x-acs-more": "a" * length}
    headers = v3_headers(
        endpoint=process.endpoint,
        action="ListMessageContacts",
        key_id=process.key_id,
        secret=process.secret,
        query=[],
        extra=long,
    )

    answer = exchange(process.endpoint, [head("/", headers)])

    assert answer.status in (200, 400, 413, 431)


def test_many_headers_are_answered(process: Process) -> None:
    headers = {"host": "h", **{f"x-{number}": "a" for number in range(1000)}}

    answer = exchange(process.endpoint, [head("/?Action=a", headers)])

    assert answer.is_ours


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: bm9uY2U=\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET http://elsewhere/?Action=x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
        b"GET /?a=%00 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_rare_but_valid_http_is_answered_by_us(process: Process, request_: bytes) -> None:
    answer = exchange(process.endpoint, [request_], method="GET")

    assert answer.is_ours


def is_refused(answer: Answer) -> bool:
    """Closed without an answer, or 400, or an answer of ours in case the junk was HTTP by chance."""
    return answer.status in (0, 400) or answer.is_ours


@examples(60)
@given(junk=st.binary(min_size=1, max_size=300))
def test_what_is_no_http_is_refused_or_the_connection_closed(process: Process, junk: bytes) -> None:
    answer = exchange(process.endpoint, [junk], is_half=True)

    assert is_refused(answer)


@examples(60)
@given(junk=st.binary(max_size=100), at=st.integers(0, len(START)))
def test_junk_amid_a_request_is_refused_or_the_connection_closed(process: Process, junk: bytes, at: int) -> None:
    answer = exchange(process.endpoint, [START[:at] + junk + START[at:] + b"\r\n"], is_half=True)

    assert is_refused(answer)


@pytest.mark.parametrize(
    "request_",
    [
        b"GET",
        b"GET / HTTP/1.1",
        START,
        START + b"Content-Length: 10\r\n\r\n",
        START + b"Content-Length: 10\r\n\r\n12345",
        START + b"Transfer-Encoding: chunked\r\n\r\n",
        START + b"Transfer-Encoding: chunked\r\n\r\n5\r\n123",
        START + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        START + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        START + b"Content-Length: -1\r\n\r\n",
        START + b"Content-Length: 99999999999999999999999\r\n\r\n",
        START + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n1",
        START + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\n: a\r\n\r\n",
        b"GET / HTTP/1.1\nHost: a\n\n",
    ],
)
def test_half_a_request_and_a_broken_one_are_refused_or_the_connection_closed(
    process: Process, request_: bytes
) -> None:
    answer = exchange(process.endpoint, [request_], is_half=True)

    assert is_refused(answer)


def test_requests_sent_together_are_answered_one_after_the_other(process: Process) -> None:
    request = START + b"\r\n"

    answer = exchange(process.endpoint, [request * 50])

    assert answer.is_ours
