"""The tag actions: tags given to members and folders, taken from them, and listed."""

from collections.abc import Callable, Sequence
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter, Reply, Request, Shape
from callboard.audit import storage as audit
from callboard.call import Call
from callboard.directory import tag_errors as errors
from callboard.directory.accounts.rules import is_account_id
from callboard.directory.errors import AccountNotFound, ConcurrentChange, FolderNotFound
from callboard.directory.folders.rules import is_folder_id
from callboard.directory.paging import DEFAULT_RESULTS, MaxResults, NextToken, write_token
from callboard.directory.shapes import operation
from callboard.directory.tag_parameters import TagFilter, Tags, check_key
from callboard.profile import Profile
from callboard.tree import directories, scopes
from callboard.tree import tags as storage
from callboard.tree.tags import ACCOUNT, FOLDER, MOST_TAGS

MOST_NAMED = 50
"""Of resources in one call."""
ALL_TAGGED = ("acs:resourcemanager:*:{AccountId}:account/*",)


def _check_type(text: str, _: Profile) -> str:
    if text not in (ACCOUNT, FOLDER):
        raise errors.ResourceTypeInvalid
    return text


def _check_ids(ids: list[str], _: Profile) -> list[str]:
    if len(ids) > MOST_NAMED or not all(is_account_id(each) or is_folder_id(each) for each in ids):
        raise errors.ResourceIdInvalid
    return ids


def _check_keys(keys: list[str], _: Profile) -> list[str]:
    if len(keys) > MOST_TAGS:
        raise errors.TagKeyInvalid
    return [check_key(each) for each in keys]


ResourceType = Annotated[
    str,
    Parameter(
        description="What is tagged: Account for members, Folder for folders.",
        example=ACCOUNT,
        schema={"type": "string", "enum": [ACCOUNT, FOLDER]},
        invalid=errors.ResourceTypeInvalid,
        check=_check_type,
    ),
]
ResourceId = Annotated[
    list[str],
    Parameter(
        description="The IDs of up to 50 members or folders.",
        example=["1234567890123456"],
        schema={"type": "array", "items": {"type": "string"}, "maxItems": MOST_NAMED},
        kind=list,
        invalid=errors.ResourceIdInvalid,
        check=_check_ids,
    ),
]
TagKey = Annotated[
    list[str],
    Parameter(
        description="The keys of up to 20 tags to take away. Not needed with All.",
        example=["team"],
        schema={"type": "array", "items": {"type": "string"}, "maxItems": MOST_TAGS},
        kind=list,
        invalid=errors.TagKeyInvalid,
        check=_check_keys,
        may_be_empty=True,
    ),
]
All = Annotated[
    bool,
    Parameter(
        description="Whether every tag is taken away.",
        example=False,
        schema={"type": "boolean"},
        kind=bool,
        invalid=ParameterInvalid,
    ),
]


class TagResources(Request):
    """Give tags to members or folders. A key that one has already gets the new value."""

    resource_id: ResourceId
    tag: Tags
    resource_type: ResourceType


class TagResourcesReply(Reply):
    """The RequestId alone."""


@operation(access_level="update", scopes=("ResourceId",), errors=[AccountNotFound, FolderNotFound, ConcurrentChange])
def tag_resources(call: Call, request: TagResources) -> TagResourcesReply:
    def give(resource_id: str) -> None:
        storage.set_tags(call.connection, call.directory_id, request.resource_type, resource_id, dict(request.tag))

    _change(call, request.resource_type, request.resource_id, give, action="TagResources")
    return TagResourcesReply()


class UntagResources(Request, kw_only=True):
    """Take tags from members or folders: those with the keys given, or all."""

    all: All = False
    resource_id: ResourceId
    tag_key: TagKey | UnsetType = UNSET
    resource_type: ResourceType


class UntagResourcesReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="update",
    scopes=("ResourceId",),
    errors=[errors.TagKeyMissing, AccountNotFound, FolderNotFound, ConcurrentChange],
)
def untag_resources(call: Call, request: UntagResources) -> UntagResourcesReply:
    keys = request.tag_key or ()
    if not request.all and not keys:
        raise errors.TagKeyMissing

    def take(resource_id: str) -> None:
        named = (call.connection, call.directory_id, request.resource_type, resource_id)
        if request.all:
            storage.remove_all(*named)
        else:
            storage.remove(*named, keys)

    _change(call, request.resource_type, request.resource_id, take, action="UntagResources")
    return UntagResourcesReply()


class ListTagResources(Request, kw_only=True):
    """List the tags of members or folders: of those named, of those that have tags, or of all."""

    next_token: NextToken | UnsetType = UNSET
    max_results: MaxResults = DEFAULT_RESULTS
    tag: TagFilter | UnsetType = UNSET
    resource_id: ResourceId | UnsetType = UNSET
    resource_type: ResourceType


class TagResource(Shape):
    """A tag, and what has it."""

    tag_value: Annotated[str, Meta(description="The value.", examples=["payments"])]
    resource_id: Annotated[str, Meta(description="The ID of the member or folder.", examples=["1234567890123456"])]
    tag_key: Annotated[str, Meta(description="The key.", examples=["team"])]
    resource_type: Annotated[str, Meta(description="Account or Folder.", examples=[ACCOUNT])]


class ListTagResourcesReply(Reply):
    """A page. NextToken is left out on the last one, as there are clients that take an empty one for a token."""

    tag_resources: list[TagResource]
    next_token: Annotated[str, Meta(description="To be sent with the next call.")] | UnsetType = UNSET


@operation(access_level="list", resource=ALL_TAGGED)
def list_tag_resources(call: Call, request: ListTagResources) -> ListTagResourcesReply:
    found = storage.page(
        call.connection,
        call.directory_id,
        request.resource_type,
        ids=request.resource_id or (),
        wanted=request.tag or (),
        after=request.next_token or ("", ""),
        limit=request.max_results + 1,
    )
    page = found[: request.max_results]
    return ListTagResourcesReply(
        tag_resources=[
            TagResource(
                tag_value=each.value,
                resource_id=each.resource_id,
                tag_key=each.key,
                resource_type=request.resource_type,
            )
            for each in page
        ],
        next_token=write_token(page[-1].resource_id, page[-1].key) if len(found) > len(page) else UNSET,
    )


def _change(call: Call, resource_type: str, ids: Sequence[str], change: Callable[[str], None], *, action: str) -> None:
    """Change the tags of each resource, and record what is new. Raises the refusal of one that is not there."""
    directories.lock(call.connection, call.directory_id)
    unique = tuple(dict.fromkeys(ids))
    for resource_id in unique:
        _check_resource(call, resource_type, resource_id)
    named = (call.connection, call.directory_id, resource_type, unique)
    before = storage.of_resources(*named)
    for resource_id in unique:
        change(resource_id)
    after = storage.of_resources(*named)
    paths = scopes.resources(call.connection, call.directory_id, unique)
    for resource_id, path in zip(unique, paths, strict=True):
        if before[resource_id] != after[resource_id]:
            audit.add(
                call.connection,
                audit.Source.of(call),
                action,
                f"acs:resourcemanager:*:{call.principal.account_id}:{path}",
                before=before[resource_id],
                after=after[resource_id],
            )


def _check_resource(call: Call, resource_type: str, resource_id: str) -> None:
    if is_folder_id(resource_id) != (resource_type == FOLDER):
        raise errors.ResourceIdInvalid
    if scopes.canonical(call.connection, call.directory_id, resource_id) is None:
        raise FolderNotFound if resource_type == FOLDER else AccountNotFound
