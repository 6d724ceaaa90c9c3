"""What a running Callboard is made of, and what a handler is told about the call it serves."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from callboard.profile import Profile

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from callboard.access.keyring import Keyring
    from callboard.database.engine import Database
    from callboard.database.statement import Connection

Moment = int
"""Milliseconds since 1970, UTC."""


class Principal(Struct, frozen=True):
    """Who signed the call: an account's root key, or a RAM user of the account."""

    account_id: str
    access_key_id: str | None
    user_name: str | None = None

    @property
    def is_root(self) -> bool:
        return self.user_name is None

    @property
    def arn(self) -> str:
        """The name that the audit trail keeps, in the notation of RAM."""
        return f"acs:ram::{self.account_id}:{'root' if self.is_root else f'user/{self.user_name}'}"


class Call(Struct, frozen=True):
    """One call, as a handler sees it: its open transaction, its moment, its caller."""

    connection: "Connection"
    now: Moment
    request_id: str
    principal: Principal
    directory_id: str
    profile: Profile
    new_id: Callable[[str], str]
    source_address: str | None = None


class Runtime(Struct, frozen=True):
    """The parts that one process runs on; `wiring.build_runtime` makes it, tests make their own."""

    database: "Database"
    keyring: "Keyring"
    profile: Profile
    clock: Callable[[], Moment]
    new_id: Callable[[str], str]
    log: "FilteringBoundLogger"


def new_request_id() -> str:
    """An upper-case UUID, as the API has it."""
    return str(uuid.uuid4()).upper()
