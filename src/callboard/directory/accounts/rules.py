"""The rules of a member account's names, and of what may become of it. Pure: no SQL, no clock."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from callboard.directory.accounts import errors
from callboard.directory.folders.rules import is_folder_id
from callboard.profile import Profile
from callboard.tree.members import Kind, Member

CREATED, PROMOTED, SWITCHED = "CreateSuccess", "PromoteSuccess", "SwitchSuccess"

_ACCOUNT_ID = re.compile(r"[0-9]{16}\Z", re.ASCII)
_DISPLAY_NAME = re.compile(r"[\u4E00-\u9FA5A-Za-z0-9_. -]+\Z")
_PREFIX = re.compile(r"[A-Za-z0-9]+(?:[_.-][A-Za-z0-9]+)*\Z", re.ASCII)


def check_account_id(text: str, _: Profile) -> str:
    if _ACCOUNT_ID.match(text) is None:
        raise errors.AccountIdInvalid
    return text


def is_account_id(text: str) -> bool:
    return _ACCOUNT_ID.match(text) is not None


def check_destination(text: str, _: Profile) -> str:
    if not is_folder_id(text):
        raise errors.DestinationFolderIdInvalid
    return text


def check_display_name(text: str, _: Profile) -> str:
    if not 2 <= len(text) <= 50:
        raise errors.DisplayNameLengthInvalid
    if _DISPLAY_NAME.match(text) is None or not text.strip():
        raise errors.DisplayNameInvalid
    return text


def check_prefix(text: str, _: Profile) -> str:
    """Of an account name; at most as long as on the site with the wider limit (directory-api.yaml)."""
    if not 2 <= len(text) <= 50:
        raise errors.AccountNamePrefixLengthInvalid
    if _PREFIX.match(text) is None:
        raise errors.AccountNamePrefixInvalid
    return text


def account_name(prefix: str, directory_id: str) -> str:
    return f"{prefix}@{directory_id.lower()}.aliyunid.com"


def switched(member: Member, kind: str) -> tuple[Kind, str]:
    """The type and status of a member that is to be of another type. Raises AccountTypeMismatch."""
    if kind not in list(Kind) or kind == member.kind:
        raise errors.AccountTypeMismatch
    return (Kind.CLOUD, PROMOTED) if kind == Kind.CLOUD else (Kind.RESOURCE, CREATED)


def status_after_update(member: Member, *, is_switched: bool) -> str:
    """The status in the words of UpdateAccount, which has others than the reads (directory-api.yaml)."""
    return SWITCHED if is_switched or member.status == PROMOTED else member.status


class Obstacle(NamedTuple):
    """Why a member cannot be deleted."""

    check_id: str
    check_name: str
    description: str


_NOT_PERMITTED = Obstacle(
    "MemberDeletionPermission",
    "Resource Directory",
    "The deletion of members is not permitted in this resource directory. SetMemberDeletionPermission permits it.",
)
_NO_RESOURCE_ACCOUNT = Obstacle(
    "AccountType", "Resource Directory", "The member is a cloud account. RemoveCloudAccount takes it out."
)


def obstacles(member: Member, *, is_permitted: bool) -> Sequence[Obstacle]:
    """What stands against the deletion of a member; nothing: it may be deleted."""
    found = [] if is_permitted else [_NOT_PERMITTED]
    return found if member.kind == Kind.RESOURCE else [*found, _NO_RESOURCE_ACCOUNT]
