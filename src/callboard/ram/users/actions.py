"""The actions of users: what each takes, answers and does."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import asdict, replace

from callboard.access.minting import new_user_id
from callboard.api.model import Reply, Request, Shape
from callboard.call import Call
from callboard.database.statement import Duplicate
from callboard.ram import quotas
from callboard.ram.policies import attachment_storage
from callboard.ram.resources import ALL_USERS, ONE_USER, present, record
from callboard.ram.shapes import (
    DEFAULT_ITEMS,
    IsTruncated,
    Marker,
    MaxItems,
    NextMarker,
    cut,
    operation,
    wire_date,
)
from callboard.ram.users import errors, key_storage, storage
from callboard.ram.users.parameters import (
    Comments,
    DisplayName,
    Email,
    MobilePhone,
    NewComments,
    NewDisplayName,
    NewEmail,
    NewMobilePhone,
    NewUserName,
    UserName,
)
from callboard.ram.users.shapes import NewUserShown, UserShown, new_user_shown
from callboard.ram.users.storage import User


class CreateUser(Request, kw_only=True):
    """Make a RAM user. It may do nothing before it has an access key and a policy that allows something."""

    user_name: UserName
    display_name: DisplayName = ""
    mobile_phone: MobilePhone = ""
    email: Email = ""
    comments: Comments = ""


class CreateUserReply(Reply):
    user: NewUserShown


@operation(access_level="create", resource=ALL_USERS, errors=[errors.UserAlreadyExists, errors.UsersExceeded])
def create_user(call: Call, request: CreateUser) -> CreateUserReply:
    account_id = call.principal.account_id
    user = User(user_id=new_user_id(), **asdict(request), created_at=call.now, modified_at=call.now)
    quotas.lock(call.connection, account_id)
    try:
        storage.add(call.connection, account_id, user)
    except Duplicate as error:
        raise errors.UserAlreadyExists from error
    if quotas.USERS.is_exceeded(call.connection, account_id=account_id):
        raise errors.UsersExceeded
    record(call, "CreateUser", ONE_USER, UserName=user.user_name, after=user)
    return CreateUserReply(user=new_user_shown(user))


class GetUser(Request):
    """Read one user."""

    user_name: UserName


class UserRead(UserShown, kw_only=True):
    """A user. There is no LastLoginDate, as nobody logs on with a password here."""

    last_login_date: Annotated[str, Meta(description="Never there.")] | UnsetType = UNSET


class GetUserReply(Reply):
    user: UserRead


@operation(access_level="get", resource=ONE_USER, errors=[errors.UserNotFound])
def get_user(call: Call, request: GetUser) -> GetUserReply:
    user = present(storage.find(call.connection, call.principal.account_id, request.user_name), errors.UserNotFound)
    return GetUserReply(user=UserRead(**asdict(_shown(user))))


class UpdateUser(Request):
    """Change a user. What is absent stays as it is; keys, groups and policies stay with a user that is renamed."""

    user_name: UserName
    new_user_name: NewUserName | UnsetType = UNSET
    new_display_name: NewDisplayName | UnsetType = UNSET
    new_mobile_phone: NewMobilePhone | UnsetType = UNSET
    new_email: NewEmail | UnsetType = UNSET
    new_comments: NewComments | UnsetType = UNSET


class UpdateUserReply(Reply):
    user: UserShown


@operation(
    access_level="update",
    resource=ONE_USER,
    errors=[errors.UserNotFound, errors.UserAlreadyExists],
    changes_access=True,
)
def update_user(call: Call, request: UpdateUser) -> UpdateUserReply:
    account_id = call.principal.account_id
    user = present(storage.lock(call.connection, account_id, request.user_name), errors.UserNotFound)
    given = {
        name.removeprefix("new_"): value
        for name, value in asdict(request).items()
        if name.startswith("new_") and value is not UNSET
    }
    changed = replace(user, **given)
    if changed != user:
        changed = replace(changed, modified_at=call.now)
        try:
            storage.save(call.connection, account_id, changed, old_name=user.user_name)
        except Duplicate as error:
            raise errors.UserAlreadyExists from error
        record(call, "UpdateUser", ONE_USER, UserName=user.user_name, before=user, after=changed)
    return UpdateUserReply(user=_shown(changed))


class DeleteUser(Request):
    """Delete a user that has no access key, is in no group and has no policy any more."""

    user_name: UserName


class DeleteUserReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="delete",
    resource=ONE_USER,
    errors=[errors.UserNotFound, errors.UserHasAccessKeys, errors.UserIsInGroups, errors.UserHasPolicies],
    changes_access=True,
)
def delete_user(call: Call, request: DeleteUser) -> DeleteUserReply:
    account_id = call.principal.account_id
    user = present(storage.lock(call.connection, account_id, request.user_name), errors.UserNotFound)
    if key_storage.page(call.connection, account_id, user.user_name):
        raise errors.UserHasAccessKeys
    if storage.is_in_a_group(call.connection, account_id, user.user_id):
        raise errors.UserIsInGroups
    if attachment_storage.has_any(call.connection, account_id, user.user_id):
        raise errors.UserHasPolicies
    storage.delete_(call.connection, account_id, user.user_id)
    record(call, "DeleteUser", ONE_USER, UserName=user.user_name, before=user)
    return DeleteUserReply()


class ListUsers(Request):
    """List the users of the account in the order of their names."""

    marker: Marker = ""
    max_items: MaxItems = DEFAULT_ITEMS


class UsersListed(Shape):
    """The users on this page."""

    user: list[UserShown]


class ListUsersReply(Reply, kw_only=True):
    is_truncated: IsTruncated
    marker: NextMarker | UnsetType = UNSET
    users: UsersListed


@operation(access_level="list", resource=ALL_USERS)
def list_users(call: Call, request: ListUsers) -> ListUsersReply:
    found = storage.page(call.connection, call.principal.account_id, after=request.marker, limit=request.max_items + 1)
    page, paging = cut(found, request.max_items, lambda user: user.user_name)
    return ListUsersReply(users=UsersListed(user=[_shown(user) for user in page]), **paging)


def _shown(user: User) -> UserShown:
    return UserShown(**asdict(new_user_shown(user)), update_date=wire_date(user.modified_at))
