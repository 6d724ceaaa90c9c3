"""From the values that arrived to the typed request: order of the rounds, lists, types, absent and empty."""

from typing import Any

import pytest
from msgspec import UNSET
from msgspec.structs import replace

import callboard.contacts.actions
import callboard.contacts.reads  # noqa: F401 (importing the actions registers them)
from callboard.api.decode import decode
from callboard.api.errors import ParameterInvalid
from callboard.api.model import ACTIONS
from callboard.contacts import errors
from callboard.errors import ApiError
from callboard.profile import ALIBABA, OPEN, Profile

CONTACT_ID = "c-qL4HqKONzOM7abcd"
ADD = {
    "Name": "tom",
    "EmailAddress": "tom@example.com",
    "PhoneNumber": "86-13900001234",
    "Title": "CEO",
    "MessageTypes.1": "FaultMessage",
}


def decoded(name: str, values: dict[str, Any], profile: Profile = ALIBABA) -> Any:
    return decode(ACTIONS["2022-04-19", name], values, profile)


def refused(name: str, values: dict[str, Any], profile: Profile = ALIBABA) -> type[ApiError]:
    with pytest.raises(ApiError) as refusal:
        decoded(name, values, profile)
    return type(refusal.value)


def update(**values: Any) -> dict[str, Any]:
    return {"ContactId": CONTACT_ID, **values}


def test_every_parameter_arrives_under_its_own_name() -> None:
    request = decoded("AddMessageContact", ADD)

    assert (request.name, request.email_address, request.title) == ("tom", "tom@example.com", "CEO")
    assert (request.phone_number, request.message_types) == ("86-13900001234", ("FaultMessage",))


def test_unknown_parameters_are_ignored() -> None:
    request = decoded("AddMessageContact", ADD | {"RegionId": "cn", "Tags.1.Key": "k", "name": "x", "Name.1": "y"})

    assert request.name == "tom"


@pytest.mark.parametrize(
    ("removed", "refusal"),
    [
        (["Name", "EmailAddress", "Title", "MessageTypes.1"], errors.NameMissing),
        (["EmailAddress", "Title", "MessageTypes.1"], errors.EmailAddressMissing),
        (["Title", "MessageTypes.1"], errors.TitleMissing),
        (["MessageTypes.1"], errors.MessageTypesMissing),
    ],
)
@pytest.mark.parametrize("is_sent", [True, False], ids=["empty", "absent"])
def test_the_first_required_parameter_that_is_missing_is_named(
    removed: list[str], refusal: type[ApiError], *, is_sent: bool
) -> None:
    values = {name: value for name, value in ADD.items() if name not in removed}
    values |= {name.removesuffix(".1"): "" for name in removed} if is_sent else {}

    assert refused("AddMessageContact", values) is refusal


def test_what_is_missing_comes_before_what_is_malformed() -> None:
    values = ADD | {"Name": "1", "EmailAddress": "x", "MessageTypes.1": None}
    del values["MessageTypes.1"]

    assert refused("AddMessageContact", values) is errors.MessageTypesMissing


@pytest.mark.parametrize(
    ("mended", "refusal"),
    [
        ([], errors.NameInvalid),
        (["Name"], errors.EmailAddressInvalid),
        (["Name", "EmailAddress"], errors.PhoneNumberInvalid),
        (["Name", "EmailAddress", "PhoneNumber"], errors.TitleInvalid),
        (["Name", "EmailAddress", "PhoneNumber", "Title"], errors.MessageTypesInvalid),
    ],
)
def test_malformed_parameters_are_refused_in_the_documented_order(mended: list[str], refusal: type[ApiError]) -> None:
    broken = {"MessageTypes.1": "x", "Title": "x", "PhoneNumber": "x", "EmailAddress": "x", "Name": "1x"}
    values = ADD | {name: value for name, value in broken.items() if name not in mended}

    assert refused("AddMessageContact", values) is refusal


def test_the_country_is_looked_at_after_the_form_of_every_parameter() -> None:
    abroad = ADD | {"PhoneNumber": "1-2025550123"}

    assert refused("AddMessageContact", abroad | {"MessageTypes.1": "x"}) is errors.MessageTypesInvalid
    assert refused("AddMessageContact", abroad) is errors.CountryCodeNotServed


