"""The requests of the Terraform provider's resources for a directory and for folders, replayed (clients.md, 5)."""

from typing import Any

import pytest

from tests.serving import Account
from tests.signing import Response, call_terraform

OLDER = "2020-03-31"


def older(account: Account, action: str, **parameters: str) -> Response:
    return call_terraform(account, action, parameters, version=OLDER)


def successful(answer: Response) -> dict[str, Any]:
    """The document of a 200 answer; with Code, Success or Message in it the provider takes it for a failure."""
    document = dict(answer.json)
    assert answer.status == 200, document
    assert not {"Code", "Success", "Message"} & set(document)
    return document


def test_the_life_of_a_folder_resource_passes(account: Account) -> None:
    made = successful(older(account, "CreateFolder", FolderName="tfaccresourcemanager12345"))["Folder"]
    folder_id = made["FolderId"]
    inner = successful(older(account, "CreateFolder", FolderName="inner", ParentFolderId=folder_id))["Folder"]
    read = successful(older(account, "GetFolder", FolderId=folder_id))["Folder"]
    assert (read["FolderName"], read["ParentFolderId"]) == (made["FolderName"], made["ParentFolderId"])

    older(account, "UpdateFolder", FolderId=folder_id, NewFolderName="tfaccresourcemanager12345_update")
    read = successful(older(account, "GetFolder", FolderId=folder_id))["Folder"]
    assert read["FolderName"] == "tfaccresourcemanager12345_update"

    listed = successful(older(account, "ListFoldersForParent", PageSize="50", PageNumber="1"))
    assert [each["FolderId"] for each in listed["Folders"]["Folder"]] == [folder_id]
    for each in (inner["FolderId"], folder_id):
        successful(older(account, "DeleteFolder", FolderId=each))
        gone = older(account, "GetFolder", FolderId=each)
        assert (gone.status, gone.code) == (404, "EntityNotExists.Folder")


@pytest.mark.parametrize("status", ["Enabled", "Disabled"])
def test_the_life_of_a_directory_resource_passes(alone: Account, status: str) -> None:
    made = successful(older(alone, "InitResourceDirectory"))["ResourceDirectory"]
    successful(older(alone, "SetMemberDeletionPermission", Status=status))
    verb = "Enable" if status == "Enabled" else "Disable"
    assert successful(older(alone, f"{verb}ControlPolicy"))["EnablementStatus"] == status

    read = successful(call_terraform(alone, "GetResourceDirectory"))["ResourceDirectory"]

    assert {name: read[name] for name in made} == made
    assert (read["ControlPolicyStatus"], read["MemberDeletionStatus"]) == (status, status)
    successful(older(alone, "DestroyResourceDirectory"))
    gone = call_terraform(alone, "GetResourceDirectory")
    assert (gone.status, gone.code) == (404, "ResourceDirectoryNotInUse")
