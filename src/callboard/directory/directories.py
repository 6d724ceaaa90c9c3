"""The actions on the directory itself: enabling it, reading it, disabling it."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType, field
from msgspec.structs import asdict

from callboard.api.model import Operation, Reply, Request, Shape
from callboard.audit import storage as audit
from callboard.call import Call
from callboard.contacts import membership
from callboard.directory import directory_errors as errors
from callboard.directory import rules
from callboard.directory.directory_parameters import (
    EnableMode,
    ManagementAccountName,
    SecureMobilePhone,
    VerificationCode,
)
from callboard.directory.folders.errors import FolderHasSubfolders
from callboard.directory.parameters import DryRun
from callboard.directory.shapes import OLDER_VERSION, VERSION, operation, wire_time
from callboard.tree import directories, folders
from callboard.tree.directories import Directory

RESOURCE = "*"
"""These actions are about no resource that policies could name (directory-api.yaml)."""

anyones_operation = Operation(VERSION, OLDER_VERSION, ram_code="resourcemanager")
newer_anyones_operation = Operation(VERSION, ram_code="resourcemanager")
older_anyones_operation = Operation(OLDER_VERSION, ram_code="resourcemanager")
"""For accounts with a directory and without, and for members."""


class DirectoryEnabled(Shape):
    """A resource directory."""

    resource_directory_id: Annotated[str, Meta(description="The ID of the directory.", examples=["rd-54abcd"])]
    master_account_id: Annotated[str, Meta(description="The ID of the management account.")]
    master_account_name: Annotated[
        str, Meta(description="The name of the management account: its ID, as such accounts have no names here.")
    ]
    root_folder_id: Annotated[str, Meta(description="The ID of the root folder.", examples=["r-G9abcd"])]
    create_time: Annotated[
        str, Meta(description="When it was enabled, in UTC (ISO 8601).", examples=["2021-12-08T02:15:31.744Z"])
    ]


class EnableResourceDirectory(Request, kw_only=True):
    """Enable the resource directory of the calling account, which becomes its management account."""

    maname: ManagementAccountName = field(name="MAName", default="")
    masecure_mobile_phone: SecureMobilePhone = field(name="MASecureMobilePhone", default="")
    verification_code: VerificationCode = ""
    enable_mode: EnableMode
    dry_run: DryRun = False


class EnableResourceDirectoryReply(Reply):
    """With DryRun, the RequestId alone."""

    resource_directory: DirectoryEnabled | UnsetType = UNSET


@newer_anyones_operation(
    access_level="create",
    resource=RESOURCE,
    errors=[
        errors.SecureMobilePhoneMissing,
        errors.DirectoryExists,
        errors.AccountInAnotherDirectory,
    ],
    changes_access=True,
)
def enable_resource_directory(call: Call, request: EnableResourceDirectory) -> EnableResourceDirectoryReply:
    is_for_new_account = request.enable_mode == rules.NEW_MANAGEMENT_ACCOUNT
    if is_for_new_account:
        rules.check_new_account(request.maname, request.masecure_mobile_phone, call.profile)
    _check_may_enable(call)
    if is_for_new_account:
        raise errors.VerificationCodeInvalid
    if request.dry_run:
        return EnableResourceDirectoryReply()
    return EnableResourceDirectoryReply(resource_directory=_enabled(_enable(call, "EnableResourceDirectory")))


class InitResourceDirectory(Request):
    """Enable the resource directory of the calling account, which becomes its management account."""


class InitResourceDirectoryReply(Reply):
    resource_directory: DirectoryEnabled


@older_anyones_operation(
    access_level="create",
    resource=RESOURCE,
    errors=[errors.DirectoryExists, errors.AccountInAnotherDirectory],
    changes_access=True,
)
def init_resource_directory(call: Call, request: InitResourceDirectory) -> InitResourceDirectoryReply:
    del request  # It has no parameters.
    _check_may_enable(call)
    return InitResourceDirectoryReply(resource_directory=_enabled(_enable(call, "InitResourceDirectory")))


class GetResourceDirectory(Request):
    """Read the directory that the caller's account manages, or is a member of."""


