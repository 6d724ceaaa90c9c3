"""What the texts of messages may hold, and how long they may be. Pure."""

import re

LONGEST_SUBJECT, LONGEST_CONTENT = 200, 20_000

# Control characters, half characters, and what turns the direction of the text around.
_BAD = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
NOT_IN_TEXT = re.compile(f"[{_BAD}]")
NOT_ON_A_LINE = re.compile(f"[{_BAD}\\t\\n\\r\\u2028\\u2029]")


def is_line(text: str, longest: int) -> bool:
    """Whether a text could stand in a header."""
    return 0 < len(text) <= longest and text == text.strip() and not NOT_ON_A_LINE.search(text)


def is_text(text: str, longest: int) -> bool:
    """Whether a text says something, without control characters but tabs and line breaks."""
    return len(text) <= longest and bool(text.strip()) and not NOT_IN_TEXT.search(text)
