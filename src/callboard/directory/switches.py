"""The two switches of a directory: control policies, which do nothing here, and whether members may be deleted.

Clients set them and read them back: the Terraform provider does, with its resource for a directory.
"""

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from callboard.api.model import Reply, Request
from callboard.call import Call
from callboard.directory import rules
from callboard.directory.directories import RESOURCE, lock, record
from callboard.directory.directory_parameters import Status
from callboard.directory.shapes import operation
from callboard.tree import directories
from callboard.tree.directories import Directory

StatusShown = Annotated[str, Meta(description="Enabled or Disabled.", examples=["Enabled"])]


class EnableControlPolicy(Request):
    """Switch control policies on. That is kept and shown; the policies themselves do not exist here."""


class EnableControlPolicyReply(Reply):
    enablement_status: StatusShown


@operation(access_level="update", resource=RESOURCE)
def enable_control_policy(call: Call, request: EnableControlPolicy) -> EnableControlPolicyReply:
    del request  # It has no parameters.
    switched = _switch(call, "EnableControlPolicy", has_control_policies=True)
    return EnableControlPolicyReply(enablement_status=rules.status_of(is_enabled=switched.has_control_policies))


class DisableControlPolicy(Request):
    """Switch control policies off."""


class DisableControlPolicyReply(Reply):
    enablement_status: StatusShown


@operation(access_level="update", resource=RESOURCE)
def disable_control_policy(call: Call, request: DisableControlPolicy) -> DisableControlPolicyReply:
    del request  # It has no parameters.
    switched = _switch(call, "DisableControlPolicy", has_control_policies=False)
    return DisableControlPolicyReply(enablement_status=rules.status_of(is_enabled=switched.has_control_policies))


class SetMemberDeletionPermission(Request):
    """Say whether members of the resource account type may be deleted."""

    status: Status


class SetMemberDeletionPermissionReply(Reply):
    member_deletion_status: StatusShown
    management_account_id: Annotated[str, Meta(description="The ID of the management account.")]
    resource_directory_id: Annotated[str, Meta(description="The ID of the directory.", examples=["rd-3Gabcd"])]


@operation(access_level="update", resource=RESOURCE)
def set_member_deletion_permission(
    call: Call, request: SetMemberDeletionPermission
) -> SetMemberDeletionPermissionReply:
    is_enabled = request.status == rules.ENABLED
    switched = _switch(call, "SetMemberDeletionPermission", may_delete_members=is_enabled)
    return SetMemberDeletionPermissionReply(
        member_deletion_status=rules.status_of(is_enabled=switched.may_delete_members),
        management_account_id=switched.management_account_id,
        resource_directory_id=switched.directory_id,
    )


def _switch(call: Call, action: str, **switches: bool) -> Directory:
    """The directory with these switches set; one that stands so already is no change."""
    found = lock(call)
    switched = replace(found, **switches)
    if switched != found:
        directories.switch(call.connection, switched)
        record(call, action, before=found, after=switched)
    return switched
