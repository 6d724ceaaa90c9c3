"""What policies do: real signed calls by users, with policies given through RAM's own actions."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.ram.policies.cloud import TOM, Cloud, allow, deny, document, fresh

READS = allow(["resourcemanager:Get*", "resourcemanager:List*"])
EVERYTHING = allow("resourcemanager:*")


def add(root: Cloud, **changes: object) -> str:
    return str(root.call("AddMessageContact", **{**TOM, **changes})["Contact"]["ContactId"])


def contact_arn(root: Cloud, contact_id: str) -> str:
    return f"acs:resourcemanager:*:{root.account_id}:messagecontact/{contact_id}"


def at(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_user_without_a_policy_may_do_nothing(root: Cloud) -> None:
    user = root.user()

    assert user.refused("ListMessageContacts") == (
        403,
        "NoPermission",
        "You are not authorized to do this action. You should be authorized by RAM.",
    )


def test_a_user_may_read_and_not_update(root: Cloud) -> None:
    contact_id, user = add(root), root.user(READS)

    assert user.call("GetMessageContact", contact_id=contact_id)["Contact"]["Name"] == "tom"
    assert user.code("UpdateMessageContact", contact_id=contact_id, title="TechnicalDirector") == "NoPermission"
    assert root.call("GetMessageContact", contact_id=contact_id)["Contact"]["Title"] == "CEO"


def test_a_user_may_update_one_contact_and_not_another(root: Cloud) -> None:
    mine, other = add(root), add(root, name="tim")
    user = root.user(allow("resourcemanager:UpdateMessageContact", contact_arn(root, mine)))

    user.call("UpdateMessageContact", contact_id=mine, title="TechnicalDirector")

    assert user.code("UpdateMessageContact", contact_id=other, title="TechnicalDirector") == "NoPermission"
    assert root.call("GetMessageContact", contact_id=mine)["Contact"]["Title"] == "TechnicalDirector"


def test_a_contact_of_the_same_id_in_another_account_is_not_meant(root: Cloud) -> None:
    contact_id = add(root)
    elsewhere = contact_arn(root, contact_id).replace(root.account_id, "1111111111111111")

    assert not root.user(allow("*", elsewhere)).may("GetMessageContact", contact_id=contact_id)


def test_a_deny_beats_every_allow(root: Cloud) -> None:
    mine, other = add(root), add(root, name="tim")
    user = root.user(EVERYTHING, deny("resourcemanager:Delete*", contact_arn(root, mine)))
    root.call("AttachPolicyToUser", policy_type="System", policy_name="AdministratorAccess", user_name=user.name)

    assert user.code("DeleteMessageContact", contact_id=mine) == "NoPermission"
    assert user.may("DeleteMessageContact", contact_id=other)


def test_what_is_not_named_is_not_allowed_by_not_action(root: Cloud) -> None:
    contact_id = add(root)
    user = root.user({"Effect": "Allow", "NotAction": "resourcemanager:Delete*", "Resource": "*"})

    assert user.may("GetMessageContact", contact_id=contact_id)
    assert not user.may("DeleteMessageContact", contact_id=contact_id)


@pytest.mark.parametrize(
    ("operator", "value", "is_allowed"),
    [
        ("IpAddress", "127.0.0.0/8", True),
        ("IpAddress", ["10.0.0.0/8", "127.0.0.1"], True),
        ("IpAddress", "10.0.0.0/8", False),
        ("NotIpAddress", "10.0.0.0/8", True),
        ("NotIpAddress", "127.0.0.1", False),
    ],
)
def test_a_condition_on_the_callers_address(root: Cloud, operator: str, value: object, *, is_allowed: bool) -> None:
    user = root.user(allow("resourcemanager:*", **{operator: {"acs:SourceIp": value}}))

    assert user.may("ListMessageContacts") == is_allowed


@pytest.mark.parametrize(
    ("operator", "days", "is_allowed"),
    [
        ("DateLessThan", 1, True),
        ("DateLessThan", -1, False),
        ("DateGreaterThan", -1, True),
        ("DateGreaterThan", 1, False),
    ],
)
def test_a_condition_on_the_time(root: Cloud, operator: str, days: int, *, is_allowed: bool) -> None:
    user = root.user(allow("resourcemanager:*", **{operator: {"acs:CurrentTime": at(days)}}))

    assert user.may("ListMessageContacts") == is_allowed


def test_a_condition_on_the_transport(root: Cloud) -> None:
    over_tls = root.user(allow("resourcemanager:*", Bool={"acs:SecureTransport": "true"}))
    in_clear = root.user(allow("resourcemanager:*", Bool={"acs:SecureTransport": "false"}))

    assert not over_tls.may("ListMessageContacts")
    assert in_clear.may("ListMessageContacts")


def test_a_condition_on_the_message_types(root: Cloud) -> None:
    user = root.user(
        EVERYTHING, deny("resourcemanager:*MessageContact", StringEquals={"callboard:MessageType": "AccountExpenses"})
    )

    assert user.may("AddMessageContact", **TOM)
    assert not user.may("AddMessageContact", **{**TOM, "message_types": ["FaultMessage", "AccountExpenses"]})
    contact_id = root.call("ListMessageContacts")["Contacts"][0]["ContactId"]
    assert not user.may("UpdateMessageContact", contact_id=contact_id, message_types=["AccountExpenses"])
    assert user.may("UpdateMessageContact", contact_id=contact_id, title="TechnicalDirector")


def test_a_condition_on_the_domain_of_an_address(root: Cloud) -> None:
    user = root.user(allow("resourcemanager:AddMessageContact", StringLike={"callboard:ContactDomain": "*example.com"}))

    assert user.may("AddMessageContact", **{**TOM, "email_address": "tom@Mail.Example.Com"})
    assert not user.may("AddMessageContact", **{**TOM, "email_address": "tom@example.org"})


def test_the_policies_of_a_group_are_those_of_its_users(root: Cloud) -> None:
    user, group = root.user(), fresh("group")
    root.call("CreateGroup", group_name=group)
    policy = root.attach("Group", group, READS)

    before = user.may("ListMessageContacts")
    root.call("AddUserToGroup", user_name=user.name, group_name=group)
    within = user.may("ListMessageContacts")
    root.call("DetachPolicyFromGroup", policy_type="Custom", policy_name=policy, group_name=group)
    detached = user.may("ListMessageContacts")
    root.call("AttachPolicyToGroup", policy_type="Custom", policy_name=policy, group_name=group)
    again = user.may("ListMessageContacts")
    root.call("RemoveUserFromGroup", user_name=user.name, group_name=group)

    assert (before, within, detached, again) == (False, True, False, True)
    assert not user.may("ListMessageContacts")


def test_a_deny_of_a_group_beats_the_allow_of_a_user(root: Cloud) -> None:
    user, group = root.user(EVERYTHING), fresh("group")
    root.call("CreateGroup", group_name=group)
    root.attach("Group", group, deny("resourcemanager:List*"))

    root.call("AddUserToGroup", user_name=user.name, group_name=group)

    assert not user.may("ListMessageContacts")


def test_a_new_default_version_is_in_force_at_once(root: Cloud) -> None:
    user = root.user()
    name = root.attach("User", user.name, READS)
    assert user.may("ListMessageContacts")

    root.call("CreatePolicyVersion", policy_name=name, policy_document=document(deny("*")))
    unchanged = user.may("ListMessageContacts")
    root.call("SetDefaultPolicyVersion", policy_name=name, version_id="v2")
    denied = user.may("ListMessageContacts")
    root.call("SetDefaultPolicyVersion", policy_name=name, version_id="v1")
    allowed = user.may("ListMessageContacts")
    root.call("CreatePolicyVersion", policy_name=name, policy_document=document(deny("*")), set_as_default=True)

    assert (unchanged, denied, allowed) == (True, False, True)
    assert not user.may("ListMessageContacts")


def test_a_detached_policy_is_out_of_force_at_once(root: Cloud) -> None:
    user = root.user()
    name = root.attach("User", user.name, READS)
    assert user.may("ListMessageContacts")

    root.call("DetachPolicyFromUser", policy_type="Custom", policy_name=name, user_name=user.name)

    assert not user.may("ListMessageContacts")


@pytest.mark.parametrize(
    ("statements", "kind"), [([], "ImplicitDeny"), ([EVERYTHING, deny("resourcemanager:List*")], "ExplicitDeny")]
)
def test_a_refusal_tells_why(root: Cloud, statements: list[dict[str, object]], kind: str) -> None:
    user = root.user(*statements)
    identity = user.call("GetCallerIdentity")

    error = user.error("ListMessageContacts")

    assert error.access_denied_detail == {
        "AuthAction": "resourcemanager:ListMessageContacts",
        "AuthPrincipalType": "SubUser",
        "AuthPrincipalOwnerId": root.account_id,
        "AuthPrincipalDisplayName": identity["UserId"],
        "NoPermissionType": kind,
        "PolicyType": "AccountLevelIdentityBasedPolicy",
    }


def test_a_user_may_be_let_administer_some_roles_and_no_others(root: Cloud) -> None:
    user = root.user(allow("ram:GetRole", "acs:ram:*:*:role/night-*"))

    assert user.may("GetRole", role_name="night-shift")
    assert not user.may("GetRole", role_name="day-shift")
    assert not user.may("ListRoles")


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("GetPolicy", {"policy_type": "Custom"}),
        ("ListPolicyVersions", {"policy_type": "Custom"}),
        ("ListEntitiesForPolicy", {"policy_type": "Custom"}),
        ("GetPolicyVersion", {"policy_type": "Custom", "version_id": "v1"}),
        ("DeletePolicy", {}),
        ("SetDefaultPolicyVersion", {"version_id": "v1"}),
        ("UpdatePolicyDescription", {"new_description": "mine"}),
        ("CreatePolicyVersion", {"policy_document": document(READS)}),
    ],
)
def test_a_policy_of_another_account_is_not_there(
    root: Cloud, other: Cloud, action: str, given: dict[str, str]
) -> None:
    theirs = other.policy(READS)

    assert root.code(action, policy_name=theirs, **given) == "EntityNotExist.Policy"
    assert other.call("GetPolicy", policy_type="Custom", policy_name=theirs)["Policy"]["Description"] == ""


def test_nothing_of_another_account_is_listed_or_attached(root: Cloud, other: Cloud) -> None:
    their_policy, their_role, their_user = other.policy(READS), other.role(), other.user().name
    mine = root.policy(READS)

    assert root.call("ListPolicies", policy_type="Custom")["Policies"]["Policy"][0]["PolicyName"] == mine
    assert root.call("ListRoles")["Roles"]["Role"] == []
    assert [root.code(action, role_name=their_role) for action in ("GetRole", "UpdateRole", "DeleteRole")] == [
        "EntityNotExist.Role"
    ] * 3
    custom = {"policy_type": "Custom", "policy_name": mine}
    assert root.code("AttachPolicyToUser", **custom, user_name=their_user) == "EntityNotExist.User"
    assert root.code("AttachPolicyToRole", **custom, role_name=their_role) == "EntityNotExist.Role"
    named = {"policy_type": "Custom", "policy_name": their_policy, "role_name": root.role()}
    assert root.code("AttachPolicyToRole", **named) == "EntityNotExist.Policy"


def test_names_of_one_account_are_free_in_another(root: Cloud, other: Cloud) -> None:
    name = root.policy(READS)
    other.call("CreatePolicy", policy_name=name, policy_document=document(deny("*")))
    user = root.user()
    root.call("AttachPolicyToUser", policy_type="Custom", policy_name=name, user_name=user.name)

    other.call("DeletePolicy", policy_name=name)

    assert user.may("ListMessageContacts")


def test_many_stars_in_a_policy_cost_nobody_any_time(root: Cloud) -> None:
    user = root.user(READS, deny("resourcemanager:*", "acs:" + "*:" * 3 + "*a" * 100 + "*b"))
    started = time.monotonic()

    user.may("GetMessageContact", contact_id="a" * 4000)

    assert time.monotonic() - started < 2
