"""Provocations by what is in the tree, by what the caller's account is in, and by a lock that is held."""

from typing import Any

from tests.contract.callers import Caller
from tests.contract.provocation import provokes
from tests.contract.provoked_by_state import held
from tests.contract.steps import other_account
from tests.directory.provoked_by_names import FOLDER, NEW_ACCOUNT
from tests.directory.steps import NOBODYS_FOLDER, create, create_chain, fill, new_account_id, put_member

ENABLE: dict[str, dict[str, Any]] = {
    "EnableResourceDirectory": {"enable_mode": "CurrentAccount"},
    "InitResourceDirectory": {},
}
OF_NOBODY: dict[str, dict[str, Any]] = {
    "CreateFolder": {"parent_folder_id": NOBODYS_FOLDER, **FOLDER},
    "UpdateFolder": {"folder_id": NOBODYS_FOLDER, "new_folder_name": "team"},
    "DeleteFolder": {"folder_id": NOBODYS_FOLDER},
    "GetFolder": {"folder_id": NOBODYS_FOLDER},
    "ListFoldersForParent": {"parent_folder_id": NOBODYS_FOLDER},
    "ListAncestors": {"child_id": NOBODYS_FOLDER},
}
DIRECTORY = "SELECT 1 FROM directories WHERE directory_id = %s FOR UPDATE"

for each, given in OF_NOBODY.items():

    @provokes(each, "EntityNotExists.Folder")
    def by_nobodys_folder(caller: Caller, action: str = each, given: dict[str, Any] = given) -> None:
        caller.call(action, **given)


@provokes("CreateFolder", "InvalidParameter.Folder.Name.AlreadyUsed")
def a_second_folder_of_the_name(caller: Caller) -> None:
    create(caller)
    caller.call("CreateFolder", **FOLDER)


@provokes("UpdateFolder", "InvalidParameter.Folder.Name.AlreadyUsed")
def take_another_folders_name(caller: Caller) -> None:
    create(caller)
    caller.call("UpdateFolder", folder_id=create(caller, "other"), new_folder_name="team")


@provokes("CreateFolder", "LimitExceeded.Folder.Depth")
def a_folder_on_the_sixth_level(caller: Caller) -> None:
    caller.call("CreateFolder", parent_folder_id=create_chain(caller, 5)[-1], **FOLDER)


@provokes("CreateFolder", "QuotaExceeded.Folder.Count")
def folder_number_101(caller: Caller) -> None:
    fill(caller.account, 100)
    caller.call("CreateFolder", **FOLDER)


@provokes("DeleteFolder", "DeleteConflict.Folder.SubFolder")
def delete_a_folder_with_a_folder(caller: Caller) -> None:
    caller.call("DeleteFolder", folder_id=create_chain(caller, 2)[0])


@provokes("DeleteFolder", "DeleteConflict.Folder.Account")
def delete_a_folder_with_a_member(caller: Caller) -> None:
    folder_id = create(caller)
    put_member(caller.account, new_account_id(), folder_id)
    caller.call("DeleteFolder", folder_id=folder_id)


@provokes("DestroyResourceDirectory", "DeleteConflict.Folder.SubFolder")
def destroy_a_directory_with_a_folder(caller: Caller) -> None:
    create(caller)
    caller.call("DestroyResourceDirectory")


@provokes("DestroyResourceDirectory", "DeleteConflict.ResourceDirectory.Account")
def destroy_a_directory_with_a_member(caller: Caller) -> None:
    other_account(caller.account.server, directory_id=caller.account.directory_id, is_management=False)
    caller.call("DestroyResourceDirectory")


for each, given in ENABLE.items():

    @provokes(each, "EntityAlreadyExists.ResourceDirectory")
    def by_a_management_account(caller: Caller, action: str = each, given: dict[str, Any] = given) -> None:
        caller.call(action, **given)

    @provokes(each, "NotSupport.AccountInAnotherResourceDirectory")
    def by_a_member(caller: Caller, action: str = each, given: dict[str, Any] = given) -> None:
        directory_id = caller.account.directory_id
        account = other_account(caller.account.server, directory_id=directory_id, is_management=False)
        type(caller)(account).call(action, **given)


@provokes("EnableResourceDirectory", "Invalid.VerificationCode")
def enable_for_a_new_account(caller: Caller) -> None:
    account = other_account(caller.account.server, directory_id=None, is_management=False)
    type(caller)(account).call("EnableResourceDirectory", **NEW_ACCOUNT)


@provokes("GetResourceDirectory", "ResourceDirectoryNotInUse")
def get_the_directory_of_an_account_without_one(caller: Caller) -> None:
    account = other_account(caller.account.server, directory_id=None, is_management=False)
    type(caller)(account).call("GetResourceDirectory")


@provokes("CreateFolder", "ConcurrentCallNotSupported", server="impatient")
def create_while_the_tree_changes(caller: Caller) -> None:
    with held(caller.account, DIRECTORY):
        caller.call("CreateFolder", **FOLDER)


@provokes("UpdateFolder", "ConcurrentCallNotSupported", server="impatient")
def rename_while_the_tree_changes(caller: Caller) -> None:
    folder_id = create(caller)
    with held(caller.account, DIRECTORY):
        caller.call("UpdateFolder", folder_id=folder_id, new_folder_name="other")


@provokes("DeleteFolder", "ConcurrentCallNotSupported", server="impatient")
def delete_while_the_tree_changes(caller: Caller) -> None:
    folder_id = create(caller)
    with held(caller.account, DIRECTORY):
        caller.call("DeleteFolder", folder_id=folder_id)
