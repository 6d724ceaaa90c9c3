"""The actions of policies: create, read, list, describe, delete. System policies are read like the account's own."""

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from callboard.access.grants import CUSTOM, SYSTEM
from callboard.access.system_policies import SYSTEM_POLICIES
from callboard.api.errors import ParameterInvalid
from callboard.api.model import Reply, Request, Shape
from callboard.call import Call
from callboard.database.statement import Duplicate
from callboard.errors import ApiError
from callboard.ram import quotas
from callboard.ram.policies import attachment_storage, errors, storage
from callboard.ram.policies.attachment_storage import Kind
from callboard.ram.policies.parameters import (
    CascadingDelete,
    Description,
    NewDescription,
    PolicyDocument,
    PolicyName,
    PolicyType,
)
from callboard.ram.policies.shapes import (
    DefaultVersion,
    DescriptionShown,
    DocumentShown,
    PolicyListed,
    PolicyNameShown,
    PolicyTypeShown,
    PolicyVersionShown,
    listed,
    system_listed,
    system_version,
    version_id,
    version_shown,
)
from callboard.ram.policies.storage import Policy, Version
from callboard.ram.resources import ALL_POLICIES, ONE_POLICY, present, record
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

IN_THE_WAY: dict[Kind, type[ApiError]] = {
    Kind.USER: errors.PolicyAttachedToUser,
    Kind.GROUP: errors.PolicyAttachedToGroup,
    Kind.ROLE: errors.PolicyAttachedToRole,
}
"""What a deletion is refused with, by what the policy is still attached to; in this order."""


class CreatePolicy(Request, kw_only=True):
    """Create a custom policy; its document becomes version v1."""

    policy_name: PolicyName
    policy_document: PolicyDocument
    description: Description = ""


class PolicyCreated(Shape):
    """The policy that was created."""

    policy_name: PolicyNameShown
    policy_type: PolicyTypeShown
    description: DescriptionShown
    default_version: DefaultVersion
    create_date: Date


class CreatePolicyReply(Reply):
    policy: PolicyCreated


@operation(
    access_level="create",
    resource=ONE_POLICY,
    errors=[errors.PolicyAlreadyExists, errors.PoliciesExceeded],
    changes_access=True,
)
def create_policy(call: Call, request: CreatePolicy) -> CreatePolicyReply:
    if request.policy_name in SYSTEM_POLICIES:
        raise errors.PolicyAlreadyExists
    account_id = call.principal.account_id
    policy = Policy(request.policy_name, request.description, 1, 1, call.now, call.now)
    quotas.lock(call.connection, account_id)
    try:
        storage.add(call.connection, account_id, policy)
    except Duplicate as error:
        raise errors.PolicyAlreadyExists from error
    if quotas.POLICIES.is_exceeded(call.connection, account_id=account_id):
        raise errors.PoliciesExceeded
    version = Version(1, request.policy_document, call.now)
    storage.add_version(call.connection, account_id, policy.policy_name, version)
    after = {"policy": policy, "version": version}
    record(call, "CreatePolicy", ONE_POLICY, after=after, PolicyName=policy.policy_name)
    created = PolicyCreated(
        policy_name=policy.policy_name,
        policy_type=CUSTOM,
        description=policy.description,
        default_version=version_id(1),
        create_date=wire_date(policy.created_at),
    )
    return CreatePolicyReply(policy=created)


class GetPolicy(Request):
    """Read a policy with its version in force."""

    policy_name: PolicyName
    policy_type: PolicyType


class PolicyShown(PolicyListed):
    """A policy. PolicyDocument is what DefaultPolicyVersion holds as well."""

    policy_document: DocumentShown


class GetPolicyReply(Reply):
    policy: PolicyShown
    default_policy_version: PolicyVersionShown


@operation(access_level="get", resource=ONE_POLICY, errors=[errors.PolicyNotFound])
def get_policy(call: Call, request: GetPolicy) -> GetPolicyReply:
    account_id, name = call.principal.account_id, request.policy_name
    if request.policy_type == SYSTEM:
        version = present(system_version(name), errors.PolicyNotFound)
        shown = system_listed(
            SYSTEM_POLICIES[name], attachment_storage.counts(call.connection, account_id).get(name, 0)
        )
    else:
        policy, attachments = present(storage.find(call.connection, account_id, name), errors.PolicyNotFound)
        stored = storage.version(call.connection, account_id, name, policy.default_version)
        # None if it has been deleted since the policy was read, be it with the policy.
        version = version_shown(present(stored, errors.PolicyNotFound), policy)
        shown = listed(policy, attachments)
    fields = {each: getattr(shown, each) for each in shown.__struct_fields__}
    in_full = PolicyShown(**fields, policy_document=version.policy_document)
    return GetPolicyReply(policy=in_full, default_policy_version=version)


