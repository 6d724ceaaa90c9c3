"""SQL of the coverage report: what all members share, read once; and the members, a page at a time.

However many members there are, one page of them is in memory. Pages go by the account id, so that whoever comes or
leaves meanwhile moves nobody else.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, bindparam, func, null, or_, select

from callboard.contacts.rules import MESSAGE_TYPES, Contact
from callboard.contacts.storage import COLUMNS, contact_of
from callboard.database.statement import Connection, Row, Statement
from callboard.database.tables import bindings, contacts, folders, members, past_placements, retained_contacts
from callboard.recipients.coverage import Line, MemberSeen, Place, Shared, lines
from callboard.recipients.rules import Way
from callboard.tree import scopes
from callboard.tree.folders import SEPARATOR, Folder
from callboard.tree.stays import Stay

PAGE = 1000
"""Members on a page."""

_CONTACTS = Statement(select(*COLUMNS).where(contacts.c.directory_id == bindparam("directory_id")))
_BOUND = select(bindings.c.contact_id, bindings.c.target_id, bindings.c.bound_at).where(
    bindings.c.directory_id == bindparam("directory_id")
)
_SHARED_BINDINGS = Statement(
    _BOUND.where(bindings.c.target_id == bindparam("directory_id")).union_all(
        _BOUND.join(
            folders,
            (folders.c.directory_id == bindings.c.directory_id) & (folders.c.folder_id == bindings.c.target_id),
        )
    )
)
_KEPT = select(
    retained_contacts.c.target_id,
    retained_contacts.c.bound_to,
    retained_contacts.c.retained_at,
    retained_contacts.c.cause,
    retained_contacts.c.contact,
).where(retained_contacts.c.directory_id == bindparam("directory_id"), retained_contacts.c.released_at.is_(null()))
_FIRST_LETTER = func.substr(retained_contacts.c.target_id, 1, 1)
# Folders may be gone of which members keep something; the ids of the directory and of folders begin with r and f.
_SHARED_KEPT = Statement(_KEPT.where(or_(_FIRST_LETTER == "r", _FIRST_LETTER == "f")))

_IN_FOLDER = (members.c.directory_id == folders.c.directory_id) & (members.c.folder_id == folders.c.folder_id)
_IS_BELOW = func.substr(folders.c.path.concat(SEPARATOR), 1, bindparam("length")) == bindparam("prefix")
_OF_DIRECTORY = members.c.directory_id == bindparam("directory_id")
_FROM = members.c.account_id >= bindparam("first_id")


class _Pages:
    """The statements of one page: of all members, which an index serves in their order; or of those in a folder."""

    def __init__(self, *conditions: ColumnElement[bool]) -> None:
        self._conditions = (_OF_DIRECTORY, *conditions)
        page = select(
            members.c.account_id,
            members.c.display_name,
            members.c.folder_id,
            folders.c.name,
            folders.c.path,
            members.c.placed_at,
        )
        page = page.join(folders, _IN_FOLDER).where(*self._conditions, _FROM)
        self.members = Statement(page.order_by(members.c.account_id).limit(bindparam("limit")))
        count = select(func.count()).select_from(members).join(folders, _IN_FOLDER)
        self.count = Statement(count.where(*self._conditions))
        self.bindings = self._own(_BOUND, bindings.c.target_id)
        self.kept = self._own(_KEPT, retained_contacts.c.target_id)
        stays = select(
            past_placements.c.account_id, past_placements.c.path, past_placements.c.placed_at, past_placements.c.left_at
        ).where(past_placements.c.directory_id == bindparam("directory_id"))
        self.stays = self._own(stays, past_placements.c.account_id)

    def _own(self, selected: Select[Any], account_id: ColumnElement[str]) -> Statement:
        """What the members of a page have of their own, found by the same conditions as they."""
        joined = selected.join(members, members.c.account_id == account_id).join(folders, _IN_FOLDER)
        return Statement(joined.where(*self._conditions, _FROM, members.c.account_id <= bindparam("last_id")))


_OF_ALL, _OF_FOLDER = _Pages(), _Pages(_IS_BELOW)


class Report:
    """The coverage of the members in a folder. What is bound or changed after it was opened may not be in it."""

    def __init__(self, connection: Connection, directory_id: str, folder: Folder) -> None:
        """Read what all members share."""
        self._directory_id, self._pages = directory_id, _OF_ALL if folder.parent_id is None else _OF_FOLDER
        prefix = folder.path + SEPARATOR
        self._below = {"directory_id": directory_id, "prefix": prefix, "length": len(prefix)}
        found = [contact_of(row) for row in connection.all(_CONTACTS, directory_id=directory_id)]
        self._contacts = {each.contact_id: each for each in found}
        kept = connection.all(_SHARED_KEPT, directory_id=directory_id)
        bound = connection.all(_SHARED_BINDINGS, directory_id=directory_id)
        self.shared = Shared(filter(None, map(self._way, bound)), ((row[0], _kept_way(row)) for row in kept))

    def count(self, connection: Connection) -> int:
        """How many members there are."""
        row = connection.one(self._pages.count, **self._below)
        return int(row[0]) if row else 0

    def page(self, connection: Connection, after: Place | None) -> tuple[list[Line], Place | None]:
        """The lines of PAGE members from a place on; and where to go on, if there may be more."""
        first_id = after.account_id if after else ""
        rows = connection.all(self._pages.members, first_id=first_id, limit=PAGE, **self._below)
        found = []
        for member in self._members(connection, rows):
            passed = after.passed if after and member.account_id == after.account_id else 0
            found += lines(member, self.shared.tallies(member))[passed:]
        is_whole = len(rows) == PAGE
        return found, Place(rows[-1][0], len(MESSAGE_TYPES)) if is_whole else None

    def _members(self, connection: Connection, rows: Sequence[Row]) -> Iterator[MemberSeen]:
        if not rows:
            return
        own = {"first_id": rows[0][0], "last_id": rows[-1][0], **self._below}
        ways: dict[str, list[Way]] = {}
        for row in connection.all(self._pages.bindings, **own):
            way = self._way(row)
            if way is not None:
                ways.setdefault(way.scope_id, []).append(way)
        for row in connection.all(self._pages.kept, **own):
            ways.setdefault(row[0], []).append(_kept_way(row))
        stays: dict[str, list[Stay]] = {}
        for account_id, path, since, until in connection.all(self._pages.stays, **own):
            stays.setdefault(account_id, []).append(Stay(self._above(path), since, until))
        for account_id, display_name, folder_id, folder_name, path, placed_at in rows:
            yield MemberSeen(
                account_id,
                display_name,
                folder_id,
                folder_name,
                self._above(path),
                placed_at,
                tuple(stays.get(account_id, ())),
                tuple(ways.get(account_id, ())),
            )

    def _above(self, path: str) -> tuple[str, ...]:
        return scopes.on_path(self._directory_id, path)

    def _way(self, row: Row) -> Way | None:
        """None for a contact that was added after the report was opened."""
        contact_id, target_id, bound_at = row
        contact = self._contacts.get(contact_id)
        return None if contact is None else Way(contact, target_id, bound_at)


def _kept_way(row: Row) -> Way:
    _, bound_to, retained_at, cause, contact = row
    return Way(msgspec.json.decode(contact, type=Contact), bound_to, retained_at, cause)
