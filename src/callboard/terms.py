"""What letters go by, as data: who asks, where links lead, how long proofs hold, how much may be sent, and more.

Made from the settings (`settings/verification.py`, `settings/delivery.py`); `verification/rules.py` reads it.
"""

from msgspec import Struct

LANGUAGES = ("both", "en", "zh")

Limits = tuple[tuple[int, int], ...]
"""Pairs of a number and a period in milliseconds: so many at most in any such period. A number of 0 is no limit."""


class Terms(Struct, frozen=True):
    """The terms of one site. Times are in milliseconds."""

    public_url: str
    """Without a slash at its end."""
    organisation: str
    """Who asks; empty where the account's id has to do."""
    language: str
    """Of letters: en, zh, or both."""
    email_proof_ms: int
    sms_proof_ms: int
    code_attempts: int
    per_account: Limits
    per_address: Limits
    per_source: Limits
    codes_per_source: Limits
    per_prefix: Limits
    kept_channels: frozenset[str]
    """Channels without a provider: email, sms. Their letters stay in the mailbox."""
    administrator_email: str
    """Who is told of refused addresses; empty where the notice stays in the mailbox."""
    fallback_email: str = ""
    """Who gets messages that nobody else is told of; empty where they stay in the mailbox."""
    canaries: tuple[tuple[str, str], ...] = ()
    """Channels with the address of ours that a letter goes to every now and then, to see whether it arrives."""
    canary_period_ms: int = 3_600_000
    canary_overdue_ms: int = 900_000
    allows_private_endpoints: bool = False
    """Whether endpoints may lead to addresses that are not public."""
    chat_services: frozenset[str] = frozenset()
    """The services that chats may be of, by the schemas of Apprise."""
