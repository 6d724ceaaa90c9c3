"""The actions of access keys: what each takes, answers and does. A secret is shown once, and never recorded."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.access import storage as access
from callboard.access.minting import new_access_key
from callboard.api.model import Reply, Request, Shape
from callboard.call import Call
from callboard.ram import quotas
from callboard.ram.resources import ACCOUNT_ITSELF, ONE_USER, present, record
from callboard.ram.shapes import Date, operation, wire_date
from callboard.ram.users import errors, key_storage, owners
from callboard.ram.users.key_storage import Key
from callboard.ram.users.parameters import ACTIVE, INACTIVE, AccessKeyId, KeyOwner, Status

KeyIdShown = Annotated[str, Meta(description="The id of the access key.", examples=["LTAI4GFTgcR8abcdefghijkl"])]
StatusShown = Annotated[str, Meta(description="Active or Inactive.", examples=[ACTIVE])]


class CreateAccessKey(Request):
    """Make an access key for a user, or without UserName for whoever makes the call: two at most.

    The secret is in this answer, and can never be read again.
    """

    user_name: KeyOwner | UnsetType = UNSET


class AccessKeyMade(Shape):
    """The access key with its secret."""

    access_key_id: KeyIdShown
    access_key_secret: Annotated[str, Meta(description="The secret; it is shown this once.")]
    status: StatusShown
    create_date: Date


class CreateAccessKeyReply(Reply):
    access_key: AccessKeyMade


@operation(
    access_level="create",
    resource=ONE_USER,
    errors=[errors.UserNotFound, errors.AccessKeysExceeded],
    changes_access=True,
)
def create_access_key(call: Call, request: CreateAccessKey) -> CreateAccessKeyReply:
    account_id = call.principal.account_id
    owner = owners.lock(call, request.user_name)
    if len(key_storage.page(call.connection, account_id, owner)) >= quotas.MOST_KEYS:
        raise errors.AccessKeysExceeded
    access_key_id, secret = new_access_key()
    access.add(
        call.connection,
        access_key_id=access_key_id,
        account_id=account_id,
        user_name=owner,
        secret=call.vault.encrypt(secret, belongs_to=access_key_id),
        now=call.now,
    )
    _record(call, "CreateAccessKey", owner, after=_recorded(access_key_id, ACTIVE))
    made = AccessKeyMade(
        access_key_id=access_key_id, access_key_secret=secret, status=ACTIVE, create_date=wire_date(call.now)
    )
    return CreateAccessKeyReply(access_key=made)


class UpdateAccessKey(Request):
    """Disable an access key, or enable it again."""

    user_access_key_id: AccessKeyId
    status: Status
    user_name: KeyOwner | UnsetType = UNSET


class UpdateAccessKeyReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="update",
    resource=ONE_USER,
    errors=[errors.UserNotFound, errors.AccessKeyNotFound],
    changes_access=True,
)
def update_access_key(call: Call, request: UpdateAccessKey) -> UpdateAccessKeyReply:
    owner, key = _lock(call, request)
    if _status(key) != request.status:
        access.set_active(call.connection, key.access_key_id, is_active=request.status == ACTIVE)
        before, after = _recorded(key.access_key_id, _status(key)), _recorded(key.access_key_id, request.status)
        _record(call, "UpdateAccessKey", owner, before=before, after=after)
    return UpdateAccessKeyReply()


class DeleteAccessKey(Request):
    """Delete an access key: nothing that it signs is accepted any more."""

    user_access_key_id: AccessKeyId
    user_name: KeyOwner | UnsetType = UNSET


class DeleteAccessKeyReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="delete",
    resource=ONE_USER,
    errors=[errors.UserNotFound, errors.AccessKeyNotFound],
    changes_access=True,
)
def delete_access_key(call: Call, request: DeleteAccessKey) -> DeleteAccessKeyReply:
    owner, key = _lock(call, request)
    key_storage.delete_(call.connection, call.principal.account_id, owner, key.access_key_id)
    _record(call, "DeleteAccessKey", owner, before=_recorded(key.access_key_id, _status(key)))
    return DeleteAccessKeyReply()


class ListAccessKeys(Request):
    """List the access keys of a user, or without UserName of whoever makes the call, without their secrets."""

    user_name: KeyOwner | UnsetType = UNSET


class AccessKeyShown(Shape):
    """An access key."""

    access_key_id: KeyIdShown
    status: StatusShown
    create_date: Date


class AccessKeysListed(Shape):
    """The access keys, oldest first."""

    access_key: list[AccessKeyShown]


class ListAccessKeysReply(Reply):
    access_keys: AccessKeysListed


@operation(access_level="list", resource=ONE_USER, errors=[errors.UserNotFound])
def list_access_keys(call: Call, request: ListAccessKeys) -> ListAccessKeysReply:
    owner = owners.find(call, request.user_name)
    found = [
        AccessKeyShown(access_key_id=key.access_key_id, status=_status(key), create_date=wire_date(key.created_at))
        for key in key_storage.page(call.connection, call.principal.account_id, owner)
    ]
    return ListAccessKeysReply(access_keys=AccessKeysListed(access_key=found))


class GetAccessKeyLastUsed(Request):
    """When an access key was last used, to the minute."""

    user_access_key_id: AccessKeyId
    user_name: KeyOwner | UnsetType = UNSET


class AccessKeyLastUsed(Shape):
    """The last use. There is no date for a key that was never used."""

    last_used_date: Date | UnsetType = UNSET


class GetAccessKeyLastUsedReply(Reply):
    access_key_last_used: AccessKeyLastUsed


@operation(access_level="get", resource=ONE_USER, errors=[errors.UserNotFound, errors.AccessKeyNotFound])
def get_access_key_last_used(call: Call, request: GetAccessKeyLastUsed) -> GetAccessKeyLastUsedReply:
    owner = owners.find(call, request.user_name)
    key = key_storage.find(call.connection, call.principal.account_id, owner, request.user_access_key_id)
    used_at = present(key, errors.AccessKeyNotFound).last_used_at
    used = AccessKeyLastUsed(last_used_date=UNSET if used_at is None else wire_date(used_at))
    return GetAccessKeyLastUsedReply(access_key_last_used=used)


def _lock(call: Call, request: UpdateAccessKey | DeleteAccessKey) -> tuple[str | None, Key]:
    """A key that is about to be changed or deleted, and whose it is."""
    owner = owners.find(call, request.user_name)
    key = key_storage.lock(call.connection, call.principal.account_id, owner, request.user_access_key_id)
    return owner, present(key, errors.AccessKeyNotFound)


def _status(key: Key) -> str:
    return ACTIVE if key.is_active else INACTIVE


def _recorded(access_key_id: str, status: str) -> dict[str, str]:
    return {"access_key_id": access_key_id, "status": status}


def _record(
    call: Call,
    action: str,
    owner: str | None,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    if owner is None:
        record(call, action, ACCOUNT_ITSELF, before=before, after=after)
    else:
        record(call, action, ONE_USER, UserName=owner, before=before, after=after)
