"""Canaries: letters that the server sends to itself, to find a provider that takes everything and delivers nothing.

There is one for each channel and period, whichever replica is first: its id is the keyed hash of both, which nobody
else can know. The state of a channel stands with its canaries: `told_at` of one that was not seen by then began an
outage that the administrator knows of, `told_at` of one that was seen ended it.
"""

from collections.abc import Callable, Iterator

from sqlalchemy import bindparam, delete, func, null, or_, select, text, update

from callboard.access.vault import Vault
from callboard.call import Moment
from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection, Statement
from callboard.database.tables import canaries
from callboard.delivery import outbox
from callboard.delivery.letter import Channel, Letter
from callboard.delivery.outbox import NewLetter
from callboard.receipts.texts import written
from callboard.terms import Terms
from callboard.verification.sending import ADMINISTRATOR, NOTICE_LIFETIME_MS

LABEL = "Canary"
ID_LENGTH = 32
DOWN, UP = "down", "up"
BATCH = 1000

# Written out, as Core has no ON CONFLICT that serves both databases.
_ADD = Statement(
    text(
        "INSERT INTO canaries (canary_id, channel, created_at) VALUES (:canary_id, :channel, :created_at) "
        "ON CONFLICT DO NOTHING"
    )
)
_SEE = Statement(
    update(canaries)
    .values(seen_at=bindparam("at"))
    .where(canaries.c.canary_id == bindparam("canary"), canaries.c.seen_at.is_(null()))
)
_seen = canaries.alias("seen")
_LAST_SEEN = (
    select(func.coalesce(func.max(_seen.c.created_at), 0))
    .where(_seen.c.channel == canaries.c.channel, _seen.c.seen_at.is_not(null()))
    .scalar_subquery()
)
_OVERDUE = Statement(
    select(canaries.c.channel, canaries.c.canary_id)
    .where(
        canaries.c.seen_at.is_(null()),
        canaries.c.created_at <= bindparam("before"),
        canaries.c.created_at > _LAST_SEEN,
    )
    .order_by(canaries.c.created_at)
    .limit(BATCH)
)
_OF_CHANNEL = canaries.c.channel == bindparam("channel")
_LAST_TOLD = Statement(
    select(canaries.c.seen_at, canaries.c.told_at)
    .where(_OF_CHANNEL, canaries.c.told_at.is_not(null()))
    .order_by(canaries.c.told_at.desc())
    .limit(1)
)
_NEWEST_SEEN = Statement(
    select(canaries.c.canary_id)
    .where(_OF_CHANNEL, canaries.c.seen_at.is_not(null()))
    .order_by(canaries.c.created_at.desc())
    .limit(1)
)
_TELL = Statement(
    update(canaries)
    .values(told_at=bindparam("at"))
    .where(
        canaries.c.canary_id == bindparam("canary"),
        or_(canaries.c.told_at.is_(null()), canaries.c.told_at < canaries.c.seen_at),
    )
)
_CLEAR = Statement(
    delete(canaries).where(
        canaries.c.canary_id.in_(
            select(canaries.c.canary_id).where(canaries.c.created_at < bindparam("before")).limit(bindparam("limit"))
        )
    )
)


def send(connection: Connection, vault: Vault, terms: Terms, *, now: Moment) -> list[str]:
    """Write the canaries of this period that nobody has written yet: the channels."""
    sent = []
    for channel, recipient in terms.canaries:
        period = now // terms.canary_period_ms
        canary_id = vault.digest(f"{channel} {period}", of="canary").hex()[:ID_LENGTH]
        if connection.run(_ADD, canary_id=canary_id, channel=channel, created_at=now) == 1:
            letter = Letter(canary_id, Channel(channel), recipient, written("canary", terms.language), now)
            _post(connection, vault, letter, deadline_at=now + terms.canary_overdue_ms, label=LABEL)
            sent.append(channel)
    return sent


def see(connection: Connection, canary_id: str, *, at: Moment) -> bool:
    """Keep that a canary has arrived; false for what is none, or has arrived before."""
    return connection.run(_SEE, canary=canary_id, at=at) == 1


def overdue(connection: Connection, terms: Terms, *, now: Moment) -> dict[str, list[str]]:
    """By channel, the canaries that should have been seen by now, with none seen since: the first one first."""
    found: dict[str, list[str]] = {channel: [] for channel, _ in terms.canaries}
    for channel, canary_id in connection.all(_OVERDUE, before=now - terms.canary_overdue_ms):
        if channel in found:
            found[channel].append(canary_id)
    return found


def tell(
    connection: Connection, vault: Vault, terms: Terms, new_id: Callable[[str], str], *, now: Moment
) -> list[tuple[str, str]]:
    """Tell the administrator of each outage that began, and of each that is over: DOWN or UP, and the channel."""
    told = list(_news(connection, terms, now=now))
    is_kept = not terms.administrator_email or Channel.EMAIL in terms.kept_channels
    recipient = terms.administrator_email or ADMINISTRATOR
    for state, channel in told:
        content = written(state, terms.language, channel=channel, seconds=terms.canary_overdue_ms // 1000)
        letter = Letter(new_id(f"{now:012x}-"), Channel.EMAIL, recipient, content, now)
        _post(connection, vault, letter, deadline_at=now + NOTICE_LIFETIME_MS, is_kept=is_kept)
    return told


def clear(connection: Connection, *, before: Moment) -> int:
    """Forget canaries of before a moment: a batch; how many."""
    return connection.run(_CLEAR, before=before, limit=BATCH)


def _news(connection: Connection, terms: Terms, *, now: Moment) -> Iterator[tuple[str, str]]:
    """What has changed since the administrator was told, each by one process."""
    for channel, late in overdue(connection, terms, now=now).items():
        told = connection.one(_LAST_TOLD, channel=channel)
        is_known = told is not None and (told[0] is None or told[0] > told[1])
        if late and not is_known and connection.run(_TELL, canary=late[0], at=now) == 1:
            yield DOWN, channel
        if is_known and not late:
            seen = connection.one(_NEWEST_SEEN, channel=channel)
            if seen is not None and connection.run(_TELL, canary=seen[0], at=now) == 1:
                yield UP, channel


def _post(
    connection: Connection, vault: Vault, letter: Letter, *, deadline_at: Moment, label: str = "", is_kept: bool = False
) -> None:
    """Into the outbox, as a letter of no directory."""
    key = key_of(letter.recipient)
    outbox.add(connection, vault, NewLetter(letter, "", "", key, deadline_at, label), is_kept=is_kept)
