"""The actions of attachments: a policy is attached to users, groups and roles, all three in one way."""

from msgspec import Struct

from callboard.access.grants import SYSTEM
from callboard.access.system_policies import SYSTEM_POLICIES
from callboard.api.model import Reply, Request
from callboard.call import Call
from callboard.database.statement import Duplicate
from callboard.errors import ApiError
from callboard.ram import quotas
from callboard.ram.policies import attachment_storage, errors, role_errors, storage
from callboard.ram.policies.attachment_storage import Kind
from callboard.ram.policies.parameters import PolicyName, PolicyType, RoleName
from callboard.ram.resources import ONE_GROUP, ONE_POLICY, ONE_ROLE, ONE_USER, present, record
from callboard.ram.shapes import operation
from callboard.ram.users import errors as user_errors
from callboard.ram.users import group_errors
from callboard.ram.users.parameters import GroupName, UserName


class Side(Struct, frozen=True):
    """What differs between users, groups and roles."""

    kind: Kind
    resource: str
    name: str
    not_found: type[ApiError]
    has_policy: type[ApiError]
    has_too_many: type[ApiError]
    has_no_such_policy: type[ApiError]

    @property
    def attaching(self) -> list[type[ApiError]]:
        return [self.not_found, errors.PolicyNotFound, self.has_policy, self.has_too_many]

    @property
    def detaching(self) -> list[type[ApiError]]:
        return [self.not_found, errors.PolicyNotFound, self.has_no_such_policy]


USER = Side(
    kind=Kind.USER,
    resource=ONE_USER,
    name="UserName",
    not_found=user_errors.UserNotFound,
    has_policy=errors.UserHasPolicy,
    has_too_many=errors.PoliciesOfUserExceeded,
    has_no_such_policy=errors.UserHasNoSuchPolicy,
)
GROUP = Side(
    kind=Kind.GROUP,
    resource=ONE_GROUP,
    name="GroupName",
    not_found=group_errors.GroupNotFound,
    has_policy=errors.GroupHasPolicy,
    has_too_many=errors.PoliciesOfGroupExceeded,
    has_no_such_policy=errors.GroupHasNoSuchPolicy,
)
ROLE = Side(
    kind=Kind.ROLE,
    resource=ONE_ROLE,
    name="RoleName",
    not_found=role_errors.RoleNotFound,
    has_policy=role_errors.RoleHasPolicy,
    has_too_many=role_errors.PoliciesOfRoleExceeded,
    has_no_such_policy=role_errors.RoleHasNoSuchPolicy,
)


class AttachPolicyToUser(Request):
    """Give a user a policy."""

    policy_type: PolicyType
    policy_name: PolicyName
    user_name: UserName


class AttachPolicyToUserReply(Reply):
    """The RequestId alone."""


@operation(access_level="update", resource=(ONE_USER, ONE_POLICY), errors=USER.attaching, changes_access=True)
def attach_policy_to_user(call: Call, request: AttachPolicyToUser) -> AttachPolicyToUserReply:
    _attach(call, USER, request.user_name, request)
    return AttachPolicyToUserReply()


class AttachPolicyToGroup(Request):
    """Give every user of a group a policy."""

    policy_type: PolicyType
    policy_name: PolicyName
    group_name: GroupName


class AttachPolicyToGroupReply(Reply):
    """The RequestId alone."""


@operation(access_level="update", resource=(ONE_GROUP, ONE_POLICY), errors=GROUP.attaching, changes_access=True)
def attach_policy_to_group(call: Call, request: AttachPolicyToGroup) -> AttachPolicyToGroupReply:
    _attach(call, GROUP, request.group_name, request)
    return AttachPolicyToGroupReply()


class AttachPolicyToRole(Request):
    """Give every session of a role a policy."""

    policy_type: PolicyType
    policy_name: PolicyName
    role_name: RoleName


class AttachPolicyToRoleReply(Reply):
    """The RequestId alone."""


@operation(access_level="update", resource=(ONE_ROLE, ONE_POLICY), errors=ROLE.attaching, changes_access=True)
def attach_policy_to_role(call: Call, request: AttachPolicyToRole) -> AttachPolicyToRoleReply:
    _attach(call, ROLE, request.role_name, request)
    return AttachPolicyToRoleReply()


