"""New ids and secrets that nobody can guess, in the forms in which the cloud has them."""

import secrets
import string

KEY_ALPHABET = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits


def new_access_key() -> tuple[str, str]:
    """The id and the secret of a new access key."""
    return "LTAI" + random_text(KEY_ALPHABET, 20), random_text(KEY_ALPHABET, 30)


def new_account_id() -> str:
    """The id of a new account: 16 digits, the first of them no 0."""
    return random_text(string.digits[1:], 1) + random_text(string.digits, 15)


def new_user_id() -> str:
    """The id of a new RAM user."""
    return "2" + random_text(string.digits, 17)


def random_text(alphabet: str, length: int) -> str:
    """A text of letters of the alphabet, each as likely as any other: one random number, written in them."""
    number, base = secrets.randbelow(len(alphabet) ** length), len(alphabet)
    return "".join(alphabet[number // base**place % base] for place in range(length))