def test_a_phone_number_is_demanded_only_where_the_settings_say_so() -> None:
    site = replace(ALIBABA, is_phone_required=True)
    values = {name: value for name, value in ADD.items() if name != "PhoneNumber"}

    assert decoded("AddMessageContact", values).phone_number == ""
    assert refused("AddMessageContact", values, site) is errors.PhoneNumberMissing
    assert refused("AddMessageContact", values | {"PhoneNumber": ""}, site) is errors.PhoneNumberMissing
    assert decoded("UpdateMessageContact", update(), site).phone_number is UNSET


def test_absent_and_null_parameters_stay_unset() -> None:
    request = decoded("UpdateMessageContact", update(Name=None, MessageTypes=None, PhoneNumber=None))

    assert request.name is UNSET
    assert request.message_types is UNSET
    assert request.phone_number is UNSET


def test_an_empty_phone_number_is_not_an_absent_one() -> None:
    request = decoded("UpdateMessageContact", update(PhoneNumber=""))

    assert request.phone_number == ""


@pytest.mark.parametrize(
    ("action", "values", "refusal"),
    [
        ("UpdateMessageContact", update(Name=""), errors.NameInvalid),
        ("UpdateMessageContact", update(EmailAddress=""), errors.EmailAddressInvalid),
        ("UpdateMessageContact", update(Title=""), errors.TitleInvalid),
        ("UpdateMessageContact", update(MessageTypes=""), errors.MessageTypesInvalid),
        ("UpdateMessageContact", update(MessageTypes=[]), errors.MessageTypesInvalid),
        ("UpdateMessageContact", update(MessageTypes="[]"), errors.MessageTypesInvalid),
        ("CancelMessageContactUpdate", update(PhoneNumber=""), errors.PhoneNumberInvalid),
        ("CancelMessageContactUpdate", update(EmailAddress=""), errors.EmailAddressInvalid),
        ("ListMessageContacts", {"Member": ""}, errors.MemberInvalid),
        ("ListMessageContacts", {"ContactId": ""}, errors.ContactIdInvalid),
        ("ListMessageContacts", {"PageSize": ""}, ParameterInvalid),
        ("GetMessageContact", {"ContactId": ""}, errors.ContactIdMissing),
        ("GetMessageContact", {"ContactId": None}, errors.ContactIdMissing),
        ("DeleteMessageContact", update(RetainContactInMembers=""), ParameterInvalid),
    ],
)
def test_an_empty_parameter_is_refused_as_its_table_says(
    action: str, values: dict[str, Any], refusal: type[ApiError]
) -> None:
    assert refused(action, values) is refusal


@pytest.mark.parametrize(
    "values",
    [
        {"MessageTypes.1": "FaultMessage", "MessageTypes.2": "ServiceMessage"},
        {"MessageTypes.2": "ServiceMessage", "MessageTypes.1": "FaultMessage"},
        {"MessageTypes.10": "ServiceMessage", "MessageTypes.2": "FaultMessage"},
        {"MessageTypes.999999": "ServiceMessage", "MessageTypes.7": "FaultMessage"},
        {"MessageTypes": "FaultMessage,ServiceMessage"},
        {"MessageTypes": '["FaultMessage","ServiceMessage"]'},
        {"MessageTypes": '[ "FaultMessage", "ServiceMessage" ]'},
        {"MessageTypes": ["FaultMessage", "ServiceMessage"]},
        {"MessageTypes": None, "MessageTypes.1": "FaultMessage", "MessageTypes.2": "ServiceMessage"},
    ],
)
def test_a_list_is_collected_by_number_or_from_a_bare_key(values: dict[str, Any]) -> None:
    request = decoded("UpdateMessageContact", update(**values))

    assert request.message_types == ("FaultMessage", "ServiceMessage")


def test_a_bare_key_may_hold_a_single_value() -> None:
    assert decoded("UpdateMessageContact", update(MessageTypes="FaultMessage")).message_types == ("FaultMessage",)


@pytest.mark.parametrize(
    "number",
    ["0", "-1", "01", "1.1", "1.Key", "", "x", "+1", " 1", "1 ", "1000000", "99999999999999999999", "1\n", "\u0661"],
)
def test_a_list_with_another_number_is_invalid(number: str) -> None:
    values = update(**{f"MessageTypes.{number}": "FaultMessage"})

    assert refused("UpdateMessageContact", values) is errors.MessageTypesInvalid


