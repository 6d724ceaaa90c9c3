"""Markdown to HTML that is safe to mail: no HTML of the writer's, no images, no links but to pages and mailboxes."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)


@lru_cache(maxsize=64)
def render(text: str) -> Markup:
    """The text as HTML. Whatever is HTML in it is shown as it stands. The letters of a message come together."""
    return Markup(_renderer().render(text))  # noqa: S704 (what the renderer makes is escaped by it)


@cache
def _renderer() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # Costs start-up time; few messages need it.

    made = MarkdownIt("commonmark", {"html": False}).disable("image")  # An image tells its server who reads.
    made.validateLink = lambda url: _LINK.match(url) is not None  # type: ignore[method-assign]
    return made
