"""The actions that list attachments: the policies of a user, group or role, and what has a policy."""

from typing import Annotated

from msgspec import Meta

from callboard.access.grants import SYSTEM
from callboard.access.system_policies import SYSTEM_POLICIES
from callboard.api.model import Reply, Request, Shape
from callboard.call import Call
from callboard.ram.policies import attachment_storage, errors, storage
from callboard.ram.policies.attachment_storage import Attached, Entity, Kind
from callboard.ram.policies.attachments import GROUP, ROLE, USER, Side
from callboard.ram.policies.parameters import PolicyName, PolicyType, RoleName
from callboard.ram.policies.role_storage import arn_of
from callboard.ram.policies.shapes import (
    SYSTEM_VERSION,
    DefaultVersion,
    DescriptionShown,
    PolicyNameShown,
    PolicyTypeShown,
    version_id,
)
from callboard.ram.resources import ONE_GROUP, ONE_POLICY, ONE_ROLE, ONE_USER, present
from callboard.ram.shapes import Date, operation, wire_date
from callboard.ram.users.parameters import GroupName, UserName


class PolicyAttached(Shape):
    """A policy that is attached."""

    policy_name: PolicyNameShown
    policy_type: PolicyTypeShown
    description: DescriptionShown
    default_version: DefaultVersion
    attach_date: Date


class PoliciesAttached(Shape):
    """The policies."""

    policy: list[PolicyAttached]


class ListPoliciesForUser(Request):
    """List the policies that a user has itself, not those of its groups."""

    user_name: UserName


class ListPoliciesForUserReply(Reply):
    policies: PoliciesAttached


@operation(access_level="list", resource=ONE_USER, errors=[USER.not_found])
def list_policies_for_user(call: Call, request: ListPoliciesForUser) -> ListPoliciesForUserReply:
    return ListPoliciesForUserReply(policies=_policies(call, USER, request.user_name))


class ListPoliciesForGroup(Request):
    """List the policies of a group."""

    group_name: GroupName


class ListPoliciesForGroupReply(Reply):
    policies: PoliciesAttached


@operation(access_level="list", resource=ONE_GROUP, errors=[GROUP.not_found])
def list_policies_for_group(call: Call, request: ListPoliciesForGroup) -> ListPoliciesForGroupReply:
    return ListPoliciesForGroupReply(policies=_policies(call, GROUP, request.group_name))


class ListPoliciesForRole(Request):
    """List the policies of a role."""

    role_name: RoleName


class ListPoliciesForRoleReply(Reply):
    policies: PoliciesAttached


@operation(access_level="list", resource=ONE_ROLE, errors=[ROLE.not_found])
def list_policies_for_role(call: Call, request: ListPoliciesForRole) -> ListPoliciesForRoleReply:
    return ListPoliciesForRoleReply(policies=_policies(call, ROLE, request.role_name))


class ListEntitiesForPolicy(Request):
    """List the users, groups and roles that have a policy."""

    policy_type: PolicyType
    policy_name: PolicyName


class UserAttached(Shape):
    """A user that has the policy."""

    user_id: Annotated[str, Meta(description="The ID of the user.", examples=["201234567890123456"])]
    user_name: Annotated[str, Meta(description="The name of the user.", examples=["alice"])]
    display_name: Annotated[str, Meta(description="The display name of the user.", examples=["Alice"])]
    attach_date: Date


class GroupAttached(Shape):
    """A group that has the policy."""

    group_name: Annotated[str, Meta(description="The name of the group.", examples=["dev-team"])]
    comments: Annotated[str, Meta(description="What is said of the group.", examples=["Developers"])]
    attach_date: Date


class RoleAttached(Shape):
    """A role that has the policy."""

    role_id: Annotated[str, Meta(description="The ID of the role.", examples=["301234567890123456"])]
    role_name: Annotated[str, Meta(description="The name of the role.", examples=["ECSAdmin"])]
    arn: Annotated[str, Meta(description="The ARN of the role.", examples=["acs:ram::1234567890123456:role/ecsadmin"])]
    description: DescriptionShown
    attach_date: Date


class UsersAttached(Shape):
    """The users."""

    user: list[UserAttached]


class GroupsAttached(Shape):
    """The groups."""

    group: list[GroupAttached]


class RolesAttached(Shape):
    """The roles."""

    role: list[RoleAttached]


class ListEntitiesForPolicyReply(Reply):
    users: UsersAttached
    groups: GroupsAttached
    roles: RolesAttached


@operation(access_level="list", resource=ONE_POLICY, errors=[errors.PolicyNotFound])
def list_entities_for_policy(call: Call, request: ListEntitiesForPolicy) -> ListEntitiesForPolicyReply:
    account_id, name = call.principal.account_id, request.policy_name
    is_system = request.policy_type == SYSTEM
    if name not in SYSTEM_POLICIES if is_system else storage.find(call.connection, account_id, name) is None:
        raise errors.PolicyNotFound

    def having(kind: Kind) -> list[Entity]:
        return attachment_storage.entities(call.connection, kind, account_id, request.policy_type, name)

    return ListEntitiesForPolicyReply(
        users=UsersAttached(user=[_user(each) for each in having(Kind.USER)]),
        groups=GroupsAttached(group=[_group(each) for each in having(Kind.GROUP)]),
        roles=RolesAttached(role=[_role(each, account_id) for each in having(Kind.ROLE)]),
    )


def _policies(call: Call, side: Side, name: str) -> PoliciesAttached:
    account_id = call.principal.account_id
    entity_id = attachment_storage.find_entity(call.connection, side.kind, account_id, name)
    found = attachment_storage.page(call.connection, account_id, present(entity_id, side.not_found))
    return PoliciesAttached(policy=[_shown(each) for each in found])


def _shown(found: Attached) -> PolicyAttached:
    system = SYSTEM_POLICIES.get(found.policy_name) if found.policy_type == SYSTEM else None
    return PolicyAttached(
        policy_name=found.policy_name,
        policy_type=found.policy_type,
        description=(system.description if system else found.description) or "",
        default_version=version_id(found.default_version or SYSTEM_VERSION),
        attach_date=wire_date(found.attached_at),
    )


def _user(found: Entity) -> UserAttached:
    return UserAttached(
        user_id=found.entity_id,
        user_name=found.name,
        display_name=found.text,
        attach_date=wire_date(found.attached_at),
    )


def _group(found: Entity) -> GroupAttached:
    return GroupAttached(group_name=found.name, comments=found.text, attach_date=wire_date(found.attached_at))


def _role(found: Entity, account_id: str) -> RoleAttached:
    return RoleAttached(
        role_id=found.entity_id,
        role_name=found.name,
        arn=arn_of(account_id, found.name),
        description=found.text,
        attach_date=wire_date(found.attached_at),
    )
