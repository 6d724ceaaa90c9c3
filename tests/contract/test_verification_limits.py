"""How much is sent: each limit refuses what is too much, counts nothing that is refused, and lets through later."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from callboard.settings import Settings
from tests.contract.callers import Sdk
from tests.contract.facts import SEND_LIMIT
from tests.contract.steps import SEND_EMAIL, SEND_PHONE, add, new_email, new_phone
from tests.owner import Owner
from tests.serving import Server, serving

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
OFF = dict.fromkeys(
    (
        "sends_per_account_day",
        "sends_per_address_minute",
        "sends_per_address_ten_minutes",
        "sends_per_address_day",
        "sends_apart_s",
        "sends_per_source_hour",
        "codes_per_source_hour",
        "sms_per_prefix_day",
    ),
    0,
)


@contextmanager
def limited(settings: Settings, **limits: int) -> Iterator[Server]:
    """A server with these limits and no other."""
    with serving(replace(settings, **{**OFF, **limits})) as server:
        yield server


class Sending:
    """Contacts that wait, and what is sent to them."""

    def __init__(self, server: Server) -> None:
        self.server, self.sdk = server, Sdk(server.account())
        self.names = iter("abcdefghijklmnopqrst")

    def contact(self, **given: str) -> str:
        return add(self.sdk, name=next(self.names) * 2, **given)

    def email(self, address: str | None = None, contact_id: str | None = None) -> str:
        """What comes of a letter to a contact's email address: sent, or the code of the refusal."""
        address = address or new_email()
        contact_id = contact_id or self.contact(email_address=address)
        return self.outcome(SEND_EMAIL, contact_id=contact_id, email_address=address)

    def sms(self, number: str | None = None) -> str:
        number = number or new_phone()
        contact_id = self.contact(phone_number=number)
        return self.outcome(SEND_PHONE, contact_id=contact_id, phone_number=number)

    def outcome(self, action: str, **given: str) -> str:
        try:
            self.sdk.call(action, **given)
        except Exception:
            refusal = self.sdk.refused(action, **given)
            assert refusal == SEND_LIMIT
            return "refused"
        return "sent"


def test_an_account_has_so_many_emails_and_so_many_sms_a_day(own_settings: Settings) -> None:
    with limited(own_settings, sends_per_account_day=2) as server:
        one, two = Sending(server), Sending(server)

        first = [one.email(), one.sms(), one.email(), one.email(), one.sms(), one.sms()]
        others = two.email()
        server.runtime.clock.advance(DAY_MS)
        next_day = [one.email(), one.sms()]

    assert first == ["sent", "sent", "sent", "refused", "sent", "refused"]
    assert others == "sent"
    assert next_day == ["sent", "sent"]


@pytest.mark.parametrize(
    ("setting", "period_ms"),
    [
        ("sends_per_address_minute", MINUTE_MS),
        ("sends_per_address_ten_minutes", 10 * MINUTE_MS),
        ("sends_per_address_day", DAY_MS),
    ],
)
def test_an_address_gets_so_many_letters_in_a_period(own_settings: Settings, setting: str, period_ms: int) -> None:
    with limited(own_settings, **{setting: 2}) as server:
        sending, address = Sending(server), new_email()
        contact_id = sending.contact(email_address=address)

        at_once = [sending.email(address, contact_id) for _ in range(3)]
        another = sending.email()
        server.runtime.clock.advance(period_ms - 10_000)
        before = sending.email(address, contact_id)
        server.runtime.clock.advance(10_000)
        afterwards = [sending.email(address, contact_id) for _ in range(3)]

    assert at_once == ["sent", "sent", "refused"]
    assert another == "sent"
    assert before == "refused"
    assert afterwards == ["sent", "sent", "refused"]


def test_letters_to_an_address_keep_their_distance(own_settings: Settings) -> None:
    with limited(own_settings, sends_apart_s=60) as server:
        sending, address = Sending(server), new_email()
        contact_id = sending.contact(email_address=address)

        outcomes = []
        for step_ms in (0, 1, 50_000, 9_999, 60_000):
            server.runtime.clock.advance(step_ms)
            outcomes.append(sending.email(address, contact_id))

    # The wall clock runs along, so that the last of them comes a little later than it says.
    assert outcomes[:3] == ["sent", "refused", "refused"]
    assert outcomes[4] == "sent"


