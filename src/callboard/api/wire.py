"""The text on the wire: parameters in from query, form and JSON; answers out as JSON or XML.

Facts: protocol.md, sections 1, 5 and 6. Nothing here knows actions, keys or the database.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.sax.saxutils import escape

import msgspec
from msgspec import Struct

from callboard.api.errors import FormatInvalid, ParameterInvalid, RequestTooLarge
from callboard.errors import ApiError

QUERY_BYTES = 32 * 1024
BODY_BYTES = 1024 * 1024
PARAMETERS = 1000

Pair = tuple[str, str]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_JSON_HEADERS = (b"content-type", b"application/json;charset=utf-8")
_XML_HEADERS = (b"content-type", b"text/xml;charset=utf-8")


class HttpRequest(Struct, frozen=True):
    """A request as it arrived. Header names are in lower case; `is_too_large` tells that the body was cut."""

    method: str
    path: str
    query: bytes
    headers: dict[str, str]
    body: bytes
    source_address: str | None = None
    scheme: str = "http"
    is_too_large: bool = False

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read it: TLS, or it never left this machine, not even to a proxy."""
        if self.scheme == "https":
            return True
        forwarded = {"forwarded", "x-forwarded-for", "x-forwarded-proto", "x-real-ip", "via"}
        return not forwarded & self.headers.keys() and _is_loopback(self.source_address or "")


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


class Arrival(Struct, frozen=True):
    """The parameters of a request: by name, and as pairs in the form in which signatures need them."""

    values: dict[str, Any]
    query_encoded: list[Pair]
    query_decoded: list[Pair]
    form_encoded: list[Pair]
    form_decoded: list[Pair]


class Answer(Struct, frozen=True):
    """What goes back to the client."""

    status: int
    content_type: tuple[bytes, bytes]
    body: bytes
    request_id: str
    retry_after_ms: int = 0


def read(request: HttpRequest) -> Arrival:
    """The parameters of query and body together. Raises ParameterInvalid for a name that comes twice."""
    if request.is_too_large or len(request.query) > QUERY_BYTES:
        raise RequestTooLarge(limit=str(BODY_BYTES if request.is_too_large else QUERY_BYTES))
    query_encoded, query_decoded = _pairs(request.query)
    form_encoded: list[Pair] = []
    form_decoded: list[Pair] = []
    values: dict[str, Any] = {}
    if request.body:
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type == "application/x-www-form-urlencoded":
            form_encoded, form_decoded = _pairs(request.body)
        elif content_type == "application/json":
            values = _json_object(request.body)
    for name, value in (*query_decoded, *form_decoded):
        if name in values:
            raise ParameterInvalid(parameter=name[:100])
        values[name] = value
    if len(values) > PARAMETERS:
        raise RequestTooLarge(limit=f"{PARAMETERS} parameters, and {BODY_BYTES}")
    return Arrival(values, query_encoded, query_decoded, form_encoded, form_decoded)


def _pairs(raw: bytes) -> tuple[list[Pair], list[Pair]]:
    """Name and value of each part, as they stand and decoded (the same list where nothing is encoded)."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParameterInvalid(parameter="encoding") from error
    encoded = [(name, value) for name, _, value in [part.partition("=") for part in text.split("&") if part]]
    if "%" not in text and "+" not in text:
        return encoded, encoded
    return encoded, [(_decoded(name, name), _decoded(value, name)) for name, value in encoded]


def _decoded(text: str, name: str) -> str:
    """Form decoding: a plus is a blank. Bytes that are not UTF-8 are refused."""
    if "%" not in text:
        return text.replace("+", " ") if "+" in text else text
    try:
        return unquote_to_bytes(text.replace("+", " ")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParameterInvalid(parameter=name[:100]) from error


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParameterInvalid(parameter="body") from error


def wants_xml(values: dict[str, Any]) -> bool:
    """Whether Format asks for XML. Raises FormatInvalid for anything but XML and JSON."""
    wanted = values.get("Format", "JSON")
    known = wanted.upper() if isinstance(wanted, str) else ""
    if known not in ("JSON", "XML", ""):
        raise FormatInvalid
    return known == "XML"


def write(reply: Struct, *, root: str, request_id: str, is_xml: bool) -> Answer:
    """A success: the reply itself, with its RequestId."""
    if not is_xml:
        return Answer(200, _JSON_HEADERS, msgspec.json.encode(reply), request_id)
    return Answer(200, _XML_HEADERS, _document(root, _elements(msgspec.to_builtins(reply))), request_id)


def write_error(error: ApiError, *, host: str, request_id: str, recommend: str, is_xml: bool) -> Answer:
    """A refusal. Every one has this body, or clients lose the code (clients.md, trap 14)."""
    body: dict[str, Any] = {
        "RequestId": request_id,
        "HostId": _ascii(host),  # The client's own text.
        "Code": error.code,
        "Message": error.message,
        "Recommend": _ascii(recommend),
        **({"AccessDeniedDetail": dict(error.detail)} if error.detail else {}),
    }
    if not is_xml:
        return Answer(error.status, _JSON_HEADERS, msgspec.json.encode(body), request_id, error.retry_after_ms)
    link = _xml_text(str(body.pop("Recommend"))).replace("]]>", "]]]]><![CDATA[>")
    content = [*_elements(body), f"<Recommend><![CDATA[{link}]]></Recommend>"]
    return Answer(error.status, _XML_HEADERS, _document("Error", content), request_id, error.retry_after_ms)


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def _document(root: str, content: Iterable[str]) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><{root}>{"".join(content)}</{root}>'.encode()


def _elements(fields: dict[str, Any]) -> list[str]:
    """One element a field; a list repeats the element of its field, without a wrapper."""
    items = [(name, item) for name, value in fields.items() for item in (value if isinstance(value, list) else [value])]
    return [f"<{name}>{_content(item)}</{name}>" for name, item in items]


def _content(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(_elements(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(_xml_text(str(value)))


def _xml_text(text: str) -> str:
    """XML 1.0 has no place for most control characters and for half characters, escaped or not."""
    return _NOT_XML.sub("\ufffd", text)
