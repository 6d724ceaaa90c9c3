"""The folder actions that read: what each takes and answers. They change nothing."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta
from msgspec.structs import asdict

from callboard.api.model import Reply, Request, Shape
from callboard.call import Call
from callboard.contacts.parameters import PageNumber, PageSize
from callboard.directory.errors import FolderNotFound
from callboard.directory.folders.actions import find, find_or_root
from callboard.directory.folders.parameters import ChildId, FolderId
from callboard.directory.folders.shapes import FolderListed, FolderShown, listed, shown
from callboard.directory.parameters import ParentFolderId, QueryKeyword
from callboard.directory.shapes import operation
from callboard.directory.tag_parameters import TagFilter, TagsShown
from callboard.directory.tag_parameters import shown as tags_shown
from callboard.tree import folders, tags
from callboard.tree.folders import Folder, Search


class GetFolder(Request):
    """Read a folder, with the path that leads to it from the directory."""

    folder_id: FolderId


class FolderWithPath(FolderShown, kw_only=True):
    """A folder, and where it is."""

    resource_directory_path: Annotated[
        str,
        Meta(
            description="The IDs of the directory, the root folder, and the folders down to it.",
            examples=["rd-3Gabcd/r-Wmabcd/fd-bVaRIGabcd"],
        ),
    ]


class GetFolderReply(Reply):
    folder: FolderWithPath


@operation(access_level="get", scopes=("FolderId",), errors=[FolderNotFound])
def get_folder(call: Call, request: GetFolder) -> GetFolderReply:
    folder = find(call, request.folder_id)
    path = f"{call.directory_id}/{folder.path}"
    return GetFolderReply(folder=FolderWithPath(**asdict(shown(folder)), resource_directory_path=path))


class ListFoldersForParent(Request):
    """List the folders directly in a folder, oldest first."""

    parent_folder_id: ParentFolderId = ""
    query_keyword: QueryKeyword = ""
    page_number: PageNumber = 1
    page_size: PageSize = 10
    tag: TagFilter = ()


class FolderWithTags(FolderListed, kw_only=True):
    """A folder in a list, with its tags."""

    tags: TagsShown


class FoldersWithTags(Shape):
    folder: list[FolderWithTags]


class ListFoldersForParentReply(Reply):
    total_count: Annotated[int, Meta(description="The number of entries on all pages.", examples=[2])]
    page_size: Annotated[int, Meta(description="The number of entries on a page.", examples=[10])]
    page_number: Annotated[int, Meta(description="The number of this page.", examples=[1])]
    folders: FoldersWithTags


@operation(access_level="list", scopes=("ParentFolderId",), errors=[FolderNotFound])
def list_folders_for_parent(call: Call, request: ListFoldersForParent) -> ListFoldersForParentReply:
    parent = find_or_root(call, request.parent_folder_id)
    search = Search(parent.folder_id, request.query_keyword, request.tag)
    limit, offset = request.page_size, (request.page_number - 1) * request.page_size
    found = folders.page(call.connection, call.directory_id, search, limit=limit, offset=offset)
    tags_of = tags.of_resources(call.connection, call.directory_id, tags.FOLDER, [each.folder_id for each in found])
    return ListFoldersForParentReply(
        total_count=folders.count_found(call.connection, call.directory_id, search),
        page_size=request.page_size,
        page_number=request.page_number,
        folders=FoldersWithTags(folder=[_with_tags(each, tags_of[each.folder_id]) for each in found]),
    )


class ListAncestors(Request):
    """List the folders above a folder, from the root folder down; none for the root folder itself."""

    child_id: ChildId


class FoldersListed(Shape):
    folder: list[FolderListed]


class ListAncestorsReply(Reply):
    folders: FoldersListed


@operation(access_level="list", scopes=("ChildId",), errors=[FolderNotFound])
def list_ancestors(call: Call, request: ListAncestors) -> ListAncestorsReply:
    found = folders.ancestors(call.connection, call.directory_id, find(call, request.child_id))
    return ListAncestorsReply(folders=FoldersListed(folder=[listed(each) for each in found]))


def _with_tags(folder: Folder, given: Mapping[str, str]) -> FolderWithTags:
    return FolderWithTags(**asdict(listed(folder)), tags=TagsShown(tag=tags_shown(given)))
