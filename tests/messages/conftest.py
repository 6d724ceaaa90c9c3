"""A world in a directory of its own, and installations of real processes."""

import pytest

from tests.e2e.conftest import embedded, fresh, seeded
from tests.messages.press import Present
from tests.recipients.world import World
from tests.serving import Account

__all__ = ["embedded", "fresh", "seeded"]


@pytest.fixture
def world(account: Account) -> World:
    return Present(account)
