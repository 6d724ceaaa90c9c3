"""Whether two texts mean the same email address or phone number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callboard.contacts.addresses import is_phone, key_of, keys_typed

CHINA, MORE, ANY = frozenset({"86"}), frozenset({"86", "852"}), frozenset[str]()
NUMBER = "86-13900001234"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("tom@example.com", "TOM@EXAMPLE.COM"),
        ("tom@example.com", "Tom@Example.com"),
        ("strasse@example.com", "STRASSE@example.com"),
        ("86-13900001234", "8613900001234"),
        ("86-13900001234", "+86 139 0000 1234"),
        ("86-13900001234", "86 (139) 0000.1234"),
    ],
)
def test_spellings_of_one_address_have_one_key(one: str, two: str) -> None:
    assert key_of(one) == key_of(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("tom@example.com", "tim@example.com"),
        ("tom@example.com", "tom@example.org"),
        ("t.om@example.com", "tom@example.com"),
        ("tom+a@example.com", "tom@example.com"),
        ("86-13900001234", "86-13900001235"),
        ("86-13900001234", "852-13900001234"),
        ("1@x", "1"),
    ],
)
def test_different_addresses_have_different_keys(one: str, two: str) -> None:
    assert key_of(one) != key_of(two)


@given(st.text())
def test_any_text_has_a_key_of_32_characters(text: str) -> None:
    assert len(key_of(text)) == 32
    assert all(len(key) == 32 for key in keys_typed(text, MORE))


@pytest.mark.parametrize(
    "text",
    [
        "86-13900001234",
        "+86 139 0000 1234",
        "0086 139 0000 1234",
        "13900001234",
        "139 0000 1234",
        "139-0000-1234",
        "8613900001234",
        " 13900001234\n",
        "１３９００００１２３４",  # noqa: RUF001
        "＋８６－１３９ ００００ １２３４",  # noqa: RUF001
    ],
)
def test_a_number_is_meant_however_it_was_typed(text: str) -> None:
    assert key_of(NUMBER) in keys_typed(text, MORE)


def test_a_number_with_its_country_is_that_number_alone() -> None:
    assert keys_typed("+852 5123 4567", MORE) == [key_of("852-51234567")]


def test_a_number_without_country_may_be_of_each_country_that_is_served() -> None:
    assert keys_typed("51234567", MORE) == [key_of("51234567"), key_of("852-51234567"), key_of("86-51234567")]
    assert keys_typed("51234567", CHINA) == [key_of("51234567"), key_of("86-51234567")]
    assert keys_typed("51234567", ANY) == [key_of("51234567")]


@pytest.mark.parametrize("text", ["tom@example.com", " TOM@Example.com ", "tom＠example.com"])  # noqa: RUF001
def test_an_email_address_is_meant_in_either_case_and_width(text: str) -> None:
    assert keys_typed(text, CHINA) == [key_of("tom@example.com")]


def test_an_email_address_may_begin_with_two_zeros() -> None:
    assert keys_typed("007@example.com", CHINA) == [key_of("007@example.com")]


@pytest.mark.parametrize("text", ["", " ", "tom", "00", "+", "139x", "\x00"])
def test_what_is_no_address_means_one_thing_at_most(text: str) -> None:
    assert len(keys_typed(text, CHINA)) == 1


@pytest.mark.parametrize(("target", "expected"), [(NUMBER, True), ("tom@example.com", False), ("1@2", False)])
def test_a_target_without_at_sign_is_a_number(target: str, *, expected: bool) -> None:
    assert is_phone(target) is expected
