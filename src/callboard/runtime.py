"""What a running Callboard is made of. `wiring.build_runtime` makes one, and tests make their own."""

from collections.abc import Callable

from msgspec import Struct
from structlog.typing import FilteringBoundLogger

from callboard.access.keyring import Keyring
from callboard.call import Moment
from callboard.database.engine import Database
from callboard.profile import Profile


class Runtime(Struct, frozen=True):
    """The parts that one process runs on."""

    database: Database
    keyring: Keyring
    profile: Profile
    clock: Callable[[], Moment]
    new_id: Callable[[str], str]
    log: FilteringBoundLogger
