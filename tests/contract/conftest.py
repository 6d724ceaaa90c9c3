"""The official SDK as the client of most tests, and servers that are set up for one refusal each."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from callboard.settings import Settings
from tests.contract.callers import Sdk
from tests.contract.steps import new_email, new_phone
from tests.owner import Owner
from tests.serving import Account, Server, serving


@pytest.fixture
def sdk(account: Account) -> Sdk:
    """The official SDK with the key of an account of its own."""
    return Sdk(account)


@pytest.fixture
def other(sdk: Sdk) -> Sdk:
    """The official SDK with the key of a second account."""
    return Sdk(sdk.account.server.account())


@pytest.fixture
def email(sdk: Sdk) -> Owner:
    """Who reads an email address that no other test knows."""
    return Owner(sdk.account.server, new_email())


@pytest.fixture
def phone(sdk: Sdk) -> Owner:
    """Who reads a phone number that no other test knows."""
    return Owner(sdk.account.server, new_phone())


@pytest.fixture(scope="session")
def impatient(settings: Settings, server: Server) -> Iterator[Server]:
    """Another server over the same database, which waits for a lock for a moment only."""
    with serving(replace(settings, lock_timeout_ms=200)) as running:
        yield running


@pytest.fixture(scope="session")
def phone_demanding(settings: Settings, server: Server) -> Iterator[Server]:
    """Another server over the same database, whose site insists on phone numbers."""
    with serving(replace(settings, phone_required=True)) as running:
        yield running


@pytest.fixture(scope="session")
def user_demanding(settings: Settings, server: Server) -> Iterator[Server]:
    """Another server over the same database, where the account itself switches no member's type."""
    with serving(replace(settings, account_type_by_user=True)) as running:
        yield running


@pytest.fixture(scope="session")
def servers(server: Server, impatient: Server, phone_demanding: Server, user_demanding: Server) -> dict[str, Server]:
    """The servers by the names that provocations ask for them."""
    return {
        "usual": server,
        "impatient": impatient,
        "phone_demanding": phone_demanding,
        "user_demanding": user_demanding,
    }
