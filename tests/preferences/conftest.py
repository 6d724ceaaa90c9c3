"""A world in a directory of its own, whose moments are the server's."""

import pytest

from tests.messages.press import Present
from tests.recipients.world import World
from tests.serving import Account


@pytest.fixture
def world(account: Account) -> World:
    return Present(account)