class DirectoryShown(DirectoryEnabled, kw_only=True):
    """A resource directory, with its settings."""

    control_policy_status: Annotated[
        str, Meta(description="Enabled or Disabled. It is kept for clients: control policies do nothing here.")
    ]
    member_deletion_status: Annotated[
        str, Meta(description="Enabled: members may be deleted. Disabled: they may not.", examples=["Disabled"])
    ]
    identity_information: Annotated[str, Meta(description="Always empty: nobody's real name is registered here.")] = ""
    member_account_display_name_sync_status: Annotated[
        str, Meta(description="Always Disabled: accounts have no names that could follow the display names.")
    ] = rules.DISABLED


class GetResourceDirectoryReply(Reply):
    resource_directory: DirectoryShown


@anyones_operation(access_level="get", resource=RESOURCE, errors=[errors.DirectoryNotInUse])
def get_resource_directory(call: Call, request: GetResourceDirectory) -> GetResourceDirectoryReply:
    del request  # It has no parameters.
    found = directories.of_account(call.connection, call.principal.account_id)
    if found is None:
        raise errors.DirectoryNotInUse
    return GetResourceDirectoryReply(
        resource_directory=DirectoryShown(
            **asdict(_enabled(found)),
            control_policy_status=rules.status_of(is_enabled=found.has_control_policies),
            member_deletion_status=rules.status_of(is_enabled=found.may_delete_members),
        )
    )


class DestroyResourceDirectory(Request):
    """Disable the directory, once it has neither members nor folders. Its contacts are deleted."""


class DestroyResourceDirectoryReply(Reply):
    """The RequestId alone."""


# That folders are in the way is documented, but no code for it: the one of DeleteFolder says what is the matter.
@operation(
    access_level="delete",
    resource=RESOURCE,
    errors=[errors.DirectoryHasAccounts, FolderHasSubfolders],
    changes_access=True,
)
def destroy_resource_directory(call: Call, request: DestroyResourceDirectory) -> DestroyResourceDirectoryReply:
    del request  # It has no parameters.
    found = lock(call)
    if directories.has_members(call.connection, call.directory_id):
        raise errors.DirectoryHasAccounts
    if folders.has_subfolders(call.connection, call.directory_id, found.root_folder_id):
        raise FolderHasSubfolders
    membership.drop_directory(call)
    directories.remove(call.connection, found)
    record(call, "DestroyResourceDirectory", before=found)
    return DestroyResourceDirectoryReply()


def lock(call: Call) -> Directory:
    """The caller's directory, which this transaction is about to change. Raises DirectoryNotEnabled when it is gone."""
    directories.change(call.connection, call.directory_id, now=call.now)
    found = directories.find(call.connection, call.directory_id)
    assert found is not None, "it is locked"
    return found


def record(call: Call, action: str, *, before: Directory | None = None, after: Directory | None = None) -> None:
    """Keep a change of the directory in the audit trail."""
    directory = after or before
    assert directory is not None, "a change has something before or after it"
    resource = (
        f"acs:resourcemanager:*:{call.principal.account_id}:folder/{directory.directory_id}/{directory.root_folder_id}"
    )
    audit.add(call.connection, audit.Source.of(call), action, resource, before=before, after=after)


def _check_may_enable(call: Call) -> None:
    """Lock the caller's account, and raise unless it is in no directory."""
    account = directories.lock_account(call.connection, call.principal.account_id)
    if account.directory_id is not None:
        raise errors.DirectoryExists if account.is_management else errors.AccountInAnotherDirectory


def _enable(call: Call, action: str) -> Directory:
    made = directories.new(call.principal.account_id, now=call.now)
    directories.add(call.connection, made)
    directories.put_account(
        call.connection, directories.Account(made.management_account_id, made.directory_id, is_management=True)
    )
    record(call, action, after=made)
    return made


def _enabled(directory: Directory) -> DirectoryEnabled:
    return DirectoryEnabled(
        resource_directory_id=directory.directory_id,
        master_account_id=directory.management_account_id,
        master_account_name=directory.management_account_id,
        root_folder_id=directory.root_folder_id,
        create_time=wire_time(directory.created_at),
    )
