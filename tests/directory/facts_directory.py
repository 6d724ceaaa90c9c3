"""What the documentation says of the directory and of folders, transcribed by hand (directory-api.yaml).

Not from there: the two errors of tags (it has none for them), what is wrong with EnableMode and Status, the refusal of
DestroyResourceDirectory that folders are there, ConcurrentCallNotSupported, which clients of folders try again on, and
the three operations on switches, for which the SDK's models stand in.
"""

from tests.contract.facts import (
    CONCURRENT,
    OLDER_VERSION,
    OPERATIONS,
    OPTIONAL,
    REQUIRED,
    VERSION,
    Operation,
    Refusal,
)

BOTH = (VERSION, OLDER_VERSION)

NAME_MISSING = Refusal(400, "MissingParameter.Folder.Name", "You must specify the resource folder name.")
NAME = (
    Refusal(400, "InvalidParameter.Folder.Name", "The Name of folder is invalid."),
    Refusal(400, "InvalidParameter.Folder.Name.Length", "The Name of folder exceeds the length limit."),
    Refusal(
        400,
        "InvalidParameter.Folder.Name.AlreadyUsed",
        "The name already exists under the same parent. Please change to another name.",
    ),
)
PARENT = Refusal(400, "InvalidParameter.ParentFolderId", "The ParentFolderId is invalid.")
FOLDER_ID = (
    Refusal(400, "MissingParameter.FolderId", "You must specify FolderId."),
    Refusal(400, "InvalidParameter.FolderId", "The FolderId is invalid."),
)
CHILD_ID = (
    Refusal(400, "MissingParameter.ChildId", "You must specify ChildId."),
    Refusal(400, "InvalidParameter.ChildId", "The ChildId is invalid."),
)
FOLDER_NOT_FOUND = Refusal(404, "EntityNotExists.Folder", "The resource directory folder does not exist.")
DEPTH = Refusal(409, "LimitExceeded.Folder.Depth", "The folder depth exceeds the limit of 5.")
QUOTA = Refusal(409, "QuotaExceeded.Folder.Count", "The number of folders exceeds the quota.")
SUBFOLDERS = Refusal(409, "DeleteConflict.Folder.SubFolder", "This folder has sub folders.")
ACCOUNTS = Refusal(409, "DeleteConflict.Folder.Account", "This folder has accounts.")
TAGS = (
    Refusal(400, "InvalidParameter.TagKey", "The TagKey is invalid."),
    Refusal(400, "InvalidParameter.TagValue", "The TagValue is invalid."),
)

ALREADY_ENABLED = Refusal(
    409,
    "EntityAlreadyExists.ResourceDirectory",
    "The resource directory for the account is already enabled. We recommend that you do not enable the resource "
    "directory again.",
)
IN_ANOTHER = Refusal(
    409,
    "NotSupport.AccountInAnotherResourceDirectory",
    "The specified account is an Alibaba Cloud account or already exists in another resource directory.",
)
NOT_IN_USE = Refusal(
    404,
    "ResourceDirectoryNotInUse",
    "The specified account is not an Alibaba Cloud account or a member account of the resource directory.",
)
MEMBERS = Refusal(
    409,
    "DeleteConflict.ResourceDirectory.Account",
    "Failed to delete the resource directory because one or more member accounts exist. We recommend that you first "
    "remove these member accounts.",
)

NEVER_ANSWERED = {
    "EnableResourceDirectory": {
        "Invalid.EnterpriseName",
        "EnterpriseRealNameVerificationError",
        "InvalidParameter.ManagementAccountName.AlreadyUsed",
        "MissingSecurityInfo",
        "NotSupport.Account.Site",
        "Invalid.AccountType",
    },
    "UpdateFolder": {"LimitExceeded.Folder.Depth"},
}
"""Codes of the official tables whose occasion does not exist here: real names, sites, new accounts, moving folders."""

