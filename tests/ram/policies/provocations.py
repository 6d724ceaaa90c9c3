"""For each refusal that an action of policies, attachments and roles declares, a call that is answered with it."""

from collections.abc import Callable
from typing import Any

from tests.ram.filling import fill
from tests.ram.policies.cloud import Cloud, allow, document, trusting
from tests.ram.policies.test_attachments import KINDS, entity

Provoke = Callable[[Cloud], object]

PROVOCATIONS: dict[tuple[str, str], Provoke] = {}
"""By action and code."""

READS = document(allow("resourcemanager:Get*"))
LONG = document(allow("a:" + "a" * 6144))
TOO_LONG_A_TEXT = "a" * 1025
CUSTOM, SYSTEM = {"policy_type": "Custom"}, {"policy_type": "System"}
TYPED = (
    "GetPolicy",
    "GetPolicyVersion",
    "ListPolicyVersions",
    "ListEntitiesForPolicy",
    *(f"AttachPolicyTo{kind}" for kind in KINDS),
    *(f"DetachPolicyFrom{kind}" for kind in KINDS),
)

COMPLETE: dict[str, dict[str, Any]] = {
    "CreatePolicy": {"policy_name": "tom", "policy_document": READS},
    "GetPolicy": {"policy_name": "tom", **CUSTOM},
    "ListPolicies": {},
    "UpdatePolicyDescription": {"policy_name": "tom", "new_description": "new"},
    "DeletePolicy": {"policy_name": "tom"},
    "CreatePolicyVersion": {"policy_name": "tom", "policy_document": READS},
    "GetPolicyVersion": {"policy_name": "tom", **CUSTOM, "version_id": "v1"},
    "ListPolicyVersions": {"policy_name": "tom", **CUSTOM},
    "SetDefaultPolicyVersion": {"policy_name": "tom", "version_id": "v1"},
    "DeletePolicyVersion": {"policy_name": "tom", "version_id": "v1"},
    "ListEntitiesForPolicy": {"policy_name": "tom", **CUSTOM},
    "CreateRole": {"role_name": "tom", "assume_role_policy_document": trusting("acs:ram::1:root")},
    "GetRole": {"role_name": "tom"},
    "UpdateRole": {"role_name": "tom"},
    "ListRoles": {},
    "DeleteRole": {"role_name": "tom"},
    **{f"AttachPolicyTo{kind}": {"policy_name": "tom", **CUSTOM, f"{kind.lower()}_name": "tom"} for kind in KINDS},
    **{f"DetachPolicyFrom{kind}": {"policy_name": "tom", **CUSTOM, f"{kind.lower()}_name": "tom"} for kind in KINDS},
    **{f"ListPoliciesFor{kind}": {f"{kind.lower()}_name": "tom"} for kind in KINDS},
}
"""A call of each action that is well formed."""

