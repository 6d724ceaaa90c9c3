"""How a setting is declared: a default, whose type is the setting's, and a sentence of help."""

from dataclasses import field
from typing import Any


def setting(default: Any, help: str) -> Any:
    return field(default=default, metadata={"help": help})
