"""What the pages read of a request: its small form, its language, its visitor."""

from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from starlette.requests import Request

from callboard.call import new_request_id
from callboard.runtime import Runtime
from callboard.verification.confirmation import Visit

FORM_BYTES = 4096
FIELDS = 16


class FormTooLarge(Exception):
    """The body is larger than any form of ours, or no form at all."""


async def read_body(request: Request, *, most: int) -> bytes | None:
    """The whole body; None for one that is larger."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            return None
    return bytes(body)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form. Raises FormTooLarge for what none of our pages would send."""
    body = await read_body(request, most=FORM_BYTES)
    if body is None:
        raise FormTooLarge
    kind = request.headers.get("content-type", "")
    if kind.lower().startswith("multipart/form-data"):
        return _parts(kind, body)
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError as error:
        raise FormTooLarge from error
    return dict(pairs)


def _parts(kind: str, body: bytes) -> dict[str, str]:
    """The fields of multipart/form-data, as mail programs send it that unsubscribe for their users (RFC 8058)."""
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if len(parts) > FIELDS:
        raise FormTooLarge
    found = {}
    for part in parts:
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            name = str(part.get_param("name", "", header="content-disposition"))
            found[name] = payload.decode("utf-8", "replace").removesuffix("\r\n")
    return found


def visit_of(runtime: Runtime, request: Request) -> Visit:
    return Visit(
        now=runtime.clock(),
        request_id=new_request_id(),
        source_address=request.client.host[:64] if request.client else None,
        profile=runtime.profile,
        terms=runtime.terms,
        vault=runtime.vault,
        new_id=runtime.new_id,
    )
