"""SQL of folders."""

from msgspec import Struct
from sqlalchemy import bindparam, select

from callboard.call import Moment
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import folders

ROOT_NAME = "root"
SEPARATOR = "/"

_FIND = Statement(
    select(folders.c.folder_id, folders.c.parent_id, folders.c.name, folders.c.path, folders.c.created_at).where(
        folders.c.directory_id == bindparam("directory_id"), folders.c.folder_id == bindparam("folder_id")
    )
)
_ADD = insertion(folders)


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


def find(connection: Connection, directory_id: str, folder_id: str) -> Folder | None:
    row = connection.one(_FIND, directory_id=directory_id, folder_id=folder_id)
    return None if row is None else Folder(*row)


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
