"""The clients of both versions, and a second management account."""

import pytest

from tests.contract.callers import Older, Sdk
from tests.serving import Account


@pytest.fixture
def sdk(account: Account) -> Sdk:
    """The official SDK with the root key of an account of its own."""
    return Sdk(account)


@pytest.fixture
def older(account: Account) -> Older:
    """The same account in the older version."""
    return Older(account)


@pytest.fixture
def other(sdk: Sdk) -> Sdk:
    """The official SDK with the root key of a second account."""
    return Sdk(sdk.account.server.account())
