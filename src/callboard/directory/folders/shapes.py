"""Folders as answers show them."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Reply, Shape
from callboard.directory.shapes import wire_time
from callboard.tree.folders import Folder

FolderIdShown = Annotated[str, Meta(description="The ID of the folder.", examples=["fd-bVaRIGabcd"])]
FolderNameShown = Annotated[str, Meta(description="The name of the folder.", examples=["rdFolder"])]
CreateTime = Annotated[
    str, Meta(description="When it was made, in UTC (ISO 8601).", examples=["2021-06-15T06:39:08.521Z"])
]


class FolderListed(Shape):
    """A folder in a list."""

    folder_id: FolderIdShown
    create_time: CreateTime
    folder_name: FolderNameShown


class FolderShown(FolderListed, kw_only=True):
    """A folder. The root folder has no parent."""

    parent_folder_id: Annotated[str, Meta(description="The ID of the parent folder.")] | UnsetType = UNSET


class FolderReply(Reply):
    folder: FolderShown


def listed(folder: Folder) -> FolderListed:
    return FolderListed(folder_id=folder.folder_id, create_time=wire_time(folder.created_at), folder_name=folder.name)


def shown(folder: Folder) -> FolderShown:
    return FolderShown(
        folder_id=folder.folder_id,
        create_time=wire_time(folder.created_at),
        folder_name=folder.name,
        parent_folder_id=UNSET if folder.parent_id is None else folder.parent_id,
    )
