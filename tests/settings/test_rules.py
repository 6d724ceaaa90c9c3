"""Which figures are in force: the profile's, and those that are set on their own."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from callboard.profile import ALIBABA, OPEN, PROFILES, Profile
from callboard.settings import load


def rules(**settings: str) -> Profile:
    environment = {f"CALLBOARD_{name.upper()}": value for name, value in settings.items()}
    return load(environment, config=Path("no-such-file.toml")).rules


def test_the_figures_are_those_of_the_documentation_by_default() -> None:
    assert rules() == ALIBABA
    assert (
        Profile(
            name="alibaba",
            name_length=(2, 12),
            email_length=254,
            country_codes=frozenset({"86"}),
            is_phone_required=False,
            contacts=20,
            targets=10,
            accounts=1000,
            is_root_barred_from_account_types=False,
            folder_name_length=32,
            folders=100,
            leavers_keep_contacts=True,
            unbinding_blocks_moves=True,
            utc_offset_minutes=0,
        )
        == ALIBABA
    )


def test_the_open_profile_brings_figures_of_its_own() -> None:
    assert rules(profile="open") == OPEN
    assert OPEN.contacts > ALIBABA.contacts
    assert OPEN.country_codes == frozenset()


@pytest.mark.parametrize("profile", ["alibaba", "open"])
def test_what_is_set_on_its_own_wins_over_either_profile(profile: str) -> None:
    found = rules(
        profile=profile,
        max_contacts="7",
        email_length="64",
        country_codes="86, 852",
        phone_required="true",
        utc_offset_minutes="-480",
    )

    assert found == replace(
        PROFILES[profile],
        email_length=64,
        country_codes=frozenset({"86", "852"}),
        is_phone_required=True,
        contacts=7,
        utc_offset_minutes=-480,
    )


def test_every_country_is_served_when_any_is_set() -> None:
    assert rules(profile="alibaba", country_codes="any").country_codes == frozenset()
