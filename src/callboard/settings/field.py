"""How a setting is declared: a default, whose type is the setting's, and a sentence of help; what may be in it."""

from dataclasses import field
from typing import Any
from urllib.parse import urlsplit


def setting(default: Any, help: str) -> Any:
    return field(default=default, metadata={"help": help})


def is_web(url: str) -> bool:
    """Whether a setting is the address of something that speaks HTTP."""
    return urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
