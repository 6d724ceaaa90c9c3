"""The actions of policy versions: up to five documents of a custom policy, one of which is in force."""

from msgspec.structs import replace

from callboard.access.grants import SYSTEM
from callboard.api.model import Reply, Request, Shape
from callboard.call import Call
from callboard.ram import quotas
from callboard.ram.policies import errors, storage
from callboard.ram.policies.parameters import (
    ROTATES,
    PolicyDocument,
    PolicyName,
    PolicyType,
    RotateStrategy,
    SetAsDefault,
    VersionId,
)
from callboard.ram.policies.shapes import SYSTEM_VERSION, PolicyVersionShown, system_version, version_shown
from callboard.ram.policies.storage import Policy, Version
from callboard.ram.resources import ONE_POLICY, present, record
from callboard.ram.shapes import operation


class CreatePolicyVersion(Request):
    """Add a version to a custom policy, and put it in force if asked to."""

    policy_name: PolicyName
    policy_document: PolicyDocument
    set_as_default: SetAsDefault = False
    rotate_strategy: RotateStrategy = "None"


class CreatePolicyVersionReply(Reply):
    policy_version: PolicyVersionShown


@operation(
    access_level="create",
    resource=ONE_POLICY,
    errors=[errors.PolicyNotFound, errors.PolicyVersionsExceeded],
    changes_access=True,
)
def create_policy_version(call: Call, request: CreatePolicyVersion) -> CreatePolicyVersionReply:
    account_id, name = call.principal.account_id, request.policy_name
    policy = present(storage.lock(call.connection, account_id, name), errors.PolicyNotFound)
    dropped = _make_room(call, policy, request.rotate_strategy)
    number = policy.last_version + 1
    version = Version(number, request.policy_document, call.now)
    default = number if request.set_as_default else policy.default_version
    changed = replace(policy, last_version=number, default_version=default, modified_at=call.now)
    storage.add_version(call.connection, account_id, name, version)
    storage.save(call.connection, account_id, changed)
    before, after = {"policy": policy, "dropped": dropped}, {"policy": changed, "version": version}
    record(call, "CreatePolicyVersion", ONE_POLICY, before=before, after=after, PolicyName=name)
    return CreatePolicyVersionReply(policy_version=version_shown(version, changed))


class GetPolicyVersion(Request):
    """Read one version of a policy."""

    policy_name: PolicyName
    policy_type: PolicyType
    version_id: VersionId


class GetPolicyVersionReply(Reply):
    policy_version: PolicyVersionShown


@operation(access_level="get", resource=ONE_POLICY, errors=[errors.PolicyNotFound, errors.PolicyVersionNotFound])
def get_policy_version(call: Call, request: GetPolicyVersion) -> GetPolicyVersionReply:
    account_id, name = call.principal.account_id, request.policy_name
    if request.policy_type == SYSTEM:
        shown = present(system_version(name), errors.PolicyNotFound)
        if request.version_id != SYSTEM_VERSION:
            raise errors.PolicyVersionNotFound
        return GetPolicyVersionReply(policy_version=shown)
    policy, _ = present(storage.find(call.connection, account_id, name), errors.PolicyNotFound)
    found = storage.version(call.connection, account_id, name, request.version_id)
    version = present(found, errors.PolicyVersionNotFound)
    return GetPolicyVersionReply(policy_version=version_shown(version, policy))


class ListPolicyVersions(Request):
    """List the versions of a policy, oldest first."""

    policy_name: PolicyName
    policy_type: PolicyType


class PolicyVersionsListed(Shape):
    """The versions of the policy."""

    policy_version: list[PolicyVersionShown]


class ListPolicyVersionsReply(Reply):
    policy_versions: PolicyVersionsListed


@operation(access_level="list", resource=ONE_POLICY, errors=[errors.PolicyNotFound])
def list_policy_versions(call: Call, request: ListPolicyVersions) -> ListPolicyVersionsReply:
    account_id, name = call.principal.account_id, request.policy_name
    if request.policy_type == SYSTEM:
        shown = [present(system_version(name), errors.PolicyNotFound)]
    else:
        policy, _ = present(storage.find(call.connection, account_id, name), errors.PolicyNotFound)
        shown = [version_shown(each, policy) for each in storage.versions(call.connection, account_id, name)]
    return ListPolicyVersionsReply(policy_versions=PolicyVersionsListed(policy_version=shown))


class SetDefaultPolicyVersion(Request):
    """Put a version of a custom policy in force, at once for everything that has the policy."""

    policy_name: PolicyName
    version_id: VersionId


class SetDefaultPolicyVersionReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="update",
    resource=ONE_POLICY,
    errors=[errors.PolicyNotFound, errors.PolicyVersionNotFound],
    changes_access=True,
)
def set_default_policy_version(call: Call, request: SetDefaultPolicyVersion) -> SetDefaultPolicyVersionReply:
    account_id, name = call.principal.account_id, request.policy_name
    policy = present(storage.lock(call.connection, account_id, name), errors.PolicyNotFound)
    present(storage.version(call.connection, account_id, name, request.version_id), errors.PolicyVersionNotFound)
    changed = replace(policy, default_version=request.version_id, modified_at=call.now)
    storage.save(call.connection, account_id, changed)
    record(call, "SetDefaultPolicyVersion", ONE_POLICY, before=policy, after=changed, PolicyName=name)
    return SetDefaultPolicyVersionReply()


class DeletePolicyVersion(Request):
    """Delete a version of a custom policy that is not in force."""

    policy_name: PolicyName
    version_id: VersionId


class DeletePolicyVersionReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="delete",
    resource=ONE_POLICY,
    errors=[errors.PolicyNotFound, errors.PolicyVersionNotFound, errors.DefaultVersionInUse],
    changes_access=True,
)
def delete_policy_version(call: Call, request: DeletePolicyVersion) -> DeletePolicyVersionReply:
    account_id, name = call.principal.account_id, request.policy_name
    policy = present(storage.lock(call.connection, account_id, name), errors.PolicyNotFound)
    found = storage.version(call.connection, account_id, name, request.version_id)
    version = present(found, errors.PolicyVersionNotFound)
    if version.version == policy.default_version:
        raise errors.DefaultVersionInUse
    storage.delete_version(call.connection, account_id, name, version.version)
    record(call, "DeletePolicyVersion", ONE_POLICY, before=version, PolicyName=name)
    return DeletePolicyVersionReply()


def _make_room(call: Call, policy: Policy, strategy: str) -> Version | None:
    """Delete the oldest version that is not in force where there are as many as may be; which one."""
    account_id = call.principal.account_id
    versions = storage.versions(call.connection, account_id, policy.policy_name)
    if len(versions) < quotas.MOST_VERSIONS:
        return None
    if strategy != ROTATES:
        raise errors.PolicyVersionsExceeded
    oldest = next(each for each in versions if each.version != policy.default_version)
    storage.delete_version(call.connection, account_id, policy.policy_name, oldest.version)
    return oldest
