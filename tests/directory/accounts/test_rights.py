"""Who may do what to which member: RAM rights by the path of a member, and two management accounts side by side."""

from typing import Any

import pytest

from tests.access.rights import allow, user_with
from tests.contract.account_steps import add_folder, create, create_cloud, permit_deletion, shown
from tests.contract.callers import Sdk
from tests.contract.facts_accounts import ACCOUNTS
from tests.contract.steps import root_folder

ON_A_MEMBER = {
    "GetAccount": {},
    "UpdateAccount": {"new_display_name": "Other"},
    "GetPayerForAccount": {},
    "UpdatePayerForAccount": {"payer_account_id": "9999999999999999"},
    "RemoveCloudAccount": {},
    "CheckAccountDelete": {},
    "GetAccountDeletionCheckResult": {},
    "DeleteAccount": {},
    "GetAccountDeletionStatus": {},
}


class Tree:
    """Two folders with a member in each, and the RDPath of each."""

    def __init__(self, sdk: Sdk) -> None:
        top = f"{sdk.account.directory_id}/{root_folder(sdk.account)}"
        self.mine = add_folder(sdk.account, "fd-abcdefghij", "mine")
        self.others = add_folder(sdk.account, "fd-klmnopqrst", "others")
        self.my_path, self.others_path = f"{top}/{self.mine}", f"{top}/{self.others}"
        self.my_member = create(sdk, "Mine", parent_folder_id=self.mine)
        self.others_member = create(sdk, "Others", parent_folder_id=self.others)


def user(sdk: Sdk, *resources: str) -> Sdk:
    """A RAM user who may do everything to these resources."""
    account_id = sdk.account.account_id
    statements = [
        allow("resourcemanager:*", resource=f"acs:resourcemanager:*:{account_id}:{each}") for each in resources
    ]
    return Sdk(user_with(sdk.account, *statements))


@pytest.mark.parametrize("action", ON_A_MEMBER)
def test_a_right_below_a_folder_reaches_the_members_in_it_alone(sdk: Sdk, action: str) -> None:
    tree = Tree(sdk)
    alice = user(sdk, f"account/{tree.my_path}/*")
    also: dict[str, Any] = ON_A_MEMBER[action]

    assert alice.refused(action, account_id=tree.others_member, **also).code == "NoPermission"
    try:
        alice.call(action, account_id=tree.my_member, **also)
    except Exception as error:
        assert getattr(error, "code", None) in {each.code for each in ACCOUNTS[action].errors}  # noqa: PT017


def test_a_move_takes_the_right_to_the_member_and_to_the_folder(sdk: Sdk) -> None:
    tree = Tree(sdk)
    half = user(sdk, f"account/{tree.my_path}/*")
    whole = user(sdk, f"account/{tree.my_path}/*", f"folder/{tree.others_path}")
    move = {"account_id": tree.my_member, "destination_folder_id": tree.others}

    assert half.refused("MoveAccount", **move).code == "NoPermission"
    whole.call("MoveAccount", **move)

    assert shown(sdk, tree.my_member)["FolderId"] == tree.others


def test_a_member_is_made_where_there_is_the_right_to_the_folder(sdk: Sdk) -> None:
    tree = Tree(sdk)
    alice = user(sdk, f"folder/{tree.my_path}")

    create(alice, "New", parent_folder_id=tree.mine)

    assert alice.refused("CreateResourceAccount", display_name="Newer").code == "NoPermission"
    refused = alice.refused("CreateResourceAccount", display_name="Newer", parent_folder_id=tree.others)
    assert refused.code == "NoPermission"
    assert alice.call("ListAccountsForParent", parent_folder_id=tree.mine)["TotalCount"] == 2
    assert alice.refused("ListAccountsForParent", parent_folder_id=tree.others).code == "NoPermission"


def test_of_several_tagged_resources_the_right_to_each_is_needed(sdk: Sdk) -> None:
    tree = Tree(sdk)
    alice = user(sdk, f"account/{tree.my_path}/*", f"folder/{tree.my_path}")
    tag = [{"Key": "team", "Value": "a"}]

    alice.call("TagResources", resource_id=[tree.my_member], resource_type="Account", tag=tag)
    alice.call("TagResources", resource_id=[tree.mine], resource_type="Folder", tag=tag)

    refused = alice.refused(
        "TagResources", resource_id=[tree.my_member, tree.others_member], resource_type="Account", tag=tag
    )
    assert refused.code == "NoPermission"
    refused = alice.refused("UntagResources", resource_id=[tree.others], resource_type="Folder", all=True)
    assert refused.code == "NoPermission"


def test_lists_of_the_whole_directory_take_the_right_to_all_accounts(sdk: Sdk) -> None:
    tree = Tree(sdk)

    assert user(sdk, f"account/{tree.my_path}/*").refused("ListAccounts").code == "NoPermission"
    assert user(sdk, "account/*").call("ListAccounts")["TotalCount"] == 2
    assert user(sdk, "account/*").call("ListTagResources", resource_type="Account")["TagResources"] == []


@pytest.mark.parametrize("action", ON_A_MEMBER)
def test_another_directory_knows_nothing_of_a_member(sdk: Sdk, other: Sdk, action: str) -> None:
    permit_deletion(other.account)
    account_id = create_cloud(sdk)
    before = shown(sdk, account_id)

    refused = other.refused(action, account_id=account_id, **ON_A_MEMBER[action])

    assert refused.code == "EntityNotExists.Account"
    assert shown(sdk, account_id) == before


def test_another_directorys_folders_and_members_are_no_places_payers_or_resources(sdk: Sdk, other: Sdk) -> None:
    theirs, own = create(sdk), create(other)
    folder_id = add_folder(sdk.account, "fd-abcdefghij", "teams")
    create(sdk, "Tagged", tag=[{"Key": "team", "Value": "secret"}])
    tag = {"tag": [{"Key": "team", "Value": "a"}]}

    codes = [
        other.refused("CreateResourceAccount", display_name="New", parent_folder_id=folder_id).code,
        other.refused("CreateResourceAccount", display_name="New", payer_account_id=theirs).code,
        other.refused("CreateResourceAccount", display_name="New", payer_account_id=sdk.account.account_id).code,
        other.refused("MoveAccount", account_id=own, destination_folder_id=folder_id).code,
        other.refused("MoveAccount", account_id=theirs, destination_folder_id=root_folder(other.account)).code,
        other.refused("TagResources", resource_id=[theirs], resource_type="Account", **tag).code,
        other.refused("UntagResources", resource_id=[folder_id], resource_type="Folder", all=True).code,
        other.refused("ListAccountsForParent", parent_folder_id=folder_id).code,
    ]

    assert codes == [
        "EntityNotExists.Folder",
        "NotSupport.PayerAccountInAnotherResourceDirectory",
        "NotSupport.PayerAccountInAnotherResourceDirectory",
        "EntityNotExists.Folder",
        "EntityNotExists.Account",
        "EntityNotExists.Account",
        "EntityNotExists.Folder",
        "EntityNotExists.Folder",
    ]
    assert other.call("ListTagResources", resource_type="Account")["TagResources"] == []
    assert other.call("ListAccounts", tag=[{"Key": "team"}])["TotalCount"] == 0


def test_names_are_unique_within_a_directory_only(sdk: Sdk, other: Sdk) -> None:
    create(sdk, "Dev", account_name_prefix="dev")

    create(other, "Dev", account_name_prefix="dev")
