"""Folders made, renamed, read and deleted, through the clients of both versions."""

import json
import re

import pytest

from callboard.audit import storage as audit
from callboard.tree import tags
from tests.contract.callers import Sdk
from tests.contract.steps import add_active, bind, root_folder, shown
from tests.directory.steps import create, create_chain, listed, new_account_id, put_member

NAMES = ["a", "7", "-", "._-", "rdFolder", "财务部", "tfaccresourcemanager12345_update"]
WRONG_NAMES = ["a b", " ", "a/b", "größe", "a\n", "a%", "'", "a\u200b"]


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_is_made_as_it_was_named(either: Sdk, name: str) -> None:
    made = either.call("CreateFolder", folder_name=name)["Folder"]

    assert re.fullmatch("fd-[A-Za-z0-9]{10}", made["FolderId"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", made["CreateTime"])
    assert (made["FolderName"], made["ParentFolderId"]) == (name, root_folder(either.account))
    assert set(made) == {"FolderId", "CreateTime", "FolderName", "ParentFolderId"}


@pytest.mark.parametrize("name", WRONG_NAMES)
def test_other_characters_are_refused_in_both_names(either: Sdk, name: str) -> None:
    folder_id = create(either)

    refused = [
        either.refused("CreateFolder", folder_name=name),
        either.refused("UpdateFolder", folder_id=folder_id, new_folder_name=name),
    ]

    assert [each.code for each in refused] == ["InvalidParameter.Folder.Name"] * 2


def test_a_name_that_is_too_long_is_told_so_before_its_characters_are_looked_at(either: Sdk) -> None:
    assert either.refused("CreateFolder", folder_name="/" * 33).code == "InvalidParameter.Folder.Name.Length"


def test_folders_of_one_name_stand_in_different_folders(either: Sdk) -> None:
    outer = create(either, "team")

    inner = create(either, "team", outer)

    assert either.call("GetFolder", folder_id=inner)["Folder"]["ParentFolderId"] == outer
    assert create(either, "Team")


def test_five_levels_fit_below_the_root(either: Sdk) -> None:
    made = create_chain(either, 5)

    folder = either.call("GetFolder", folder_id=made[-1])["Folder"]

    path = [either.account.directory_id, root_folder(either.account), *made]
    assert folder["ResourceDirectoryPath"] == "/".join(path)
    assert folder["FolderName"] == "level5"


def test_the_root_folder_is_read_and_has_no_parent(either: Sdk) -> None:
    root_id = root_folder(either.account)

    folder = either.call("GetFolder", folder_id=root_id)["Folder"]

    assert (folder["FolderId"], folder["FolderName"]) == (root_id, "root")
    assert folder["ResourceDirectoryPath"] == f"{either.account.directory_id}/{root_id}"
    assert "ParentFolderId" not in folder


def test_a_renamed_folder_keeps_everything_else(either: Sdk) -> None:
    outer = create(either, "outer")
    before = either.call("CreateFolder", folder_name="old", parent_folder_id=outer)["Folder"]

    after = either.call("UpdateFolder", folder_id=before["FolderId"], new_folder_name="new")["Folder"]

    assert after == {**before, "FolderName": "new"}
    assert listed(either, parent_folder_id=outer) == ["new"]


def test_a_folder_takes_its_own_name_again(either: Sdk) -> None:
    folder_id = create(either, "team")

    assert either.call("UpdateFolder", folder_id=folder_id, new_folder_name="team")["Folder"]["FolderName"] == "team"


def test_a_deleted_folder_is_gone_and_its_name_free(either: Sdk) -> None:
    folder_id = create(either, "team")

    assert set(either.call("DeleteFolder", folder_id=folder_id)) == {"RequestId"}

    assert either.refused("GetFolder", folder_id=folder_id).code == "EntityNotExists.Folder"
    assert listed(either) == []
    assert create(either, "team") != folder_id


def test_a_folder_is_deleted_once_what_was_in_it_is_gone(either: Sdk) -> None:
    outer, inner = create_chain(either, 2)
    put_member(either.account, new_account_id(), inner)

    assert either.refused("DeleteFolder", folder_id=outer).code == "DeleteConflict.Folder.SubFolder"
    assert either.refused("DeleteFolder", folder_id=inner).code == "DeleteConflict.Folder.Account"
    other = create(either, "other", outer)
    either.call("DeleteFolder", folder_id=other)


def test_contacts_and_tags_of_a_deleted_folder_are_bound_to_nothing(sdk: Sdk) -> None:
    folder_id = create(sdk, tag=[{"Key": "team", "Value": "payments"}])
    contact_id = add_active(sdk)
    bind(sdk.account, contact_id, folder_id, at=1)

    sdk.call("DeleteFolder", folder_id=folder_id)

    directory_id = sdk.account.directory_id
    kept = sdk.account.server.run(lambda open_: tags.of_resources(open_, directory_id, tags.FOLDER, [folder_id]))
    assert shown(sdk, contact_id)["Members"] == []
    assert kept == {folder_id: {}}


def test_ancestors_are_listed_from_the_root_down(either: Sdk) -> None:
    made = create_chain(either, 5)

    def above(child_id: str) -> list[str]:
        found = either.call("ListAncestors", child_id=child_id)["Folders"]["Folder"]
        assert all(set(each) == {"FolderId", "CreateTime", "FolderName"} for each in found)
        return [each["FolderId"] for each in found]

    root_id = root_folder(either.account)
    assert above(made[4]) == [root_id, *made[:4]]
    assert above(made[0]) == [root_id]
    assert above(root_id) == []


@pytest.mark.parametrize("folder_id", ["fd-aaaaaaaaa", "FD-aaaaaaaaaa", "fd-aaaaaaaaa_", "r-aaaaaaa", "rd-aaaaaa", "1"])
def test_what_is_shaped_like_no_folder_is_told_so(either: Sdk, folder_id: str) -> None:
    assert either.refused("GetFolder", folder_id=folder_id).code == "InvalidParameter.FolderId"
    assert either.refused("ListAncestors", child_id=folder_id).code == "InvalidParameter.ChildId"
    assert either.refused("ListFoldersForParent", parent_folder_id=folder_id).code == "InvalidParameter.ParentFolderId"


def test_every_change_is_in_the_trail_and_a_rename_to_the_same_name_is_none(either: Sdk) -> None:
    folder_id = create(either, "team")
    either.call("UpdateFolder", folder_id=folder_id, new_folder_name="team")
    either.call("UpdateFolder", folder_id=folder_id, new_folder_name="crew")
    either.call("DeleteFolder", folder_id=folder_id)

    account = either.account
    records = account.server.run(lambda open_: audit.page(open_, account.account_id))
    found = [each for each in records if each.action.endswith("Folder")]
    path = f"{account.directory_id}/{root_folder(account)}/{folder_id}"
    names = [tuple(json.loads(side)["name"] if side else None for side in (each.before, each.after)) for each in found]
    assert [each.action for each in found] == ["CreateFolder", "UpdateFolder", "DeleteFolder"]
    assert names == [(None, "team"), ("team", "crew"), ("crew", None)]
    assert {each.resource for each in found} == {f"acs:resourcemanager:*:{account.account_id}:folder/{path}"}
