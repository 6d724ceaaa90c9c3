"""The rules of proofs: what a link or a code is worth, and how many letters may go. Pure: no SQL, no clock.

sent --> open --- confirmed by its owner --> used
|
+--- a newer letter -----------> replaced
+--- changed, cancelled -------> withdrawn
+--- 'This isn't me' ----------> refused
+--- its time runs out --------> expired (it stays open, and counts no more)
"""

from collections.abc import Sequence
from enum import StrEnum

from callboard.contacts.proofs import Proof, ProofState
from callboard.contacts.rules import Contact, Status
from callboard.terms import Limits

TOKEN_LENGTH = 22
"""Letters and digits of a link's token: 131 random bits."""
EMAIL_CODE_DIGITS = 8
SMS_CODE_DIGITS = 6


class Standing(StrEnum):
    """What a link leads to. The values are the names of the pages."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    EXPIRED = "expired"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


_STANDINGS = {
    ProofState.USED: Standing.CONFIRMED,
    ProofState.REFUSED: Standing.REFUSED,
    ProofState.WITHDRAWN: Standing.WITHDRAWN,
}


def standing(proof: Proof, contact: Contact | None, *, now: int) -> Standing:
    """What a proof is worth now. Only an address that still waits can be confirmed, or asked for again."""
    if proof.state in _STANDINGS:
        return _STANDINGS[proof.state]
    if contact is None or not waits(contact, proof.target):
        return Standing.WITHDRAWN
    if proof.state is ProofState.REPLACED:
        return Standing.REPLACED
    return Standing.OPEN if now < proof.expires_at else Standing.EXPIRED


def waits(contact: Contact, target: str) -> bool:
    """Whether an address of the contact waits for its owner's proof."""
    return contact.status is not Status.DELETING and target in contact.unproven


def free_at(moments: Sequence[int], limits: Limits, *, now: int) -> int | None:
    """When one more is within the limits; None when it is now. `moments` are in order."""
    latest = None
    for most, period in limits:
        recent = [moment for moment in moments if moment > now - period]
        if most and len(recent) >= most:
            latest = max(latest or 0, recent[-most] + period)
    return latest


def remembered(moments: Sequence[int], limits: Limits, *, now: int) -> list[int]:
    """The moments that still count for one of the limits."""
    longest = max(period for _, period in limits)
    return [moment for moment in moments if moment > now - longest]