class ListPolicies(Request):
    """List policies in the order of their names: those of one type, or the account's own and then the system's."""

    policy_type: PolicyType | UnsetType = UNSET
    marker: Marker = ""
    max_items: MaxItems = DEFAULT_ITEMS


class PoliciesListed(Shape):
    """The policies of a page."""

    policy: list[PolicyListed]


class ListPoliciesReply(Reply):
    policies: PoliciesListed
    is_truncated: IsTruncated
    marker: NextMarker | UnsetType = UNSET


@operation(access_level="list", resource=ALL_POLICIES)
def list_policies(call: Call, request: ListPolicies) -> ListPoliciesReply:
    kinds = (CUSTOM, SYSTEM) if request.policy_type is UNSET else (request.policy_type,)
    kind, after = _place(request.marker) if request.marker else (kinds[0], "")
    if kind not in kinds:
        raise ParameterInvalid(parameter="Marker")
    found: list[PolicyListed] = []
    if kind == CUSTOM:
        found = _custom(call, after, request.max_items + 1)
    if SYSTEM in kinds:
        found += _system(call, after if kind == SYSTEM else "")
    page, paging = cut(found, request.max_items, lambda each: f"{each.policy_type}/{each.policy_name}")
    return ListPoliciesReply(policies=PoliciesListed(policy=page), **paging)


class UpdatePolicyDescription(Request):
    """Change the description of a custom policy; without a new one it has none."""

    policy_name: PolicyName
    new_description: NewDescription = ""


class PolicyDescribed(PolicyCreated):
    """The policy with its new description."""

    update_date: Date


class UpdatePolicyDescriptionReply(Reply):
    policy: PolicyDescribed


@operation(access_level="update", resource=ONE_POLICY, errors=[errors.PolicyNotFound], changes_access=True)
def update_policy_description(call: Call, request: UpdatePolicyDescription) -> UpdatePolicyDescriptionReply:
    account_id = call.principal.account_id
    policy = present(storage.lock(call.connection, account_id, request.policy_name), errors.PolicyNotFound)
    changed = replace(policy, description=request.new_description, modified_at=call.now)
    storage.save(call.connection, account_id, changed)
    names = {"PolicyName": policy.policy_name}
    record(call, "UpdatePolicyDescription", ONE_POLICY, before=policy, after=changed, **names)
    described = PolicyDescribed(
        policy_name=changed.policy_name,
        policy_type=CUSTOM,
        description=changed.description,
        default_version=version_id(changed.default_version),
        create_date=wire_date(changed.created_at),
        update_date=wire_date(changed.modified_at),
    )
    return UpdatePolicyDescriptionReply(policy=described)


class DeletePolicy(Request):
    """Delete a custom policy that is attached to nothing, with its default version, or with all of them."""

    policy_name: PolicyName
    cascading_delete: CascadingDelete = False


class DeletePolicyReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="delete",
    resource=ONE_POLICY,
    errors=[errors.PolicyNotFound, *IN_THE_WAY.values(), errors.PolicyHasVersions],
    changes_access=True,
)
def delete_policy(call: Call, request: DeletePolicy) -> DeletePolicyReply:
    account_id, name = call.principal.account_id, request.policy_name
    policy = present(storage.lock(call.connection, account_id, name), errors.PolicyNotFound)
    attached = attachment_storage.kinds(call.connection, account_id, name)
    for kind, refusal in IN_THE_WAY.items():
        if kind.value in attached:
            raise refusal
    versions = storage.versions(call.connection, account_id, name)
    if len(versions) > 1 and not request.cascading_delete:
        raise errors.PolicyHasVersions
    storage.delete_(call.connection, account_id, name)
    record(call, "DeletePolicy", ONE_POLICY, before={"policy": policy, "versions": versions}, PolicyName=name)
    return DeletePolicyReply()


def _place(marker: str) -> tuple[str, str]:
    """Type and name of the last policy that was shown."""
    kind, _, name = marker.partition("/")
    if kind not in (CUSTOM, SYSTEM) or not name:
        raise ParameterInvalid(parameter="Marker")
    return kind, name


def _custom(call: Call, after: str, limit: int) -> list[PolicyListed]:
    found = storage.page(call.connection, call.principal.account_id, after=after, limit=limit)
    return [listed(policy, number) for policy, number in found]


def _system(call: Call, after: str) -> list[PolicyListed]:
    counts = attachment_storage.counts(call.connection, call.principal.account_id)
    return [
        system_listed(policy, counts.get(name, 0)) for name, policy in sorted(SYSTEM_POLICIES.items()) if name > after
    ]
