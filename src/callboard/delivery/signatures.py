"""The signatures of webhooks: symmetric ones of Standard Webhooks 1.0.0 (spec/standard-webhooks.md)."""

import base64
import hmac
import secrets

KEY_PREFIX, KEY_BYTES = "whsec_", 32


def new_key() -> str:
    """A key for signatures, as the specification writes it."""
    return KEY_PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def signature(key: str, letter_id: str, timestamp: int, body: bytes) -> str:
    """One signature, as it stands in the header."""
    signed = f"{letter_id}.{timestamp}.".encode() + body
    made = hmac.digest(base64.b64decode(key.removeprefix(KEY_PREFIX)), signed, "sha256")
    return f"v1,{base64.b64encode(made).decode()}"
