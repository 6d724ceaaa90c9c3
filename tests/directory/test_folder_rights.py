"""RAM users whose rights end at a part of the tree."""

from typing import Any

import pytest

from tests.access.rights import allow, user_with
from tests.contract.callers import Sdk
from tests.contract.steps import root_folder
from tests.directory.steps import NOBODYS_FOLDER, create


@pytest.fixture
def tree(either: Sdk) -> dict[str, str]:
    """Two folders in the root folder, and one within each."""
    ours, theirs = create(either, "ours"), create(either, "theirs")
    return {
        "ours": ours,
        "theirs": theirs,
        "our-inner": create(either, "inner", ours),
        "their-inner": create(either, "inner", theirs),
    }


def user(either: Sdk, *paths: str) -> Sdk:
    """A user with every right to these folders, given by their RDPaths or what they begin with."""
    statements = [allow("resourcemanager:*", resource=f"acs:resourcemanager:*:*:folder/{path}") for path in paths]
    return type(either)(user_with(either.account, *statements))


def calls_to(folder_id: str) -> list[tuple[str, dict[str, Any]]]:
    """Every action on a folder."""
    return [
        ("GetFolder", {"folder_id": folder_id}),
        ("ListFoldersForParent", {"parent_folder_id": folder_id}),
        ("ListAncestors", {"child_id": folder_id}),
        ("CreateFolder", {"parent_folder_id": folder_id, "folder_name": "new"}),
        ("UpdateFolder", {"folder_id": folder_id, "new_folder_name": "renamed"}),
        ("DeleteFolder", {"folder_id": folder_id}),
    ]


def codes(caller: Sdk, folder_id: str) -> set[str]:
    return {caller.refused(action, **given).code for action, given in calls_to(folder_id)}


def test_a_right_below_a_folder_is_one_to_what_is_below_alone(either: Sdk, tree: dict[str, str]) -> None:
    path = either.call("GetFolder", folder_id=tree["ours"])["Folder"]["ResourceDirectoryPath"]
    alice = user(either, f"{path}/*")

    inner = tree["our-inner"]
    assert alice.call("GetFolder", folder_id=inner)["Folder"]["FolderName"] == "inner"
    made = create(alice, "new", inner)
    alice.call("ListFoldersForParent", parent_folder_id=inner)
    alice.call("ListAncestors", child_id=inner)
    alice.call("DeleteFolder", folder_id=made)
    alice.call("UpdateFolder", folder_id=inner, new_folder_name="renamed")
    alice.call("DeleteFolder", folder_id=inner)
    for other in (tree["ours"], tree["theirs"], tree["their-inner"], root_folder(either.account), NOBODYS_FOLDER):
        assert codes(alice, other) == {"NoPermission"}


def test_a_right_to_a_folder_alone_is_none_to_what_is_below(either: Sdk, tree: dict[str, str]) -> None:
    path = either.call("GetFolder", folder_id=tree["ours"])["Folder"]["ResourceDirectoryPath"]
    alice = user(either, path)

    assert alice.call("GetFolder", folder_id=tree["ours"])["Folder"]["FolderName"] == "ours"
    assert codes(alice, tree["our-inner"]) == {"NoPermission"}


@pytest.mark.parametrize("given", [{}, {"parent_folder_id": ""}])
def test_whoever_names_no_parent_needs_the_right_to_the_root_folder(
    either: Sdk, tree: dict[str, str], given: dict[str, str]
) -> None:
    directory_id, root_id = either.account.directory_id, root_folder(either.account)
    below, alice = user(either, f"{directory_id}/{root_id}/*"), user(either, f"{directory_id}/{root_id}")

    assert below.refused("ListFoldersForParent", **given).code == "NoPermission"
    assert below.refused("CreateFolder", folder_name="new", **given).code == "NoPermission"
    assert alice.call("ListFoldersForParent", **given)["TotalCount"] == 2
    assert alice.call("CreateFolder", folder_name="new", **given)["Folder"]["ParentFolderId"] == root_id
    assert tree


def test_an_action_without_resource_needs_a_right_to_everything(either: Sdk) -> None:
    alice = user(either, "*")
    bob = type(either)(user_with(either.account, allow("resourcemanager:GetResourceDirectory")))

    assert alice.refused("GetResourceDirectory").code == "NoPermission"
    assert bob.call("GetResourceDirectory")["ResourceDirectory"]["MasterAccountId"] == either.account.account_id
    assert bob.refused("DestroyResourceDirectory").code == "NoPermission"


def test_a_folder_of_another_directory_is_not_there(either: Sdk, tree: dict[str, str]) -> None:
    other = type(either)(either.account.server.account())

    assert codes(other, tree["ours"]) == {"EntityNotExists.Folder"}
    assert either.call("GetFolder", folder_id=tree["ours"])["Folder"]["FolderName"] == "ours"