OPERATIONS |= {
    "EnableResourceDirectory": Operation(
        parameters={
            "MAName": OPTIONAL,
            "MASecureMobilePhone": OPTIONAL,
            "VerificationCode": OPTIONAL,
            "EnableMode": REQUIRED,
            "DryRun": OPTIONAL,
        },
        errors=(
            IN_ANOTHER,
            ALREADY_ENABLED,
            Refusal(409, "Invalid.VerificationCode", "The verification code is invalid."),
            Refusal(
                409,
                "InvalidParameter.ManagementAccountName",
                "The management account name is in the wrong format.",
            ),
            Refusal(
                409,
                "InvalidParameter.ManagementAccountSecurityInfo",
                "The parameter management account secure mobile phone is invalid.",
            ),
            Refusal(409, "MissingSecureMobilePhone", "Secure mobile phone is missing."),
            Refusal(400, "MissingParameter.EnableMode", "You must specify EnableMode."),
            Refusal(400, "InvalidParameter.EnableMode", "The EnableMode is invalid."),
        ),
        permission="resourcemanager:EnableResourceDirectory",
        access_level="create",
        resource="*",
        is_for_managers=False,
    ),
    "InitResourceDirectory": Operation(
        parameters={},
        errors=(IN_ANOTHER, ALREADY_ENABLED),
        permission="resourcemanager:InitResourceDirectory",
        access_level="create",
        resource="*",
        versions=(OLDER_VERSION,),
        is_for_managers=False,
    ),
    "GetResourceDirectory": Operation(
        parameters={},
        errors=(NOT_IN_USE,),
        permission="resourcemanager:GetResourceDirectory",
        access_level="get",
        resource="*",
        versions=BOTH,
        is_for_managers=False,
    ),
    "DestroyResourceDirectory": Operation(
        parameters={},
        errors=(MEMBERS, SUBFOLDERS),
        permission="resourcemanager:DestroyResourceDirectory",
        access_level="delete",
        resource="*",
        versions=BOTH,
    ),
    "EnableControlPolicy": Operation(
        parameters={},
        errors=(),
        permission="resourcemanager:EnableControlPolicy",
        access_level="update",
        resource="*",
        versions=BOTH,
    ),
    "DisableControlPolicy": Operation(
        parameters={},
        errors=(),
        permission="resourcemanager:DisableControlPolicy",
        access_level="update",
        resource="*",
        versions=BOTH,
    ),
    "SetMemberDeletionPermission": Operation(
        parameters={"Status": REQUIRED},
        errors=(
            Refusal(400, "MissingParameter.Status", "You must specify Status."),
            Refusal(400, "InvalidParameter.Status", "The Status is invalid."),
        ),
        permission="resourcemanager:SetMemberDeletionPermission",
        access_level="update",
        resource="*",
        versions=BOTH,
    ),
    "CreateFolder": Operation(
        parameters={"ParentFolderId": OPTIONAL, "FolderName": REQUIRED, "Tag": OPTIONAL},
        errors=(PARENT, NAME_MISSING, *NAME, FOLDER_NOT_FOUND, DEPTH, QUOTA, *TAGS, CONCURRENT),
        permission="resourcemanager:CreateFolder",
        access_level="create",
        scopes=("ParentFolderId",),
        versions=BOTH,
    ),
    "UpdateFolder": Operation(
        parameters={"FolderId": REQUIRED, "NewFolderName": REQUIRED},
        errors=(NAME_MISSING, *NAME, *FOLDER_ID, FOLDER_NOT_FOUND, CONCURRENT),
        permission="resourcemanager:UpdateFolder",
        access_level="update",
        scopes=("FolderId",),
        versions=BOTH,
    ),
    "DeleteFolder": Operation(
        parameters={"FolderId": REQUIRED},
        errors=(*FOLDER_ID, FOLDER_NOT_FOUND, SUBFOLDERS, ACCOUNTS, CONCURRENT),
        permission="resourcemanager:DeleteFolder",
        access_level="delete",
        scopes=("FolderId",),
        versions=BOTH,
    ),
    "GetFolder": Operation(
        parameters={"FolderId": REQUIRED},
        errors=(*FOLDER_ID, FOLDER_NOT_FOUND),
        permission="resourcemanager:GetFolder",
        access_level="get",
        scopes=("FolderId",),
        versions=BOTH,
    ),
    "ListFoldersForParent": Operation(
        parameters={
            "ParentFolderId": OPTIONAL,
            "QueryKeyword": OPTIONAL,
            "PageNumber": OPTIONAL,
            "PageSize": OPTIONAL,
            "Tag": OPTIONAL,
        },
        errors=(PARENT, FOLDER_NOT_FOUND, *TAGS),
        permission="resourcemanager:ListFoldersForParent",
        access_level="list",
        scopes=("ParentFolderId",),
        versions=BOTH,
    ),
    "ListAncestors": Operation(
        parameters={"ChildId": REQUIRED},
        errors=(*CHILD_ID, FOLDER_NOT_FOUND),
        permission="resourcemanager:ListAncestors",
        access_level="list",
        scopes=("ChildId",),
        versions=BOTH,
    ),
}
