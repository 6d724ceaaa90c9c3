"""What the answers of web servers mean for a letter: read as far as they are of use, and when to come again."""

import re
from collections.abc import AsyncIterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

ANSWER_BYTES = 64 * 1024
"""More of an answer is not read; nobody has so much to say about one letter."""

_SECONDS = re.compile(r"[0-9]{1,9}\Z")


async def beginning(pieces: AsyncIterable[bytes]) -> bytes:
    """The first bytes of an answer that may have no end."""
    content = bytearray()
    async for piece in pieces:
        content += piece
        if len(content) >= ANSWER_BYTES:
            break
    return bytes(content[:ANSWER_BYTES])


def decode(content: bytes, encoding: str | None) -> str:
    try:
        return content.decode(encoding or "utf-8", "replace")
    except LookupError:  # Python also has encodings that are none of texts, such as "hex".
        return content.decode("utf-8", "replace")


def retry_after_s(text: str, *, now: int) -> float | None:
    """What a header Retry-After asks for: seconds, or a date; None where it cannot be read."""
    if _SECONDS.match(text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:  # The writer of "-0000" means UTC all the same.
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.fromtimestamp(now / 1000, UTC)).total_seconds())
