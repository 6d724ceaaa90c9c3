"""The parameters of the folder actions: rule, refusals and text of each, wherever it occurs."""

from dataclasses import replace
from typing import Annotated

from callboard.api.model import Parameter
from callboard.directory.folders import errors, rules
from callboard.directory.parameters import FOLDER_ID_SCHEMA

_FOLDER_ID = Parameter(
    description="The ID of the folder.",
    example="fd-bVaRIGabcd",
    schema=FOLDER_ID_SCHEMA,
    missing=errors.FolderIdMissing,
    invalid=errors.FolderIdInvalid,
    check=rules.check_folder_id,
)
_CHANGEABLE_FOLDER_ID = replace(
    _FOLDER_ID,
    description="The ID of the folder; not the root folder's.",
    schema={"type": "string", "pattern": "^fd-[A-Za-z0-9]{10}$"},
    check=rules.check_changeable_folder_id,
)
_CHILD_ID = replace(
    _FOLDER_ID,
    description="The ID of the folder whose ancestors are wanted.",
    missing=errors.ChildIdMissing,
    invalid=errors.ChildIdInvalid,
    check=rules.check_child_id,
)
_FOLDER_NAME = Parameter(
    description="The name of the folder: 1 to 32 Chinese characters, English letters, digits, underscores, periods and "
    "hyphens (profile alibaba), or 1 to 64 printable characters (profile open). Unique in its parent folder.",
    example="rdFolder",
    schema={"type": "string", "minLength": 1, "maxLength": 64},
    missing=errors.FolderNameMissing,
    invalid=errors.FolderNameInvalid,
    check=rules.check_folder_name,
    refusals=(errors.FolderNameLengthInvalid,),
)


FolderId = Annotated[str, _FOLDER_ID]
ChangeableFolderId = Annotated[str, _CHANGEABLE_FOLDER_ID]
ChildId = Annotated[str, _CHILD_ID]
FolderName = Annotated[str, _FOLDER_NAME]
