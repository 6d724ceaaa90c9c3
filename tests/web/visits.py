"""Contacts that wait, and their owners, for the tests of pages."""

from callboard.verification.texts_pages import PAGES
from tests.contract.callers import Sdk
from tests.contract.steps import SEND_EMAIL, SEND_PHONE, add, new_email, new_phone
from tests.owner import Owner
from tests.serving import Server
from tests.signing import Response


def written_to(server: Server, address: str | None = None, **given: str) -> Owner:
    """The owner of an email address of a new contact of a new account, who has just been sent a letter."""
    owner, sdk = Owner(server, address or new_email()), Sdk(server.account())
    contact_id = add(sdk, email_address=owner.address, **given)
    sdk.call(SEND_EMAIL, contact_id=contact_id, email_address=owner.address)
    return owner


def texted(server: Server, number: str | None = None) -> Owner:
    """The owner of a phone number of a new contact, who has just been sent an SMS."""
    owner, sdk = Owner(server, number or new_phone()), Sdk(server.account())
    contact_id = add(sdk, phone_number=owner.address)
    sdk.call(SEND_PHONE, contact_id=contact_id, phone_number=owner.address)
    return owner


def heading(body: bytes) -> str:
    """What a page says first, by which it is told from the others."""
    return body.decode().partition("<h1>")[2].partition("</h1>")[0]


def says(answer: Response, key: str, language: int = 0) -> bool:
    """Whether a page's heading is this text, in English (0) or Chinese (1)."""
    return heading(answer.body) == PAGES[key][language].replace("'", "&#39;")
