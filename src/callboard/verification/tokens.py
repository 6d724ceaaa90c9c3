"""Links' tokens and typed codes: made from the operating system's chance, kept as keyed hashes."""

import hmac
import secrets
import string

from callboard.access.vault import Vault
from callboard.contacts.proofs import Proof
from callboard.verification.rules import TOKEN_LENGTH

_ALPHABET = string.ascii_letters + string.digits  # A messenger may cut a link at any other sign.


def new_token() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(TOKEN_LENGTH))


def new_code(digits: int) -> str:
    return f"{secrets.randbelow(10**digits):0{digits}}"


def token_digest(vault: Vault, token: str) -> bytes:
    return vault.digest(token, of="token")


def code_digest(vault: Vault, proof_id: str, code: str) -> bytes:
    """Bound to its proof, so that equal codes have hashes that differ."""
    return vault.digest(code, of=f"code {proof_id}")


def is_code_of(vault: Vault, proof: Proof, typed: str) -> bool:
    return hmac.compare_digest(code_digest(vault, proof.proof_id, typed), proof.code_digest)
