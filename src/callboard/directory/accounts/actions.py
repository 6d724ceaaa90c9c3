"""The actions that make, change, move and take out member accounts, as version 2022-04-19 has them.

Where the older version takes or answers something else, older.py has its own action over the same function.
"""

from msgspec import UNSET, UnsetType
from msgspec.structs import asdict, replace

from callboard.access import storage as access
from callboard.access.minting import LOWER, new_account_id, random_text
from callboard.api.model import Reply, Request
from callboard.audit import storage as audit
from callboard.call import Call, Moment
from callboard.contacts import membership
from callboard.contacts.errors import ConcurrentCall
from callboard.directory.accounts import errors, finding, payers, rules, shapes
from callboard.directory.accounts.parameters import (
    AccountId,
    AccountNamePrefix,
    DestinationFolderId,
    DisplayName,
    NewAccountType,
    NewDisplayName,
    PayerAccountId,
    ResellAccountType,
)
from callboard.directory.accounts.shapes import AccountChanged
from callboard.directory.errors import AccountNotFound, ConcurrentChange, FolderNotFound
from callboard.directory.parameters import DryRun, ParentFolderId
from callboard.directory.shapes import newer_operation, operation
from callboard.directory.tag_parameters import Tags
from callboard.tree import directories, member_lists, members, tags
from callboard.tree.member_lists import Listed
from callboard.tree.members import Kind, Member

PREFIX_LENGTH = 10
"""Of the prefixes that are generated."""

CREATE_ERRORS = (
    FolderNotFound,
    errors.AccountsExceeded,
    errors.DisplayNameAlreadyUsed,
    errors.AccountNameAlreadyUsed,
    errors.PayerElsewhere,
    ConcurrentChange,
)
UPDATE_ERRORS = (
    AccountNotFound,
    errors.NothingToUpdate,
    errors.DisplayNameAlreadyUsed,
    errors.AccountTypeMismatch,
    errors.PrimaryKeyInUse,
    errors.CallerIdentityWrong,
    ConcurrentChange,
)


class NewAccount(Request):
    """What both versions take of a new member."""

    display_name: DisplayName
    parent_folder_id: ParentFolderId = ""
    payer_account_id: PayerAccountId = ""
    account_name_prefix: AccountNamePrefix = ""
    tag: Tags | UnsetType = UNSET
    resell_account_type: ResellAccountType = ""


class CreateResourceAccount(NewAccount):
    """Make a member account of the resource account type, in a folder."""

    dry_run: DryRun = False


class CreateResourceAccountReply(Reply):
    """The member; the RequestId alone after a dry run."""

    account: AccountChanged | UnsetType = UNSET


@newer_operation(access_level="create", scopes=("ParentFolderId",), errors=CREATE_ERRORS)
def create_resource_account(call: Call, request: CreateResourceAccount) -> CreateResourceAccountReply:
    return create(call, request, is_dry_run=request.dry_run)


def create(call: Call, request: NewAccount, *, is_dry_run: bool = False) -> CreateResourceAccountReply:
    directory_id = call.directory_id
    at = directories.change(call.connection, directory_id, now=call.now)
    folder = finding.folder(call, request.parent_folder_id)
    payer = payers.payer(call, request.payer_account_id) if request.payer_account_id else None
    _check_number(call)
    if members.has_display_name(call.connection, directory_id, request.display_name):
        raise errors.DisplayNameAlreadyUsed
    prefix = request.account_name_prefix or random_text(LOWER, PREFIX_LENGTH)
    account_name = rules.account_name(prefix, directory_id)
    if members.has_account_name(call.connection, directory_id, account_name):
        raise errors.AccountNameAlreadyUsed
    if is_dry_run:
        return CreateResourceAccountReply()
    member = Member(
        account_id=_new_account_id(call),
        folder_id=folder.folder_id,
        display_name=request.display_name,
        account_name=account_name,
        kind=Kind.RESOURCE,
        status=rules.CREATED,
        payer_account_id=payer,
        joined_at=at,
        modified_at=at,
        placed_at=at,
    )
    members.add(call.connection, directory_id, member)
    given = dict(request.tag or ())
    tags.set_tags(call.connection, directory_id, tags.ACCOUNT, member.account_id, given)
    after = {**asdict(member), "tags": given}
    _record(call, "CreateResourceAccount", Listed(member, folder.path, None), after=after)
    return CreateResourceAccountReply(account=shapes.changed(call, member))


def _check_number(call: Call) -> None:
    most = call.profile.accounts
    if most and member_lists.count(call.connection, call.directory_id) >= most:
        raise errors.AccountsExceeded


def _new_account_id(call: Call) -> str:
    while directories.has_account(call.connection, account_id := new_account_id()):
        continue
    return account_id


