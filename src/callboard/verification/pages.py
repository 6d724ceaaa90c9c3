"""The pages that people see who confirm an address: a state and its values in, HTML out. No HTTP, no database."""

import base64
import hashlib
import re
from collections.abc import Mapping

from jinja2 import Environment

from callboard.verification.texts import LANGUAGES, TEXTS, Phrase
from callboard.verification.wording import TEMPLATES, Voice, environment

SIGNS: Mapping[str, str] = {
    "open": "envelope",
    "confirmed": "done",
    "refused": "stopped",
    "expired": "clock",
    "replaced": "newer",
    "withdrawn": "nothing",
    "unknown": "search",
    "code": "code",
    "sent": "sent",
    "limited": "clock",
    "unavailable": "fault",
}
"""The drawing at the head of each page."""

STATES = tuple(SIGNS)

STYLE = (TEMPLATES / "page.css").read_text(encoding="utf-8").replace("\r\n", "\n")
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
"""For a Content-Security-Policy: the style block is the same on every page, and the only one."""

_RANGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?\Z")
_CHINESE = ("zh", "cmn", "yue")


def render(state: str, language: str, **values: object) -> str:
    """The page of a state. Each value that its template names is due."""
    defaults = {"target": "", "is_wrong": False} if state == "code" else {}
    sign = "phone" if values.get("channel") == "sms" else SIGNS[state]
    return draw(environment, TEXTS, state, sign, language, defaults | values)


def draw(
    templates: Environment,
    texts: Mapping[str, Phrase],
    state: str,
    sign: str,
    language: str,
    values: Mapping[str, object],
) -> str:
    """A page in the frame of all pages: a template by its state's name, which speaks by these texts."""
    voice, other = (Voice(each, texts) for each in sorted(LANGUAGES, key=lambda each: each != language))
    named = {"asker": voice.asker(str(values["organisation"]))} if "organisation" in values else {}
    return templates.get_template(f"{state}.html").render(
        {**values, **named}, voice=voice, other=other, sign=sign, style=STYLE
    )


def pick_language(accept_language: str, asked: str) -> str:
    """The language that was asked for by ?lang=, else the one of ours that the browser likes best, else English."""
    if asked in LANGUAGES:
        return asked
    best, most = "en", 0.0
    for text in accept_language.split(","):
        found = _RANGE.match(text)
        if found is None:
            continue
        subtag, weight = found[1].lower(), float(found[2] or 1)
        language = "zh" if subtag in _CHINESE else subtag
        if language in LANGUAGES and weight > most:
            best, most = language, weight
    return best
