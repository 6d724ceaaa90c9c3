"""The official SDK of RAM as the client of these tests, and a second server over the same database."""

from collections.abc import Iterator

import pytest

from callboard.settings import Settings
from tests.ram.users.clients import Ram
from tests.serving import Account, Server, serving


@pytest.fixture
def ram(account: Account) -> Ram:
    """The official SDK with the root key of an account of its own."""
    return Ram(account)


@pytest.fixture
def stranger(server: Server) -> Ram:
    """The same of another account."""
    return Ram(server.account())


@pytest.fixture(scope="session")
def replica(settings: Settings, server: Server) -> Iterator[Server]:
    """Another server over the same database."""
    with serving(settings) as running:
        yield running
