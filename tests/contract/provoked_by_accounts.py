"""Provocations of the account and tag actions, in whichever version the client speaks."""

from typing import Any

from callboard.clock import wall_clock as now
from callboard.contacts import bindings
from tests.contract.account_steps import add_folder, create, create_cloud, fill, permit_deletion
from tests.contract.callers import Caller
from tests.contract.facts_accounts import ACCOUNTS
from tests.contract.provocation import provokes
from tests.contract.provoked_by_state import held
from tests.contract.steps import NOBODYS

STRANGER = "9999999999999999"
"""An id that is well formed, and no account's."""
NO_FOLDER = "fd-aaaaaaaaaa"
CREATE, UPDATE, MOVE = "CreateResourceAccount", "UpdateAccount", "MoveAccount"
TAG, UNTAG = "TagResources", "UntagResources"
LOCK = "SELECT 1 FROM directories WHERE directory_id = %s FOR UPDATE"

ONE_ACCOUNT: dict[str, dict[str, Any]] = {
    name: {} for name, facts in ACCOUNTS.items() if "AccountId" in facts.parameters
}
ONE_ACCOUNT[UPDATE] = {"new_display_name": "Other"}
ONE_ACCOUNT[MOVE] = {"destination_folder_id": NO_FOLDER}
ONE_ACCOUNT["UpdatePayerForAccount"] = {"payer_account_id": STRANGER}
"""Actions on one member, with what they must be given besides its id."""

TAGS = [{"Key": "team", "Value": "payments"}]
FULL_TAGGING: dict[str, Any] = {"resource_id": [STRANGER], "resource_type": "Account"}
TAGGING: dict[str, dict[str, Any]] = {
    TAG: {**FULL_TAGGING, "tag": TAGS},
    UNTAG: {**FULL_TAGGING, "tag_key": ["team"]},
    "ListTagResources": {"resource_type": "Account"},
}


for name, also in ONE_ACCOUNT.items():

    @provokes(name, "MissingParameter.AccountId")
    def without_an_account_id(caller: Caller, action: str = name, given: dict[str, Any] = also) -> None:
        caller.call(action, **given)

    @provokes(name, "InvalidParameter.AccountId")
    def by_fifteen_digits(caller: Caller, action: str = name, given: dict[str, Any] = also) -> None:
        caller.call(action, account_id="123456789012345", **given)

    @provokes(name, "EntityNotExists.Account")
    def by_a_stranger(caller: Caller, action: str = name, given: dict[str, Any] = also) -> None:
        create(caller)
        caller.call(action, account_id=STRANGER, **given)


NAMES: dict[str, str] = {
    "InvalidParameter.Account.DisplayName": "dev/ops",
    "InvalidParameter.Account.DisplayName.Length": "d" * 51,
    "InvalidParameter.Account.DisplayName.AlreadyUsed": "Taken",
}
for code, text in NAMES.items():

    @provokes(CREATE, code)
    def by_a_name(caller: Caller, display_name: str = text) -> None:
        create(caller, "Taken")
        create(caller, display_name)

    @provokes(UPDATE, code)
    def by_a_new_name(caller: Caller, display_name: str = text) -> None:
        create(caller, "Taken")
        caller.call(UPDATE, account_id=create(caller), new_display_name=display_name)


for code, parameters in {
    "InvalidParameter.ParentFolderId": {"parent_folder_id": "folder"},
    "EntityNotExists.Folder": {"parent_folder_id": NO_FOLDER},
    "InvalidParameter.TagKey": {"tag": [{"Key": "acs:team", "Value": ""}]},
    "InvalidParameter.TagValue": {"tag": [{"Key": "team", "Value": "see http://example.com"}]},
}.items():

    @provokes(CREATE, code)
    def by_a_parameter_of_a_member(caller: Caller, given: dict[str, Any] = parameters) -> None:
        create(caller, **given)

    @provokes("ListAccountsForParent", code)
    def by_a_parameter_of_a_list(caller: Caller, given: dict[str, Any] = parameters) -> None:
        caller.call("ListAccountsForParent", **given)


for code, parameters in {
    "MissingParameter.Account.DisplayName": {"name": ""},
    "InvalidParameter.Account.AccountNamePrefix": {"account_name_prefix": "a..b"},
    "InvalidParameter.Account.AccountNamePrefix.Length": {"account_name_prefix": "a"},
    "NotSupport.PayerAccountInAnotherResourceDirectory": {"payer_account_id": STRANGER},
    "NotSupport.Site.Action": {"resell_account_type": "resell"},
}.items():

    @provokes(CREATE, code)
    def by_what_a_new_member_is_given(caller: Caller, given: dict[str, Any] = parameters) -> None:
        create(caller, **given)


@provokes(CREATE, "EntityAlreadyExists.ResourceDirectory.Account")
def two_members_with_one_prefix(caller: Caller) -> None:
    create(caller, "First", account_name_prefix="alice")
    create(caller, "Second", account_name_prefix="alice")


@provokes(CREATE, "LimitExceeded.Account")
def create_member_number_1001(caller: Caller) -> None:
    fill(caller.account, 1000)
    create(caller)


@provokes(UPDATE, "MissingDisplayNameOrAccountType")
def update_nothing(caller: Caller) -> None:
    caller.call(UPDATE, account_id=create(caller))


@provokes(UPDATE, "AccountTypeMismatch")
def switch_to_the_type_that_it_has(caller: Caller) -> None:
    caller.call(UPDATE, account_id=create(caller), new_account_type="ResourceAccount")


