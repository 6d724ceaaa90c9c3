"""The root key of an account of its own, on a server over each database."""

import pytest

from tests.ram.policies.cloud import Cloud, of
from tests.serving import Account, Server


@pytest.fixture
def root(account: Account) -> Cloud:
    return of(account)


@pytest.fixture
def other(server: Server) -> Cloud:
    """The root key of another account."""
    return of(server.account())
