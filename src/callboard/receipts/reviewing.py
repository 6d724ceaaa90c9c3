"""Letters looked at again: whether the provider has said that the address is none, and who must be told otherwise."""

from callboard.access.errors import DirectoryNotEnabled
from callboard.call import Moment
from callboard.database.statement import Connection
from callboard.delivery import reviews
from callboard.delivery.outbox import State
from callboard.delivery.reviews import Posted
from callboard.messages import failover
from callboard.receipts import bounces
from callboard.receipts.receiving import OwnCall
from callboard.receipts.rules import refuses_address
from callboard.tree import directories

BATCH = 100
LEASE_MS = 60_000


def claim(connection: Connection, *, now: Moment) -> list[Posted]:
    """Letters that are to be looked at now, a batch of them, each by one process."""
    return reviews.claim(connection, now=now, leased_until=now + LEASE_MS, limit=BATCH)


def review(connection: Connection, own_call: OwnCall, letter: Posted, *, claimed_at: Moment) -> None:
    """Look at a letter that was claimed, as it stands by now. The directory is locked before the letter."""
    directory = directories.find(connection, letter.directory_id)
    again_at = None
    if directory is not None:
        call = own_call(connection, directory)
        try:
            directories.lock(connection, directory.directory_id)
            refusal = reviews.refusal(connection, letter.letter_id)
            current = reviews.find(connection, letter.letter_id)
            if current is not None and current.state is State.FAILED and refuses_address(refusal):
                bounces.mark(call, letter, refusal)
            again_at = failover.look(call, letter.letter_id)
        except DirectoryNotEnabled:  # It went this moment: nobody is told of what was in it.
            again_at = None
    reviews.end(connection, letter.letter_id, leased_until=claimed_at + LEASE_MS, again_at=again_at)