@provokes(UPDATE, "PrimaryAkInUse")
def switch_back_with_an_active_root_key(caller: Caller) -> None:
    account_id = create_cloud(caller)
    caller.account.server.key(account_id)
    caller.call(UPDATE, account_id=account_id, new_account_type="ResourceAccount")


@provokes(UPDATE, "CallerIdentityError", server="user_demanding")
def switch_as_the_account_itself(caller: Caller) -> None:
    caller.call(UPDATE, account_id=create(caller), new_account_type="CloudAccount")


@provokes(MOVE, "MissingParameter.DestinationFolderId")
def move_nowhere(caller: Caller) -> None:
    caller.call(MOVE, account_id=STRANGER)


@provokes(MOVE, "InvalidParameter.DestinationFolderId")
def move_to_no_id(caller: Caller) -> None:
    caller.call(MOVE, account_id=STRANGER, destination_folder_id="root")


@provokes(MOVE, "EntityNotExists.Folder")
def move_to_no_folder(caller: Caller) -> None:
    caller.call(MOVE, account_id=create(caller), destination_folder_id=NO_FOLDER)


@provokes(MOVE, "ConcurrentCallNotSupported")
def move_while_a_contact_is_taken_out(caller: Caller) -> None:
    account = caller.account
    account_id, directory_id = create(caller), account.directory_id
    folder_id = add_folder(account, "fd-abcdefghij", "teams")
    account.server.run(lambda open_: bindings.add_task(open_, directory_id, NOBODYS, folder_id, at=now()))
    caller.call(MOVE, account_id=account_id, destination_folder_id=folder_id)


@provokes("UpdatePayerForAccount", "MissingParameter.PayerAccountId")
def let_nobody_pay(caller: Caller) -> None:
    caller.call("UpdatePayerForAccount", account_id=create(caller))


@provokes("UpdatePayerForAccount", "NotSupport.PayerAccountInAnotherResourceDirectory")
def let_a_stranger_pay(caller: Caller) -> None:
    caller.call("UpdatePayerForAccount", account_id=create(caller), payer_account_id=STRANGER)


@provokes("RemoveCloudAccount", "AccountTypeOrStatusMismatch")
def remove_a_resource_account(caller: Caller) -> None:
    caller.call("RemoveCloudAccount", account_id=create(caller))


@provokes("DeleteAccount", "AccountTypeOrStatusMismatch")
def delete_a_cloud_account(caller: Caller) -> None:
    permit_deletion(caller.account)
    caller.call("DeleteAccount", account_id=create_cloud(caller))


@provokes("GetAccountDeletionCheckResult", "AccountTypeOrStatusMismatch")
def ask_for_the_result_of_no_check(caller: Caller) -> None:
    caller.call("GetAccountDeletionCheckResult", account_id=create(caller))


for name, also in TAGGING.items():

    @provokes(name, "InvalidParameter.ResourceType")
    def of_another_type(caller: Caller, action: str = name, given: dict[str, Any] = also) -> None:
        caller.call(action, **{**given, "resource_type": "ResourceGroup"})

    @provokes(name, "InvalidParameter.ResourceId")
    def of_no_id(caller: Caller, action: str = name, given: dict[str, Any] = also) -> None:
        caller.call(action, **{**given, "resource_id": ["alice"]})


for name in (TAG, UNTAG):

    @provokes(name, "EntityNotExists.Account")
    def of_a_stranger(caller: Caller, action: str = name) -> None:
        caller.call(action, **TAGGING[action])

    @provokes(name, "EntityNotExists.Folder")
    def of_no_folder(caller: Caller, action: str = name) -> None:
        caller.call(action, **{**TAGGING[action], "resource_id": [NO_FOLDER], "resource_type": "Folder"})

    @provokes(name, "MissingParameter.TagKey")
    def without_tags(caller: Caller, action: str = name) -> None:
        caller.call(action, **FULL_TAGGING)


@provokes(UNTAG, "InvalidParameter.TagKey")
def take_a_key_of_the_cloud(caller: Caller) -> None:
    caller.call(UNTAG, **FULL_TAGGING, tag_key=["aliyun.team"])


for name in (TAG, "ListTagResources", "ListAccounts"):
    for code, tag in {
        "InvalidParameter.TagKey": {"Key": "k" * 129, "Value": ""},
        "InvalidParameter.TagValue": {"Key": "k", "Value": "acs:v"},
    }.items():

        @provokes(name, code)
        def by_a_tag(caller: Caller, action: str = name, wrong: dict[str, str] = tag) -> None:
            caller.call(action, **{**TAGGING.get(action, {}), "tag": [wrong]})


WAITING: dict[str, dict[str, Any]] = {
    CREATE: {"display_name": "Dev"},
    TAG: TAGGING[TAG],
    UNTAG: TAGGING[UNTAG],
    **{
        name: {"account_id": STRANGER, **ONE_ACCOUNT[name]}
        for name in (UPDATE, "UpdatePayerForAccount", "RemoveCloudAccount", "CheckAccountDelete", "DeleteAccount")
    },
}
for name, also in WAITING.items():

    @provokes(name, "ConcurrentCallNotSupported", server="impatient")
    def while_the_tree_changes(caller: Caller, action: str = name, given: dict[str, Any] = also) -> None:
        with held(caller.account, LOCK):
            caller.call(action, **given)
