"""The pages where links in letters of messages lead: acknowledge a message, have no more of a type, have them again.

Whoever presses a button proves nothing but that they have the letter. A link that is not ours never gets to the
database.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from callboard.database.jobs import Work
from callboard.line import Crowded
from callboard.messages.letters import named
from callboard.messages.replies import acknowledging, unsubscribing
from callboard.messages.replies.acknowledging import View
from callboard.messages.replies.linked import Dead
from callboard.messages.replies.links import ACKNOWLEDGE_PAGE, UNSUBSCRIBE_PAGE, Purpose, letter_of
from callboard.messages.replies.pages import render
from callboard.metrics import ACKNOWLEDGED, UNSUBSCRIBED
from callboard.runtime import Runtime
from callboard.verification.confirmation import Visit
from callboard.web import page
from callboard.web.page import HEADERS, go_on

PREFIXES = (ACKNOWLEDGE_PAGE, UNSUBSCRIBE_PAGE)
"""Paths that take POST besides the API's own."""
STATUSES: Mapping[str, int] = {"lost": 404, "gone": 410, "limited": 429, "unavailable": 503}
ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What a mail program posts for its user (RFC 8058): no page is wanted, and no way on."""


def routes(runtime: Runtime) -> list[Route]:
    """The routes of a server that runs on this runtime."""
    pages = Pages(runtime)
    return [
        Route(f"{ACKNOWLEDGE_PAGE}{{token}}", pages.acknowledgement, methods=["GET", "POST"]),
        Route(f"{UNSUBSCRIBE_PAGE}{{token}}", pages.subscription, methods=["GET", "POST"]),
    ]


class Pages(page.Pages):
    """The pages of one server."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(runtime, render, STATUSES)

    async def acknowledgement(self, request: Request) -> Response:
        is_press = request.method == "POST"
        return await self.guarded(request, self._acknowledge if is_press else self._look)

    async def subscription(self, request: Request) -> Response:
        is_press = request.method == "POST"
        return await self.guarded(request, self._change if is_press else self._look_at_subscription)

    async def _view(self, request: Request, visit: Visit) -> View | Dead:
        token = request.path_params["token"]
        if letter_of(visit.vault, token, Purpose.ACKNOWLEDGE) is None:
            return Dead.UNKNOWN
        return await self._runtime.database.transact(
            lambda connection: acknowledging.look(visit, connection, token), reads=True
        )

    async def _look(self, request: Request, visit: Visit, *, is_again: bool = False) -> Response:
        view = await self._view(request, visit)
        if isinstance(view, Dead):
            return self.page(request, view.value)
        message, body = view.message, view.body
        values: dict[str, Any] = {
            "message": message,
            "organisation": body.organisation,
            "account": named(body.account_name, message.account_id, page.language_of(request)),
            "names": view.names,
        }
        if view.at is None:
            return self.page(request, "acknowledge", **values, action=request.url.path)
        return self.page(request, "acknowledged", **values, at=view.at, is_again=is_again)

    async def _acknowledge(self, request: Request, visit: Visit) -> Response:
        """What the button does; then the page shows what came of it. Another press is told that it changed nothing."""
        token = request.path_params["token"]
        if request.state.form.get("do") != "acknowledge":
            return await self._look(request, visit)
        view = await self._view(request, visit)  # A flood of presses reads alone.
        is_open = not isinstance(view, Dead) and view.at is None
        if not is_open or not await self._runtime.database.transact(
            lambda connection: acknowledging.acknowledge(visit, connection, token)
        ):
            return await self._look(request, visit, is_again=True)
        self._count(ACKNOWLEDGED)
        return go_on(request, request.url.path)

    async def _look_at_subscription(self, request: Request, visit: Visit) -> Response:
        token = request.path_params["token"]
        if letter_of(visit.vault, token, Purpose.UNSUBSCRIBE) is None:
            return self.page(request, Dead.UNKNOWN.value)
        view = await self._runtime.database.transact(
            lambda connection: unsubscribing.look(visit, connection, token), reads=True
        )
        if isinstance(view, Dead):
            return self.page(request, view.value)
        return self.page(
            request,
            "unsubscribed" if view.is_unsubscribed else "unsubscribe",
            organisation=view.organisation,
            target=view.target,
            message_type=view.message_type,
            action=request.url.path,
        )

    async def _change(self, request: Request, visit: Visit) -> Response:
        """By the page's buttons, or by a mail program at once. Changes stand in line, as each is recorded."""
        token, form = request.path_params["token"], request.state.form
        is_one_click = form.get(ONE_CLICK[0]) == ONE_CLICK[1]
        is_known = letter_of(visit.vault, token, Purpose.UNSUBSCRIBE) is not None
        steps = {"unsubscribe": unsubscribing.unsubscribe, "subscribe": unsubscribing.subscribe}
        step = steps.get("unsubscribe" if is_one_click else form.get("do", ""))
        if step is None or not is_known:
            return await self._look_at_subscription(request, visit)
        work: Work[bool] = lambda connection: step(visit, connection, token)  # noqa: E731
        try:
            async with self._runtime.strangers.turn_of_stranger():
                has_changed = await self._runtime.database.transact(work)
        except Crowded:
            return self.page(request, "limited", wait_minutes=1)
        if has_changed and step is unsubscribing.unsubscribe:
            self._count(UNSUBSCRIBED)
        if not is_one_click:
            return go_on(request, request.url.path)
        shown = await self._look_at_subscription(request, visit)
        return Response(status_code=shown.status_code, headers=HEADERS)

    def _count(self, event: str) -> None:
        self._runtime.metrics.events[event].inc()
