"""The links in letters of messages. Nothing of them is kept: a link is a letter's id, sealed with the keyed hash."""

import hmac
import re
from enum import StrEnum

from callboard.access.vault import Vault

ACKNOWLEDGE_PAGE, UNSUBSCRIBE_PAGE = "/a/", "/u/"
"""Where the pages are, below the public address; a link's token follows."""
SEAL_LENGTH = 32
_TOKEN = re.compile(r"([0-9A-Za-z-]{16,32})\.([0-9a-f]{32})", re.ASCII)


class Purpose(StrEnum):
    """What a link is for: one link can never do what another one does."""

    ACKNOWLEDGE = "acknowledge"
    UNSUBSCRIBE = "unsubscribe"


def token_of(vault: Vault, letter_id: str, purpose: Purpose) -> str:
    return f"{letter_id}.{_seal(vault, letter_id, purpose)}"


def letter_of(vault: Vault, token: str, purpose: Purpose) -> str | None:
    """The id of the letter whose link this is; None for what is no link of ours."""
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(found[2], _seal(vault, found[1], purpose)):
        return None
    return found[1]


def _seal(vault: Vault, letter_id: str, purpose: Purpose) -> str:
    return vault.digest(letter_id, of=f"link to {purpose.value}").hex()[:SEAL_LENGTH]
