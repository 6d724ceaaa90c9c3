"""Patterns of the policy language: `*` for any run of characters, `?` for exactly one. Pure."""

import re
from collections.abc import Callable
from functools import lru_cache

REMEMBERED_LENGTH = 256


@lru_cache(maxsize=4096)
def pattern(text: str, *, ignores_case: bool = False) -> Callable[[str], object]:
    """What tells whether a text fits a pattern.

    What stands between two stars is looked for once, at its first place (the atomic groups): with a search that could
    go back, a policy with many stars would keep a database thread busy for hours.
    """
    first, *rest = (_fixed(part) for part in text.split("*"))
    between = "".join(f"(?>.*?{part})" for part in rest[:-1] if part)
    last = f".*{rest[-1]}" if rest else ""
    return re.compile(first + between + last, re.DOTALL | (re.IGNORECASE if ignores_case else 0)).fullmatch


def _fixed(part: str) -> str:
    return ".".join(re.escape(each) for each in part.split("?"))


def fits_any(text: str, patterns: tuple[str, ...], *, ignores_case: bool = False) -> bool:
    """Whether a text fits one of the patterns."""
    # Calls repeat themselves: the same actions on the same contacts. What is long is no id, and not worth the memory.
    return (_known if len(text) <= REMEMBERED_LENGTH else _fits_any)(text, patterns, ignores_case)


def _fits_any(text: str, patterns: tuple[str, ...], ignores_case: bool) -> bool:  # noqa: FBT001 (a cache's key)
    return "*" in patterns or any(pattern(each, ignores_case=ignores_case)(text) is not None for each in patterns)


_known = lru_cache(maxsize=16_384)(_fits_any)
