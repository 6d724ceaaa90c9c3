"""The confirmation pages: where a letter's link leads, and where its code is typed.

GET and HEAD change nothing, whoever sends them: mail scanners open links. What changes something is a form's POST.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from callboard.call import Moment
from callboard.contacts.addresses import is_phone
from callboard.contacts.errors import SendLimitExceeded, VerificationNotFound
from callboard.database.statement import Connection
from callboard.line import Crowded
from callboard.runtime import Runtime
from callboard.verification import confirmation
from callboard.verification.confirmation import View, Visit
from callboard.verification.pages import render
from callboard.verification.rules import TOKEN_LENGTH, Standing
from callboard.verification.sending import CODE_PAGE, LINK_PAGE, MINUTE_MS
from callboard.web import page
from callboard.web.page import go_on

PREFIXES = (LINK_PAGE, CODE_PAGE)
"""Paths that take POST besides the API's own."""
ASK_PAGE, SENT_PAGE = f"{CODE_PAGE}/again", f"{CODE_PAGE}/sent"
STATUSES: Mapping[str, int] = {
    "unknown": 404,
    "expired": 410,
    "replaced": 410,
    "withdrawn": 410,
    "limited": 429,
    "unavailable": 503,
}
_TOKEN = re.compile(rf"[A-Za-z0-9]{{{TOKEN_LENGTH}}}")


def routes(runtime: Runtime) -> list[Route]:
    """The routes of a server that runs on this runtime."""
    pages = Pages(runtime)
    return [
        Route(f"{LINK_PAGE}{{token}}", pages.link, methods=["GET", "POST"]),
        Route(CODE_PAGE, pages.code, methods=["GET", "POST"]),
        Route(ASK_PAGE, pages.ask, methods=["GET", "POST"]),
        Route(SENT_PAGE, pages.sent, methods=["GET"]),
    ]


class Pages(page.Pages):
    """The pages of one server. Each answers something that a person can go on with, whatever happens."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(runtime, render, STATUSES)

    async def link(self, request: Request) -> Response:
        return await self._guarded(request, self._do if request.method == "POST" else self._look)

    async def code(self, request: Request) -> Response:
        return await self._guarded(request, self._check if request.method == "POST" else self._form)

    async def ask(self, request: Request) -> Response:
        return await self._guarded(request, self._ask if request.method == "POST" else self._form)

    async def sent(self, request: Request) -> Response:
        return self.page(request, "sent")

    async def _look(self, request: Request, visit: Visit) -> Response:
        token = request.path_params["token"]
        view = View(Standing.UNKNOWN)
        if _TOKEN.fullmatch(token):
            view = await self._runtime.database.transact(
                lambda connection: confirmation.look(visit, connection, token), reads=True
            )
        return self.page(request, view.standing.value, **_values(request, visit, view))

    async def _do(self, request: Request, visit: Visit) -> Response:
        """What the button says that was pressed; then the link's page shows what came of it."""
        token = request.path_params["token"]
        steps = {"confirm": confirmation.confirm, "refuse": confirmation.refuse, "again": confirmation.ask_again}
        step: Callable[[Visit, Connection, str], Standing | None] | None = steps.get(request.state.form.get("do", ""))
        if step is None or not _TOKEN.fullmatch(token):
            return await self._look(request, visit)
        work = step
        try:
            standing = await self._runtime.database.transact(lambda connection: work(visit, connection, token))
        except SendLimitExceeded:
            free_at = await self._runtime.database.transact(
                lambda connection: confirmation.waits_until(visit, connection, token), reads=True
            )
            return self._limited(request, visit, free_at)
        except VerificationNotFound:
            return await self._look(request, visit)
        self._count(standing.value if standing else "asked")
        return go_on(request, request.url.path if standing else SENT_PAGE)

    async def _form(self, request: Request, _: Visit) -> Response:
        return self.page(request, "code", **_actions(request))

    async def _check(self, request: Request, visit: Visit) -> Response:
        """A typed code. The try is counted, durably, before the code is looked at."""
        form = request.state.form
        target, code = form.get("target", "")[:320], _typed_code(form.get("code", ""))
        counted = await self._runtime.database.transact(
            lambda connection: confirmation.count_attempt(visit, connection, target)
        )
        if not isinstance(counted, list):
            return self._limited(request, visit, counted)
        view = await self._runtime.database.transact(
            lambda connection: confirmation.confirm_by_code(visit, connection, counted, code)
        )
        self._count("confirmed" if view else "wrong_code")
        if view is None:
            return self.page(request, "code", status=403, target=target, is_wrong=True, **_actions(request))
        return self.page(request, "confirmed", **_values(request, visit, view))

    async def _ask(self, request: Request, visit: Visit) -> Response:
        target = request.state.form.get("target", "")[:320]
        try:
            async with self._runtime.strangers.turn_of_stranger():
                free_at = await self._runtime.database.transact(
                    lambda connection: confirmation.ask_again_for(visit, connection, target)
                )
        except Crowded:
            free_at = visit.now + MINUTE_MS
        if free_at is not None:
            return self._limited(request, visit, free_at)
        self._count("asked")
        return go_on(request, SENT_PAGE)

    def _limited(self, request: Request, visit: Visit, free_at: Moment | None) -> Response:
        self._count("limited")
        minutes = -(-max(0, free_at - visit.now) // MINUTE_MS) if free_at is not None else 0
        return self.page(request, "limited", wait_minutes=minutes)

    async def _guarded(self, request: Request, answer: page.Answer) -> Response:
        return await self.guarded(request, answer, too_large=self._too_large)

    def _too_large(self, request: Request) -> Response:
        return self.page(request, "code", status=413, code_action=CODE_PAGE, ask_action=ASK_PAGE)

    def _count(self, outcome: str) -> None:
        self._runtime.metrics.confirmations.labels(outcome).inc()


def _values(request: Request, visit: Visit, view: View) -> dict[str, Any]:
    """What the page of a standing shows."""
    if view.proof is None:
        return _actions(request)
    proof, contact = view.proof, view.contact
    values: dict[str, Any] = {"organisation": view.organisation, "target": proof.target}
    if view.standing in (Standing.EXPIRED, Standing.REPLACED):
        values["action"] = request.url.path
    if view.standing in (Standing.OPEN, Standing.CONFIRMED):
        assert contact is not None, "only a contact's address can be open or confirmed"
        values |= {"contact_name": contact.name, "message_types": contact.message_types}
    if view.standing is Standing.OPEN:
        assert contact is not None, "as above"
        values |= {
            "title": contact.title,
            "channel": "sms" if is_phone(proof.target) else "email",
            "minutes_left": -(-(proof.expires_at - visit.now) // MINUTE_MS),
            "action": request.url.path,
        }
    return values


def _typed_code(text: str) -> str:
    """The digits, as people type them: in groups, or of full width as on Chinese keyboards."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text[:100]))[:20]


def _actions(request: Request) -> dict[str, Any]:
    """Where the forms lead that are for whoever has no link, or one that is not known."""
    is_link = request.url.path.startswith(LINK_PAGE)
    return {"ask_action": ASK_PAGE, **({"code_page": CODE_PAGE} if is_link else {"code_action": CODE_PAGE})}
