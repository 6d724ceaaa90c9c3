"""SQL of lists of members, in the order in which they joined: of a directory or directly in a folder, searched."""

from collections.abc import Sequence
from itertools import product
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, String, Subquery, bindparam, func, or_, select, tuple_

from callboard.call import Moment
from callboard.database.statement import Connection, Slots, Statement
from callboard.database.tables import account_deletions, folders, members
from callboard.tree import tags
from callboard.tree.folders import SEPARATOR
from callboard.tree.members import COLUMNS, Member

MOST_LEVELS = 6
"""The root folder, and five levels below it."""

_ESCAPE = "!"
"""A backslash would be one or two, by the settings of PostgreSQL."""

_KEYWORD = bindparam("keyword", type_=String)
# Display names are of English letters and Chinese characters: both databases know the small ones of those.
_HAS_KEYWORD = or_(
    func.lower(members.c.display_name).like(_KEYWORD, escape=_ESCAPE),
    members.c.account_id.like(_KEYWORD, escape=_ESCAPE),
)
_ORDER = (members.c.joined_at, members.c.account_id)
_AFTER = tuple_(*_ORDER) > tuple_(bindparam("after_joined_at"), bindparam("after_account_id"))


class Search(Struct, frozen=True):
    """Which members are wanted: of a folder (None: of the whole directory), by a part of their display name or of
    their id, and by tags, where None stands for any value.
    """

    folder_id: str | None = None
    keyword: str = ""
    tags: tuple[tuple[str, str | None], ...] = ()


class Position(Struct, frozen=True):
    """Where a page ends: the last member on it."""

    joined_at: Moment
    account_id: str


class Listed(Struct, frozen=True):
    """A member, the path of its folder, and how the check before its deletion or the deletion itself ended."""

    member: Member
    path: str
    deletion: str | None

    @property
    def position(self) -> Position:
        return Position(self.member.joined_at, self.member.account_id)

    def resource_directory_path(self, directory_id: str) -> str:
        """Its RDPath (directory-api.yaml)."""
        return SEPARATOR.join((directory_id, self.path, self.member.account_id))


def _conditions(*, in_folder: bool, has_keyword: bool, has_tags: bool) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [members.c.directory_id == bindparam("directory_id")]
    if in_folder:
        found.append(members.c.folder_id == bindparam("folder_id"))
    if has_keyword:
        found.append(_HAS_KEYWORD)
    if has_tags:
        found.append(tags.matches(tags.ACCOUNT, members.c.account_id))
    return found


def _shown(of: Subquery) -> Select[Any]:
    """What is shown of some members; joined once they are chosen, so that those skipped cost nothing."""
    return (
        select(*[of.c[column.name] for column in COLUMNS], folders.c.path, account_deletions.c.status)
        .join(folders, (folders.c.directory_id == of.c.directory_id) & (folders.c.folder_id == of.c.folder_id))
        .outerjoin(
            account_deletions,
            (account_deletions.c.directory_id == of.c.directory_id)
            & (account_deletions.c.account_id == of.c.account_id),
        )
        .order_by(of.c.joined_at, of.c.account_id)
    )


_CHOICES = tuple(product((False, True), repeat=3))
_COUNTS: dict[tuple[bool, ...], Statement] = {}
_PAGES: dict[tuple[bool, ...], Statement] = {}
_PAGES_AFTER: dict[tuple[bool, ...], Statement] = {}
for _in_folder, _has_keyword, _has_tags in _CHOICES:
    _where = _conditions(in_folder=_in_folder, has_keyword=_has_keyword, has_tags=_has_tags)
    _choice = (_in_folder, _has_keyword, _has_tags)
    _chosen = select(members.c.directory_id, *COLUMNS).where(*_where).order_by(*_ORDER).limit(bindparam("limit"))
    _COUNTS[_choice] = Statement(select(func.count()).select_from(members).where(*_where))
    _PAGES[_choice] = Statement(_shown(_chosen.offset(bindparam("offset")).subquery()))
    _PAGES_AFTER[_choice] = Statement(_shown(_chosen.where(_AFTER).subquery()))
_FIND = Statement(
    _shown(
        select(members.c.directory_id, *COLUMNS)
        .where(members.c.directory_id == bindparam("directory_id"), members.c.account_id == bindparam("account_id"))
        .subquery()
    )
)
_LEVELS = Slots("folder", MOST_LEVELS)
_NAMES = Statement(
    select(folders.c.name)
    .where(
        folders.c.directory_id == bindparam("directory_id"),
        folders.c.folder_id.in_(_LEVELS.parameters),
    )
    .order_by(func.length(folders.c.path))
)


def find(connection: Connection, directory_id: str, account_id: str) -> Listed | None:
    row = connection.one(_FIND, directory_id=directory_id, account_id=account_id)
    return None if row is None else _listed(row)


def count(connection: Connection, directory_id: str, search: Search | None = None) -> int:
    """How many members there are, or how many are wanted."""
    search = search or Search()
    row = connection.one(_COUNTS[_choice_of(search)], directory_id=directory_id, **_values(search))
    return int(row[0]) if row else 0


def page(connection: Connection, directory_id: str, search: Search, *, limit: int, offset: int) -> list[Listed]:
    """Members wanted, in the order in which they joined."""
    statement = _PAGES[_choice_of(search)]
    rows = connection.all(statement, directory_id=directory_id, limit=limit, offset=offset, **_values(search))
    return [_listed(row) for row in rows]


def page_after(
    connection: Connection, directory_id: str, search: Search, *, after: Position, limit: int
) -> list[Listed]:
    """Members wanted that come after a position."""
    rows = connection.all(
        _PAGES_AFTER[_choice_of(search)],
        directory_id=directory_id,
        after_joined_at=after.joined_at,
        after_account_id=after.account_id,
        limit=limit,
        **_values(search),
    )
    return [_listed(row) for row in rows]


def location(connection: Connection, directory_id: str, path: str) -> str:
    """The names of the folders on a path, from the root's."""
    ids = path.split(SEPARATOR)
    return SEPARATOR.join(row[0] for row in connection.all(_NAMES, directory_id=directory_id, **_LEVELS.filled(ids)))


def _choice_of(search: Search) -> tuple[bool, ...]:
    return (search.folder_id is not None, bool(search.keyword), bool(search.tags))


def _values(search: Search) -> dict[str, object]:
    values: dict[str, object] = {}
    if search.folder_id is not None:
        values["folder_id"] = search.folder_id
    if search.keyword:
        values["keyword"] = _part(search.keyword)
    return values | tags.asked_for(search.tags) if search.tags else values


def _part(keyword: str) -> str:
    """The pattern of a text that holds this one anywhere, in whatever case."""
    escaped = "".join(f"{_ESCAPE}{each}" if each in f"{_ESCAPE}%_" else each for each in keyword.lower())
    return f"%{escaped}%"


def _listed(row: Sequence[Any]) -> Listed:
    return Listed(Member(*row[:-2]), *row[-2:])
