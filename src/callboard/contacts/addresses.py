"""Email addresses and phone numbers in one spelling, to tell whether two texts mean the same. Pure."""

import hashlib
import re
import unicodedata
from functools import lru_cache

_SEPARATORS = re.compile(r"[\s().-]+")


@lru_cache(maxsize=1024)
def key_of(target: str) -> str:
    """What all spellings of an address have in common: a digest of 32 characters. Each step of routing asks for it.

    Letters of either case are the same mailbox nearly everywhere, so limits and refusals must not tell them apart.
    """
    return hashlib.blake2b(_plain(target).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def keys_typed(text: str, country_codes: frozenset[str]) -> list[str]:
    """The keys of what a person may have meant who typed this: a number may come without its country code."""
    text = unicodedata.normalize("NFKC", text).strip()  # Chinese keyboards write digits and signs of full width.
    if "@" in text:
        return [key_of(text)]
    if text.startswith("00"):
        text = "+" + text[2:]
    plain = _plain(text)
    if not plain.isdigit() or text.startswith("+"):
        return [key_of(plain)]
    return [key_of(plain), *(key_of(code + plain) for code in sorted(country_codes))]


def is_phone(target: str) -> bool:
    """Whether a target of the API is a phone number; every email address has an @."""
    return "@" not in target


def _plain(target: str) -> str:
    if "@" in target:
        return target.casefold()
    return _SEPARATORS.sub("", target).removeprefix("+")
