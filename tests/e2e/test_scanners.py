"""Mail scanners and previews open every link; that must prove nothing and void nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import DESKTOP, person, press
from tests.e2e.customer import Customer
from tests.e2e.mail import MailServer
from tests.e2e.processes import Installation, Server
from tests.signing import send

pytest_plugins = ["tests.e2e.surroundings"]

TOM = "tom@example.com"
STAY_MS = 30_000
STRANGE = ("OPTIONS", "PUT", "DELETE", "POST")


def scan(server: Server, link: str) -> list[int]:
    """Open a link a hundred times at once, half of them for its head alone; the statuses."""
    path = link.removeprefix(f"http://{server.endpoint}")
    with ThreadPoolExecutor(20) as pool:
        answers = pool.map(lambda number: send(server.endpoint, ("GET", "HEAD")[number % 2], path), range(100))
        return [answer.status for answer in answers]


def stay(browser: Browser, link: str, *, milliseconds: int = 0) -> str:
    """Open a link with a browser that runs scripts and presses nothing; what it saw."""
    with person(browser, **DESKTOP, is_mobile=False, has_touch=False, java_script_enabled=True) as scanner:
        scanner.goto(link)
        scanner.wait_for_load_state("networkidle")
        scanner.wait_for_timeout(milliseconds)
        return scanner.inner_text("h1")


def test_a_hundred_openings_and_a_browser_prove_nothing_and_the_owner_still_can(
    embedded: Installation, post: MailServer, browser: Browser, phone: Page
) -> None:
    with embedded.serving(**post.settings) as server:
        customer = Customer(server)
        contact_id = customer.add(TOM)
        customer.ask(contact_id, TOM)
        link = post.next(TOM).link
        statuses, seen = scan(server, link), stay(browser, link)
        before, waiting = customer.status(contact_id), customer.waiting(contact_id)
        phone.goto(link)
        press(phone, "Confirm", leads_to="Thank you, that is confirmed")
        after = customer.status(contact_id)

    assert statuses == [200] * 100
    assert seen == "Is this your email address?"
    assert (before, waiting, after) == ("Verifying", [TOM], "Active")


@pytest.mark.slow
def test_a_scanner_that_stays_for_half_a_minute_proves_nothing(
    embedded: Installation, post: MailServer, browser: Browser
) -> None:
    with embedded.serving(**post.settings) as server:
        customer = Customer(server)
        contact_id = customer.add(TOM)
        customer.ask(contact_id, TOM)
        seen = stay(browser, post.next(TOM).link, milliseconds=STAY_MS)
        status = customer.status(contact_id)

    assert (seen, status) == ("Is this your email address?", "Verifying")


def test_other_methods_and_a_form_that_says_nothing_prove_nothing(embedded: Installation, post: MailServer) -> None:
    with embedded.serving(**post.settings) as server:
        customer = Customer(server)
        contact_id = customer.add(TOM)
        customer.ask(contact_id, TOM)
        path = f"/v/{post.next(TOM).token}"
        answers = [send(server.endpoint, method, path) for method in STRANGE]
        answers += [send(server.endpoint, "GET", f"{path}?do={each}") for each in ("confirm", "refuse")]
        status, waiting = customer.status(contact_id), customer.waiting(contact_id)

    assert all(answer.status < 500 for answer in answers)
    assert (status, waiting) == ("Verifying", [TOM])
