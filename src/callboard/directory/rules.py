"""The rules of enabling a directory, and of its switches. Pure: no SQL, no clock."""

import re

from callboard.directory import directory_errors
from callboard.profile import Profile

CURRENT_ACCOUNT, NEW_MANAGEMENT_ACCOUNT = "CurrentAccount", "NewManagementAccount"
ENABLE_MODES = (CURRENT_ACCOUNT, NEW_MANAGEMENT_ACCOUNT)
ENABLED, DISABLED = "Enabled", "Disabled"
STATUSES = (ENABLED, DISABLED)

_ACCOUNT_NAME = re.compile(r"(?P<prefix>[A-Za-z0-9]+(?:[_.-][A-Za-z0-9]+)*)@rdadmin\.aliyunid\.com\Z", re.ASCII)
_PREFIX_LENGTH = range(2, 51)
_PHONE = re.compile(r"(?P<country>[0-9]{1,4})-[0-9]{4,15}\Z", re.ASCII)


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
