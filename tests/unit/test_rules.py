"""What a contact's fields may hold, in both profiles."""

import pytest
from msgspec.structs import replace

from callboard.contacts import errors, rules
from callboard.errors import ApiError
from callboard.profile import ALIBABA, OPEN, Profile

BOTH = pytest.mark.parametrize("profile", [ALIBABA, OPEN], ids=["alibaba", "open"])


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        (ALIBABA, "ab"),
        (ALIBABA, "abcdefghijkl"),
        (ALIBABA, "张三"),
        (ALIBABA, "一龥"),
        (ALIBABA, "张三abc"),
        (ALIBABA, "一" * 12),
        (OPEN, "a"),
        (OPEN, "a" * 64),
        (OPEN, "张" * 64),
        (OPEN, "Anna-Lena O'Neill 2"),
        (OPEN, "Ελένη <x>"),
        (OPEN, "😀"),
    ],
)
def test_a_name_of_the_profile_is_accepted_as_it_is(profile: Profile, name: str) -> None:
    accepted = rules.check_name(name, profile)

    assert accepted == name


@pytest.mark.parametrize(
    ("profile", "name", "refusal"),
    [
        (ALIBABA, "a", errors.NameLengthInvalid),
        (ALIBABA, "张", errors.NameLengthInvalid),
        (ALIBABA, "abcdefghijklm", errors.NameLengthInvalid),
        (ALIBABA, "一" * 13, errors.NameLengthInvalid),
        (ALIBABA, "1" * 13, errors.NameLengthInvalid),
        (ALIBABA, "a1", errors.NameInvalid),
        (ALIBABA, "a b", errors.NameInvalid),
        (ALIBABA, "ab\n", errors.NameInvalid),
        (ALIBABA, "\nab", errors.NameInvalid),
        (ALIBABA, "a\0", errors.NameInvalid),
        (ALIBABA, "a-b", errors.NameInvalid),
        (ALIBABA, "aé", errors.NameInvalid),
        (ALIBABA, "a\u4dff", errors.NameInvalid),
        (ALIBABA, "a\u9fa6", errors.NameInvalid),
        (OPEN, "a" * 65, errors.NameLengthInvalid),
        (OPEN, " a", errors.NameInvalid),
        (OPEN, "a ", errors.NameInvalid),
        (OPEN, " ", errors.NameInvalid),
        (OPEN, "a\r\nBcc: b", errors.NameInvalid),
        (OPEN, "a\tb", errors.NameInvalid),
        (OPEN, "a\0b", errors.NameInvalid),
        (OPEN, "a\u202eb", errors.NameInvalid),
        (OPEN, "a\u00a0", errors.NameInvalid),
    ],
)
def test_another_name_is_refused_by_its_length_first(profile: Profile, name: str, refusal: type[ApiError]) -> None:
    with pytest.raises(refusal):
        rules.check_name(name, profile)


@BOTH
@pytest.mark.parametrize(
    "address", ["someone@example.com", "a+b_c.d-e@mail.example.com", "1@2x.org", "a@example.co.uk", "A@EXAMPLE.com"]
)
def test_an_email_address_is_accepted_as_it_is(profile: Profile, address: str) -> None:
    accepted = rules.check_email(address, profile)

    assert accepted == address


@pytest.mark.parametrize(
    ("profile", "address"),
    [
        (ALIBABA, "张三@example.com"),
        (ALIBABA, "a@example.公司"),
        (ALIBABA, "a@-x_.b"),
        (OPEN, "o'neill@example.com"),
        (OPEN, "jörg@example.com"),
        (OPEN, "a@example.test"),
        (OPEN, "a@münchen.example.com"),
    ],
)
def test_an_email_address_of_one_profile_is_accepted(profile: Profile, address: str) -> None:
    accepted = rules.check_email(address, profile)

    assert accepted == address


@BOTH
@pytest.mark.parametrize(
    "address",
    [
        "a",
        "a@",
        "@example.com",
        "a@b",
        "a@@example.com",
        "a b@example.com",
        "a@example.com\n",
        "a@example.com\r\nBcc: b@example.com",
        "a@exa mple.com",
        "a@example..com",
        "a@.example.com",
        "a\0@example.com",
        "<a@example.com>",
        "a@example.com,b@example.com",
    ],
)
def test_what_is_no_email_address_is_refused(profile: Profile, address: str) -> None:
    with pytest.raises(errors.EmailAddressInvalid):
        rules.check_email(address, profile)
    with pytest.raises(errors.EmailAddressInvalid):
        rules.check_email_form(address, profile)


@BOTH
def test_the_longest_email_address_is_the_profiles(profile: Profile) -> None:
    site = replace(profile, email_length=20)

    assert rules.check_email("a" * 8 + "@example.com", site) == "aaaaaaaa@example.com"
    with pytest.raises(errors.EmailAddressLengthInvalid):
        rules.check_email("a" * 9 + "@example.com", site)


@BOTH
def test_an_action_without_code_for_the_length_calls_a_long_address_invalid(profile: Profile) -> None:
    site = replace(profile, email_length=20)

    assert rules.check_email_form("a" * 8 + "@example.com", site) == "aaaaaaaa@example.com"
    with pytest.raises(errors.EmailAddressInvalid):
        rules.check_email_form("a" * 9 + "@example.com", site)


@BOTH
@pytest.mark.parametrize("number", ["86-13900001234", "1-2025550123", "852-91234567", "39-0612345678"])
def test_a_phone_number_is_accepted_as_it_is(profile: Profile, number: str) -> None:
    accepted = rules.check_phone(number, profile)

    assert accepted == number


