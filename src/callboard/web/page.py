"""What the pages for people share: their headers, their language, and that each answers something, whatever happens.

GET and HEAD change nothing, whoever sends them: mail scanners open links. What changes something is a form's POST.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from callboard.errors import ApiError, Conflict, Unavailable
from callboard.log import fault
from callboard.runtime import Runtime
from callboard.verification.confirmation import Visit
from callboard.verification.pages import STYLE_HASH, pick_language
from callboard.web.form import FormTooLarge, read_form, visit_of

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": f"default-src 'none'; style-src '{STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}

Answer = Callable[[Request, Visit], Awaitable[Response]]


class Render(Protocol):
    """Draws the page of a state in a language, from its values."""

    def __call__(self, state: str, language: str, **values: object) -> str: ...


class Pages:
    """Pages of one kind on one server: how they are drawn, and which of their states are no success."""

    def __init__(self, runtime: Runtime, render: Render, statuses: Mapping[str, int]) -> None:
        self._runtime, self._render, self._statuses = runtime, render, statuses

    def page(self, request: Request, state: str, *, status: int | None = None, **values: Any) -> HTMLResponse:
        language = language_of(request)
        headers = HEADERS | {"content-language": language, "vary": "accept-language"}
        return HTMLResponse(self._render(state, language, **values), status or self._statuses.get(state, 200), headers)

    async def guarded(
        self, request: Request, answer: Answer, *, too_large: Callable[[Request], Response] | None = None
    ) -> Response:
        """Answer, or say that it cannot be done now. The log has neither link nor address."""
        visit = visit_of(self._runtime, request)
        noted = {"request_id": visit.request_id, "source": visit.source_address}
        request.state.form = {}
        try:
            if request.method == "POST":
                request.state.form = await read_form(request)
            response = await answer(request, visit)
            self._runtime.log.info("page", status=response.status_code, method=request.method, **noted)
            return response
        except FormTooLarge:
            return too_large(request) if too_large else self.page(request, "unavailable", status=413)
        except ClientDisconnect:
            return Response(status_code=400)  # Nobody is there to read it.
        except Conflict as error:
            self._runtime.log.warning("page_conflict", reason=str(error), **noted)
        except Unavailable as error:
            self._runtime.log.error("page_unavailable", reason=str(error), **noted)
        except ApiError as error:
            self._runtime.log.error("undeclared_refusal", code=error.code, **noted)
        except Exception as error:
            self._runtime.log.error("page_failed", **noted, **fault(error))
        return self.page(request, "unavailable")


def go_on(request: Request, path: str) -> RedirectResponse:
    """To a page that shows what came of a form, so that a reload sends nothing twice."""
    return RedirectResponse(f"{path}?lang={language_of(request)}", status_code=303, headers=HEADERS)


def language_of(request: Request) -> str:
    """The one that the form was in, or that was asked for, or that the browser likes."""
    form: dict[str, str] = getattr(request.state, "form", {})
    asked = form.get("lang") or request.query_params.get("lang", "")
    return pick_language(request.headers.get("accept-language", ""), asked)