FORMS: dict[str, dict[str, dict[str, Any]]] = {
    "policy_name": {
        "MissingPolicyName": {"policy_name": None},
        "InvalidParameter.PolicyName.InvalidChars": {"policy_name": "to_m"},
        "InvalidParameter.PolicyName.Length": {"policy_name": "a" * 129},
    },
    "role_name": {
        "MissingRoleName": {"role_name": None},
        "InvalidParameter.RoleName.InvalidChars": {"role_name": "to_m"},
        "InvalidParameter.RoleName.Length": {"role_name": "a" * 65},
    },
    "user_name": {
        "MissingUserName": {"user_name": None},
        "InvalidParameter.UserName.InvalidChars": {"user_name": "to m"},
        "InvalidParameter.UserName.Length": {"user_name": "a" * 65},
    },
    "group_name": {
        "MissingGroupName": {"group_name": None},
        "InvalidParameter.GroupName.InvalidChars": {"group_name": "to m"},
        "InvalidParameter.GroupName.Length": {"group_name": "a" * 65},
    },
    "policy_document": {
        "MissingPolicyDocument": {"policy_document": None},
        "MalformedPolicyDocument": {"policy_document": "{}"},
        "InvalidParameter.PolicyDocument.Length": {"policy_document": LONG},
    },
    "version_id": {
        "MissingVersionId": {"version_id": None},
        "InvalidParameter.VersionId.Format": {"version_id": "1"},
    },
    "assume_role_policy_document": {
        "MissingAssumeRolePolicyDocument": {"assume_role_policy_document": None},
        "MalformedPolicyDocument": {"assume_role_policy_document": READS},
        "InvalidParameter.AssumeRolePolicyDocument.Length": {"assume_role_policy_document": " " * 30_000},
    },
}
"""Refusals of a parameter's form, which are provoked wherever an action takes it."""
OPTIONAL: dict[str, dict[str, dict[str, Any]]] = {
    "CreatePolicy": {"InvalidParameter.Description.Length": {"description": TOO_LONG_A_TEXT}},
    "UpdatePolicyDescription": {"InvalidParameter.NewDescription.Length": {"new_description": TOO_LONG_A_TEXT}},
    "CreatePolicyVersion": {"InvalidParameter.RotateStrategy": {"rotate_strategy": "Rotate"}},
    "ListPolicies": {"InvalidParameter.PolicyType": {"policy_type": "custom"}},
    "CreateRole": {
        "InvalidParameter.Description.Length": {"description": TOO_LONG_A_TEXT},
        "InvalidParameter.MaxSessionDuration": {"max_session_duration": 3599},
    },
    "UpdateRole": {
        "MalformedPolicyDocument": {"new_assume_role_policy_document": "tom"},
        "InvalidParameter.NewAssumeRolePolicyDocument.Length": {"new_assume_role_policy_document": " " * 30_000},
        "InvalidParameter.NewDescription.Length": {"new_description": TOO_LONG_A_TEXT},
        "InvalidParameter.MaxSessionDuration": {"new_max_session_duration": 43_201},
    },
}


def _by_parameters(action: str, changes: dict[str, Any]) -> Provoke:
    return lambda root: root.call(action, **{**COMPLETE[action], **changes})


for name, complete in COMPLETE.items():
    for parameter in complete:
        for code, changed in FORMS.get(parameter, {}).items():
            PROVOCATIONS[name, code] = _by_parameters(name, changed)
    for code, changed in OPTIONAL.get(name, {}).items():
        PROVOCATIONS[name, code] = _by_parameters(name, changed)
    if (
        "policy_name" in complete
        and name != "CreatePolicy"
        and "Policy" in name
        and "_name" not in str(set(complete) - {"policy_name"})
    ):
        PROVOCATIONS[name, "EntityNotExist.Policy"] = _by_parameters(name, {})
    PROVOCATIONS[name, "NoPermission"] = lambda root, action=name: root.user().call(action, **COMPLETE[action])
for name in TYPED:
    PROVOCATIONS[name, "MissingPolicyType"] = _by_parameters(name, {"policy_type": None})
    PROVOCATIONS[name, "InvalidParameter.PolicyType"] = _by_parameters(name, {"policy_type": "custom"})
for name in ("GetRole", "UpdateRole", "DeleteRole"):
    PROVOCATIONS[name, "EntityNotExist.Role"] = _by_parameters(name, {})


def provokes(action: str, code: str) -> Callable[[Provoke], Provoke]:
    """Register the function below: its last call is refused with the code."""

    def register(provoke: Provoke) -> Provoke:
        PROVOCATIONS[action, code] = provoke
        return provoke

    return register


