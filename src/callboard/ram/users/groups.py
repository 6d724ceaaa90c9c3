"""The actions of groups and of who is in them: what each takes, answers and does."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import asdict, replace

from callboard.api.model import Reply, Request, Shape
from callboard.call import Call
from callboard.database.statement import Duplicate
from callboard.ram import quotas
from callboard.ram.policies import attachment_storage
from callboard.ram.resources import ALL_GROUPS, ONE_GROUP, present, record
from callboard.ram.shapes import (
    DEFAULT_ITEMS,
    Date,
    IsTruncated,
    Marker,
    MaxItems,
    NextMarker,
    cut,
    operation,
    wire_date,
)
from callboard.ram.users import group_errors as refusals
from callboard.ram.users import group_storage
from callboard.ram.users.group_storage import Group
from callboard.ram.users.parameters import Comments, GroupName, NewComments, NewGroupName
from callboard.ram.users.shapes import CommentsShown, GroupNameShown


class CreateGroup(Request, kw_only=True):
    """Make a group of users: they may do what its policies allow."""

    group_name: GroupName
    comments: Comments = ""


class NewGroupShown(Shape):
    """A group that was just made."""

    group_id: Annotated[str, Meta(description="The id of the group.", examples=["g-qL4HqKONzOM7abcd"])]
    group_name: GroupNameShown
    comments: CommentsShown
    create_date: Date


class GroupShown(NewGroupShown, kw_only=True):
    """A group."""

    update_date: Date


class CreateGroupReply(Reply):
    group: NewGroupShown


@operation(
    access_level="create",
    resource=ALL_GROUPS,
    errors=[refusals.GroupAlreadyExists, refusals.GroupsExceeded],
)
def create_group(call: Call, request: CreateGroup) -> CreateGroupReply:
    account_id = call.principal.account_id
    group = Group(group_id=call.new_id("g-"), **asdict(request), created_at=call.now, modified_at=call.now)
    quotas.lock(call.connection, account_id)
    try:
        group_storage.add(call.connection, account_id, group)
    except Duplicate as error:
        raise refusals.GroupAlreadyExists from error
    if quotas.GROUPS.is_exceeded(call.connection, account_id=account_id):
        raise refusals.GroupsExceeded
    record(call, "CreateGroup", ONE_GROUP, GroupName=group.group_name, after=group)
    return CreateGroupReply(group=_new_shown(group))


class GetGroup(Request):
    """Read one group."""

    group_name: GroupName


class GetGroupReply(Reply):
    group: GroupShown


@operation(access_level="get", resource=ONE_GROUP, errors=[refusals.GroupNotFound])
def get_group(call: Call, request: GetGroup) -> GetGroupReply:
    group = present(
        group_storage.find(call.connection, call.principal.account_id, request.group_name), refusals.GroupNotFound
    )
    return GetGroupReply(group=_shown(group))


class UpdateGroup(Request):
    """Change a group. What is absent stays as it is; users and policies stay with a group that is renamed."""

    group_name: GroupName
    new_group_name: NewGroupName | UnsetType = UNSET
    new_comments: NewComments | UnsetType = UNSET


class UpdateGroupReply(Reply):
    group: GroupShown


@operation(
    access_level="update",
    resource=ONE_GROUP,
    errors=[refusals.GroupNotFound, refusals.GroupAlreadyExists],
    changes_access=True,
)
def update_group(call: Call, request: UpdateGroup) -> UpdateGroupReply:
    account_id = call.principal.account_id
    group = present(group_storage.lock(call.connection, account_id, request.group_name), refusals.GroupNotFound)
    changed = replace(
        group,
        group_name=group.group_name if request.new_group_name is UNSET else request.new_group_name,
        comments=group.comments if request.new_comments is UNSET else request.new_comments,
    )
    if changed != group:
        changed = replace(changed, modified_at=call.now)
        try:
            group_storage.save(call.connection, account_id, changed)
        except Duplicate as error:
            raise refusals.GroupAlreadyExists from error
        record(call, "UpdateGroup", ONE_GROUP, GroupName=group.group_name, before=group, after=changed)
    return UpdateGroupReply(group=_shown(changed))


class DeleteGroup(Request):
    """Delete a group that has no users and no policy any more."""

    group_name: GroupName


class DeleteGroupReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="delete",
    resource=ONE_GROUP,
    errors=[refusals.GroupNotFound, refusals.GroupHasUsers, refusals.GroupHasPolicies],
)
def delete_group(call: Call, request: DeleteGroup) -> DeleteGroupReply:
    account_id = call.principal.account_id
    group = present(group_storage.lock(call.connection, account_id, request.group_name), refusals.GroupNotFound)
    if group_storage.has_members(call.connection, account_id, group.group_id):
        raise refusals.GroupHasUsers
    if attachment_storage.has_any(call.connection, account_id, group.group_id):
        raise refusals.GroupHasPolicies
    group_storage.delete_(call.connection, account_id, group.group_id)
    record(call, "DeleteGroup", ONE_GROUP, GroupName=group.group_name, before=group)
    return DeleteGroupReply()


class ListGroups(Request):
    """List the groups of the account in the order of their names."""

    marker: Marker = ""
    max_items: MaxItems = DEFAULT_ITEMS


class GroupsListed(Shape):
    """The groups on this page."""

    group: list[GroupShown]


class ListGroupsReply(Reply, kw_only=True):
    is_truncated: IsTruncated
    marker: NextMarker | UnsetType = UNSET
    groups: GroupsListed


@operation(access_level="list", resource=ALL_GROUPS)
def list_groups(call: Call, request: ListGroups) -> ListGroupsReply:
    found = group_storage.page(
        call.connection, call.principal.account_id, after=request.marker, limit=request.max_items + 1
    )
    page, paging = cut(found, request.max_items, lambda group: group.group_name)
    return ListGroupsReply(groups=GroupsListed(group=[_shown(group) for group in page]), **paging)


def _new_shown(group: Group) -> NewGroupShown:
    return NewGroupShown(
        group_id=group.group_id,
        group_name=group.group_name,
        comments=group.comments,
        create_date=wire_date(group.created_at),
    )


def _shown(group: Group) -> GroupShown:
    return GroupShown(**asdict(_new_shown(group)), update_date=wire_date(group.modified_at))
