"""Fixtures of what surrounds the product: a mail server, a gateway for SMS, a browser, somebody with a phone.

Test modules name this one in `pytest_plugins`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import chromium, person
from tests.e2e.gateway import Gateway
from tests.e2e.mail import MailServer


@pytest.fixture
def post(tmp_path: Path) -> Iterator[MailServer]:
    """A mail server that takes every mail."""
    server = MailServer(tmp_path)
    server.open()
    yield server
    server.close()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway that takes every SMS."""
    gateway = Gateway()
    yield gateway
    gateway.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, once for the tests of a module.

    Not for longer: while Playwright runs, no other test of the process could call asyncio.run.
    """
    with chromium() as browser:
        yield browser


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A person with a phone."""
    with person(browser) as page:
        yield page
