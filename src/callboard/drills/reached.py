"""SQL of whom a run is about, and of what was heard of its messages. Every statement is held to one directory."""

from collections.abc import Iterator

from sqlalchemy import bindparam, func, select

from callboard.call import Moment
from callboard.database.statement import Connection, Statement
from callboard.database.tables import deliveries, folders, members, messages
from callboard.drills.rules import Heard, Sent
from callboard.messages.rules import Cause
from callboard.tree import folders as tree
from callboard.tree import members as tree_members
from callboard.tree import scopes
from callboard.tree.directories import Directory
from callboard.tree.folders import SEPARATOR

_BELOW = Statement(
    select(members.c.account_id)
    .join(folders, (members.c.directory_id == folders.c.directory_id) & (members.c.folder_id == folders.c.folder_id))
    .where(
        members.c.directory_id == bindparam("directory_id"),
        members.c.account_id > bindparam("after"),
        members.c.joined_at <= bindparam("since"),
        func.substr(folders.c.path.concat(SEPARATOR), 1, bindparam("length")) == bindparam("prefix"),
    )
    .order_by(members.c.account_id)
    .limit(bindparam("limit"))
)
_OF_RUN = (messages.c.directory_id == bindparam("directory_id"), messages.c.run_id == bindparam("run_id"))
_DELIVERIES_OF_RUN = (
    (deliveries.c.directory_id == messages.c.directory_id) & (deliveries.c.message_id == messages.c.message_id)
)  # fmt: skip
_LAST = Statement(select(func.max(messages.c.account_id)).where(*_OF_RUN))
_ACCOUNTS = Statement(select(messages.c.account_id).where(*_OF_RUN))
_MESSAGES = Statement(
    select(messages.c.account_id, messages.c.message_id)
    .where(*_OF_RUN, messages.c.account_id > bindparam("after"))
    .order_by(messages.c.account_id)
    .limit(bindparam("limit"))
)
_TO_CONTACTS = (deliveries.c.contact_id != "", deliveries.c.cause != Cause.FALLBACK.value)
_SENT = Statement(
    select(messages.c.account_id, deliveries.c.contact_id, deliveries.c.letter_id)
    .join(deliveries, _DELIVERIES_OF_RUN)
    .where(*_OF_RUN, *_TO_CONTACTS)
)
_HEARD = Statement(
    select(deliveries.c.letter_id, func.min(deliveries.c.created_at), func.min(deliveries.c.acknowledged_at))
    .select_from(messages)
    .join(deliveries, _DELIVERIES_OF_RUN)
    .where(*_OF_RUN, *_TO_CONTACTS, deliveries.c.suppression.is_(None), deliveries.c.letter_id != "")
    .group_by(deliveries.c.letter_id)
)


def below(
    connection: Connection, directory: Directory, target_id: str, *, since: Moment, after: str, limit: int
) -> list[str]:
    """Members at or below a scope that have been in the directory since a moment, after an id, in the order of ids."""
    if target_id.isdigit():
        member = tree_members.find(connection, directory.directory_id, target_id)
        return [target_id] if member is not None and member.joined_at <= since and after < target_id else []
    folder_id = target_id if scopes.is_folder(target_id) else directory.root_folder_id
    folder = tree.find(connection, directory.directory_id, folder_id)
    if folder is None:
        return []
    prefix = folder.path + SEPARATOR
    rows = connection.all(
        _BELOW,
        directory_id=directory.directory_id,
        after=after,
        since=since,
        prefix=prefix,
        length=len(prefix),
        limit=limit,
    )
    return [row[0] for row in rows]


def last(connection: Connection, directory_id: str, run_id: str) -> str:
    """The account that a run has published about last, in the order of ids; empty where it has not begun."""
    row = connection.one(_LAST, directory_id=directory_id, run_id=run_id)
    return (row[0] if row else None) or ""


def accounts(connection: Connection, directory_id: str, run_id: str) -> list[str]:
    """The accounts that a run has published about."""
    return [row[0] for row in connection.all(_ACCOUNTS, directory_id=directory_id, run_id=run_id)]


def page(connection: Connection, directory_id: str, run_id: str, *, after: str, limit: int) -> list[tuple[str, str]]:
    """Accounts with the messages of a run about them, after an id, in the order of ids."""
    rows = connection.all(_MESSAGES, directory_id=directory_id, run_id=run_id, after=after, limit=limit)
    return [(row[0], row[1]) for row in rows]


def sent(connection: Connection, directory_id: str, run_id: str) -> Iterator[Sent]:
    """Everything that a run has sent to contacts, or would have."""
    return (Sent(*row) for row in connection.all(_SENT, directory_id=directory_id, run_id=run_id))


def heard(connection: Connection, directory_id: str, run_id: str) -> dict[str, Heard]:
    """What was heard of the letters of a run to contacts."""
    rows = connection.all(_HEARD, directory_id=directory_id, run_id=run_id)
    return {letter_id: Heard(told_at, acknowledged_at) for letter_id, told_at, acknowledged_at in rows}
