"""Provocations by a parameter that is missing or does not fit, of the actions on the directory and on folders."""

from typing import Any

from tests.contract.callers import Caller
from tests.contract.provocation import provokes
from tests.contract.steps import root_folder
from tests.directory.steps import create

FOLDER = {"folder_name": "team"}
NEW_ACCOUNT: dict[str, Any] = {
    "enable_mode": "NewManagementAccount",
    "maname": "user01@rdadmin.aliyunid.com",
    "masecure_mobile_phone": "86-13900001234",
    "verification_code": "123456",
}
WRONG_TAGS: dict[str, list[dict[str, str]]] = {
    "InvalidParameter.TagKey": [{"Key": "acs:team", "Value": "payments"}],
    "InvalidParameter.TagValue": [{"Key": "team", "Value": "http://example.com"}],
}
WRONG: dict[str, dict[str, Any]] = {
    "MissingParameter.Folder.Name": {"name": None},
    "InvalidParameter.Folder.Name": {"name": "a/b"},
    "InvalidParameter.Folder.Name.Length": {"name": "a" * 33},
}

for code, parameters in WRONG.items():

    @provokes("CreateFolder", code)
    def by_the_name_of_a_new_folder(caller: Caller, name: Any = parameters["name"]) -> None:
        caller.call("CreateFolder", folder_name=name)

    @provokes("UpdateFolder", code)
    def by_the_name_of_a_folder(caller: Caller, name: Any = parameters["name"]) -> None:
        caller.call("UpdateFolder", folder_id=create(caller), new_folder_name=name)


for each, given in {"CreateFolder": FOLDER, "ListFoldersForParent": {}}.items():

    @provokes(each, "InvalidParameter.ParentFolderId")
    def by_the_parent(caller: Caller, action: str = each, given: dict[str, Any] = given) -> None:
        caller.call(action, parent_folder_id="fd-1", **given)

    for code, tags in WRONG_TAGS.items():

        @provokes(each, code)
        def by_a_tag(
            caller: Caller,
            action: str = each,
            given: dict[str, Any] = given,
            tags: list[dict[str, str]] = tags,
        ) -> None:
            caller.call(action, tag=tags, **given)


for each, given in {"UpdateFolder": {"new_folder_name": "team"}, "DeleteFolder": {}, "GetFolder": {}}.items():

    @provokes(each, "MissingParameter.FolderId")
    def without_an_id(caller: Caller, action: str = each, given: dict[str, Any] = given) -> None:
        caller.call(action, **given)


@provokes("GetFolder", "InvalidParameter.FolderId")
def get_a_folder_whose_id_is_malformed(caller: Caller) -> None:
    caller.call("GetFolder", folder_id="fd-aaaaaaaaaaa")


@provokes("UpdateFolder", "InvalidParameter.FolderId")
def rename_the_root_folder(caller: Caller) -> None:
    caller.call("UpdateFolder", folder_id=root_folder(caller.account), new_folder_name="team")


@provokes("DeleteFolder", "InvalidParameter.FolderId")
def delete_the_root_folder(caller: Caller) -> None:
    caller.call("DeleteFolder", folder_id=root_folder(caller.account))


@provokes("ListAncestors", "MissingParameter.ChildId")
def list_the_ancestors_of_nothing(caller: Caller) -> None:
    caller.call("ListAncestors")


@provokes("ListAncestors", "InvalidParameter.ChildId")
def list_the_ancestors_of_a_directory(caller: Caller) -> None:
    caller.call("ListAncestors", child_id=caller.account.directory_id)


@provokes("EnableResourceDirectory", "MissingParameter.EnableMode")
def enable_in_no_mode(caller: Caller) -> None:
    caller.call("EnableResourceDirectory")


@provokes("EnableResourceDirectory", "InvalidParameter.EnableMode")
def enable_in_a_mode_of_its_own(caller: Caller) -> None:
    caller.call("EnableResourceDirectory", enable_mode="currentaccount")


for code, parameters in {
    "InvalidParameter.ManagementAccountName": {"maname": "user01@example.com"},
    "MissingSecureMobilePhone": {"masecure_mobile_phone": None},
    "InvalidParameter.ManagementAccountSecurityInfo": {"masecure_mobile_phone": "852-51234567"},
}.items():

    @provokes("EnableResourceDirectory", code)
    def for_a_new_account(caller: Caller, changes: dict[str, Any] = parameters) -> None:
        caller.call("EnableResourceDirectory", **{**NEW_ACCOUNT, **changes})


@provokes("SetMemberDeletionPermission", "MissingParameter.Status")
def set_no_status(caller: Caller) -> None:
    caller.call("SetMemberDeletionPermission")


@provokes("SetMemberDeletionPermission", "InvalidParameter.Status")
def set_a_status_in_lower_case(caller: Caller) -> None:
    caller.call("SetMemberDeletionPermission", status="enabled")
