"""SQL of how workers get letters from the outbox: directory by directory in turn, and no faster than a provider allows.

A worker claims a letter by moving its `due_at` past the lease: whoever dies with it leaves it due again. The work
grows with the letters that are claimed and with the directories that wait, never with how many letters wait.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, select, text, update

from callboard.access.vault import Vault
from callboard.call import Moment
from callboard.database.statement import Connection, Statement
from callboard.database.tables import letters, provider_rates
from callboard.delivery import outbox
from callboard.delivery.letter import Channel
from callboard.delivery.outbox import Claimed, State
from callboard.errors import StartupError

CLOCKS_APART_S = 5
"""A second that lies further ahead was written by a clock that is wrong, and counts for nothing."""

_CLAIM = Statement(
    update(letters)
    .values(due_at=bindparam("leased_until"), attempts=letters.c.attempts + 1)
    .where(
        letters.c.letter_id.in_(
            select(letters.c.letter_id)
            .where(
                letters.c.state == State.WAITING.value,
                letters.c.channel == bindparam("of_channel"),
                letters.c.directory_id == bindparam("of_directory"),
                letters.c.due_at <= bindparam("now"),
            )
            .order_by(letters.c.due_at)
            .limit(bindparam("limit"))
            .with_for_update(skip_locked=True)
        )
    )
    .returning(
        *outbox.LETTER,
        letters.c.attempts,
        letters.c.deadline_at,
        letters.c.label,
        letters.c.trace,
    )
)
_GIVE_BACK = Statement(
    update(letters)
    .values(due_at=bindparam("due"), attempts=letters.c.attempts - 1)
    .where(
        letters.c.letter_id == bindparam("letter"),
        letters.c.attempts == bindparam("attempt"),
        letters.c.state == State.WAITING.value,
    )
)


def _due(beyond: str) -> Statement:
    """Directories with letters that are due, each found by one look into the index: a loose index scan."""
    waiting = "l.state = 'waiting' AND l.channel = :of_channel"
    return Statement(
        text(
            "WITH RECURSIVE waiting (directory_id) AS ("  # noqa: S608 (all of it is ours)
            f"SELECT (SELECT min(l.directory_id) FROM letters l WHERE {waiting}{beyond}) "
            f"UNION ALL SELECT (SELECT min(l.directory_id) FROM letters l WHERE {waiting} "
            "AND l.directory_id > w.directory_id) FROM waiting w WHERE w.directory_id IS NOT NULL) "
            "SELECT w.directory_id FROM waiting w WHERE w.directory_id IS NOT NULL AND EXISTS (SELECT 1 "
            f"FROM letters l WHERE {waiting} AND l.directory_id = w.directory_id AND l.due_at <= :now) LIMIT :limit"
        )
    )


_DUE = _due("")
_DUE_BEYOND = _due(" AND l.directory_id > :after")
# A new second begins with nothing used.
_OPEN_SECOND = Statement(
    text(
        "INSERT INTO provider_rates (channel, second, used) VALUES (:channel, :second, 0) "
        "ON CONFLICT (channel) DO UPDATE SET "
        "used = CASE WHEN provider_rates.second BETWEEN excluded.second AND excluded.second + :apart "
        "THEN provider_rates.used ELSE 0 END, "
        "second = CASE WHEN provider_rates.second BETWEEN excluded.second AND excluded.second + :apart "
        "THEN provider_rates.second ELSE excluded.second END "
        "RETURNING used"
    )
)
_USE = Statement(
    update(provider_rates)
    .values(used=provider_rates.c.used + bindparam("more"))
    .where(provider_rates.c.channel == bindparam("of_channel"))
)


def due(connection: Connection, channel: Channel, *, now: Moment, limit: int, after: str | None = None) -> list[str]:
    """Directories whose letters are due, a number at most: those after the one that was served last, then the first."""
    values = {"of_channel": channel.value, "now": now, "limit": limit}
    beyond = [] if after is None else [row[0] for row in connection.all(_DUE_BEYOND, after=after, **values)]
    if len(beyond) == limit:
        return beyond
    first = [row[0] for row in connection.all(_DUE, **values)]
    return list(dict.fromkeys([*beyond, *first]))[:limit]


def claim(
    connection: Connection,
    vault: Vault,
    channel: Channel,
    directory_ids: Sequence[str],
    *,
    now: Moment,
    lease_ms: int,
    limit: int,
    per_second: int = 0,
) -> list[Claimed]:
    """Take due letters of these directories, of each as many as of the others as far as it has them, those due first.

    Until the lease ends nobody else gets them. With `per_second` all workers together take no more letters of the
    channel in any second. A letter that was encrypted with another master key is given up.
    """
    room = min(limit, _left(connection, channel, per_second, now=now)) if per_second else limit
    claimed: list[Claimed] = []
    hungry = list(directory_ids)
    while hungry and len(claimed) < room:
        share = -(-(room - len(claimed)) // len(hungry))
        served, hungry = hungry, []
        for each in served:
            wanted = min(share, room - len(claimed))
            found = _claim_of(connection, vault, channel, each, now=now, leased_until=now + lease_ms, limit=wanted)
            claimed += found
            hungry += [each] if wanted and len(found) == wanted else []
    if per_second and claimed:
        connection.run(_USE, of_channel=channel.value, more=len(claimed))
    return claimed


def give_back(connection: Connection, claimed: Sequence[Claimed], *, now: Moment) -> None:
    """Let others take letters that were claimed and not tried."""
    rows = [{"letter": each.letter.letter_id, "attempt": each.attempt, "due": now} for each in claimed]
    connection.run_all(_GIVE_BACK, rows)


def _claim_of(
    connection: Connection,
    vault: Vault,
    channel: Channel,
    directory_id: str,
    *,
    now: Moment,
    leased_until: Moment,
    limit: int,
) -> list[Claimed]:
    claimed = []
    for row in connection.all(
        _CLAIM, of_channel=channel.value, of_directory=directory_id, now=now, leased_until=leased_until, limit=limit
    ):
        try:
            letter = outbox.letter_of(vault, row[:6])
        except StartupError:  # One letter that nobody can read must not hold up the others.
            outbox.give_up(connection, row[0])
        else:
            claimed.append(Claimed(letter, row[6], row[7], row[8] or "", row[9] or ""))
    return claimed


def _left(connection: Connection, channel: Channel, per_second: int, *, now: Moment) -> int:
    """How many letters may still go in this second. Nobody else claims of the channel until the transaction ends."""
    row = connection.one(_OPEN_SECOND, channel=channel.value, second=now // 1000, apart=CLOCKS_APART_S)
    assert row is not None, "it was written"
    return max(0, per_second - int(row[0]))
