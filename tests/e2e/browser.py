"""A real Chromium, and people who read their mail with it.

CALLBOARD_CHROMIUM names its program; without, one on the path is taken, else the one that Playwright has installed.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}
PATIENCE_MS = 15_000
SMALLEST_TAP = 44


def program() -> str | None:
    """Where Chromium is; None leaves it to Playwright."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CALLBOARD_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, without windows."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def person(browser: Browser, **options: Any) -> Iterator[Page]:
    """Somebody with a browser of their own: a phone, unless the options say otherwise.

    What the pages forbid themselves (scripts, pictures, anything from elsewhere) must not even be tried.
    """
    context = browser.new_context(**{**PHONE, **options})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    violations: list[str] = []
    page.on("console", lambda message: violations.append(message.text) if "Security" in message.text else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.resource_type))
    yield page
    context.close()
    assert violations == []
    assert set(asked) <= {"document"}


def heading(page: Page) -> str:
    """What the page says first, once it is there."""
    return page.get_by_role("heading", level=1).inner_text()


def press(page: Page, name: str, *, leads_to: str) -> None:
    """Press a button, and wait for the page with that heading."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=leads_to, exact=True)).to_be_visible(timeout=PATIENCE_MS)


def type_code(page: Page, *, target: str, code: str) -> None:
    """Fill in the form for codes, by the labels that a person reads."""
    page.get_by_role("textbox", name="Email address or phone number").first.fill(target)
    page.get_by_role("textbox", name="Code", exact=True).fill(code)


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen, and every button can be hit by a thumb."""
    width = page.evaluate("document.documentElement.scrollWidth")
    boxes = [button.bounding_box() for button in page.get_by_role("button").all()]
    return width <= page.viewport_size["width"] and all(box and box["height"] >= SMALLEST_TAP for box in boxes)