class AccountUpdate(Request):
    """What both versions take of a change."""

    new_display_name: NewDisplayName = ""
    new_account_type: NewAccountType = ""


class UpdateAccount(AccountUpdate, kw_only=True):
    """Give a member another display name, or make it another type of account."""

    account_id: AccountId
    dry_run: DryRun = False


class UpdateAccountReply(Reply):
    """The member; the RequestId alone after a dry run."""

    account: AccountChanged | UnsetType = UNSET


@newer_operation(access_level="update", scopes=("AccountId",), errors=UPDATE_ERRORS)
def update_account(call: Call, request: UpdateAccount) -> UpdateAccountReply:
    return update(call, request.account_id, request, is_dry_run=request.dry_run)


def update(call: Call, account_id: str, request: AccountUpdate, *, is_dry_run: bool = False) -> UpdateAccountReply:
    if bool(request.new_display_name) == bool(request.new_account_type):
        raise errors.NothingToUpdate
    directories.lock(call.connection, call.directory_id)
    listed = finding.member(call, account_id)
    member = listed.member
    if request.new_account_type:
        changed = _switched(call, member, request.new_account_type)
    else:
        changed = _renamed(call, member, request.new_display_name)
    if is_dry_run:
        return UpdateAccountReply()
    if changed != member:
        changed = replace(changed, modified_at=call.now)
        members.save(call.connection, call.directory_id, changed)
        _record(call, "UpdateAccount", listed, before=member, after=changed)
    account = shapes.changed(call, changed)
    account.status = rules.status_after_update(changed, is_switched=changed.kind != member.kind)
    return UpdateAccountReply(account=account)


def _renamed(call: Call, member: Member, name: str) -> Member:
    is_new = name != member.display_name
    if is_new and members.has_display_name(call.connection, call.directory_id, name):
        raise errors.DisplayNameAlreadyUsed
    return replace(member, display_name=name)


def _switched(call: Call, member: Member, kind: str) -> Member:
    if call.profile.is_root_barred_from_account_types and call.principal.is_root:
        raise errors.CallerIdentityWrong
    new_kind, status = rules.switched(member, kind)
    if new_kind is Kind.RESOURCE and access.active_root_keys(call.connection, member.account_id):
        raise errors.PrimaryKeyInUse
    return replace(member, kind=new_kind, status=status)


class MoveAccount(Request):
    """Move a member to another folder. The contacts that it inherits follow."""

    account_id: AccountId
    destination_folder_id: DestinationFolderId


class MoveAccountReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="update",
    scopes=("AccountId", "DestinationFolderId"),
    errors=[AccountNotFound, FolderNotFound, ConcurrentCall],
)
def move_account(call: Call, request: MoveAccount) -> MoveAccountReply:
    directories.lock(call.connection, call.directory_id)
    listed = finding.member(call, request.account_id)
    folder = finding.folder(call, request.destination_folder_id)
    if listed.member.folder_id == folder.folder_id:
        return MoveAccountReply()
    membership.check_may_move(call, request.account_id, folder)
    at = directories.change(call.connection, call.directory_id, now=call.now)
    members.move(call.connection, call.directory_id, request.account_id, folder.folder_id, at=at)
    moved = replace(listed.member, folder_id=folder.folder_id, placed_at=at, modified_at=at)
    _record(call, "MoveAccount", listed, before=listed.member, after=moved)
    return MoveAccountReply()


class RemoveCloudAccount(Request):
    """Take a member of the cloud account type out of the directory. It goes on as an account without one."""

    account_id: AccountId


class RemoveCloudAccountReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="delete",
    scopes=("AccountId",),
    errors=[AccountNotFound, errors.TypeOrStatusMismatch, ConcurrentChange],
    changes_access=True,
)
def remove_cloud_account(call: Call, request: RemoveCloudAccount) -> RemoveCloudAccountReply:
    at = directories.change(call.connection, call.directory_id, now=call.now)
    listed = finding.member(call, request.account_id)
    if listed.member.kind != Kind.CLOUD:
        raise errors.TypeOrStatusMismatch
    leave(call, request.account_id, at=at)
    _record(call, "RemoveCloudAccount", listed, before=listed.member)
    return RemoveCloudAccountReply()


def leave(call: Call, account_id: str, *, at: Moment) -> None:
    """A member goes out of the directory, with all that the directory knows of it but its past."""
    members.release_payees(call.connection, call.directory_id, account_id)
    tags.remove_all(call.connection, call.directory_id, tags.ACCOUNT, account_id)
    membership.leave(call, account_id, at=at)


def _record(call: Call, action: str, listed: Listed, *, before: object = None, after: object = None) -> None:
    resource = shapes.resource(call, listed)
    audit.add(call.connection, audit.Source.of(call), action, resource, before=before, after=after)
