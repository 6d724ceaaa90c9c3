"""Patterns of the policy language: `*` for any run of characters, `?` for exactly one. Pure."""

import re
from collections.abc import Callable
from functools import lru_cache


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
    return any(pattern(each, ignores_case=ignores_case)(text) is not None for each in patterns)