class DetachPolicyFromUser(Request):
    """Take a policy from a user, at once."""

    policy_type: PolicyType
    policy_name: PolicyName
    user_name: UserName


class DetachPolicyFromUserReply(Reply):
    """The RequestId alone."""


@operation(access_level="update", resource=(ONE_USER, ONE_POLICY), errors=USER.detaching, changes_access=True)
def detach_policy_from_user(call: Call, request: DetachPolicyFromUser) -> DetachPolicyFromUserReply:
    _detach(call, USER, request.user_name, request)
    return DetachPolicyFromUserReply()


class DetachPolicyFromGroup(Request):
    """Take a policy from a group, at once for all its users."""

    policy_type: PolicyType
    policy_name: PolicyName
    group_name: GroupName


class DetachPolicyFromGroupReply(Reply):
    """The RequestId alone."""


@operation(access_level="update", resource=(ONE_GROUP, ONE_POLICY), errors=GROUP.detaching, changes_access=True)
def detach_policy_from_group(call: Call, request: DetachPolicyFromGroup) -> DetachPolicyFromGroupReply:
    _detach(call, GROUP, request.group_name, request)
    return DetachPolicyFromGroupReply()


class DetachPolicyFromRole(Request):
    """Take a policy from a role, at once for all its sessions."""

    policy_type: PolicyType
    policy_name: PolicyName
    role_name: RoleName


class DetachPolicyFromRoleReply(Reply):
    """The RequestId alone."""


@operation(access_level="update", resource=(ONE_ROLE, ONE_POLICY), errors=ROLE.detaching, changes_access=True)
def detach_policy_from_role(call: Call, request: DetachPolicyFromRole) -> DetachPolicyFromRoleReply:
    _detach(call, ROLE, request.role_name, request)
    return DetachPolicyFromRoleReply()


Attaching = AttachPolicyToUser | AttachPolicyToGroup | AttachPolicyToRole
Detaching = DetachPolicyFromUser | DetachPolicyFromGroup | DetachPolicyFromRole


def _attach(call: Call, side: Side, name: str, request: Attaching) -> None:
    """Attach a policy; neither it nor what has it can be deleted meanwhile."""
    account_id, policy_type, policy_name = call.principal.account_id, request.policy_type, request.policy_name
    entity_id = _lock_entity(call, side, name)
    if not _lock_policy(call, policy_type, policy_name):
        raise errors.PolicyNotFound
    try:
        attachment_storage.add(call.connection, account_id, side.kind, entity_id, policy_type, policy_name, at=call.now)
    except Duplicate as error:
        raise side.has_policy from error
    if quotas.ATTACHED.is_exceeded(call.connection, account_id=account_id, entity_id=entity_id):
        raise side.has_too_many
    _record(call, side, name, request, is_attached=True)


def _detach(call: Call, side: Side, name: str, request: Detaching) -> None:
    account_id, policy_type, policy_name = call.principal.account_id, request.policy_type, request.policy_name
    entity_id = _lock_entity(call, side, name)
    if not attachment_storage.delete_(call.connection, account_id, entity_id, policy_type, policy_name):
        is_there = _lock_policy(call, policy_type, policy_name)
        raise side.has_no_such_policy if is_there else errors.PolicyNotFound
    _record(call, side, name, request, is_attached=False)


def _lock_entity(call: Call, side: Side, name: str) -> str:
    entity_id = attachment_storage.lock_entity(call.connection, side.kind, call.principal.account_id, name)
    return present(entity_id, side.not_found)


def _lock_policy(call: Call, policy_type: str, policy_name: str) -> bool:
    """Whether there is such a policy; a custom one is there until this transaction ends."""
    if policy_type == SYSTEM:
        return policy_name in SYSTEM_POLICIES
    return storage.lock(call.connection, call.principal.account_id, policy_name) is not None


def _record(call: Call, side: Side, name: str, request: Attaching | Detaching, *, is_attached: bool) -> None:
    policy = {"policy_type": request.policy_type, "policy_name": request.policy_name}
    before, after = (None, policy) if is_attached else (policy, None)
    record(call, type(request).__name__, side.resource, before=before, after=after, **{side.name: name})
