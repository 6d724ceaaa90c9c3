"""Mailbox, metrics and test controls: what they show, to whom, and when they are not there."""

import json
from dataclasses import replace
from typing import Any

import pytest

from callboard.settings import Settings
from tests.contract.callers import Sdk
from tests.contract.steps import NOBODYS, SEND_EMAIL, add, add_deleting, new_email, new_phone, shown, waiting
from tests.owner import Owner, path_of
from tests.serving import Server, serving
from tests.signing import Response, send
from tests.web.visits import texted, written_to

SMTP = {"smtp_host": "127.0.0.1", "smtp_port": 1, "smtp_security": "none", "smtp_from": "no-reply@example.com"}
SMS = {"sms_gateway_url": "http://127.0.0.1:1/"}
DAY_S = 24 * 3600


def get(server: Server, path: str, **headers: str) -> Response:
    return send(server.endpoint, "GET", path, headers)


def control(server: Server, path: str, body: object) -> Response:
    return send(server.endpoint, "POST", path, {}, body if isinstance(body, bytes) else json.dumps(body).encode())


def test_the_mailbox_has_the_letters_newest_first(own_settings: Settings) -> None:
    with serving(own_settings) as server:
        first = written_to(server)
        server.runtime.clock.advance(1)
        second = texted(server)

        answer = get(server, "/mailbox")

        newest, oldest = answer.json["Letters"]
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-store"
        assert [newest["Recipient"], oldest["Recipient"]] == [second.address, first.address]
        assert (oldest["Channel"], oldest["Code"], oldest["Link"]) == ("email", first.code, first.letter.content.link)
        assert (newest["Channel"], newest["Subject"], newest["Html"]) == ("sms", "", "")
        assert newest["Code"] in newest["Text"]


def test_the_mailbox_is_read_by_address_in_any_spelling(server: Server) -> None:
    owner, other = written_to(server), written_to(server)

    found = get(server, f"/mailbox?address={owner.address.upper()}").json["Letters"]
    none = get(server, f"/mailbox?address={new_email()}").json["Letters"]

    assert [letter["Recipient"] for letter in found] == [owner.address]
    assert none == []
    assert other.letters


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:8422", 200),
        ("localhost:80", 200),
        ("[::1]:8422", 200),
        ("callboard.example.com", 403),
        ("127.0.0.1.example.com", 403),
        ("localhost.example.com", 403),
        ("192.0.2.1:8422", 403),
        ("", 403),
        ("[::1", 403),
        ("user@127.0.0.1", 200),
    ],
)
def test_the_mailbox_is_read_under_the_machines_own_name_alone(server: Server, host: str, status: int) -> None:
    owner = written_to(server)

    answer = get(server, "/mailbox", host=host)

    assert answer.status == status
    assert (owner.code in answer.body.decode()) is (status == 200)


def test_an_open_mailbox_is_read_under_any_name(own_settings: Settings) -> None:
    with serving(replace(own_settings, mailbox=True)) as server:
        owner = written_to(server)

        answer = get(server, "/mailbox", host="callboard.example.com")

    assert answer.status == 200
    assert owner.address in answer.body.decode()


@pytest.mark.parametrize(("providers", "status"), [(SMTP | SMS, 404), (SMTP, 200), (SMS, 200)])
def test_there_is_no_mailbox_once_both_channels_have_a_provider(
    own_settings: Settings, providers: dict[str, Any], status: int
) -> None:
    with serving(replace(own_settings, worker=False, **providers)) as server:
        answer = get(server, "/mailbox")

    assert answer.status == status
    if status == 404:
        assert answer.code == "InvalidAction.NotFound"


def test_a_letter_that_waits_for_a_provider_does_not_stand_in_the_mailbox(own_settings: Settings) -> None:
    with serving(replace(own_settings, worker=False, **SMTP)) as server:
        emailed, sent_sms = written_to(server), texted(server)

        letters = get(server, "/mailbox").json["Letters"]

        assert sent_sms.address in [letter["Recipient"] for letter in letters]
        assert emailed.address not in [letter["Recipient"] for letter in letters]


