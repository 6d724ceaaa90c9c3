"""Member accounts made, read and changed, through the official SDK and in the older version."""

import re

import pytest

from tests.contract.account_steps import add_folder, create, create_cloud, listed, shown
from tests.contract.callers import Older, Sdk
from tests.contract.steps import root_folder
from tests.contract.test_audit_trail import differences, trail

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_a_new_member_is_answered_as_documented(sdk: Sdk) -> None:
    directory_id = sdk.account.directory_id
    folder_id = add_folder(sdk.account, "fd-abcdefghij", "teams")

    account = sdk.call(
        "CreateResourceAccount", display_name="Dev team", parent_folder_id=folder_id, account_name_prefix="alice"
    )["Account"]

    assert re.fullmatch("[1-9][0-9]{15}", account.pop("AccountId"))
    assert TIME.fullmatch(account["JoinTime"])
    assert account.pop("JoinTime") == account.pop("ModifyTime")
    assert account == {
        "Status": "CreateSuccess",
        "Type": "ResourceAccount",
        "DisplayName": "Dev team",
        "FolderId": folder_id,
        "ResourceDirectoryId": directory_id,
        "JoinMethod": "created",
        "AccountName": f"alice@{directory_id.lower()}.aliyunid.com",
    }


def test_a_member_is_read_with_its_place(sdk: Sdk, older: Older) -> None:
    directory_id, root_id = sdk.account.directory_id, root_folder(sdk.account)
    upper = add_folder(sdk.account, "fd-abcdefghij", "Teams")
    lower = add_folder(sdk.account, "fd-klmnopqrst", "Dev", upper)
    account_id = create(sdk, parent_folder_id=lower)

    account = shown(sdk, account_id)

    assert account["ResourceDirectoryPath"] == f"{directory_id}/{root_id}/{upper}/{lower}/{account_id}"
    assert account["Location"] == "root/Teams/Dev"
    assert (account["EmailStatus"], account["HasSecureMobilePhone"]) == ("", False)
    assert not {"IdentityInformation", "SecureMobilePhone"} & set(account)
    del account["HasSecureMobilePhone"], account["Tags"]  # The SDK shows a list that is not there as an empty one.
    assert shown(older, account_id) == account


def test_tags_are_read_as_a_plain_list_if_they_are_wanted(sdk: Sdk) -> None:
    account_id = create(sdk, tag=[{"Key": "team", "Value": "b"}, {"Key": "env", "Value": ""}])

    account = shown(sdk, account_id, include_tags=True)

    assert account["Tags"] == [{"Key": "env", "Value": ""}, {"Key": "team", "Value": "b"}]


def test_a_prefix_is_made_up_where_none_is_given(sdk: Sdk) -> None:
    names = [shown(sdk, create(sdk, name))["AccountName"] for name in ("First", "Second")]

    assert len(set(names)) == 2
    assert all(re.fullmatch(r"[a-z0-9]{10}@rd-[a-z0-9]{6}\.aliyunid\.com", name) for name in names)


@pytest.mark.parametrize("name", ["ab", "a" * 50, "开发 team_1.b-c"])
def test_names_within_the_rule_are_taken(sdk: Sdk, name: str) -> None:
    assert shown(sdk, create(sdk, name))["DisplayName"] == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a", "InvalidParameter.Account.DisplayName.Length"),
        ("  ", "InvalidParameter.Account.DisplayName"),
        ("dev\n", "InvalidParameter.Account.DisplayName"),
        ("Müller", "InvalidParameter.Account.DisplayName"),
    ],
)
def test_names_beyond_the_rule_are_refused(sdk: Sdk, name: str, code: str) -> None:
    assert sdk.refused("CreateResourceAccount", display_name=name).code == code


def test_a_dry_run_makes_nothing_and_tells_what_stands_against_it(sdk: Sdk) -> None:
    passed = sdk.call("CreateResourceAccount", display_name="Dev", dry_run=True)

    assert set(passed) == {"RequestId"}
    assert listed(sdk) == []
    assert trail(sdk.account) == []
    create(sdk)
    refused = sdk.refused("CreateResourceAccount", display_name="Dev", dry_run=True)
    assert refused.code == "InvalidParameter.Account.DisplayName.AlreadyUsed"


def test_the_older_version_knows_no_dry_run(older: Older) -> None:
    reply = older.call("CreateResourceAccount", display_name="Dev", dry_run="true")

    assert reply["Account"]["DisplayName"] == "Dev"


def test_a_member_is_renamed(sdk: Sdk) -> None:
    account_id = create(sdk)

    account = sdk.call("UpdateAccount", account_id=account_id, new_display_name="Operations")["Account"]

    assert (account["DisplayName"], account["Status"]) == ("Operations", "CreateSuccess")
    assert shown(sdk, account_id)["DisplayName"] == "Operations"
    assert differences(trail(sdk.account)[-1]) == {"display_name": ("Dev", "Operations")}


def test_its_own_name_is_not_taken_and_leaves_no_record(sdk: Sdk) -> None:
    account_id = create(sdk)

    sdk.call("UpdateAccount", account_id=account_id, new_display_name="Dev")

    assert [each.action for each in trail(sdk.account)] == ["CreateResourceAccount"]


def test_a_type_is_switched_there_and_back(sdk: Sdk) -> None:
    account_id = create_cloud(sdk)
    promoted = shown(sdk, account_id)

    renamed = sdk.call("UpdateAccount", account_id=account_id, new_display_name="Ops")["Account"]
    back = sdk.call("UpdateAccount", account_id=account_id, new_account_type="ResourceAccount")["Account"]

    assert (promoted["Type"], promoted["Status"]) == ("CloudAccount", "PromoteSuccess")
    assert (renamed["Type"], renamed["Status"]) == ("CloudAccount", "SwitchSuccess")
    assert (back["Type"], back["Status"]) == ("ResourceAccount", "SwitchSuccess")
    assert shown(sdk, account_id)["Status"] == "CreateSuccess"


def test_a_dry_run_of_a_switch_changes_nothing(sdk: Sdk) -> None:
    account_id = create(sdk)

    passed = sdk.call("UpdateAccount", account_id=account_id, new_account_type="CloudAccount", dry_run=True)

    assert set(passed) == {"RequestId"}
    assert shown(sdk, account_id)["Type"] == "ResourceAccount"


def test_a_name_and_a_type_together_are_refused(sdk: Sdk) -> None:
    refused = sdk.refused(
        "UpdateAccount", account_id=create(sdk), new_display_name="Ops", new_account_type="CloudAccount"
    )

    assert refused.code == "MissingDisplayNameOrAccountType"


def test_what_is_no_type_is_a_mismatch(sdk: Sdk) -> None:
    refused = sdk.refused("UpdateAccount", account_id=create(sdk), new_account_type="cloudaccount")

    assert refused.code == "AccountTypeMismatch"


def test_a_member_has_an_account_that_keys_are_made_for(sdk: Sdk) -> None:
    member = Sdk(sdk.account.server.key(create(sdk)))

    assert member.refused("ListAccounts").code == "MemberAccountOperationNotAllowed"


def test_the_management_account_is_no_member(sdk: Sdk) -> None:
    assert sdk.refused("GetAccount", account_id=sdk.account.account_id).code == "EntityNotExists.Account"
