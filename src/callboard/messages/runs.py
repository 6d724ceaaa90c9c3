"""SQL of what the messages of a drill's run went by: whoever is told of several accounts gets one letter by each
channel, which stands for all of them.
"""

from collections.abc import Iterable

from msgspec.structs import replace
from sqlalchemy import bindparam, select

from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection, Statement
from callboard.database.tables import drill_runs, letters, messages
from callboard.delivery.letter import Channel
from callboard.messages.rules import Delivery

_STARTED_AT = (
    select(drill_runs.c.started_at)
    .where(drill_runs.c.directory_id == bindparam("directory_id"), drill_runs.c.run_id == bindparam("run_id"))
    .scalar_subquery()
)
_LETTER = Statement(
    select(letters.c.letter_id)
    .join(messages, messages.c.message_id == letters.c.message_id)
    .where(
        letters.c.recipient_key == bindparam("key"),
        letters.c.created_at >= _STARTED_AT,
        letters.c.channel == bindparam("of_channel"),
        messages.c.directory_id == bindparam("directory_id"),
        messages.c.run_id == bindparam("run_id"),
    )
    .limit(1)
)


def with_letters(connection: Connection, directory_id: str, run_id: str, routed: Iterable[Delivery]) -> list[Delivery]:
    """The deliveries, carried by letters that the run has sent there already, where it has."""
    known: dict[tuple[Channel, str], str | None] = {}
    found = []
    for each in routed:
        place = each.channel, key_of(each.recipient)
        if each.letter_id and place not in known:
            row = connection.one(
                _LETTER, directory_id=directory_id, run_id=run_id, key=place[1], of_channel=place[0].value
            )
            known[place] = None if row is None else str(row[0])
        found.append(replace(each, letter_id=known.get(place) or each.letter_id))
    return found