def test_the_mailbox_takes_no_post(server: Server) -> None:
    answer = send(server.endpoint, "POST", "/mailbox", {}, b"")

    assert (answer.status, answer.code) == (404, "InvalidAction.NotFound")


def metric(text: str, name: str, **labels: str) -> float:
    """The value of a line of the metrics."""
    wanted = ",".join(f'{key}="{value}"' for key, value in labels.items())
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name}{{{wanted}}} ")]
    return float(line.rpartition(" ")[2])


def test_metrics_count_calls_confirmations_and_letters_and_name_nobody(own_settings: Settings) -> None:
    with serving(own_settings) as server:
        owner, phone = written_to(server), texted(server)
        owner.type_code("0")
        owner.press("again")
        owner.press("confirm")
        phone.press("refuse")
        account_id = Sdk(server.account()).account.account_id

        text = get(server, "/metrics").body.decode()

        assert metric(text, "callboard_calls_total", action=SEND_EMAIL, code="") == 1
        for outcome in ("wrong_code", "limited", "confirmed", "refused"):
            assert metric(text, "callboard_confirmations_total", outcome=outcome) == 1
        assert metric(text, "callboard_letters", channel="sms", state="kept") == 1
        assert metric(text, "callboard_letters", channel="email", state="kept") == 2  # One tells of the refusal.
        for secret in (owner.address, owner.code, phone.address, phone.address[3:], account_id, "127.0.0.1"):
            assert secret not in text


def test_metrics_tell_how_many_letters_wait_and_for_how_long(own_settings: Settings) -> None:
    with serving(replace(own_settings, worker=False, **SMTP, **SMS)) as server:
        written_to(server)
        server.runtime.clock.advance(90_000)
        written_to(server)

        text = get(server, "/metrics").body.decode()

        assert metric(text, "callboard_letters", channel="email", state="waiting") == 2
        assert 90 <= metric(text, "callboard_oldest_waiting_letter_seconds", channel="email") < 150


def test_a_refused_call_is_counted_by_its_code(own_settings: Settings) -> None:
    with serving(own_settings) as server:
        sdk = Sdk(server.account())
        sdk.refused(SEND_EMAIL, contact_id=NOBODYS, email_address="tom@example.com")

        text = get(server, "/metrics").body.decode()

        assert metric(text, "callboard_calls_total", action=SEND_EMAIL, code="EntityNotExists.Contact") == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/test/letters/last?address=a@example.com", "/test/confirm", "/test/clock"])
def test_there_are_no_test_controls_unless_they_are_set(server: Server, method: str, path: str) -> None:
    before = server.runtime.clock.ahead_ms

    answer = send(server.endpoint, method, path, {}, b'{"seconds": 1000}')

    assert (answer.status, answer.code) == (404, "InvalidAction.NotFound")
    assert server.runtime.clock.ahead_ms == before


@pytest.fixture
def controlled(own_settings: Settings) -> Any:
    with serving(replace(own_settings, test_controls=True)) as server:
        yield server


def test_the_last_letter_to_an_address_is_read(controlled: Server) -> None:
    owner = written_to(controlled)
    controlled.runtime.clock.advance(60_000)
    owner.press("again")

    answer = get(controlled, f"/test/letters/last?address={owner.address}")

    assert answer.status == 200
    assert answer.json["Code"] == owner.letter.content.code
    assert path_of(owner.letter) in answer.json["Link"]


@pytest.mark.parametrize("query", ["", "?address=", "?address=nobody@example.com"])
def test_a_letter_that_nobody_wrote_is_refused(controlled: Server, query: str) -> None:
    answer = get(controlled, f"/test/letters/last{query}")

    assert (answer.status, answer.json) == (400, {"Message": "No letter was written to that address."})


