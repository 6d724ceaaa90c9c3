"""The rules of folders and of enabling a directory. Pure: no SQL, no clock."""

import re

from callboard.directory import directory_errors, folder_errors
from callboard.directory.errors import ParentFolderInvalid
from callboard.profile import Profile

CURRENT_ACCOUNT, NEW_MANAGEMENT_ACCOUNT = "CurrentAccount", "NewManagementAccount"
ENABLE_MODES = (CURRENT_ACCOUNT, NEW_MANAGEMENT_ACCOUNT)
ENABLED, DISABLED = "Enabled", "Disabled"
STATUSES = (ENABLED, DISABLED)

_FOLDER_ID = re.compile(r"fd-[A-Za-z0-9]{10}\Z", re.ASCII)
_ROOT_ID = re.compile(r"r-[A-Za-z0-9]{6}\Z", re.ASCII)
_FOLDER_NAME = re.compile(r"[\u4E00-\u9FA5a-zA-Z0-9_.-]+\Z")
_ACCOUNT_NAME = re.compile(r"(?P<prefix>[A-Za-z0-9]+(?:[_.-][A-Za-z0-9]+)*)@rdadmin\.aliyunid\.com\Z", re.ASCII)
_PREFIX_LENGTH = range(2, 51)
_PHONE = re.compile(r"(?P<country>[0-9]{1,4})-[0-9]{4,15}\Z", re.ASCII)


def is_folder_id(text: str) -> bool:
    """Whether a text is shaped like the id of a folder, the root folder's included."""
    return _FOLDER_ID.match(text) is not None or _ROOT_ID.match(text) is not None


def check_folder_id(text: str, _: Profile) -> str:
    if not is_folder_id(text):
        raise folder_errors.FolderIdInvalid
    return text


def check_changeable_folder_id(text: str, _: Profile) -> str:
    """The root folder can neither be renamed nor deleted."""
    if _FOLDER_ID.match(text) is None:
        raise folder_errors.FolderIdInvalid
    return text


def check_parent_folder_id(text: str, _: Profile) -> str:
    if not is_folder_id(text):
        raise ParentFolderInvalid
    return text


def check_child_id(text: str, _: Profile) -> str:
    if not is_folder_id(text):
        raise folder_errors.ChildIdInvalid
    return text


def check_folder_name(text: str, profile: Profile) -> str:
    """The length is looked at first, as in the names of contacts."""
    if len(text) > profile.folder_name_length:
        raise folder_errors.FolderNameLengthInvalid
    is_fit = _FOLDER_NAME.match(text) is not None if profile.name == "alibaba" else _is_open_name(text)
    if not is_fit:
        raise folder_errors.FolderNameInvalid
    return text


def _is_open_name(text: str) -> bool:
    """Any script, blanks within; nothing that does not print."""
    return text.isprintable() and text == text.strip()


def check_enable_mode(text: str, _: Profile) -> str:
    if text not in ENABLE_MODES:
        raise directory_errors.EnableModeInvalid
    return text


def check_status(text: str, _: Profile) -> str:
    if text not in STATUSES:
        raise directory_errors.StatusInvalid
    return text


def status_of(*, is_enabled: bool) -> str:
    return ENABLED if is_enabled else DISABLED


def check_new_account(name: str, phone: str, profile: Profile) -> None:
    """Raise what is wrong with the name and the phone number of a new management account."""
    fit = _ACCOUNT_NAME.match(name)
    if fit is None or len(fit["prefix"]) not in _PREFIX_LENGTH:
        raise directory_errors.ManagementAccountNameInvalid
    if not phone:
        raise directory_errors.SecureMobilePhoneMissing
    number = _PHONE.match(phone)
    if number is None or (profile.country_codes and number["country"] not in profile.country_codes):
        raise directory_errors.SecureMobilePhoneInvalid
