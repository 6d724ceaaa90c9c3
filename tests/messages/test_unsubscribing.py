"""One click, and an address gets no more of a type of messages (RFC 8058); what it means, and how it is undone."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP

import pytest
from msgspec.structs import replace as changed
from playwright.sync_api import Page, expect

from callboard.delivery.letter import Content, Letter, PermanentFailure
from callboard.delivery.mail import Mailbox, compose
from callboard.messages.replies import links
from callboard.preferences.rules import OPTIONAL_TYPES
from callboard.settings import Settings
from tests.delivery.letters import email
from tests.e2e.browser import fits
from tests.e2e.browser import press as press_button
from tests.messages.press import Present, call, letters, published, shown
from tests.messages.reading import link_in, link_to, look, press
from tests.messages.test_delivery import ELSEWHERE, site
from tests.recipients.world import World
from tests.serving import Account, Server, serving
from tests.signing import Response, send

pytest_plugins = ["tests.e2e.surroundings"]
TOM, ANN = "tom@example.com", "ann@example.com"
TYPES = ("FaultMessage", "ProductMessage", "ActivityMessage")
NEWS = {"MessageType": "ProductMessage", "Severity": "Info"}
ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = {"content-type": "application/x-www-form-urlencoded"}
PARTS = {"content-type": 'multipart/form-data; boundary="----x"'}
IN_PARTS = b'------x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n------x--\r\n'


@pytest.fixture
def alone(own_settings: Settings) -> Iterator[World]:
    with serving(replace(own_settings, public_url="https://board.example.com")) as server:
        yield Present(server.account())


def team(world: World) -> str:
    member = world.member()
    for address in (TOM, ANN):
        world.bind(world.contact(address.partition("@")[0], email=address, types=TYPES), member)
    return member


def states(world: World, message_id: str) -> dict[str, tuple[str, str | None]]:
    return {
        each["Recipient"]: (each["State"], each.get("SuppressionReason"))
        for each in shown(world.account, message_id)["Deliveries"]
    }


def listed(account: Account, **more: object) -> list[tuple[str, str]]:
    found = call(account, "ListUnsubscribedAddresses", **more).json["UnsubscribedAddresses"]
    return [(each["EmailAddress"], each["MessageType"]) for each in found]


def click(world: World, path: str, headers: dict[str, str] | None = None, body: bytes = ONE_CLICK) -> Response:
    return send(world.server.endpoint, "POST", path, FORM if headers is None else headers, body)


@pytest.mark.parametrize("message_type", TYPES)
def test_mails_of_optional_types_have_the_headers_and_a_link_that_is_seen(alone: World, message_type: str) -> None:
    published(alone.account, team(alone), MessageType=message_type)
    letter = letters(alone, TOM)[0]
    octets = compose(letter, sender=Mailbox.read("no-reply@example.com"), sender_name="Callboard").octets
    mail = message_from_bytes(octets, policy=SMTP)

    if message_type not in OPTIONAL_TYPES:
        assert "/u/" not in letter.content.text
        assert not [name for name in mail if name.startswith("List-")]
        return
    path = link_in(letter.content.text, "/u/")
    assert mail["List-Unsubscribe"] == f"<https://board.example.com{path}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f'href="https://board.example.com{path}"' in letter.content.html


def test_without_https_there_is_no_one_click(world: World) -> None:
    """RFC 8058, section 3.1: the URI must be HTTPS."""
    published(world.account, team(world), **NEWS)

    assert [name for name, _ in letters(world, TOM)[0].content.headers] == ["List-Unsubscribe"]


def test_the_fallback_cannot_unsubscribe(alone: World) -> None:
    published(alone.account, alone.member(), **NEWS)

    assert "/u/" not in letters(alone, "administrator")[0].content.text


@pytest.mark.parametrize(("headers", "body"), [(FORM, ONE_CLICK), (PARTS, IN_PARTS)], ids=["form", "parts"])
def test_one_click_unsubscribes_at_once_without_cookie_or_way_on(
    world: World, headers: dict[str, str], body: bytes
) -> None:
    member = team(world)
    published(world.account, member, **NEWS)

    answers = [click(world, link_to(world, TOM, "/u/"), headers, body) for _ in range(2)]

    for answer in answers:
        assert (answer.status, answer.body) == (200, b"")
        assert not {"set-cookie", "location"} & set(answer.headers)
    assert listed(world.account) == [(TOM, "ProductMessage")]
    other = published(world.account, member, **NEWS)
    assert states(world, other) == {TOM: ("Suppressed", "Unsubscribed"), ANN: ("Kept", None)}
    for kind in ("FaultMessage", "ActivityMessage"):
        assert states(world, published(world.account, member, MessageType=kind))[TOM] == ("Kept", None)
    acts = call(world.account, "ListAuditRecords", ActionName="UnsubscribeAddress").json["AuditRecords"]
    assert [each["Principal"] for each in acts] == ["owner"]
    assert TOM in acts[0]["After"]


def test_opening_the_page_changes_nothing(world: World) -> None:
    published(world.account, team(world), **NEWS)
    path = link_to(world, TOM, "/u/")

    statuses = {look(world, f"{path}?do=unsubscribe&List-Unsubscribe=One-Click", method).status
                for method in ("GET", "HEAD")}  # fmt: skip
    nothing = [click(world, path, body=each).status for each in (b"", b"do=", b"List-Unsubscribe=", b"do=acknowledge")]

    assert statuses == {200}
    assert set(nothing) == {200}
    assert listed(world.account) == []


def test_a_person_unsubscribes_and_thinks_better_of_it(world: World, phone: Page) -> None:
    member = team(world)
    published(world.account, member, **NEWS)
    phone.goto(f"http://{world.server.endpoint}{link_to(world, TOM, '/u/')}")
    for part in (TOM, "Product messages"):
        expect(phone.get_by_text(part).first).to_be_visible()
    assert fits(phone)

    press_button(phone, "Unsubscribe", leads_to="You are unsubscribed")
    before = states(world, published(world.account, member, **NEWS))[TOM]
    assert fits(phone)
    press_button(phone, "Subscribe again", leads_to="No more of these messages?")
    after = states(world, published(world.account, member, **NEWS))[TOM]

    assert (before, after) == (("Suppressed", "Unsubscribed"), ("Kept", None))
    assert listed(world.account) == []


def test_what_waits_is_taken_back_with_its_reason_and_the_answer_stays_the_same(own_settings: Settings) -> None:
    with site(own_settings, **ELSEWHERE) as world:
        member = team(world)
        given = {**NEWS, "IdempotencyKey": "k"}
        waiting, fault = published(world.account, member, **given), published(world.account, member)

        assert click(world, link_for(world, waiting)).status == 200

        assert states(world, waiting) == {TOM: ("Suppressed", "Unsubscribed"), ANN: ("Queued", None)}
        assert states(world, fault) == {TOM: ("Queued", None), ANN: ("Queued", None)}
        again = call(world.account, "PublishMessage", AccountId=member, Subject="Database does not answer",
                     Content="Since 10:02 no connection succeeds.", **given).json  # fmt: skip
        assert (again["MessageId"], again["DeliveryCount"], again["SuppressedCount"]) == (waiting, 2, 0)


def link_for(world: World, message_id: str) -> str:
    """The link to unsubscribe in the letter to tom that carries a message."""
    letter_id = shown(world.account, message_id)["Deliveries"][0]["DeliveryId"]
    return f"/u/{links.token_of(world.server.runtime.vault, letter_id, links.Purpose.UNSUBSCRIBE)}"


def test_when_everybody_has_unsubscribed_the_fallback_is_told(world: World) -> None:
    member = team(world)
    published(world.account, member, **NEWS)
    for each in (TOM, ANN):
        click(world, link_to(world, each, "/u/"))

    message = shown(world.account, published(world.account, member, **NEWS))

    assert message["Fallback"] is True


def test_a_link_to_acknowledge_unsubscribes_nobody(world: World) -> None:
    published(world.account, team(world), **NEWS, AcknowledgementRequired="true")
    path = link_to(world, TOM).replace("/a/", "/u/")

    assert [click(world, path).status, look(world, path).status, press(world, path, "unsubscribe").status] == [404] * 3
    assert listed(world.account) == []


def test_a_mail_that_acknowledges_and_one_that_unsubscribes_are_told_apart(world: World) -> None:
    message_id = published(world.account, team(world), **NEWS, AcknowledgementRequired="true")

    press(world, link_to(world, TOM, "/a/"), "unsubscribe")
    press(world, link_to(world, TOM, "/u/"), "acknowledge")

    assert listed(world.account) == []
    assert "AcknowledgementDate" not in shown(world.account, message_id)


def test_the_administrator_sees_page_by_page_who_has_and_undoes_it(world: World, server: Server) -> None:
    member = team(world)
    for kind in ("ProductMessage", "ActivityMessage"):
        published(world.account, member, MessageType=kind)
        for each in (TOM, ANN):
            click(world, link_to(world, each, "/u/"))
    every = {(address, kind) for address in (TOM, ANN) for kind in ("ProductMessage", "ActivityMessage")}
    pages: list[tuple[str, str]] = []
    token: dict[str, str] = {}
    while True:
        answer = call(world.account, "ListUnsubscribedAddresses", MaxResults=1, **token).json
        pages += [(each["EmailAddress"], each["MessageType"]) for each in answer["UnsubscribedAddresses"]]
        if "NextToken" not in answer:
            break
        token = {"NextToken": answer["NextToken"]}
    other = Present(server.account())

    assert (len(pages), set(pages), set(listed(world.account))) == (4, every, every)
    assert listed(other.account) == []
    asked = {"EmailAddress": TOM.upper(), "MessageType": "ProductMessage"}
    refused = call(other.account, "SubscribeAddress", **asked)
    assert (refused.status, refused.code) == (404, "EntityNotExists.UnsubscribedAddress")
    assert call(world.account, "SubscribeAddress", **asked).status == 200
    assert call(world.account, "SubscribeAddress", **asked).code == "EntityNotExists.UnsubscribedAddress"
    assert set(listed(world.account)) == every - {(TOM, "ProductMessage")}
    assert states(world, published(world.account, member, **NEWS))[TOM] == ("Kept", None)


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("SubscribeAddress", {"EmailAddress": "tom", "MessageType": "ProductMessage"}),
        ("SubscribeAddress", {"EmailAddress": "@".ljust(321, "x"), "MessageType": "ProductMessage"}),
        ("SubscribeAddress", {"EmailAddress": TOM, "MessageType": "Spam"}),
        ("SubscribeAddress", {"EmailAddress": TOM}),
        ("SubscribeAddress", {"MessageType": "ProductMessage"}),
        ("ListUnsubscribedAddresses", {"MaxResults": 0}),
        ("ListUnsubscribedAddresses", {"NextToken": "x"}),
    ],
)
def test_what_does_not_fit_is_refused(world: World, action: str, given: dict[str, object]) -> None:
    assert call(world.account, action, **given).code == "InvalidParameter"


@pytest.mark.parametrize(
    "headers",
    [
        (("List-Unsubscribe", "<https://a/>\r\nBcc: evil@example.com"),),
        (("List-Unsubscribe", "<https://a/>\nBcc: evil@example.com\n\nbody"),),
    ],
)
def test_no_value_starts_another_header(headers: tuple[tuple[str, str], ...]) -> None:
    letter = replace_headers(headers)

    mail = message_from_bytes(
        compose(letter, sender=Mailbox.read("no-reply@example.com"), sender_name="").octets, policy=SMTP
    )

    assert "Bcc" not in mail
    assert mail["List-Unsubscribe"].startswith("<https://a/> Bcc: evil@example.com")


@pytest.mark.parametrize("header", [("X: y\r\nBcc", "z"), ("", "z"), ("List Unsubscribe", "z"), ("X-A", "é"),
                                    ("X-A", "a" * 901)])  # fmt: skip
def test_what_is_no_header_is_given_up(header: tuple[str, str]) -> None:
    with pytest.raises(PermanentFailure):
        compose(replace_headers((header,)), sender=Mailbox.read("no-reply@example.com"), sender_name="")


def replace_headers(headers: tuple[tuple[str, str], ...]) -> Letter:
    return changed(email(TOM), content=Content("text", "subject", headers=headers))