for kind in KINDS:
    absent = f"{kind.lower()}_name"
    for name in (f"AttachPolicyTo{kind}", f"DetachPolicyFrom{kind}", f"ListPoliciesFor{kind}"):
        PROVOCATIONS[name, f"EntityNotExist.{kind}"] = _by_parameters(name, {absent: "nobody"})

    @provokes(f"AttachPolicyTo{kind}", "EntityNotExist.Policy")
    def attach_what_is_not_there(root: Cloud, kind: str = kind) -> None:
        root.call(f"AttachPolicyTo{kind}", policy_name="nothing", **SYSTEM, **entity(root, kind))

    @provokes(f"DetachPolicyFrom{kind}", "EntityNotExist.Policy")
    def detach_what_is_not_there(root: Cloud, kind: str = kind) -> None:
        root.call(f"DetachPolicyFrom{kind}", policy_name="nothing", **CUSTOM, **entity(root, kind))

    @provokes(f"AttachPolicyTo{kind}", f"EntityAlreadyExists.{kind}.Policy")
    def attach_twice(root: Cloud, kind: str = kind) -> None:
        given = {"policy_name": "AdministratorAccess", **SYSTEM, **entity(root, kind)}
        root.call(f"AttachPolicyTo{kind}", **given)
        root.call(f"AttachPolicyTo{kind}", **given)

    @provokes(f"DetachPolicyFrom{kind}", f"EntityNotExist.{kind}.Policy")
    def detach_what_is_not_attached(root: Cloud, kind: str = kind) -> None:
        root.call(f"DetachPolicyFrom{kind}", policy_name=root.policy(allow("*")), **CUSTOM, **entity(root, kind))

    @provokes("DeletePolicy", f"DeleteConflict.Policy.{kind}")
    def delete_a_policy_in_use(root: Cloud, kind: str = kind) -> None:
        name = root.policy(allow("*"))
        root.call(f"AttachPolicyTo{kind}", policy_name=name, **CUSTOM, **entity(root, kind))
        root.call("DeletePolicy", policy_name=name, cascading_delete=True)

    @provokes(f"AttachPolicyTo{kind}", f"LimitExceeded.{kind}.Policy")
    def attach_an_eleventh(root: Cloud, kind: str = kind) -> None:
        named = entity(root, kind)
        for _ in range(11):
            root.call(f"AttachPolicyTo{kind}", policy_name=root.policy(allow("*")), **CUSTOM, **named)


@provokes("CreatePolicy", "LimitExceeded.Policy")
def create_one_policy_too_many(root: Cloud) -> None:
    fill(root, "policies", 1500)
    root.policy(allow("*"))


@provokes("CreateRole", "LimitExceeded.Role")
def create_one_role_too_many(root: Cloud) -> None:
    fill(root, "roles", 1000)
    root.role()


@provokes("CreatePolicy", "EntityAlreadyExists.Policy")
def create_a_policy_twice(root: Cloud) -> None:
    root.call("CreatePolicy", policy_name=root.policy(allow("*")), policy_document=READS)


@provokes("DeletePolicy", "DeleteConflict.Policy.Version")
def delete_a_policy_with_versions(root: Cloud) -> None:
    name = root.policy(allow("*"))
    root.call("CreatePolicyVersion", policy_name=name, policy_document=READS)
    root.call("DeletePolicy", policy_name=name)


@provokes("CreatePolicyVersion", "LimitExceeded.Policy.Version")
def add_a_sixth_version(root: Cloud) -> None:
    name = root.policy(allow("*"))
    for _ in range(5):
        root.call("CreatePolicyVersion", policy_name=name, policy_document=READS)


@provokes("GetPolicyVersion", "EntityNotExist.Policy.Version")
def read_a_version_that_is_not_there(root: Cloud) -> None:
    root.call("GetPolicyVersion", policy_name="AdministratorAccess", **SYSTEM, version_id="v2")


@provokes("SetDefaultPolicyVersion", "EntityNotExist.Policy.Version")
def put_a_version_in_force_that_is_not_there(root: Cloud) -> None:
    root.call("SetDefaultPolicyVersion", policy_name=root.policy(allow("*")), version_id="v2")


@provokes("DeletePolicyVersion", "EntityNotExist.Policy.Version")
def delete_a_version_that_is_not_there(root: Cloud) -> None:
    root.call("DeletePolicyVersion", policy_name=root.policy(allow("*")), version_id="v2")


@provokes("DeletePolicyVersion", "DeleteConflict.Policy.Version.Default")
def delete_the_version_in_force(root: Cloud) -> None:
    root.call("DeletePolicyVersion", policy_name=root.policy(allow("*")), version_id="v1")


@provokes("CreateRole", "EntityAlreadyExists.Role")
def create_a_role_twice(root: Cloud) -> None:
    root.call("CreateRole", role_name=root.role(), assume_role_policy_document=trusting(root.root))


@provokes("DeleteRole", "DeleteConflict.Role.Policy")
def delete_a_role_with_policies(root: Cloud) -> None:
    name = root.role()
    root.attach("Role", name, allow("*"))
    root.call("DeleteRole", role_name=name)
