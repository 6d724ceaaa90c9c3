"""The parameters that several of the directory's actions have: rule, refusals and text of each."""

from typing import Annotated

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.directory.errors import ParentFolderInvalid
from callboard.directory.folders import rules
from callboard.parameters import boolean

KEYWORD_LENGTH = 128
FOLDER_ID_SCHEMA = {"type": "string", "pattern": "^(fd-[A-Za-z0-9]{10}|r-[A-Za-z0-9]{6})$"}

_PARENT_FOLDER_ID = Parameter(
    description="The ID of the parent folder; absent or empty: the root folder.",
    example="fd-bVaRIGabcd",
    schema=FOLDER_ID_SCHEMA,
    invalid=ParentFolderInvalid,
    check=rules.check_parent_folder_id,
    may_be_empty=True,
)


def _check_keyword(text: str, _: object) -> str:
    if len(text) > KEYWORD_LENGTH:
        raise ParameterInvalid(parameter="QueryKeyword")
    return text


_QUERY_KEYWORD = Parameter(
    description="Only what has this in its name, in either letter case; members also by their IDs.",
    example="dev",
    schema={"type": "string", "maxLength": KEYWORD_LENGTH},
    invalid=ParameterInvalid,
    check=_check_keyword,
    may_be_empty=True,
)


ParentFolderId = Annotated[str, _PARENT_FOLDER_ID]
QueryKeyword = Annotated[str, _QUERY_KEYWORD]
DryRun = Annotated[bool, boolean("true: only check whether it could be done. false: do it.")]
