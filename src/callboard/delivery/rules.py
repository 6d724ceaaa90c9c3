"""When a letter is tried again, and when it is given up. Pure."""

import re

from msgspec import Struct

from callboard.delivery.letter import Content

ANSWER_LENGTH = 500
SHORTEST_SECRET = 8
"""What is shorter in an address is a word of every answer."""

_BETWEEN = re.compile(r"[/?&=]+")
URGENT_LIMIT_MS = 5 * 60 * 1000
"""Longest pause between two tries of what somebody must act on now."""
SHARE_OF_TIME_LEFT = 10
"""A pause is at most such a part of the time that is left, so that what is of use only shortly is tried often."""


class Pace(Struct, frozen=True):
    """How patient the outbox is. Times are in milliseconds."""

    attempts: int
    backoff_ms: int
    backoff_limit_ms: int
    lease_ms: int


def next_try(
    pace: Pace,
    *,
    attempt: int,
    now: int,
    deadline_at: int,
    chance: float,
    retry_after_ms: int = 0,
    is_urgent: bool = False,
) -> int | None:
    """When a letter that failed for now is tried again; None gives it up.

    The pause doubles with each attempt up to its limit, which is lower for what is urgent, and never below the first
    pause. `chance`, from 0 to 1, takes away up to half of it, so that
    letters which failed together do not come back together. What the provider asks for is the least pause.
    """
    if attempt >= pace.attempts:
        return None
    limit = min(pace.backoff_limit_ms, URGENT_LIMIT_MS) if is_urgent else pace.backoff_limit_ms
    limit = max(pace.backoff_ms, min(limit, (deadline_at - now) // SHARE_OF_TIME_LEFT))
    pause = min(limit, pace.backoff_ms * 2 ** (attempt - 1))
    at = now + max(int(pause * (1 - chance / 2)), retry_after_ms)
    return at if at < deadline_at else None


def blot(answer: str, content: Content) -> str:
    """A provider's answer on one line, without the secrets of a letter in case it repeats what it was sent."""
    text = " ".join(answer.split())
    links = (content.link, *content.more_links)
    for secret in (*links, *(each.rpartition("/")[2] for each in links), content.code, *_of_target(content)):
        if secret:
            text = text.replace(secret, "***")
    return text[:ANSWER_LENGTH]


def _of_target(content: Content) -> list[str]:
    """An endpoint's URL, which nobody may know, and what stands behind its host, where the secrets are."""
    if content.target is None:
        return []
    rest = content.target.url.partition("://")[2].partition("/")[2]
    parts = [rest, *_BETWEEN.split(rest)]
    return [content.target.url, *(each for each in parts if len(each) >= SHORTEST_SECRET)]