def test_a_list_given_in_both_forms_is_invalid() -> None:
    values = update(**{"MessageTypes": "FaultMessage", "MessageTypes.1": "FaultMessage"})

    assert refused("UpdateMessageContact", values) is ParameterInvalid


@pytest.mark.parametrize(
    "value",
    [
        "[",
        "[1]",
        "[null]",
        '["FaultMessage"',
        '["FaultMessage",]',
        "[" * 50_000,
        "FaultMessage,",
        "FaultMessage, ServiceMessage",
        ",",
        '{"a":1}',
        [1],
        [None],
        [["FaultMessage"]],
        [{"FaultMessage": 1}],
        {"1": "FaultMessage"},
        1,
        True,
        False,
        0,
    ],
)
def test_what_is_no_list_of_types_is_invalid(value: Any) -> None:
    assert refused("UpdateMessageContact", update(MessageTypes=value)) is errors.MessageTypesInvalid


@pytest.mark.parametrize(
    ("value", "retains"),
    [("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), (True, True), (False, False)],
)
def test_booleans_are_read_in_any_case(value: Any, *, retains: bool) -> None:
    request = decoded("DeleteMessageContact", update(RetainContactInMembers=value))

    assert request.retain_contact_in_members is retains


@pytest.mark.parametrize("value", ["1", "0", "yes", "true ", "t", 1, 0, [], ["true"], {}, 1.0])
def test_other_values_are_no_booleans(value: Any) -> None:
    assert refused("DeleteMessageContact", update(RetainContactInMembers=value)) is ParameterInvalid


def test_a_parameter_that_is_absent_has_its_default() -> None:
    request = decoded("ListMessageContacts", {})

    assert (request.page_number, request.page_size) == (1, 10)
    assert request.contact_id is UNSET
    assert decoded("DeleteMessageContact", update()).retain_contact_in_members is True


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("PageNumber", "1", 1),
        ("PageNumber", "007", 7),
        ("PageNumber", 2**31 - 1, 2**31 - 1),
        ("PageNumber", "2147483647", 2**31 - 1),
        ("PageSize", "100", 100),
        ("PageSize", 1, 1),
    ],
)
def test_integers_are_decimal_digits_or_json_numbers(name: str, value: Any, number: int) -> None:
    request = decoded("ListMessageContacts", {name: value})

    assert number in (request.page_number, request.page_size)


@pytest.mark.parametrize("name", ["PageNumber", "PageSize"])
@pytest.mark.parametrize(
    "value",
    [
        *("0", "-1", "+1", "1.0", "1e1", "0x1", " 1", "1\n", "1_0", "\u0661", "2147483648", "9" * 5000),
        *(0, -1, 1.0, 2**31, 2**80, True, [1], {}),
    ],
)
def test_integers_of_another_form_or_out_of_range_are_invalid(name: str, value: Any) -> None:
    with pytest.raises(ParameterInvalid, match=f"parameter {name} is not valid"):
        decoded("ListMessageContacts", {name: value})


def test_a_page_holds_at_most_a_hundred_entries() -> None:
    assert refused("ListMessageContacts", {"PageSize": "101"}) is ParameterInvalid


@pytest.mark.parametrize("value", [1, 1.5, True, False, ["tom"], {"a": "tom"}])
@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("Name", errors.NameInvalid),
        ("EmailAddress", errors.EmailAddressInvalid),
        ("PhoneNumber", errors.PhoneNumberInvalid),
        ("Title", errors.TitleInvalid),
    ],
)
def test_a_json_value_of_another_type_is_no_text(name: str, refusal: type[ApiError], value: Any) -> None:
    assert refused("AddMessageContact", ADD | {name: value}) is refusal


def test_lengths_are_counted_in_characters() -> None:
    assert decoded("AddMessageContact", ADD | {"Name": "一" * 12}).name == "一" * 12
    assert refused("AddMessageContact", ADD | {"Name": "一"}) is errors.NameLengthInvalid
    assert decoded("AddMessageContact", ADD | {"Name": "一"}, OPEN).name == "一"
