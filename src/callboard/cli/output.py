"""How commands write what others have written: safe for terminals and spreadsheets, and quiet when nobody reads on."""

import os
import sys

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula, in whose cells others than us have written."""
PIPE_CLOSED = 141
"""The exit code of a program whose output nobody reads on, as the shell has it for SIGPIPE."""


def cell(text: str) -> str:
    """A cell of CSV that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def printable(text: str) -> str:
    """A text without what would move a terminal's cursor."""
    return "".join(each if each.isprintable() else "?" for each in text)


def forsake_stdout() -> None:
    """Let nothing more be written to an output that is closed, so that the end of the process says nothing of it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
