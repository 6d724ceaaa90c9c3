"""The pages that a letter's link leads to: what they show, what they change, and what they never do."""

from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import select

from callboard.database.statement import Statement
from callboard.database.tables import attempts, audit_records, contacts, letters, limits, proofs, refusals
from callboard.settings import Settings
from tests.contract.callers import Sdk
from tests.contract.steps import SEND_EMAIL, add, add_active, new_email
from tests.owner import Owner, path_of
from tests.serving import Server, serving
from tests.signing import send
from tests.web.visits import says, texted, written_to

UNKNOWN = "/v/" + "a" * 22
TABLES = (proofs, refusals, letters, attempts, limits, audit_records, contacts)


def rows(server: Server) -> list[list[tuple[object, ...]]]:
    """Everything that a page could change."""
    statements = [Statement(select(table).order_by(*table.primary_key.columns)) for table in TABLES]
    found: list[list[tuple[object, ...]]] = server.run(lambda open_: [open_.all(each) for each in statements])
    return found


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_a_page_changes_nothing(own_settings: Settings, method: str) -> None:
    with serving(own_settings) as server:
        owner = written_to(server)
        paths = [owner.path, UNKNOWN, "/verify", "/verify/again", "/verify/sent"]
        paths += [
            f"{path}?do={do}&target={owner.address}&code={owner.code}"
            for path, do in product(paths, ("confirm", "refuse", "again"))
        ]
        before = rows(server)

        statuses = [send(server.endpoint, method, path).status for path in paths]

        assert set(statuses) <= {200, 404}
        assert rows(server) == before


def test_an_open_link_shows_who_asks_and_for_whom(server: Server) -> None:
    owner = written_to(server, name="张三")

    answer = owner.open()

    text = answer.body.decode()
    assert answer.status == 200
    assert says(answer, "open_heading_email")
    assert owner.address in text
    assert "张三" in text
    assert 'value="confirm"' in text
    assert 'value="refuse"' in text
    assert f'action="{owner.path}"' in text


def test_a_link_of_an_sms_asks_for_the_number(server: Server) -> None:
    owner = texted(server)

    answer = owner.open()

    assert (answer.status, says(answer, "open_heading_sms")) == (200, True)


@pytest.mark.parametrize(
    ("button", "status", "key"), [("confirm", 200, "confirmed_heading"), ("refuse", 200, "refused_heading")]
)
def test_a_pressed_button_leads_to_a_page_that_says_what_came_of_it(
    server: Server, button: str, status: int, key: str
) -> None:
    owner = written_to(server)
    path = owner.path

    pressed = owner.press(button, path)
    shown = owner.open(pressed.headers["location"])
    again = owner.press(button, path)

    assert (pressed.status, pressed.headers["location"].partition("?")[0]) == (303, path)
    assert (shown.status, says(shown, key)) == (status, True)
    assert (again.status, again.headers["location"]) == (303, pressed.headers["location"])


def test_what_was_confirmed_is_not_refused_afterwards_nor_the_other_way_round(server: Server) -> None:
    confirmed, refused = written_to(server), written_to(server)
    paths = [confirmed.path, refused.path]
    confirmed.press("confirm")
    refused.press("refuse")

    confirmed.press("refuse", paths[0])
    refused.press("confirm", paths[1])

    assert says(confirmed.open(paths[0]), "confirmed_heading")
    assert says(refused.open(paths[1]), "refused_heading")


def test_a_page_shows_nothing_of_any_other_contact(server: Server) -> None:
    owner, sdk = Owner(server, new_email()), Sdk(server.account())
    secret = {
        "name": "geheim",
        "email_address": new_email(),
        "title": "FinanceDirector",
        "phone_number": "86-13900005555",
    }
    add(sdk, **secret)
    contact_id = add_active(sdk, name="shown", phone_number="86-13900007777")
    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address=owner.address)
    sdk.call(SEND_EMAIL, contact_id=contact_id, email_address=owner.address)
    path = owner.path

    answers = [owner.open(path), owner.press("confirm", path), owner.open(path), owner.type_code("0")]

    for answer in answers:
        text = answer.body.decode()
        assert not [value for value in secret.values() if value in text]
        assert "13900007777" not in text.replace(" ", "")
        assert "tom@example.com" not in text
        assert contact_id not in text


@pytest.mark.parametrize("way", ["expired", "replaced", "withdrawn"])
def test_a_void_link_says_why_and_leads_on(own_server_without_limits: Server, way: str) -> None:
    server = own_server_without_limits
    sdk, owner = Sdk(server.account()), Owner(server, new_email())
    contact_id = add(sdk, email_address=owner.address)
    sdk.call(SEND_EMAIL, contact_id=contact_id, email_address=owner.address)
    path = owner.path
    if way == "expired":
        server.runtime.clock.advance(24 * 3600 * 1000)
    elif way == "replaced":
        sdk.call(SEND_EMAIL, contact_id=contact_id, email_address=owner.address)
    else:
        sdk.call("UpdateMessageContact", contact_id=contact_id, email_address=new_email())

    shown = owner.open(path)
    owner.press("confirm", path)

    assert (shown.status, says(shown, f"{way}_heading")) == (410, True)
    assert ('value="again"' in shown.body.decode()) is (way != "withdrawn")
    assert says(owner.open(path), f"{way}_heading")


@pytest.mark.parametrize("way", ["expired", "replaced"])
def test_a_void_link_asks_for_another_letter_which_works(own_server_without_limits: Server, way: str) -> None:
    server = own_server_without_limits
    owner = written_to(server)
    path = owner.path
    server.runtime.clock.advance(24 * 3600 * 1000 if way == "expired" else 1)
    if way == "replaced":
        owner.press("again", path)
        server.runtime.clock.advance(1)
    before = len(owner.letters)

    asked = owner.press("again", path)
    shown = owner.open(asked.headers["location"])

    assert (asked.status, asked.headers["location"].partition("?")[0]) == (303, "/verify/sent")
    assert says(shown, "sent_heading")
    assert len(owner.letters) == before + 1
    assert says(owner.open(path), "replaced_heading")
    owner.press("confirm", path_of(owner.letter))
    assert says(owner.open(path_of(owner.letter)), "confirmed_heading")


@pytest.mark.parametrize("end", ["confirm", "refuse"])
def test_a_link_that_is_done_with_asks_for_nothing(own_server_without_limits: Server, end: str) -> None:
    server = own_server_without_limits
    owner = written_to(server)
    path, before = owner.path, len(owner.letters)
    owner.press(end, path)

    answer = owner.press("again", path)

    assert answer.status == 200
    assert len(owner.letters) == before


def test_asking_too_often_by_a_link_says_for_how_long_to_wait(own_settings: Settings) -> None:
    with serving(own_settings) as server:
        owner = written_to(server)

        answer = owner.press("again")

        assert (answer.status, says(answer, "limited_heading")) == (429, True)
        assert "<p>Try again in <bdi>1 minute</bdi>.</p>" in answer.body.decode()
        assert len(owner.letters) == 1
        server.runtime.clock.advance(60_000)
        assert owner.press("again").status == 303


def test_a_link_asked_for_in_a_folder_of_the_public_url_leads_there(own_settings: Settings) -> None:
    with serving(replace(own_settings, public_url="https://example.com/contacts/")) as server:
        owner = written_to(server)

        link = owner.letter.content.link

    assert link.startswith("https://example.com/contacts/v/")
