"""What a running Callboard is made of. `wiring.build_runtime` makes one, and tests make their own."""

from collections.abc import Callable

from msgspec import Struct
from structlog.typing import FilteringBoundLogger

from callboard.access.keyring import Keyring
from callboard.access.throttle import Throttle
from callboard.access.vault import Vault
from callboard.call import Call, Moment, Principal, count_nothing, new_request_id
from callboard.clock import MovableClock
from callboard.database.engine import Database
from callboard.database.statement import Connection
from callboard.line import Line
from callboard.metrics import Metrics
from callboard.profile import Profile
from callboard.terms import Terms
from callboard.traces import NO_TRACES, Traces
from callboard.tree.directories import Directory


class Runtime(Struct, frozen=True):
    """The parts that one process runs on."""

    database: Database
    vault: Vault
    keyring: Keyring
    profile: Profile
    terms: Terms
    clock: MovableClock
    """The product's time. What belongs to signatures goes by `wall_clock`."""
    wall_clock: Callable[[], Moment]
    new_id: Callable[[str], str]
    log: FilteringBoundLogger
    metrics: Metrics
    callers: Line
    """Where signed calls for letters wait for their turn."""
    strangers: Line
    """Where the page's requests for letters wait, so that a flood of them holds up no signed call."""
    throttle: Throttle
    takes_bearer_keys: bool
    traces: Traces = NO_TRACES

    def own_call(
        self, connection: Connection, directory: Directory, *, count: Callable[[str], None] = count_nothing
    ) -> Call:
        """A call in the operator's name: what a command or the background does in a directory."""
        return Call(
            connection,
            self.clock(),
            new_request_id(),
            Principal(directory.management_account_id, None, is_operator=True),
            directory.directory_id,
            self.profile,
            self.terms,
            self.vault,
            self.new_id,
            count=count,
        )
