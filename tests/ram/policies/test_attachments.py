"""Attachments, through the official client of RAM, on both databases: users, groups and roles in one way."""

import threading
from typing import Any

import pytest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException

from callboard.audit import storage as audit
from tests.ram.policies.cloud import Cloud, allow, fresh
from tests.ram.policies.test_policies import DATE

KINDS = ("User", "Group", "Role")
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)


def entity(root: Cloud, kind: str) -> dict[str, str]:
    """A new user, group or role, as a parameter that names it."""
    if kind == "Role":
        return {"role_name": root.role(description="night")}
    name = fresh(kind.lower())
    more: dict[str, Any] = {"display_name": "Night"} if kind == "User" else {"comments": "night"}
    root.call(f"Create{kind}", **{f"{kind.lower()}_name": name}, **more)
    return {f"{kind.lower()}_name": name}


def attached(root: Cloud, kind: str, named: dict[str, str]) -> list[tuple[str, str]]:
    reply = root.call(f"ListPoliciesFor{kind}", **named)
    return [(each["PolicyType"], each["PolicyName"]) for each in reply["Policies"]["Policy"]]


@EVERY_KIND
def test_policies_are_attached_listed_and_detached(root: Cloud, kind: str) -> None:
    named, custom = entity(root, kind), root.policy(allow("*"))
    given = [
        {"policy_type": "Custom", "policy_name": custom},
        {"policy_type": "System", "policy_name": "AdministratorAccess"},
    ]

    for each in given:
        root.call(f"AttachPolicyTo{kind}", **each, **named)
    listed = root.call(f"ListPoliciesFor{kind}", **named)["Policies"]["Policy"]
    root.call(f"DetachPolicyFrom{kind}", **given[0], **named)

    assert [(each["PolicyType"], each["PolicyName"], each["DefaultVersion"]) for each in listed] == [
        ("Custom", custom, "v1"),
        ("System", "AdministratorAccess", "v1"),
    ]
    assert all(DATE.fullmatch(each["AttachDate"]) for each in listed)
    assert listed[1]["Description"] == "Everything in the account."
    assert attached(root, kind, named) == [("System", "AdministratorAccess")]


def test_what_has_a_policy_is_listed(root: Cloud) -> None:
    custom = root.policy(allow("*"))
    named = {kind: entity(root, kind) for kind in KINDS}
    for kind in KINDS:
        root.call(f"AttachPolicyTo{kind}", policy_type="Custom", policy_name=custom, **named[kind])

    reply = root.call("ListEntitiesForPolicy", policy_type="Custom", policy_name=custom)

    (user,), (group,), (role,) = reply["Users"]["User"], reply["Groups"]["Group"], reply["Roles"]["Role"]
    assert (user["UserName"], user["DisplayName"]) == (named["User"]["user_name"], "Night")
    assert (group["GroupName"], group["Comments"]) == (named["Group"]["group_name"], "night")
    assert (role["RoleName"], role["Description"]) == (named["Role"]["role_name"], "night")
    assert role["Arn"] == root.arn_of(role["RoleName"])
    assert user["UserId"].startswith("2")
    assert role["RoleId"].startswith("3")


def test_what_has_a_system_policy_is_listed(root: Cloud) -> None:
    named = entity(root, "User")
    root.call("AttachPolicyToUser", policy_type="System", policy_name="AliyunRAMFullAccess", **named)

    reply = root.call("ListEntitiesForPolicy", policy_type="System", policy_name="AliyunRAMFullAccess")
    nothing = root.call("ListEntitiesForPolicy", policy_type="System", policy_name="AdministratorAccess")

    assert [each["UserName"] for each in reply["Users"]["User"]] == [named["user_name"]]
    assert (nothing["Users"], nothing["Groups"], nothing["Roles"]) == ({"User": []}, {"Group": []}, {"Role": []})


@EVERY_KIND
def test_an_attachment_is_in_the_audit_trail(root: Cloud, kind: str) -> None:
    named, custom = entity(root, kind), root.policy(allow("*"))
    given = {"policy_type": "Custom", "policy_name": custom, **named}

    root.call(f"AttachPolicyTo{kind}", **given)
    root.call(f"DetachPolicyFrom{kind}", **given)

    trail = root.server.run(lambda open_: audit.page(open_, root.account_id))
    (name,) = named.values()
    added, removed = [each for each in trail if each.action.endswith(f"To{kind}") or "Detach" in each.action]
    policy = f'{{"policy_type":"Custom","policy_name":"{custom}"}}'
    assert (added.resource, removed.resource) == (f"acs:ram:*:{root.account_id}:{kind.lower()}/{name}",) * 2
    assert (added.before, added.after) == (None, policy)
    assert (removed.before, removed.after) == (policy, None)


