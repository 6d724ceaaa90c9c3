"""The clients of both versions, and a second server over the same database."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from callboard.settings import Settings
from tests.contract.callers import Older, Sdk
from tests.contract.steps import other_account
from tests.serving import Account, Server, serving


@pytest.fixture
def sdk(account: Account) -> Sdk:
    """The official SDK with the key of an account of its own."""
    return Sdk(account)


@pytest.fixture(params=[Sdk, Older])
def either(request: pytest.FixtureRequest, account: Account) -> Sdk:
    """A client of each version in turn."""
    client: Sdk = request.param(account)
    return client


@pytest.fixture
def alone(server: Server) -> Account:
    """The root key of an account that is in no directory."""
    return other_account(server, directory_id=None, is_management=False)


@pytest.fixture(scope="session")
def replica(settings: Settings, server: Server) -> Iterator[Server]:
    """Another server over the same database."""
    with serving(settings) as running:
        yield running


@pytest.fixture(scope="session")
def mailing(settings: Settings, server: Server) -> Iterator[Server]:
    """Another server over the same database, which leaves its letters to a worker that is not there."""
    sender = {"smtp_host": "127.0.0.1", "smtp_from": "no-reply@example.com"}
    with serving(replace(settings, worker=False, **sender)) as running:
        yield running