def test_one_address_is_confirmed_outright(controlled: Server) -> None:
    sdk, email, phone = Sdk(controlled.account()), new_email(), new_phone()
    contact_id = add(sdk, email_address=email, phone_number=phone)

    answer = control(controlled, "/test/confirm", {"ContactId": contact_id, "Target": phone})

    assert (answer.status, answer.json) == (200, {"Confirmed": [phone]})
    assert waiting(sdk, contact_id) == [email]


def test_everything_that_waits_is_confirmed_outright(controlled: Server) -> None:
    sdk, email, phone = Sdk(controlled.account()), new_email(), new_phone()
    contact_id = add(sdk, email_address=email, phone_number=phone)
    sdk.call(SEND_EMAIL, contact_id=contact_id, email_address=email)
    owner = Owner(controlled, email)

    answer = control(controlled, "/test/confirm", {"ContactId": contact_id})

    assert answer.json == {"Confirmed": [email, phone]}
    assert (shown(sdk, contact_id)["Status"], waiting(sdk, contact_id)) == ("Active", [])
    assert owner.open().status == 410


def test_what_cannot_be_confirmed_is_refused(controlled: Server) -> None:
    sdk = Sdk(controlled.account())
    contact_id, deleting = add(sdk), add_deleting(sdk, name="jerry")
    refused = [
        {"ContactId": NOBODYS},
        {"ContactId": contact_id, "Target": "other@example.com"},
        {"ContactId": deleting},
        {"ContactId": contact_id, "target": "tom@example.com"},
        {"Target": "tom@example.com"},
        {},
        [],
        b"",
        b"\xff",
        b"{" * 5000,
        {"ContactId": "a" * 5000},
    ]

    answers = [control(controlled, "/test/confirm", each) for each in refused]

    assert [answer.status for answer in answers] == [400] * len(refused)
    assert all(set(answer.json) == {"Message"} for answer in answers)
    assert shown(sdk, contact_id)["Status"] == "Verifying"


def test_the_clock_is_moved_while_signed_calls_go_on(controlled: Server) -> None:
    owner, sdk = written_to(controlled), Sdk(controlled.account())
    before = controlled.runtime.clock()

    answer = control(controlled, "/test/clock", {"seconds": 10 * DAY_S})

    assert answer.status == 200
    assert 0 <= answer.json["Now"] - before - 10 * DAY_S * 1000 < 60_000
    assert owner.open().status == 410
    contact_id = add(sdk)
    sdk.call(SEND_EMAIL, contact_id=contact_id, email_address="tom@example.com")
    assert len(Owner(controlled, "tom@example.com").letters) == 1


@pytest.mark.parametrize("body", [{"seconds": -1}, {"seconds": 10**12}, {"seconds": 1.5}, {"seconds": "1"}, {}, []])
def test_the_clock_never_goes_back_nor_out_of_the_calendar(controlled: Server, body: object) -> None:
    answer = control(controlled, "/test/clock", body)

    assert answer.status == 400
    assert controlled.runtime.clock.ahead_ms == 0


@pytest.mark.faults
def test_pages_say_so_while_the_database_is_away(own_settings: Settings) -> None:
    with serving(replace(own_settings, test_controls=True)) as server:
        owner = written_to(server)
        path, code = owner.path, owner.code
        server.runtime.database.close()

        answers = [
            owner.open(path),
            owner.press("confirm", path),
            owner.type_code(code),
            owner.press("again", path),
            send(server.endpoint, "POST", "/verify/again", {}, b"target=a"),
        ]
        machines = [get(server, each) for each in ("/mailbox", "/metrics", "/readyz", "/test/letters/last?address=a")]
        still_there = [get(server, each).status for each in ("/verify", "/verify/sent", "/healthz")]

    for answer in answers:
        assert answer.status == 503
        assert b"We cannot answer at the moment" in answer.body
        assert answer.headers["cache-control"] == "no-store"
        assert "content-security-policy" in answer.headers
    assert [answer.status for answer in machines] == [503] * 4
    assert still_there == [200] * 3
