"""The pages that letters of messages lead to: a state and its values in, HTML out. No HTTP, no database."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import FileSystemLoader
from markupsafe import Markup

from callboard.messages.replies.texts_pages import TEXTS_OF_PAGES
from callboard.verification import pages, wording
from callboard.verification.wording import TEMPLATES, moment

SIGNS: Mapping[str, str] = {
    "acknowledge": "envelope",
    "acknowledged": "done",
    "unsubscribe": "stopped",
    "unsubscribed": "done",
    "gone": "clock",
    "lost": "search",
    "limited": "clock",
    "unavailable": "fault",
}
"""The drawing at the head of each page."""

STATES = tuple(SIGNS)

_ENVIRONMENT = wording.environment.overlay(loader=FileSystemLoader([Path(__file__).parent / "templates", TEMPLATES]))
_ENVIRONMENT.filters["moment"] = lambda at: Markup("<time>{}</time>").format(moment(at))


def render(state: str, language: str, **values: object) -> str:
    """The page of a state. Each value that its template names is due."""
    return pages.draw(_ENVIRONMENT, TEXTS_OF_PAGES, state, SIGNS[state], language, values)
