"""The actions of roles: what may be assumed, by whom (the trust policy), and for how long."""

import secrets
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from callboard.api.model import Reply, Request, Shape
from callboard.call import Call
from callboard.database.statement import Duplicate
from callboard.ram import quotas
from callboard.ram.policies import attachment_storage, role_errors, role_storage
from callboard.ram.policies.parameters import (
    SESSION_S,
    Description,
    MaxSessionDuration,
    NewDescription,
    NewTrustPolicy,
    RoleName,
    TrustPolicy,
)
from callboard.ram.policies.role_storage import Role, arn_of
from callboard.ram.policies.shapes import DescriptionShown
from callboard.ram.resources import ALL_ROLES, ONE_ROLE, present, record
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

TrustPolicyShown = Annotated[str, Meta(description="The trust policy, as it was sent.")]


class RoleFacts(Shape):
    """What every answer tells of a role."""

    role_id: Annotated[str, Meta(description="The ID of the role.", examples=["301234567890123456"])]
    role_name: Annotated[str, Meta(description="The name of the role.", examples=["ECSAdmin"])]
    arn: Annotated[
        str,
        Meta(description="The ARN, with the name in lower case.", examples=["acs:ram::1234567890123456:role/ecsadmin"]),
    ]
    description: DescriptionShown
    max_session_duration: Annotated[int, Meta(description="How long a session may last.", examples=[3600])]
    create_date: Date


class RoleCreated(RoleFacts):
    """The role that was created."""

    assume_role_policy_document: TrustPolicyShown


class RoleShown(RoleCreated):
    """A role."""

    update_date: Date


class RoleListed(RoleFacts):
    """A role in a list, without its trust policy."""

    update_date: Date


class CreateRole(Request, kw_only=True):
    """Create a role. Who may assume it is in its trust policy; what its sessions may do is in attached policies."""

    role_name: RoleName
    assume_role_policy_document: TrustPolicy
    description: Description = ""
    max_session_duration: MaxSessionDuration = SESSION_S[0]


class CreateRoleReply(Reply):
    role: RoleCreated


@operation(
    access_level="create",
    resource=ONE_ROLE,
    errors=[role_errors.RoleAlreadyExists, role_errors.RolesExceeded],
    changes_access=True,
)
def create_role(call: Call, request: CreateRole) -> CreateRoleReply:
    account_id, name = call.principal.account_id, request.role_name
    quotas.lock(call.connection, account_id)
    if role_storage.has_name(call.connection, account_id, name):
        raise role_errors.RoleAlreadyExists
    role = Role(
        role_id=f"3{secrets.randbelow(10**17):017d}",
        role_name=name,
        description=request.description,
        trust_policy=request.assume_role_policy_document,
        max_session_s=request.max_session_duration,
        created_at=call.now,
        modified_at=call.now,
    )
    try:
        role_storage.add(call.connection, account_id, role)
    except Duplicate as error:
        raise role_errors.RoleAlreadyExists from error
    if quotas.ROLES.is_exceeded(call.connection, account_id=account_id):
        raise role_errors.RolesExceeded
    record(call, "CreateRole", ONE_ROLE, after=role, RoleName=name)
    created = RoleCreated(**_facts(account_id, role), assume_role_policy_document=role.trust_policy)
    return CreateRoleReply(role=created)


class GetRole(Request):
    """Read a role with its trust policy."""

    role_name: RoleName


class GetRoleReply(Reply):
    role: RoleShown


@operation(access_level="get", resource=ONE_ROLE, errors=[role_errors.RoleNotFound])
def get_role(call: Call, request: GetRole) -> GetRoleReply:
    account_id = call.principal.account_id
    role = present(role_storage.find(call.connection, account_id, request.role_name), role_errors.RoleNotFound)
    return GetRoleReply(role=_shown(account_id, role))


class UpdateRole(Request):
    """Change a role. What is absent stays as it is. Sessions that have begun go on until they end by themselves."""

    role_name: RoleName
    new_assume_role_policy_document: NewTrustPolicy | UnsetType = UNSET
    new_description: NewDescription | UnsetType = UNSET
    new_max_session_duration: MaxSessionDuration | UnsetType = UNSET


class UpdateRoleReply(Reply):
    role: RoleShown


@operation(access_level="update", resource=ONE_ROLE, errors=[role_errors.RoleNotFound], changes_access=True)
def update_role(call: Call, request: UpdateRole) -> UpdateRoleReply:
    account_id = call.principal.account_id
    role = present(role_storage.lock(call.connection, account_id, request.role_name), role_errors.RoleNotFound)
    given = {
        "trust_policy": request.new_assume_role_policy_document,
        "description": request.new_description,
        "max_session_s": request.new_max_session_duration,
    }
    changes = {name: value for name, value in given.items() if value is not UNSET}
    changed = replace(role, **changes, modified_at=call.now)
    role_storage.save(call.connection, account_id, changed)
    record(call, "UpdateRole", ONE_ROLE, before=role, after=changed, RoleName=role.role_name)
    return UpdateRoleReply(role=_shown(account_id, changed))


class ListRoles(Request):
    """List roles in the order of their names."""

    marker: Marker = ""
    max_items: MaxItems = DEFAULT_ITEMS


class RolesListed(Shape):
    """The roles of a page."""

    role: list[RoleListed]


class ListRolesReply(Reply):
    roles: RolesListed
    is_truncated: IsTruncated
    marker: NextMarker | UnsetType = UNSET


@operation(access_level="list", resource=ALL_ROLES)
def list_roles(call: Call, request: ListRoles) -> ListRolesReply:
    account_id = call.principal.account_id
    found = role_storage.page(call.connection, account_id, after=request.marker, limit=request.max_items + 1)
    page, paging = cut(found, request.max_items, lambda role: role.role_name)
    shown = [RoleListed(**_facts(account_id, role), update_date=wire_date(role.modified_at)) for role in page]
    return ListRolesReply(roles=RolesListed(role=shown), **paging)


class DeleteRole(Request):
    """Delete a role that has no policies. Its sessions end at once."""

    role_name: RoleName


class DeleteRoleReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="delete",
    resource=ONE_ROLE,
    errors=[role_errors.RoleNotFound, role_errors.RoleHasPolicies],
    changes_access=True,
)
def delete_role(call: Call, request: DeleteRole) -> DeleteRoleReply:
    account_id = call.principal.account_id
    role = present(role_storage.lock(call.connection, account_id, request.role_name), role_errors.RoleNotFound)
    if attachment_storage.has_any(call.connection, account_id, role.role_id):
        raise role_errors.RoleHasPolicies
    role_storage.delete_(call.connection, account_id, role.role_id)
    record(call, "DeleteRole", ONE_ROLE, before=role, RoleName=role.role_name)
    return DeleteRoleReply()


def _facts(account_id: str, role: Role) -> dict[str, Any]:
    return {
        "role_id": role.role_id,
        "role_name": role.role_name,
        "arn": arn_of(account_id, role.role_name),
        "description": role.description,
        "max_session_duration": role.max_session_s,
        "create_date": wire_date(role.created_at),
    }


def _shown(account_id: str, role: Role) -> RoleShown:
    return RoleShown(
        **_facts(account_id, role),
        assume_role_policy_document=role.trust_policy,
        update_date=wire_date(role.modified_at),
    )
