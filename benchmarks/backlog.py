"""A backlog for measurements: deliveries that wait, made by SQL from messages that were published."""

import sqlite3
import time
from contextlib import closing
from typing import Any

import psycopg

_SERIES = "WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {copies})"
_MADE = "'b' || substr(d.delivery_id, 1, 22) || substr(CAST(100000000 + s.n AS TEXT), 2)"
_DELIVERIES = """
INSERT INTO deliveries (directory_id, message_id, delivery_id, position, letter_id, cause, contact_id, contact_name,
  channel, recipient, language, suppression, paths, digest_at, receipt, receipt_at, receipt_answer, acknowledged_at,
  created_at)
{series}
SELECT d.directory_id, d.message_id, {made}, d.position, {made}, d.cause, d.contact_id, d.contact_name, d.channel,
  d.recipient, d.language, d.suppression, d.paths, d.digest_at, d.receipt, d.receipt_at, d.receipt_answer,
  d.acknowledged_at, d.created_at
FROM series s CROSS JOIN deliveries d
"""
_LETTERS = """
INSERT INTO letters (letter_id, directory_id, contact_id, channel, recipient, recipient_key, content, state, attempts,
  due_at, deadline_at, created_at, label, message_id, review_at, trace)
{series}
SELECT {made}, l.directory_id, l.contact_id, l.channel, l.recipient, l.recipient_key, NULL, 'waiting', 0,
  {now}, {now} + 86400000, {now}, l.label, l.message_id, NULL, NULL
FROM series s CROSS JOIN deliveries d JOIN letters l ON l.letter_id = d.letter_id
"""


def fill(url: str, size: int) -> None:
    """Have about so many deliveries that wait: copies of those that are there. `url` is as the product has it."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            _fill(connection, size)
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            _fill(connection, size)
    settle(url)


def settle(url: str) -> None:
    """Have PostgreSQL know how much there is, as it does by itself within minutes; until then it plans for nothing."""
    if not url.startswith("sqlite:///"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def _fill(connection: Any, size: int) -> None:
    (there,) = connection.execute("SELECT count(*) FROM deliveries").fetchone()
    places = {"series": _SERIES.format(copies=max(1, size // there)), "made": _MADE, "now": int(time.time() * 1000)}
    connection.execute("BEGIN")
    connection.execute(_LETTERS.format(**places))
    connection.execute(_DELIVERIES.format(**places))
    connection.execute("COMMIT")


def waits(url: str) -> bool:
    """Whether any letter waits."""
    return bool(_all(url, "SELECT letter_id FROM letters WHERE state = 'waiting' LIMIT 1"))


def delays(url: str, since: int) -> list[int]:
    """Of all mails written since a moment: milliseconds from there until they were sent."""
    rows = _all(
        url,
        "SELECT a.at - l.created_at FROM letters l JOIN attempts a ON a.letter_id = l.letter_id "
        f"WHERE a.outcome = 'sent' AND l.created_at >= {since}",
    )
    return [row[0] for row in rows]


def _all(url: str, question: str) -> list[Any]:
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(question).fetchall()
    with psycopg.connect(url) as connection:
        return connection.execute(question.encode()).fetchall()
