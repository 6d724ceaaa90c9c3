"""Test controls: for those who use Callboard as a test double. They exist only with the setting `test_controls`.

Nobody who calls them proves who they are, so a server that has them is no place for real contacts.
"""

from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from callboard.contacts import storage
from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection
from callboard.delivery import lists
from callboard.delivery.letter import Letter
from callboard.errors import Conflict, Unavailable
from callboard.messages import writing
from callboard.runtime import Runtime
from callboard.verification import confirmation
from callboard.web.form import read_body, visit_of
from callboard.web.mailbox import json_answer, shown

PREFIX = "/test/"
BODY_BYTES = 4096
LONGEST_STEP_S = 10 * 366 * 24 * 3600


class ControlRefused(Exception):
    """What was asked for cannot be done; the text says why."""


class Advance(msgspec.Struct, forbid_unknown_fields=True):
    """Let time pass on the server."""

    seconds: int


class Confirm(msgspec.Struct, rename="pascal", forbid_unknown_fields=True):
    """Prove an address of a contact outright; without a target, every one that waits."""

    contact_id: str
    target: str | None = None


def routes(runtime: Runtime) -> list[Route]:
    """The routes of a server that runs on this runtime."""

    async def last_letter(request: Request) -> Response:
        key = key_of(request.query_params.get("address", ""))

        def work(connection: Connection) -> list[Letter]:
            found = lists.last(connection, runtime.vault, key)
            return writing.written(connection, runtime.vault, runtime.terms, [found] if found else [])

        found = await runtime.database.transact(work, reads=True)
        if not found:
            raise ControlRefused("No letter was written to that address.")
        return json_answer(shown(found[0]))

    async def confirm(request: Request) -> Response:
        asked = await _read(request, Confirm)
        visit = visit_of(runtime, request)

        def work(connection: Connection) -> list[str]:
            directory_id = storage.directory_of(connection, asked.contact_id)
            if directory_id is None:
                raise ControlRefused("There is no such contact.")
            return confirmation.confirm_outright(visit.call(connection, directory_id), asked.contact_id, asked.target)

        proven = await runtime.database.transact(work)
        if not proven:
            raise ControlRefused("Nothing of that contact waits for a proof.")
        return json_answer({"Confirmed": proven})

    async def advance(request: Request) -> Response:
        seconds = (await _read(request, Advance)).seconds
        if not 0 <= seconds <= LONGEST_STEP_S:
            raise ControlRefused("Seconds must be from 0 to ten years' worth: time does not go back.")
        runtime.clock.advance(seconds * 1000)
        return json_answer({"Now": runtime.clock()})

    return [
        Route(f"{PREFIX}letters/last", _guarded(last_letter)),
        Route(f"{PREFIX}confirm", _guarded(confirm), methods=["POST"]),
        Route(f"{PREFIX}clock", _guarded(advance), methods=["POST"]),
    ]


async def _read(request: Request, wanted: type[Any]) -> Any:
    body = await read_body(request, most=BODY_BYTES)
    if body is None:
        raise ControlRefused("The body is too large.")
    try:
        return msgspec.json.decode(body, type=wanted)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ControlRefused(f"The body does not fit: {error}.") from error


def _guarded(handler: Any) -> Any:
    """Answer a refusal as JSON with status 400, and an absent database with 503."""

    async def guarded(request: Request) -> Response:
        try:
            response: Response = await handler(request)
        except ClientDisconnect:
            return Response(status_code=400)  # Nobody is there to read it.
        except ControlRefused as error:
            return json_answer({"Message": str(error)}, status=400)
        except (Conflict, Unavailable):
            return json_answer({"Message": "The database does not answer."}, status=503)
        return response

    return guarded
