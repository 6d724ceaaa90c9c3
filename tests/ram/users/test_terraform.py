"""The requests of the Terraform provider's alicloud_ram_user, _access_key, _group and _group_membership, replayed.

Read off the provider's source: it finds a user by the id, on the pages of ListUsers, then by the name; it always sends
NewUserName with an update, and an empty text for what was taken out of the configuration.
"""

from typing import Any

import pytest

from tests.ram.users.clients import VERSION
from tests.serving import Account
from tests.signing import Response, call_v1


class Provider:
    """The resources' lives, as the provider drives them."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def send(self, action: str, **parameters: str) -> Response:
        return call_v1(self.account, action, parameters, method="POST", Version=VERSION, RegionId="cn-hangzhou")

    def call(self, action: str, **parameters: str) -> dict[str, Any]:
        response = self.send(action, **parameters)
        assert response.status == 200, response.body
        return dict(response.json)

    def user(self, user_id: str) -> dict[str, Any] | None:
        """A user by its id: DescribeRamUser."""
        more: dict[str, str] = {}
        while True:
            reply = self.call("ListUsers", MaxItems="2", **more)
            for each in reply["Users"]["User"]:
                if each["UserId"] == user_id:
                    return dict(self.call("GetUser", UserName=each["UserName"])["User"])
            if not reply["IsTruncated"]:
                return None
            more = {"Marker": reply["Marker"]}

    def key(self, user_name: str, key_id: str) -> dict[str, Any] | None:
        keys = self.call("ListAccessKeys", UserName=user_name)["AccessKeys"]["AccessKey"]
        return next((dict(each) for each in keys if each["AccessKeyId"] == key_id), None)

    def members(self, group_name: str) -> list[str]:
        reply = self.call("ListUsersForGroup", GroupName=group_name)
        return [each["UserName"] for each in reply["Users"]["User"]]


@pytest.fixture
def provider(account: Account) -> Provider:
    made = Provider(account)
    for number in range(3):  # Other users, so that a user is found on a page that is not the first.
        made.call("CreateUser", UserName=f"a-{number}")
    return made


def test_a_user_is_made_changed_renamed_and_deleted(provider: Provider) -> None:
    user_id = provider.call(
        "CreateUser",
        UserName="tf-user",
        DisplayName="user_display_name",
        MobilePhone="86-18688888888",
        Email="hello.uuu@aaa.com",
        Comments="yoyoyo",
    )["User"]["UserId"]
    made = provider.user(user_id)
    provider.call(
        "UpdateUser",
        UserName="tf-user",
        NewUserName="tf-user-2",
        NewDisplayName="",
        NewMobilePhone="",
        NewEmail="",
        NewComments="",
    )
    changed = provider.user(user_id)
    provider.call("DeleteUser", UserName="tf-user-2")

    assert made is not None
    assert changed is not None
    assert made["Comments"] == "yoyoyo"
    assert [changed[name] for name in ("UserName", "DisplayName", "MobilePhone", "Email", "Comments")] == [
        "tf-user-2",
        "",
        "",
        "",
        "",
    ]
    assert provider.user(user_id) is None


def test_a_key_is_made_disabled_and_deleted(provider: Provider) -> None:
    key_id = provider.call("CreateAccessKey", UserName="a-0")["AccessKey"]["AccessKeyId"]
    made = provider.key("a-0", key_id)
    provider.call("UpdateAccessKey", UserAccessKeyId=key_id, Status="Inactive", UserName="a-0")
    disabled = provider.key("a-0", key_id)
    provider.call("DeleteAccessKey", UserAccessKeyId=key_id, UserName="a-0")

    assert (made or {})["Status"] == "Active"
    assert (disabled or {})["Status"] == "Inactive"
    assert provider.key("a-0", key_id) is None
    assert provider.send("DeleteAccessKey", UserAccessKeyId=key_id, UserName="a-0").code.startswith("EntityNotExist")


def test_a_group_with_its_members_is_made_changed_and_deleted(provider: Provider) -> None:
    group = provider.call("CreateGroup", GroupName="tf-group", Comments="this is a group comments.")["Group"]
    for name in ("a-0", "a-1"):
        provider.call("AddUserToGroup", UserName=name, GroupName="tf-group")
    first = provider.members("tf-group")
    provider.call("RemoveUserFromGroup", UserName="a-0", GroupName="tf-group")
    provider.call("AddUserToGroup", UserName="a-2", GroupName="tf-group")
    second = provider.members("tf-group")
    provider.call("UpdateGroup", GroupName="tf-group", NewComments="")
    held = provider.send("DeleteGroup", GroupName="tf-group")
    for name in second:
        provider.call("RemoveUserFromGroup", UserName=name, GroupName="tf-group")
    provider.call("DeleteGroup", GroupName="tf-group")

    assert group["GroupName"] == "tf-group"
    assert (first, second) == (["a-0", "a-1"], ["a-1", "a-2"])
    assert (held.status, held.code) == (409, "DeleteConflict.Group.User")
    assert provider.send("GetGroup", GroupName="tf-group").code == "EntityNotExist.Group"


def test_a_forced_deletion_empties_the_user_first(provider: Provider) -> None:
    provider.call("CreateGroup", GroupName="tf-group")
    provider.call("AddUserToGroup", UserName="a-0", GroupName="tf-group")
    provider.call("CreateAccessKey", UserName="a-0")
    provider.call("AttachPolicyToUser", UserName="a-0", PolicyType="System", PolicyName="AliyunRAMReadOnlyAccess")
    held = provider.send("DeleteUser", UserName="a-0")

    for policy in provider.call("ListPoliciesForUser", UserName="a-0")["Policies"]["Policy"]:
        given = {"PolicyName": policy["PolicyName"], "PolicyType": policy["PolicyType"]}
        provider.call("DetachPolicyFromUser", UserName="a-0", **given)
    for key in provider.call("ListAccessKeys", UserName="a-0")["AccessKeys"]["AccessKey"]:
        provider.call("DeleteAccessKey", UserName="a-0", UserAccessKeyId=key["AccessKeyId"])
    for group in provider.call("ListGroupsForUser", UserName="a-0")["Groups"]["Group"]:
        provider.call("RemoveUserFromGroup", UserName="a-0", GroupName=group["GroupName"])
    absent = [provider.send(action, UserName="a-0") for action in ("DeleteLoginProfile", "UnbindMFADevice")]
    provider.call("DeleteUser", UserName="a-0")

    assert [(each.status, each.code) for each in absent] == [
        (404, "EntityNotExist.User.LoginProfile"),
        (404, "EntityNotExist.User.MFADevice"),
    ]
    assert (held.status, held.code) == (409, "DeleteConflict.User.AccessKey")
    assert provider.send("GetUser", UserName="a-0").code == "EntityNotExist.User"


def test_a_list_in_xml_repeats_one_element_within_another(provider: Provider) -> None:
    body = provider.send("ListUsers", Format="XML").body.decode()

    assert "<Users><User><UserId>" in body
    assert body.count("<UserName>a-") == 3
    assert "<IsTruncated>false</IsTruncated>" in body
