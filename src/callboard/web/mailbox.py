"""The mailbox as JSON: letters of channels that have no provider, for test code and a laptop.

It shows links and codes, so it is there only while letters are kept, on a loopback address or by an explicit setting.
"""

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from callboard.contacts.addresses import key_of
from callboard.delivery import lists
from callboard.delivery.letter import Letter
from callboard.errors import Conflict, Unavailable
from callboard.messages import writing
from callboard.runtime import Runtime

PATH = "/mailbox"
LIMIT = 100


def routes(runtime: Runtime, *, is_open: bool) -> list[Route]:
    """The route; `is_open` serves callers that came by another name than a loopback one (the setting `mailbox`)."""

    async def mailbox(request: Request) -> Response:
        if not is_open and not is_local(request.headers.get("host", "")):
            return json_answer({"Message": "The mailbox is read on a loopback address."}, status=403)
        address = request.query_params.get("address")
        key = None if address is None else key_of(address)
        try:
            letters = await runtime.database.transact(
                lambda connection: writing.written(
                    connection,
                    runtime.vault,
                    runtime.terms,
                    lists.mailbox(connection, runtime.vault, recipient_key=key, limit=LIMIT),
                ),
                reads=True,
            )
        except (Conflict, Unavailable):
            return json_answer({"Message": "The database does not answer."}, status=503)
        return json_answer({"Letters": [shown(letter) for letter in letters]})

    return [Route(PATH, mailbox)]


def is_local(host: str) -> bool:
    """Whether a Host header names this machine: another name may be a web page's trick on a browser here."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def shown(letter: Letter) -> dict[str, str]:
    """A letter, newest facts first, in the API's spelling."""
    content = letter.content
    return {
        "LetterId": letter.letter_id,
        "Channel": letter.channel.value,
        "Recipient": letter.recipient,
        "CreateDate": datetime.fromtimestamp(letter.created_at / 1000, UTC).isoformat(timespec="milliseconds"),
        "Link": content.link,
        "Code": content.code,
        "Subject": content.subject,
        "Text": content.text,
        "Html": content.html,
    }


def json_answer(content: Any, *, status: int = 200) -> Response:
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(msgspec.json.encode(content), status, headers, "application/json")
