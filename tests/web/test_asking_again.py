"""Another letter is asked for by an address: it is sent where one waits, and the answer tells nothing of it."""

from dataclasses import replace
from itertools import pairwise

import pytest

from callboard.settings import Settings
from tests.contract.callers import Sdk
from tests.contract.steps import SEND_PHONE, add, new_email, new_phone
from tests.owner import Owner, post
from tests.serving import Server, serving
from tests.web.visits import texted, written_to

HOUR_MS = 3_600_000


def test_a_new_letter_is_asked_for_by_the_address(own_server_without_limits: Server) -> None:
    server = own_server_without_limits
    owner = written_to(server)
    server.runtime.clock.advance(1)

    asked = post(server, "/verify/again", target=owner.address.upper())

    assert (asked.status, asked.headers["location"]) == (303, "/verify/sent?lang=en")
    newer, older = owner.letters
    assert newer.content.code != older.content.code
    assert owner.type_code(older.content.code).status == 403
    assert owner.type_code(newer.content.code).status == 200


def test_a_new_sms_is_asked_for_by_the_number(own_server_without_limits: Server) -> None:
    owner = texted(own_server_without_limits)

    post(own_server_without_limits, "/verify/again", target=owner.address.partition("-")[2])

    assert len(owner.letters) == 2


def test_a_letter_that_has_expired_is_followed_by_another(own_server_without_limits: Server) -> None:
    server = own_server_without_limits
    owner = written_to(server)
    server.runtime.clock.advance(25 * HOUR_MS)

    post(server, "/verify/again", target=owner.address)

    assert owner.type_code().status == 200


@pytest.mark.parametrize("state", ["waiting", "confirmed", "refused", "replaced"])
def test_nothing_is_sent_to_an_address_that_was_never_written_to_or_does_not_wait(
    own_server_without_limits: Server, state: str
) -> None:
    server = own_server_without_limits
    sdk, owner = Sdk(server.account()), Owner(server, new_phone())
    contact_id = add(sdk, phone_number=owner.address)
    if state != "waiting":
        sdk.call(SEND_PHONE, contact_id=contact_id, phone_number=owner.address)
    if state in ("confirmed", "refused"):
        owner.press("confirm" if state == "confirmed" else "refuse")
    if state == "replaced":
        sdk.call("UpdateMessageContact", contact_id=contact_id, phone_number=new_phone())
    before = len(owner.letters)

    answer = post(server, "/verify/again", target=owner.address)

    assert answer.status == 303
    assert len(owner.letters) == before


def test_the_answer_to_an_address_tells_nothing_of_it(own_settings: Settings) -> None:
    with serving(own_settings) as server:
        owner = written_to(server)

        answers = [
            post(server, "/verify/again", target=each) for each in (owner.address, new_email(), "86-13900001234")
        ]

        assert all(
            (one.status, one.body, {**one.headers, "date": ""}) == (two.status, two.body, {**two.headers, "date": ""})
            for one, two in pairwise(answers)
        )
        assert len(owner.letters) == 1  # The second within a minute.


@pytest.mark.parametrize("is_known", [True, False])
def test_a_network_address_asks_for_so_many_letters_an_hour_known_or_not(
    own_settings: Settings, *, is_known: bool
) -> None:
    limits = {"sends_per_source_hour": 3, "sends_apart_s": 0, "sends_per_address_ten_minutes": 0}
    with serving(replace(own_settings, **limits)) as server:
        owner = written_to(server)  # The first of the three.
        target = owner.address if is_known else new_email()

        answers = [post(server, "/verify/again", target=target) for _ in range(4)]

        assert [answer.status for answer in answers] == [303, 303, 429, 429]
        assert b"<bdi>1 hour</bdi>" in answers[-1].body or b"60 minutes" in answers[-1].body
        assert len(owner.letters) == (3 if is_known else 1)