def test_a_caller_needs_the_right_to_both_what_is_attached_and_what_to(root: Cloud) -> None:
    mine, other = root.policy(allow("*")), root.policy(allow("*"))
    users = "acs:ram:*:*:user/*"
    narrow = root.user(allow("ram:AttachPolicyToUser", [users, f"acs:ram:*:*:policy/{mine}"]))
    only_users = root.user(allow("ram:AttachPolicyToUser", users))
    target = entity(root, "User")

    assert narrow.may("AttachPolicyToUser", policy_type="Custom", policy_name=mine, **target)
    assert not narrow.may("AttachPolicyToUser", policy_type="Custom", policy_name=other, **target)
    assert not narrow.may("AttachPolicyToUser", policy_type="System", policy_name="AdministratorAccess", **target)
    assert not only_users.may("AttachPolicyToUser", policy_type="Custom", policy_name=mine, **target)


def at_once(*calls: Any) -> list[str]:
    """The codes of calls that are made at the same time; `ok` for one that succeeds."""
    barrier, codes = threading.Barrier(len(calls)), [""] * len(calls)

    def run(number: int, call: Any) -> None:
        barrier.wait()
        try:
            call()
            codes[number] = "ok"
        except AlibabaCloudException as error:
            codes[number] = str(error.code)

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def test_of_many_that_attach_the_same_one_succeeds(root: Cloud) -> None:
    named, custom = entity(root, "User"), root.policy(allow("*"))
    given = {"policy_type": "Custom", "policy_name": custom, **named}

    codes = at_once(*[lambda: root.call("AttachPolicyToUser", **given)] * 6)

    assert sorted(codes) == ["EntityAlreadyExists.User.Policy"] * 5 + ["ok"]


def test_a_policy_is_deleted_or_attached_and_never_both(root: Cloud) -> None:
    for _ in range(5):
        named, custom = entity(root, "User"), root.policy(allow("*"))
        given = {"policy_type": "Custom", "policy_name": custom, **named}

        codes = at_once(
            lambda given=given: root.call("AttachPolicyToUser", **given),
            lambda custom=custom: root.call("DeletePolicy", policy_name=custom),
        )

        assert codes in (["ok", "DeleteConflict.Policy.User"], ["EntityNotExist.Policy", "ok"])
        assert attached(root, "User", named) == ([("Custom", custom)] if codes[0] == "ok" else [])


def test_a_role_is_deleted_or_given_a_policy_and_never_both(root: Cloud) -> None:
    for _ in range(5):
        role, custom = root.role(), root.policy(allow("*"))
        given = {"policy_type": "Custom", "policy_name": custom, "role_name": role}

        codes = at_once(
            lambda given=given: root.call("AttachPolicyToRole", **given),
            lambda role=role: root.call("DeleteRole", role_name=role),
        )

        assert codes in (["ok", "DeleteConflict.Role.Policy"], ["EntityNotExist.Role", "ok"])


def test_of_many_that_add_a_version_at_once_no_two_get_the_same_number(root: Cloud) -> None:
    name = root.policy(allow("*"))
    text = '{"Version": "1", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'

    codes = at_once(*[lambda: root.call("CreatePolicyVersion", policy_name=name, policy_document=text)] * 6)

    listed = root.call("ListPolicyVersions", policy_type="Custom", policy_name=name)["PolicyVersions"]["PolicyVersion"]
    assert sorted(codes) == ["LimitExceeded.Policy.Version"] * 2 + ["ok"] * 4
    assert [each["VersionId"] for each in listed] == ["v1", "v2", "v3", "v4", "v5"]


def test_of_roles_whose_names_differ_in_case_alone_one_is_created(root: Cloud) -> None:
    trust = {
        "assume_role_policy_document": '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": '
        f'"sts:AssumeRole", "Principal": {{"RAM": "{root.root}"}}}}]}}'
    }

    names = ["night", "Night", "NIGHT", "nIght"]
    codes = at_once(*[lambda name=name: root.call("CreateRole", role_name=name, **trust) for name in names])

    assert sorted(codes) == ["EntityAlreadyExists.Role"] * 3 + ["ok"]
