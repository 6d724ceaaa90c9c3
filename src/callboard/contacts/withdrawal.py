"""What becomes of proofs and letters when their address does not wait any more."""

from collections.abc import Iterable

from callboard.contacts import proofs
from callboard.contacts.addresses import key_of
from callboard.contacts.proofs import ProofState
from callboard.database.statement import Connection
from callboard.delivery import outbox


def withdraw_proofs(connection: Connection, directory_id: str, contact_id: str, targets: Iterable[str]) -> None:
    """Make links and codes for these addresses void, and take back letters that nobody has taken yet.

    A later proof of what was cancelled or replaced must do nothing, even if the same address waits again by then.
    """
    for target in targets:
        key = key_of(target)
        proofs.close(connection, directory_id, contact_id, key, ProofState.WITHDRAWN)
        outbox.withdraw(connection, directory_id, key, contact_id=contact_id)
