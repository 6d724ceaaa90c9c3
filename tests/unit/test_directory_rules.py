"""The rules of folders in both profiles."""

import pytest

from callboard.directory import rules
from callboard.directory.folders import errors as folder_errors
from callboard.directory.folders import rules as folder_rules
from callboard.errors import ApiError
from callboard.profile import ALIBABA, OPEN, Profile


def named(name: str, profile: Profile) -> str | type[ApiError]:
    try:
        return folder_rules.check_folder_name(name, profile)
    except ApiError as error:
        return type(error)


@pytest.mark.parametrize("name", ["Büro", "a b", "a/b", "Ωμέγα", "a" * 64, "财务部"])
def test_the_open_profile_takes_any_printable_name(name: str) -> None:
    assert named(name, OPEN) == name


@pytest.mark.parametrize("name", [" a", "a ", "\u3000", "a\tb", "a\u200bb", "a\x00"])
def test_the_open_profile_takes_no_name_that_does_not_print_or_has_blanks_around_it(name: str) -> None:
    assert named(name, OPEN) is folder_errors.FolderNameInvalid


def test_each_profile_has_its_longest_name() -> None:
    assert named("a" * 32, ALIBABA) == "a" * 32
    assert named("a" * 33, ALIBABA) is folder_errors.FolderNameLengthInvalid
    assert named("a" * 65, OPEN) is folder_errors.FolderNameLengthInvalid
    assert named("财" * 32, ALIBABA) == "财" * 32


@pytest.mark.parametrize("phone", ["852-51234567", "86-139", "13900001234"])
def test_a_site_takes_phone_numbers_of_the_countries_that_it_serves(phone: str) -> None:
    with pytest.raises(ApiError) as refusal:
        rules.check_new_account("user01@rdadmin.aliyunid.com", phone, ALIBABA)

    assert refusal.value.code == "InvalidParameter.ManagementAccountSecurityInfo"


def test_an_open_site_takes_phone_numbers_of_every_country() -> None:
    rules.check_new_account("user01@rdadmin.aliyunid.com", "852-51234567", OPEN)