def test_an_address_is_limited_over_every_account_and_spelling(own_settings: Settings) -> None:
    with limited(own_settings, sends_per_address_day=2) as server:
        one, two = Sending(server), Sending(server)

        outcomes = [one.email("tom@example.com"), two.email("Tom@Example.com"), two.email("TOM@example.com")]

    assert outcomes == ["sent", "sent", "refused"]


def test_a_network_address_asks_for_so_many_letters_an_hour(own_settings: Settings) -> None:
    with limited(own_settings, sends_per_source_hour=3) as server:
        one, two = Sending(server), Sending(server)

        outcomes = [one.email(), one.sms(), two.email(), two.email(), one.sms()]
        server.runtime.clock.advance(HOUR_MS)
        afterwards = one.email()

    assert outcomes == ["sent", "sent", "sent", "refused", "refused"]
    assert afterwards == "sent"


def test_a_country_code_gets_so_many_sms_a_day_over_all_accounts(own_settings: Settings) -> None:
    with limited(replace(own_settings, country_codes="86,852"), sms_per_prefix_day=2) as server:
        one, two = Sending(server), Sending(server)

        outcomes = [one.sms(), two.sms(), one.sms(), one.sms("852-51234567"), one.email()]
        server.runtime.clock.advance(DAY_MS)
        afterwards = two.sms()

    assert outcomes == ["sent", "sent", "refused", "sent", "sent"]
    assert afterwards == "sent"


def test_a_limit_of_zero_is_no_limit(own_settings: Settings) -> None:
    with limited(own_settings) as server:
        sending, address = Sending(server), new_email()
        contact_id = sending.contact(email_address=address)

        outcomes = [sending.email(address, contact_id) for _ in range(12)]

    assert outcomes == ["sent"] * 12


def test_a_refused_call_counts_for_nothing(own_settings: Settings) -> None:
    with limited(own_settings, sends_per_account_day=2, sends_per_address_day=1, sends_per_source_hour=3) as server:
        sending, address = Sending(server), new_email()
        contact_id = sending.contact(email_address=address)
        sending.email(address, contact_id)
        refused = [sending.email(address, contact_id) for _ in range(5)]
        for _ in range(5):
            sending.sdk.refused(SEND_EMAIL, contact_id=contact_id, email_address=new_email())
            sending.sdk.refused(SEND_EMAIL, contact_id="c-aaaaaaaaaaaaaaaa", email_address=address)

        outcomes = [sending.email(), sending.email(), sending.sms(), sending.sms()]
        letters = Owner(server, address).letters

    assert refused == ["refused"] * 5
    assert outcomes == ["sent", "refused", "sent", "refused"]  # Two of the account, three of the network address.
    assert len(letters) == 1


def test_two_servers_over_one_database_share_the_limits(own_settings: Settings) -> None:
    with (
        limited(own_settings, sends_per_account_day=3) as one,
        limited(own_settings, sends_per_account_day=3) as two,
    ):
        here = Sending(one)
        there: Any = Sending(two)
        there.sdk = Sdk(replace(here.sdk.account, server=two))
        there.names = here.names

        outcomes = [here.email(), there.email(), here.email(), there.email(), here.email()]

    assert outcomes == ["sent", "sent", "sent", "refused", "refused"]


def test_the_defaults_let_an_address_have_one_letter_a_minute(own_settings: Settings) -> None:
    with serving(own_settings) as server:
        sending, address = Sending(server), new_email()
        contact_id = sending.contact(email_address=address)

        outcomes = []
        for _ in range(12):
            outcomes += [sending.email(address, contact_id), sending.email(address, contact_id)]
            server.runtime.clock.advance(MINUTE_MS)

    assert outcomes[:10] == ["sent", "refused"] * 5  # Five in ten minutes.
    assert outcomes[10:20] == ["refused"] * 10
    assert outcomes[20:] == ["sent", "refused"] * 2
