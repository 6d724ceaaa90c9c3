"""The actions of who is in which group: what each takes, answers and does."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Reply, Request, Shape
from callboard.call import Call
from callboard.database.statement import Duplicate
from callboard.ram import quotas
from callboard.ram.resources import ONE_GROUP, ONE_USER, present, record
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
from callboard.ram.users import errors, group_storage, storage
from callboard.ram.users import group_errors as refusals
from callboard.ram.users.parameters import GroupName, UserName
from callboard.ram.users.shapes import CommentsShown, DisplayNameShown, GroupNameShown, UserNameShown


class AddUserToGroup(Request):
    """Let a user into a group: its policies are in force for the user from now on."""

    user_name: UserName
    group_name: GroupName


class AddUserToGroupReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="update",
    resource=(ONE_USER, ONE_GROUP),
    errors=[errors.UserNotFound, refusals.GroupNotFound, refusals.UserAlreadyInGroup, refusals.GroupsOfUserExceeded],
    changes_access=True,
)
def add_user_to_group(call: Call, request: AddUserToGroup) -> AddUserToGroupReply:
    account_id = call.principal.account_id
    user = present(storage.lock(call.connection, account_id, request.user_name), errors.UserNotFound)
    group = present(group_storage.lock(call.connection, account_id, request.group_name), refusals.GroupNotFound)
    try:
        group_storage.join(call.connection, account_id, group.group_id, user.user_id, at=call.now)
    except Duplicate as error:
        raise refusals.UserAlreadyInGroup from error
    if quotas.GROUPS_OF_USER.is_exceeded(call.connection, account_id=account_id, user_id=user.user_id):
        raise refusals.GroupsOfUserExceeded
    _record(call, "AddUserToGroup", user.user_name, group.group_name, is_in=True)
    return AddUserToGroupReply()


class RemoveUserFromGroup(Request):
    """Take a user out of a group: its policies are not in force for the user any more."""

    user_name: UserName
    group_name: GroupName


class RemoveUserFromGroupReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="update",
    resource=(ONE_USER, ONE_GROUP),
    errors=[errors.UserNotFound, refusals.GroupNotFound, refusals.UserNotInGroup],
    changes_access=True,
)
def remove_user_from_group(call: Call, request: RemoveUserFromGroup) -> RemoveUserFromGroupReply:
    account_id = call.principal.account_id
    user = present(storage.find(call.connection, account_id, request.user_name), errors.UserNotFound)
    group = present(group_storage.find(call.connection, account_id, request.group_name), refusals.GroupNotFound)
    if not group_storage.leave(call.connection, account_id, group.group_id, user.user_id):
        raise refusals.UserNotInGroup
    _record(call, "RemoveUserFromGroup", user.user_name, group.group_name, is_in=False)
    return RemoveUserFromGroupReply()


class ListGroupsForUser(Request):
    """List the groups that a user is in, in the order of their names."""

    user_name: UserName


class GroupJoined(Shape):
    """A group that the user is in."""

    group_id: Annotated[str, Meta(description="The id of the group.", examples=["g-qL4HqKONzOM7abcd"])]
    group_name: GroupNameShown
    comments: CommentsShown
    join_date: Date


class GroupsJoined(Shape):
    """The groups that the user is in."""

    group: list[GroupJoined]


class ListGroupsForUserReply(Reply):
    groups: GroupsJoined


@operation(access_level="list", resource=ONE_USER, errors=[errors.UserNotFound])
def list_groups_for_user(call: Call, request: ListGroupsForUser) -> ListGroupsForUserReply:
    account_id = call.principal.account_id
    user = present(storage.find(call.connection, account_id, request.user_name), errors.UserNotFound)
    found = [
        GroupJoined(
            group_id=group.group_id,
            group_name=group.group_name,
            comments=group.comments,
            join_date=wire_date(joined_at),
        )
        for group, joined_at in group_storage.groups_of(call.connection, account_id, user.user_id)
    ]
    return ListGroupsForUserReply(groups=GroupsJoined(group=found))


class ListUsersForGroup(Request):
    """List the users in a group in the order of their names."""

    group_name: GroupName
    marker: Marker = ""
    max_items: MaxItems = DEFAULT_ITEMS


class GroupUser(Shape):
    """A user in the group."""

    user_name: UserNameShown
    display_name: DisplayNameShown
    join_date: Date


class GroupUsers(Shape):
    """The users on this page."""

    user: list[GroupUser]


class ListUsersForGroupReply(Reply, kw_only=True):
    is_truncated: IsTruncated
    marker: NextMarker | UnsetType = UNSET
    users: GroupUsers


@operation(access_level="list", resource=ONE_GROUP, errors=[refusals.GroupNotFound])
def list_users_for_group(call: Call, request: ListUsersForGroup) -> ListUsersForGroupReply:
    account_id = call.principal.account_id
    group = present(group_storage.find(call.connection, account_id, request.group_name), refusals.GroupNotFound)
    found = group_storage.members(
        call.connection, account_id, group.group_id, after=request.marker, limit=request.max_items + 1
    )
    page, paging = cut(found, request.max_items, lambda member: member.user_name)
    shown = [
        GroupUser(user_name=member.user_name, display_name=member.display_name, join_date=wire_date(member.joined_at))
        for member in page
    ]
    return ListUsersForGroupReply(users=GroupUsers(user=shown), **paging)


def _record(call: Call, action: str, user_name: str, group_name: str, *, is_in: bool) -> None:
    membership = {"user_name": user_name, "group_name": group_name}
    before, after = (None, membership) if is_in else (membership, None)
    record(call, action, ONE_GROUP, GroupName=group_name, before=before, after=after)
