"""The pages of letters' links: each state in each language, its form, and that nothing breaks out of its place."""

import re
from html import unescape

import pytest
from jinja2 import UndefinedError

from callboard.messages.replies.pages import STATES, render
from callboard.messages.rules import Severity
from callboard.messages.storage import Message
from callboard.verification.pages import STYLE
from tests.verification.test_pages import HOSTILE, Page, text_of

MESSAGE = Message(
    message_id="m-0123456789abcdef",
    account_id="17",
    message_type="ProductMessage",
    severity=Severity.WARNING,
    subject=HOSTILE,
    is_fallback=False,
    created_at=1_764_064_973_125,
    deadline_at=1_764_068_573_125,
)
ABOUT = {"message": MESSAGE, "organisation": HOSTILE, "account": HOSTILE, "names": (HOSTILE, "ann")}
MARK = {"organisation": HOSTILE, "target": HOSTILE, "message_type": "ProductMessage", "action": "/u/abc"}
VALUES: dict[str, dict[str, object]] = {
    "acknowledge": ABOUT | {"action": "/a/abc"},
    "acknowledged": ABOUT | {"at": 1_764_064_973_125, "is_again": True},
    "unsubscribe": MARK,
    "unsubscribed": MARK,
    "gone": {},
    "lost": {},
    "limited": {"wait_minutes": 1},
    "unavailable": {},
}
EACH = pytest.mark.parametrize(("state", "language"), [(state, each) for state in STATES for each in ("en", "zh")])


@EACH
def test_a_page_has_one_heading_one_style_no_script_and_the_way_to_the_other_language(
    state: str, language: str
) -> None:
    html = render(state, language, **VALUES[state])
    page = Page(html)

    assert len(page.all("h1")) == 1
    assert re.findall(r"<style>(.*?)</style>", html, re.DOTALL) == [STYLE]
    assert not page.all("script", "link", "img", "iframe", "b")
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert bool(re.search(r"[\u4e00-\u9fff]{4}", text_of(html))) is (language == "zh")
    assert len([a for a in page.all("a") if a.get("hreflang")]) == 1
    assert [each["value"] for each in page.all("input")] == [language] * len(page.all("form"))
    if VALUES[state].get("organisation"):
        assert HOSTILE in unescape(html)


@pytest.mark.parametrize("state", STATES)
def test_a_value_that_is_missing_is_an_error_and_not_a_gap(state: str) -> None:
    for name in VALUES[state]:
        with pytest.raises((UndefinedError, TypeError)):
            render(state, "en", **{key: value for key, value in VALUES[state].items() if key != name})
