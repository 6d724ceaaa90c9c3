"""The deletion of resource accounts: the check before it, the deletion, and how both ended. All is done at once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.access import closing
from callboard.api.model import Reply, Request, Shape
from callboard.audit import storage as audit
from callboard.call import Call, Moment
from callboard.directory.accounts import errors, finding, rules, shapes
from callboard.directory.accounts.actions import leave
from callboard.directory.accounts.parameters import AbandonableCheckId, AccountId
from callboard.directory.accounts.rules import Obstacle
from callboard.directory.errors import AccountNotFound, ConcurrentChange
from callboard.directory.shapes import operation
from callboard.tree import account_deletions, directories, members
from callboard.tree.account_deletions import CHECK_FAILED, CHECKED, SUCCESS, Deletion
from callboard.tree.members import Member

DIRECT = "0"
"""The type of every deletion here: no resources are known that could make a member wait in silence for weeks."""
CHECK_COMPLETE = "PreCheckComplete"
_BEIJING = timezone(timedelta(hours=8))


class CheckAccountDelete(Request):
    """Check whether a member can be deleted. GetAccountDeletionCheckResult has the result at once."""

    account_id: AccountId


class CheckAccountDeleteReply(Reply):
    """The RequestId alone."""


@operation(access_level="update", scopes=("AccountId",), errors=[AccountNotFound, ConcurrentChange])
def check_account_delete(call: Call, request: CheckAccountDelete) -> CheckAccountDeleteReply:
    directories.lock(call.connection, call.directory_id)
    listed = finding.member(call, request.account_id)
    status = CHECK_FAILED if _obstacles(call, listed.member) else CHECKED
    checked = Deletion(status, call.now)
    account_deletions.save(call.connection, call.directory_id, request.account_id, checked)
    source, resource = audit.Source.of(call), shapes.resource(call, listed)
    audit.add(call.connection, source, "CheckAccountDelete", resource, after=checked)
    return CheckAccountDeleteReply()


class GetAccountDeletionCheckResult(Request):
    """What the check before a deletion has found. It speaks of the member as it is now."""

    account_id: AccountId


class CheckShown(Shape):
    """A check, and what it has found."""

    check_id: Annotated[str, Meta(description="The ID of the check.", examples=["AccountType"])]
    check_name: Annotated[str, Meta(description="The service that checks.", examples=["Resource Directory"])]
    description: Annotated[str, Meta(description="What stands against the deletion.")]


class CheckResult(Shape):
    """The result. NotAllowReason is there if the member cannot be deleted."""

    status: Annotated[str, Meta(description="PreCheckComplete.", examples=[CHECK_COMPLETE])]
    allow_delete: Annotated[str, Meta(description="true or false.", examples=["true"])]
    abandonable_checks: Annotated[list[CheckShown], Meta(description="Checks to be passed over: there are none.")]
    not_allow_reason: Annotated[list[CheckShown], Meta(description="Why not.")] | UnsetType = UNSET


class GetAccountDeletionCheckResultReply(Reply):
    account_deletion_check_result_info: CheckResult


@operation(access_level="get", scopes=("AccountId",), errors=[AccountNotFound, errors.TypeOrStatusMismatch])
def get_account_deletion_check_result(
    call: Call, request: GetAccountDeletionCheckResult
) -> GetAccountDeletionCheckResultReply:
    listed = finding.member(call, request.account_id)
    if listed.deletion is None:
        raise errors.TypeOrStatusMismatch
    reasons = [CheckShown(**each._asdict()) for each in _obstacles(call, listed.member)]
    result = CheckResult(status=CHECK_COMPLETE, allow_delete="false" if reasons else "true", abandonable_checks=[])
    if reasons:
        result.not_allow_reason = reasons
    return GetAccountDeletionCheckResultReply(account_deletion_check_result_info=result)


class DeleteAccount(Request):
    """Delete a resource account, with its access keys and all that it has in RAM."""

    account_id: AccountId
    abandonable_check_id: AbandonableCheckId | UnsetType = UNSET


class DeleteAccountReply(Reply):
    deletion_type: Annotated[str, Meta(description="0: deleted at once.", examples=[DIRECT])]


@operation(
    access_level="delete",
    scopes=("AccountId",),
    errors=[AccountNotFound, errors.TypeOrStatusMismatch, ConcurrentChange],
    changes_access=True,
)
def delete_account(call: Call, request: DeleteAccount) -> DeleteAccountReply:
    at = directories.change(call.connection, call.directory_id, now=call.now)
    listed = finding.member(call, request.account_id)
    if _obstacles(call, listed.member):
        raise errors.TypeOrStatusMismatch
    leave(call, request.account_id, at=at)
    closing.close(call.connection, request.account_id)
    done = Deletion(SUCCESS, at, at)
    account_deletions.save(call.connection, call.directory_id, request.account_id, done)
    source, resource = audit.Source.of(call), shapes.resource(call, listed)
    audit.add(call.connection, source, "DeleteAccount", resource, before=listed.member)
    return DeleteAccountReply(deletion_type=DIRECT)


class GetAccountDeletionStatus(Request):
    """How the deletion of a member stands, also once it is gone."""

    account_id: AccountId


class FailReason(Shape):
    """What stood against the deletion."""

    name: Annotated[str, Meta(description="The service that checks.", examples=["Resource Directory"])]
    description: Annotated[str, Meta(description="What stands against the deletion.")]


class AccountDeletionStatus(Shape):
    """The state of the deletion; the AccountId alone for a member that nobody tried to delete."""

    account_id: Annotated[str, Meta(description="The ID of the member account.", examples=["1234567890123456"])]
    create_time: Annotated[str, Meta(description="When it was begun.")] | UnsetType = UNSET
    deletion_time: Annotated[str, Meta(description="When it ended.")] | UnsetType = UNSET
    deletion_type: Annotated[str, Meta(description="0: at once.", examples=[DIRECT])] | UnsetType = UNSET
    fail_reason_list: Annotated[list[FailReason], Meta(description="What stood against it.")] | UnsetType = UNSET
    status: Annotated[str, Meta(description="Success or CheckFailed.", examples=[SUCCESS])] | UnsetType = UNSET


class GetAccountDeletionStatusReply(Reply):
    rd_account_deletion_status: AccountDeletionStatus


@operation(access_level="get", scopes=("AccountId",), errors=[AccountNotFound])
def get_account_deletion_status(call: Call, request: GetAccountDeletionStatus) -> GetAccountDeletionStatusReply:
    deletion = account_deletions.find(call.connection, call.directory_id, request.account_id)
    member = members.find(call.connection, call.directory_id, request.account_id)
    if deletion is None and member is None:
        raise AccountNotFound
    shown = AccountDeletionStatus(account_id=request.account_id)
    if deletion is not None and deletion.status == SUCCESS:
        shown.status, shown.deletion_type = SUCCESS, DIRECT
        shown.create_time, shown.deletion_time = _time(deletion.checked_at), _time(deletion.ended_at or 0)
    elif deletion is not None and member is not None and deletion.status == CHECK_FAILED:
        shown.status, shown.create_time = CHECK_FAILED, _time(deletion.checked_at)
        found = _obstacles(call, member)
        shown.fail_reason_list = [FailReason(name=each.check_name, description=each.description) for each in found]
    return GetAccountDeletionStatusReply(rd_account_deletion_status=shown)


def _obstacles(call: Call, member: Member) -> Sequence[Obstacle]:
    is_permitted = account_deletions.is_permitted(call.connection, call.directory_id)
    return rules.obstacles(member, is_permitted=is_permitted)


def _time(moment: Moment) -> str:
    """RFC 3339 with the offset +08:00, which the official SDK documents for these two times."""
    return datetime.fromtimestamp(moment // 1000, UTC).astimezone(_BEIJING).isoformat()
