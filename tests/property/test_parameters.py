"""Lists, encodings and phone numbers, for all that there may be of them."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

import callboard.contacts.actions  # noqa: F401 (importing the actions registers them)
from callboard.api import errors, signature, wire
from callboard.api.decode import decode
from callboard.api.model import ACTIONS
from callboard.contacts import rules
from callboard.profile import ALIBABA, OPEN
from tests.property.strategies import PARAMETERS, TEXT, queries, request
from tests.signing import canonical

UPDATE = ACTIONS["2022-04-19", "UpdateMessageContact"]
TYPES = st.lists(st.sampled_from(rules.MESSAGE_TYPES), min_size=1, unique=True)


@given(PARAMETERS, st.data())
def test_every_encoding_of_a_query_is_read_alike_and_has_one_canonical_form(
    parameters: dict[str, str], data: st.DataObject
) -> None:
    arrival = wire.read(request(data.draw(queries(list(parameters.items())))))

    found = signature.canonical_query(arrival.query_encoded, arrival.query_decoded)

    assert arrival.values == parameters
    assert found == canonical(list(parameters.items()))


@given(PARAMETERS)
def test_what_is_canonical_already_stays_as_it_is(parameters: dict[str, str]) -> None:
    query = canonical(list(parameters.items()))
    arrival = wire.read(request(query))

    found = signature.canonical_query(arrival.query_encoded, arrival.query_decoded)

    assert found == query


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)) | TEXT)
def test_any_text_at_all_in_a_query_has_the_canonical_form_of_its_parameters(text: str) -> None:
    try:
        arrival = wire.read(request(text))
    except errors.ParameterInvalid:
        return

    found = signature.canonical_query(arrival.query_encoded, arrival.query_decoded)

    assert found == canonical(list(arrival.values.items()))


@given(TYPES, st.data())
def test_a_list_comes_back_in_its_order_whatever_the_order_of_its_keys(types: list[str], data: st.DataObject) -> None:
    numbers = sorted(
        data.draw(st.lists(st.integers(1, 999_999), min_size=len(types), max_size=len(types), unique=True))
    )
    pairs = [(f"MessageTypes.{number}", each) for number, each in zip(numbers, types, strict=True)]
    values = dict(data.draw(st.permutations(pairs)))

    found = decode(UPDATE, {"ContactId": "c-qL4HqKONzOM7abcd", **values}, ALIBABA)

    assert found.message_types == tuple(types)  # type: ignore[attr-defined]


@given(TYPES, st.sampled_from(["array", "commas", "text"]))
def test_a_list_under_a_bare_key_comes_back_too(types: list[str], form: str) -> None:
    value = {"array": types, "commas": ",".join(types), "text": str(types).replace("'", '"')}[form]

    found = decode(UPDATE, {"ContactId": "c-qL4HqKONzOM7abcd", "MessageTypes": value}, ALIBABA)

    assert found.message_types == tuple(types)  # type: ignore[attr-defined]


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_the_open_profile_accepts_the_example_numbers_of_every_region(region: str) -> None:
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
    found = [phonenumbers.example_number_for_type(region, kind) for kind in kinds]
    numbers = [
        f"{each.country_code}-{phonenumbers.national_significant_number(each)}" for each in found if each is not None
    ]

    accepted = [rules.check_phone(number, OPEN) for number in numbers]

    assert numbers
    assert accepted == numbers
    for number in numbers:
        rules.admit_country(number, OPEN)


@given(st.from_regex(r"[0-9]{1,4}-[0-9]{4,15}", fullmatch=True))
def test_any_number_of_the_form_is_accepted_or_refused_by_name(number: str) -> None:
    try:
        rules.check_phone(number, OPEN)
        rules.admit_country(number, OPEN)
    except (rules.errors.PhoneNumberInvalid, rules.errors.CountryCodeNotServed):
        return

    parsed = phonenumbers.parse("+" + number.replace("-", ""), None)
    assert str(parsed.country_code) == number.partition("-")[0]


@given(TEXT)
def test_no_text_is_too_odd_for_the_rules_of_either_profile(text: str) -> None:
    checks = (rules.check_name, rules.check_email, rules.check_email_form, rules.check_phone, rules.check_title)
    for check in (*checks, rules.check_contact_id, rules.check_member):
        for profile in (ALIBABA, OPEN):
            try:
                kept = check(text, profile)
            except rules.errors.ApiError:
                continue
            assert kept == text
            assert kept.isprintable()
