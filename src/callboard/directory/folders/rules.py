"""The rules of folders' ids and names. Pure: no SQL, no clock."""

import re

from callboard.directory.errors import ParentFolderInvalid
from callboard.directory.folders import errors
from callboard.profile import Profile

_FOLDER_ID = re.compile(r"fd-[A-Za-z0-9]{10}\Z", re.ASCII)
_ROOT_ID = re.compile(r"r-[A-Za-z0-9]{6}\Z", re.ASCII)
_FOLDER_NAME = re.compile(r"[\u4E00-\u9FA5a-zA-Z0-9_.-]+\Z")


def is_folder_id(text: str) -> bool:
    """Whether a text is shaped like the id of a folder, the root folder's included."""
    return _FOLDER_ID.match(text) is not None or _ROOT_ID.match(text) is not None


def check_folder_id(text: str, _: Profile) -> str:
    if not is_folder_id(text):
        raise errors.FolderIdInvalid
    return text


def check_changeable_folder_id(text: str, _: Profile) -> str:
    """The root folder can neither be renamed nor deleted."""
    if _FOLDER_ID.match(text) is None:
        raise errors.FolderIdInvalid
    return text


def check_parent_folder_id(text: str, _: Profile) -> str:
    if not is_folder_id(text):
        raise ParentFolderInvalid
    return text


def check_child_id(text: str, _: Profile) -> str:
    if not is_folder_id(text):
        raise errors.ChildIdInvalid
    return text


def check_folder_name(text: str, profile: Profile) -> str:
    """The length is looked at first, as in the names of contacts."""
    if len(text) > profile.folder_name_length:
        raise errors.FolderNameLengthInvalid
    is_fit = _FOLDER_NAME.match(text) is not None if profile.name == "alibaba" else _is_open_name(text)
    if not is_fit:
        raise errors.FolderNameInvalid
    return text


def _is_open_name(text: str) -> bool:
    """Any script, blanks within; nothing that does not print."""
    return text.isprintable() and text == text.strip()