@BOTH
@pytest.mark.parametrize(
    "number",
    [
        "13900001234",
        "86",
        "86-",
        "-13900001234",
        "+86-13900001234",
        "86 13900001234",
        "86-139-00001234",
        "12345-13900001234",
        "86-123",
        "86-1234567890123456",
        "86-1390000123a",
        "86-13900001234\n",
        "８６-13900001234",  # noqa: RUF001 (digits of full width are the case)
    ],
)
def test_what_is_no_phone_number_is_refused(profile: Profile, number: str) -> None:
    with pytest.raises(errors.PhoneNumberInvalid):
        rules.check_phone(number, profile)


@pytest.mark.parametrize("number", ["86-1234", "1-202555012", "1-20255501234", "49-000000000000000"])
def test_a_number_that_its_country_cannot_have_is_refused_in_the_open_profile(number: str) -> None:
    with pytest.raises(errors.PhoneNumberInvalid):
        rules.check_phone(number, OPEN)

    assert rules.check_phone(number, ALIBABA) == number


def test_the_form_of_a_number_of_no_country_is_left_to_the_second_round() -> None:
    accepted = rules.check_phone("999-13900001234", OPEN)

    assert accepted == "999-13900001234"
    with pytest.raises(errors.CountryCodeNotServed):
        rules.admit_country(accepted, OPEN)


@pytest.mark.parametrize(
    ("profile", "codes", "number"),
    [
        (ALIBABA, {"86"}, "86-13900001234"),
        (ALIBABA, {"86", "852"}, "852-91234567"),
        (ALIBABA, set(), "999-1234567"),
        (OPEN, set(), "49-301234567"),
        (OPEN, {"49"}, "49-301234567"),
    ],
)
def test_a_country_on_the_list_is_served_and_an_empty_list_holds_them_all(
    profile: Profile, codes: set[str], number: str
) -> None:
    served = replace(profile, country_codes=frozenset(codes))

    assert rules.admit_country(number, served) is None  # A refusal would be raised.


@pytest.mark.parametrize(
    ("profile", "codes", "number"),
    [
        (ALIBABA, {"86"}, "1-2025550123"),
        (ALIBABA, {"86"}, "086-13900001234"),
        (OPEN, set(), "999-1234567"),
        (OPEN, set(), "0-1234567"),
        (OPEN, set(), "086-13900001234"),
        (OPEN, set(), "0001-2025550123"),
        (OPEN, {"49"}, "86-13900001234"),
    ],
)
def test_another_country_is_not_served(profile: Profile, codes: set[str], number: str) -> None:
    with pytest.raises(errors.CountryCodeNotServed):
        rules.admit_country(number, replace(profile, country_codes=frozenset(codes)))


@BOTH
@pytest.mark.parametrize("title", rules.TITLES)
def test_each_title_is_accepted(profile: Profile, title: str) -> None:
    accepted = rules.check_title(title, profile)

    assert accepted == title


@BOTH
@pytest.mark.parametrize("title", ["ceo", "CEO ", "Boss", "CEO\n"])
def test_another_title_is_refused(profile: Profile, title: str) -> None:
    with pytest.raises(errors.TitleInvalid):
        rules.check_title(title, profile)


@BOTH
@pytest.mark.parametrize("types", [list(rules.MESSAGE_TYPES), list(reversed(rules.MESSAGE_TYPES)), ["FaultMessage"]])
def test_message_types_are_kept_in_the_order_given(profile: Profile, types: list[str]) -> None:
    accepted = rules.check_message_types(types, profile)

    assert accepted == tuple(types)


@BOTH
@pytest.mark.parametrize("types", [["Other"], ["faultMessage"], [""], ["FaultMessage", "FaultMessage"]])
def test_unknown_and_repeated_message_types_are_refused(profile: Profile, types: list[str]) -> None:
    with pytest.raises(errors.MessageTypesInvalid):
        rules.check_message_types(types, profile)


@BOTH
def test_a_contact_id_is_c_and_sixteen_letters_or_digits(profile: Profile) -> None:
    accepted = rules.check_contact_id("c-qL4HqKONzOM7abcd", profile)

    assert accepted == "c-qL4HqKONzOM7abcd"


@BOTH
@pytest.mark.parametrize(
    "text",
    ["c-", "qL4HqKONzOM7abcd", "C-qL4HqKONzOM7abcd", "c-qL4HqKONzOM7abc", "c-qL4HqKONzOM7abcd\n", "c-" + "张" * 16],
)
def test_another_contact_id_is_refused(profile: Profile, text: str) -> None:
    with pytest.raises(errors.ContactIdInvalid):
        rules.check_contact_id(text, profile)


@BOTH
@pytest.mark.parametrize("text", ["rd-3G1abc", "r-Wm1abc", "fd-ZDNPiTabcd", "1997968394351234", "1"])
def test_a_target_is_a_directory_a_root_folder_a_folder_or_an_account(profile: Profile, text: str) -> None:
    accepted = rules.check_member(text, profile)

    assert accepted == text


@BOTH
@pytest.mark.parametrize("text", ["rd-", "rd-abc", "x-abcd", "abcd", "1" * 21, "1a", "fd-ab_d", "1\n", "٣"])
def test_another_target_is_refused(profile: Profile, text: str) -> None:
    with pytest.raises(errors.MemberInvalid):
        rules.check_member(text, profile)
