"""Which members would lose their last recipient of some messages if a contact were taken out of everything.

Members are read in pages in the order of their ids, and what differs from member to member a page at a time, so that
the work grows with their number and the memory does not.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import BindParameter, bindparam, or_, select, tuple_

from callboard.call import Moment
from callboard.contacts.bindings import Binding
from callboard.contacts.others import Coverage, Others, Types
from callboard.contacts.retained import DELETED, LEFT
from callboard.contacts.rules import Contact
from callboard.contacts.storage import Failure
from callboard.database.statement import Connection, Row, Statement
from callboard.database.tables import bindings, contacts, folders, members, past_placements, retained_contacts
from callboard.tree import scopes
from callboard.tree.stays import Stay, unbroken

MOST_FAILURES = 1000
"""Most members that are named; the rest lose a recipient too."""
PAGE = 1000

_DIRECTORY: BindParameter[str] = bindparam("directory_id")
_AFTER: BindParameter[str] = bindparam("after")
_FIRST: BindParameter[str] = bindparam("first")
_LAST: BindParameter[str] = bindparam("last")
_FOLDERS = "fd-%"
_MEMBERS = (
    select(members.c.account_id, members.c.placed_at, folders.c.path)
    .join(folders, (folders.c.directory_id == members.c.directory_id) & (folders.c.folder_id == members.c.folder_id))
    .where(members.c.directory_id == _DIRECTORY, members.c.account_id > _AFTER)
    .order_by(members.c.account_id)
    .limit(bindparam("limit"))
)
_EVERY_MEMBER = Statement(_MEMBERS)
_BOUND_MEMBERS = Statement(
    _MEMBERS.join(
        bindings, (bindings.c.directory_id == members.c.directory_id) & (bindings.c.target_id == members.c.account_id)
    ).where(bindings.c.contact_id == bindparam("contact_id"))
)
_BOUND = (
    select(bindings.c.target_id, contacts.c.message_types)
    .join(
        contacts,
        (contacts.c.directory_id == bindings.c.directory_id) & (contacts.c.contact_id == bindings.c.contact_id),
    )
    .where(
        bindings.c.directory_id == _DIRECTORY,
        bindings.c.contact_id != bindparam("contact_id"),
        contacts.c.email_verified_at.is_not(None),
    )
    .distinct()
)
_BOUND_ABOVE = Statement(_BOUND.where(or_(bindings.c.target_id == _DIRECTORY, bindings.c.target_id.like(_FOLDERS))))
_BOUND_TO_MEMBERS = Statement(_BOUND.where(bindings.c.target_id >= _FIRST, bindings.c.target_id <= _LAST))
_KEPT = select(
    retained_contacts.c.target_id,
    retained_contacts.c.contact_id,
    retained_contacts.c.retained_at,
    retained_contacts.c.cause,
    retained_contacts.c.contact,
).where(retained_contacts.c.directory_id == _DIRECTORY, retained_contacts.c.released_at.is_(None))
_KEPT_ABOVE = Statement(
    _KEPT.where(
        retained_contacts.c.cause == DELETED,
        or_(
            retained_contacts.c.target_id == _DIRECTORY,
            retained_contacts.c.target_id.like(_FOLDERS),
        ),
        tuple_(retained_contacts.c.target_id, retained_contacts.c.contact_id, retained_contacts.c.retained_at)
        > tuple_(_AFTER, bindparam("after_contact"), bindparam("after_moment")),
    )
    .order_by(retained_contacts.c.target_id, retained_contacts.c.contact_id, retained_contacts.c.retained_at)
    .limit(bindparam("limit"))
)
_KEPT_BY_MEMBERS = Statement(
    _KEPT.where(retained_contacts.c.target_id >= _FIRST, retained_contacts.c.target_id <= _LAST)
)
_EARLIER = Statement(
    select(
        past_placements.c.account_id, past_placements.c.path, past_placements.c.placed_at, past_placements.c.left_at
    ).where(
        past_placements.c.directory_id == _DIRECTORY,
        past_placements.c.account_id >= _FIRST,
        past_placements.c.account_id <= _LAST,
    )
)


class _Member(Struct, frozen=True):
    account_id: str
    stay: Stay
    lost: Types


class _RetainedTypes(Struct, frozen=True):
    """What counts of a retained contact."""

    message_types: Types


def find(connection: Connection, directory_id: str, contact: Contact, bound: Sequence[Binding]) -> list[Failure]:
    """The members that would lose a recipient, in the order of their ids, at most MOST_FAILURES.

    Recipients are contacts that have proven their address, bound to any scope of a member, and contacts that it keeps.
    """
    if not contact.is_in_effect or not bound:
        return []
    search = _Search(connection, directory_id, contact, frozenset(each.target_id for each in bound))
    failures: list[Failure] = []
    for page in search.pages():
        failures += search.failures(page)
        if len(failures) >= MOST_FAILURES:
            break
    return failures[:MOST_FAILURES]


class _Search:
    """One search, with what it has found out about folders."""

    def __init__(self, connection: Connection, directory_id: str, contact: Contact, bound: frozenset[str]) -> None:
        self._connection, self._directory_id, self._contact, self._bound = connection, directory_id, contact, bound
        self._types = frozenset(contact.message_types)
        above = self._all(_BOUND_ABOVE, contact_id=contact.contact_id)
        self._others = Others(((target, _types(text)) for target, text in above), self._kept_above())
        self._known: dict[str, tuple[tuple[str, ...], Coverage]] = {}

    def pages(self) -> Iterator[list[Row]]:
        """Every member, or those to which the contact is bound itself where it is bound to no folder."""
        is_bound_above = any(target == self._directory_id or scopes.is_folder(target) for target in self._bound)
        after = ""
        while True:
            values = {"after": after, "limit": PAGE}
            page = (
                self._all(_EVERY_MEMBER, **values)
                if is_bound_above
                else self._all(_BOUND_MEMBERS, contact_id=self._contact.contact_id, **values)
            )
            if not page:
                return
            yield page
            after = page[-1][0]

    def failures(self, page: list[Row]) -> list[Failure]:
        """The members of a page that would lose a recipient."""
        at_risk = [each for each in map(self._member, page) if each is not None]
        if not at_risk:
            return []
        between = {"first": page[0][0], "last": page[-1][0]}
        own, kept, earlier = self._own(between), self._kept(between), self._earlier(between)
        found = []
        for each in at_risk:
            stays = unbroken([*earlier[each.account_id], each.stay])
            lost = each.lost - own[each.account_id] - self._others.kept_through(stays)
            for cause, moment, types in kept[each.account_id]:
                if cause == LEFT or any(stay.holds(moment) for stay in stays):
                    lost -= types
            if lost:
                named = tuple(type_ for type_ in self._contact.message_types if type_ in lost)
                found.append(Failure(each.account_id, named))
        return found

    def _member(self, row: Row) -> _Member | None:
        """A member that the contact is told of, if others above it do not receive everything."""
        account_id, placed_at, path = row
        known = self._known.get(path)
        if known is None:
            above = scopes.on_path(self._directory_id, path)
            known = self._known[path] = (above, self._others.on_path(above))
        above, coverage = known
        if self._bound.isdisjoint(above) and account_id not in self._bound:
            return None
        lost = self._types - coverage.of(since=placed_at)
        return _Member(account_id, Stay(above, placed_at), lost) if lost else None

    def _own(self, between: dict[str, str]) -> defaultdict[str, Types]:
        """By account, the types that others receive who are bound to it itself."""
        found: defaultdict[str, Types] = defaultdict(frozenset)
        for account_id, text in self._all(_BOUND_TO_MEMBERS, contact_id=self._contact.contact_id, **between):
            found[account_id] |= _types(text)
        return found

    def _kept(self, between: dict[str, str]) -> defaultdict[str, list[tuple[str, Moment, Types]]]:
        """By account, cause, moment and types of the contacts that were bound to it itself, and are kept."""
        found = defaultdict(list)
        for account_id, _, moment, cause, text in self._all(_KEPT_BY_MEMBERS, **between):
            found[account_id].append((cause, moment, _types_kept(text)))
        return found

    def _earlier(self, between: dict[str, str]) -> defaultdict[str, list[Stay]]:
        """By account, where it was before."""
        found = defaultdict(list)
        for account_id, path, since, until in self._all(_EARLIER, **between):
            found[account_id].append(Stay(scopes.on_path(self._directory_id, path), since, until))
        return found

    def _kept_above(self) -> Iterator[tuple[str, Moment, Types]]:
        """What is kept at the directory and at folders, a page at a time."""
        after: tuple[str, str, Moment] = ("", "", 0)
        while True:
            target_id, contact_id, moment = after
            page = self._all(_KEPT_ABOVE, after=target_id, after_contact=contact_id, after_moment=moment, limit=PAGE)
            if not page:
                return
            yield from ((row[0], row[2], _types_kept(row[4])) for row in page)
            after = page[-1][:3]

    def _all(self, statement: Statement, **values: object) -> list[Row]:
        return self._connection.all(statement, directory_id=self._directory_id, **values)


def _types(text: str) -> Types:
    return msgspec.json.decode(text, type=Types)


def _types_kept(text: str) -> Types:
    return msgspec.json.decode(text, type=_RetainedTypes).message_types
