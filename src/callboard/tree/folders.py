"""SQL of folders."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, String, bindparam, delete, func, select, update

from callboard.access.errors import DirectoryNotEnabled
from callboard.call import Moment
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import folders, members
from callboard.tree import tags

ROOT_NAME = "root"
SEPARATOR = "/"
DEEPEST = 5
"""How many levels below the root there may be (directory-api.yaml, CreateFolder)."""

_ESCAPE = "!"
"""A backslash would be one or two, by the settings of PostgreSQL."""

_COLUMNS = (folders.c.folder_id, folders.c.parent_id, folders.c.name, folders.c.path, folders.c.created_at)
_OF_DIRECTORY = folders.c.directory_id == bindparam("directory_id")
_ONE = (_OF_DIRECTORY, folders.c.folder_id == bindparam("folder_id"))
_ABOVE = [f"above_{number}" for number in range(DEEPEST)]

_FIND = Statement(select(*_COLUMNS).where(*_ONE))
_ROOT = Statement(select(*_COLUMNS).where(_OF_DIRECTORY, folders.c.parent_id.is_(None)))
_ANCESTORS = Statement(
    select(*_COLUMNS).where(_OF_DIRECTORY, folders.c.folder_id.in_([bindparam(name) for name in _ABOVE]))
)
_ADD = insertion(folders)
_RENAME = Statement(
    update(folders)
    .values(name=bindparam("new_name"))
    .where(folders.c.directory_id == bindparam("directory"), folders.c.folder_id == bindparam("folder"))
)
_REMOVE = Statement(delete(folders).where(*_ONE))
_COUNT = Statement(select(func.count()).select_from(folders).where(_OF_DIRECTORY, folders.c.parent_id.is_not(None)))
_IN_FOLDER = folders.c.parent_id == bindparam("parent_id")
_ANY_SUBFOLDER = Statement(select(folders.c.folder_id).where(_OF_DIRECTORY, _IN_FOLDER).limit(1))
_ANY_MEMBER = Statement(
    select(members.c.account_id)
    .where(members.c.directory_id == bindparam("directory_id"), members.c.folder_id == bindparam("folder_id"))
    .limit(1)
)


def _found(*, is_tagged: bool) -> tuple[ColumnElement[bool], ...]:
    """What a search finds; in either letter case, as far as the database knows letters."""
    named = folders.c.name.ilike(bindparam("pattern", type_=String), escape=_ESCAPE)
    tagged = (tags.matches(tags.FOLDER, folders.c.folder_id),) if is_tagged else ()
    return (_OF_DIRECTORY, _IN_FOLDER, named, *tagged)


_COUNT_FOUND = {
    is_tagged: Statement(select(func.count()).select_from(folders).where(*_found(is_tagged=is_tagged)))
    for is_tagged in (False, True)
}
_PAGE = {
    is_tagged: Statement(
        select(*_COLUMNS)
        .where(*_found(is_tagged=is_tagged))
        .order_by(folders.c.created_at, folders.c.folder_id)
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )
    for is_tagged in (False, True)
}


class Folder(Struct, frozen=True):
    """A folder. The root folder has no parent, and stands for the whole directory."""

    folder_id: str
    parent_id: str | None
    name: str
    path: str
    """The ids of the folders from the root to this one. It never changes: folders cannot be moved."""
    created_at: Moment

    @property
    def depth(self) -> int:
        """How many levels below the root it is."""
        return self.path.count(SEPARATOR)


class Search(Struct, frozen=True):
    """Which of the direct subfolders of a folder are wanted."""

    parent_id: str
    keyword: str = ""
    """A part of their names, in either letter case."""
    tags: Sequence[tuple[str, str | None]] = ()
    """What each of them must have; None is any value."""

    @property
    def values(self) -> dict[str, object]:
        """The parameters of the statements."""
        pattern = self.keyword
        for each in (_ESCAPE, "%", "_"):
            pattern = pattern.replace(each, _ESCAPE + each)
        return {
            "parent_id": self.parent_id,
            "pattern": f"%{pattern}%",
            **(tags.asked_for(self.tags) if self.tags else {}),
        }


def find(connection: Connection, directory_id: str, folder_id: str) -> Folder | None:
    row = connection.one(_FIND, directory_id=directory_id, folder_id=folder_id)
    return None if row is None else Folder(*row)


def root(connection: Connection, directory_id: str) -> Folder:
    """The root folder. Raises DirectoryNotEnabled when the directory is there no longer."""
    row = connection.one(_ROOT, directory_id=directory_id)
    if row is None:
        raise DirectoryNotEnabled
    return Folder(*row)


def ancestors(connection: Connection, directory_id: str, folder: Folder) -> list[Folder]:
    """The folders above one, from the root down."""
    ids = folder.path.split(SEPARATOR)[:-1]
    named = dict(zip(_ABOVE, [*ids, *[""] * (DEEPEST - len(ids))], strict=True))
    rows = connection.all(_ANCESTORS, directory_id=directory_id, **named)
    return sorted((Folder(*row) for row in rows), key=lambda each: each.depth)


def count(connection: Connection, directory_id: str) -> int:
    """How many folders there are below the root."""
    row = connection.one(_COUNT, directory_id=directory_id)
    return int(row[0]) if row else 0


def count_found(connection: Connection, directory_id: str, search: Search) -> int:
    row = connection.one(_COUNT_FOUND[bool(search.tags)], directory_id=directory_id, **search.values)
    return int(row[0]) if row else 0


def page(connection: Connection, directory_id: str, search: Search, *, limit: int, offset: int) -> list[Folder]:
    """What a search finds, in the order in which the folders were made."""
    rows = connection.all(
        _PAGE[bool(search.tags)], directory_id=directory_id, limit=limit, offset=offset, **search.values
    )
    return [Folder(*row) for row in rows]


def has_subfolders(connection: Connection, directory_id: str, folder_id: str) -> bool:
    return connection.one(_ANY_SUBFOLDER, directory_id=directory_id, parent_id=folder_id) is not None


def has_members(connection: Connection, directory_id: str, folder_id: str) -> bool:
    """Whether a member is in the folder itself."""
    return connection.one(_ANY_MEMBER, directory_id=directory_id, folder_id=folder_id) is not None


def add(connection: Connection, directory_id: str, folder: Folder) -> None:
    """Add a folder. Raises Duplicate when its parent has one of that name."""
    connection.run(
        _ADD,
        directory_id=directory_id,
        folder_id=folder.folder_id,
        parent_id=folder.parent_id,
        name=folder.name,
        path=folder.path,
        created_at=folder.created_at,
    )


def rename(connection: Connection, directory_id: str, folder_id: str, name: str) -> None:
    """Give a folder another name. Raises Duplicate when its parent has one of that name."""
    connection.run(_RENAME, directory=directory_id, folder=folder_id, new_name=name)


def remove(connection: Connection, directory_id: str, folder_id: str) -> None:
    """Remove a folder in which there is nothing."""
    connection.run(_REMOVE, directory_id=directory_id, folder_id=folder_id)
