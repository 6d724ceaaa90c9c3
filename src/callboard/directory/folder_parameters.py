"""The parameters of the folder actions: rule, refusals and text of each, wherever it occurs."""

from dataclasses import replace
from typing import Annotated

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.directory import folder_errors as errors
from callboard.directory import rules
from callboard.directory.errors import ParentFolderInvalid

KEYWORD_LENGTH = 64

_ID = {"type": "string", "pattern": "^(fd-[A-Za-z0-9]{10}|r-[A-Za-z0-9]{6})$"}
_FOLDER_ID = Parameter(
    description="The ID of the folder.",
    example="fd-bVaRIGabcd",
    schema=_ID,
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
_PARENT_FOLDER_ID = Parameter(
    description="The ID of the parent folder; absent or empty: the root folder.",
    example="fd-bVaRIGabcd",
    schema=_ID,
    invalid=ParentFolderInvalid,
    check=rules.check_parent_folder_id,
    may_be_empty=True,
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


def _check_keyword(text: str, _: object) -> str:
    if len(text) > KEYWORD_LENGTH:
        raise ParameterInvalid(parameter="QueryKeyword")
    return text


_QUERY_KEYWORD = Parameter(
    description="Only folders in whose names this is found, in either letter case.",
    example="rdFolder",
    schema={"type": "string", "maxLength": KEYWORD_LENGTH},
    invalid=ParameterInvalid,
    check=_check_keyword,
    may_be_empty=True,
)

FolderId = Annotated[str, _FOLDER_ID]
ChangeableFolderId = Annotated[str, _CHANGEABLE_FOLDER_ID]
ChildId = Annotated[str, _CHILD_ID]
ParentFolderId = Annotated[str, _PARENT_FOLDER_ID]
FolderName = Annotated[str, _FOLDER_NAME]
QueryKeyword = Annotated[str, _QUERY_KEYWORD]
