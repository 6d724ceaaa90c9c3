"""The requests of the Terraform provider's account resource, replayed, and what it reads back (clients.md, section 5).

It does most in the older version, and tags and payers in the newer one; it signs with V1 and sends a form.
"""

import json
from typing import Any

import pytest

from tests.contract.account_steps import add_folder, permit_deletion
from tests.contract.steps import root_folder
from tests.serving import Account
from tests.signing import call_terraform

OLDER, NEWER = "2020-03-31", "2022-04-19"


class Provider:
    """The resource's life, as the provider drives it."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def call(self, version: str, action: str, **parameters: str) -> dict[str, Any]:
        """The document of a 200 answer; with Code, Success or Message in it the provider takes it for a failure."""
        named = {name.replace("_", "."): value for name, value in parameters.items()}
        answer = call_terraform(self.account, action, named, version=version)
        assert answer.status == 200, answer.body
        assert not {"Code", "Success", "Message"} & set(answer.json)
        return dict(answer.json)

    def create(self, **wanted: str) -> str:
        reply = self.call(OLDER, "CreateResourceAccount", RegionId="cn-hangzhou", Tags_1_Key="ignored", **wanted)
        return str(reply["Account"]["AccountId"])

    def read(self, account_id: str) -> dict[str, Any]:
        """What the provider keeps in its state."""
        account = self.call(OLDER, "GetAccount", AccountId=account_id)["Account"]
        payer = self.call(OLDER, "GetPayerForAccount", AccountId=account_id)
        return {
            "display_name": account["DisplayName"],
            "folder_id": account["FolderId"],
            "type": account["Type"],
            "status": account["Status"],
            "account_name_prefix": account["AccountName"].partition("@")[0],
            "payer_account_id": payer.get("PayerAccountId", ""),
            "tags": self.read_tags(account_id),
        }

    def read_tags(self, account_id: str) -> dict[str, str]:
        """As the provider goes through the pages: until NextToken is not there. Both versions say the same."""
        found: dict[str, str] = {}
        for version in (OLDER, NEWER):
            token: dict[str, str] = {}
            while True:
                asked = {"ResourceId_1": account_id, "ResourceType": "Account", **token}
                reply = self.call(version, "ListTagResources", **asked)
                found |= {each["TagKey"]: each["TagValue"] for each in reply["TagResources"]}
                if reply.get("NextToken") is None:
                    break
                token = {"NextToken": reply["NextToken"]}
        return found

    def delete(self, account_id: str) -> None:
        self.call(OLDER, "CheckAccountDelete", AccountId=account_id)
        reply = self.call(OLDER, "GetAccountDeletionCheckResult", AccountId=account_id)
        result = reply["AccountDeletionCheckResultInfo"]
        assert (result["Status"], result["AllowDelete"]) == ("PreCheckComplete", "true")
        ids = [each["CheckId"] for each in result["AbandonableChecks"]]
        self.call(OLDER, "DeleteAccount", AccountId=account_id, AbandonableCheckId=json.dumps(ids) if ids else "")
        reply = self.call(OLDER, "GetAccountDeletionStatus", AccountId=account_id)
        assert reply["RdAccountDeletionStatus"]["Status"] == "Success"

    def is_gone(self, account_id: str) -> bool:
        answer = call_terraform(self.account, "GetAccount", {"AccountId": account_id}, version=OLDER)
        return answer.status == 404 and str(answer.json["Code"]).startswith("EntityNotExists.Account")


@pytest.fixture
def provider(account: Account) -> Provider:
    return Provider(account)


def test_a_resource_shows_no_drift_in_all_its_life(provider: Provider) -> None:
    permit_deletion(provider.account)
    folder_id = add_folder(provider.account, "fd-abcdefghij", "teams")
    account_id = provider.create(DisplayName="tf-acc", AccountNamePrefix="tf-acc", FolderId="ignored")
    held = {
        "display_name": "tf-acc",
        "folder_id": root_folder(provider.account),
        "type": "ResourceAccount",
        "status": "CreateSuccess",
        "account_name_prefix": "tf-acc",
        "payer_account_id": "",
        "tags": {},
    }
    assert provider.read(account_id) == held

    tags = {"Tag_1_Key": "Created", "Tag_1_Value": "TF", "Tag_2_Key": "For", "Tag_2_Value": "acceptance Test"}
    provider.call(NEWER, "TagResources", ResourceType="Account", ResourceId_1=account_id, **tags)
    held["tags"] = {"Created": "TF", "For": "acceptance Test"}
    assert provider.read(account_id) == held

    provider.call(OLDER, "UpdateAccount", AccountId=account_id, NewDisplayName="tf-acc update")
    held["display_name"] = "tf-acc update"
    assert provider.read(account_id) == held

    provider.call(OLDER, "MoveAccount", AccountId=account_id, DestinationFolderId=folder_id)
    held["folder_id"] = folder_id
    assert provider.read(account_id) == held

    payer_id = provider.account.account_id
    provider.call(NEWER, "UpdatePayerForAccount", AccountId=account_id, PayerAccountId=payer_id)
    held["payer_account_id"] = payer_id
    assert provider.read(account_id) == held

    provider.call(NEWER, "UntagResources", ResourceType="Account", ResourceId_1=account_id, TagKey_1="For")
    held["tags"] = {"Created": "TF"}
    assert provider.read(account_id) == held

    provider.delete(account_id)
    assert provider.is_gone(account_id)


def test_a_resource_in_a_folder_with_a_payer_shows_no_drift(provider: Provider) -> None:
    folder_id = add_folder(provider.account, "fd-abcdefghij", "teams")
    payer_id = provider.create(DisplayName="payer")

    account_id = provider.create(DisplayName="tf-acc", ParentFolderId=folder_id, PayerAccountId=payer_id)

    held = provider.read(account_id)
    assert (held["folder_id"], held["payer_account_id"]) == (folder_id, payer_id)


def test_the_data_source_reads_pages_until_one_is_short(provider: Provider) -> None:
    for number in range(3):
        provider.create(DisplayName=f"tf-acc {number}")

    first = provider.call(NEWER, "ListAccounts", PageSize="50", PageNumber="1")["Accounts"]["Account"]
    past = provider.call(NEWER, "ListAccounts", PageSize="50", PageNumber="2")["Accounts"]["Account"]

    assert [each["DisplayName"] for each in first] == ["tf-acc 0", "tf-acc 1", "tf-acc 2"]
    assert past == []
