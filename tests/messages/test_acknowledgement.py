"""Messages acknowledged: on the page of a letter, in a real browser, and by a call."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, Page, expect

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from callboard.delivery.letter import Channel
from callboard.delivery.rules import blot
from callboard.errors import ApiError
from callboard.messages.replies import links
from callboard.messages.replies.links import Purpose
from callboard.settings import Settings
from tests.access.rights import allow, user_with
from tests.e2e.browser import fits, heading, person
from tests.e2e.browser import press as press_button
from tests.e2e.mail import MailServer
from tests.e2e.processes import until
from tests.messages.press import SUBJECT, VERSION, Present, call, letters, published, shown
from tests.messages.reading import link_in, link_to, look, press
from tests.messages.test_delivery import have_ended, site
from tests.recipients.test_rights import account_path
from tests.recipients.world import World
from tests.serving import Server
from tests.signing import Response

pytest_plugins = ["tests.e2e.surroundings"]
TOM, ANN = "tom@example.com", "ann@example.com"


def team(world: World) -> tuple[str, str, str]:
    """A member with two people; its id, and theirs."""
    member = world.member(name="production")
    tom, ann = world.contact("tom", email=TOM), world.contact("ann", email=ANN)
    world.bind(tom, member)
    world.bind(ann, member)
    return member, tom, ann


def acknowledged(world: World, message_id: str) -> dict[str, bool]:
    found = shown(world.account, message_id)["Deliveries"]
    return {each["Recipient"]: "AcknowledgementDate" in each for each in found}


def acts(world: World) -> list[dict[str, object]]:
    found = call(world.account, "ListAuditRecords", ActionName="AcknowledgeMessage", ErrorCode="none").json[
        "AuditRecords"
    ]
    return list(found)


def test_a_person_acknowledges_from_the_mail_on_a_phone(
    own_settings: Settings, post: MailServer, phone: Page, browser: Browser
) -> None:
    with site(own_settings, **post.settings, organisation="Example Ltd") as world:
        member, _, _ = team(world)
        message_id = published(world.account, member, AcknowledgementRequired="true")
        until(lambda: have_ended(world, message_id), "everything is sent")
        mail = post.to(TOM)[0]
        path = link_in(mail.text)
        assert path in mail.html
        url = f"http://{world.server.endpoint}{path}"
        with person(browser, locale="zh-CN", color_scheme="dark") as chinese:
            chinese.goto(url)
            assert heading(chinese) == "您已阅知此消息吗？"  # noqa: RUF001
            assert fits(chinese)
        phone.goto(url)
        assert heading(phone) == "Have you read this?"
        for part in (SUBJECT, "Example Ltd", f"production ({member})", "Fault messages, Warning", "tom"):
            expect(phone.get_by_text(part).first).to_be_visible()
        assert "ann" not in phone.inner_text("main")
        assert fits(phone)
        press_button(phone, "Acknowledge", leads_to="Thank you, that is acknowledged")
        expect(phone.get_by_text("It was acknowledged at")).to_be_visible()
        phone.reload()
        assert heading(phone) == "Thank you, that is acknowledged"

        message = shown(world.account, message_id)
        assert acknowledged(world, message_id) == {TOM: True, ANN: False}
        (done,) = {each.get("AcknowledgementDate") for each in message["Deliveries"]} - {None}
        assert message["AcknowledgementDate"] == done
        (act,) = acts(world)
        assert act["Principal"] == "owner"


def test_a_hundred_openings_and_other_methods_acknowledge_nothing(world: World) -> None:
    member, *_ = team(world)
    message_id = published(world.account, member, AcknowledgementRequired="true")
    path = link_to(world, TOM)

    with ThreadPoolExecutor(8) as pool:
        asked = [(f"{path}?do=acknowledge", ("GET", "HEAD")[each % 2]) for each in range(100)]
        statuses = list(pool.map(lambda each: look(world, *each).status, asked))
    others = [look(world, path, method).status for method in ("PUT", "DELETE", "PATCH", "POST")]
    nothing = press(world, path, "confirm").status

    assert set(statuses) == {200}
    assert all(each < 500 for each in others)
    assert nothing == 200
    assert acknowledged(world, message_id) == {TOM: False, ANN: False}
    assert acts(world) == []


def test_a_second_press_changes_nothing_and_says_so(world: World) -> None:
    member, *_ = team(world)
    message_id = published(world.account, member, AcknowledgementRequired="true")
    path = link_to(world, TOM)

    first = press(world, path, "acknowledge")
    before = shown(world.account, message_id)
    second = press(world, path, "acknowledge")

    assert (first.status, first.headers["location"].partition("?")[0]) == (303, path)
    assert (second.status, "Your press has changed nothing." in second.body.decode()) == (200, True)
    assert "Your press has changed nothing." not in look(world, path).body.decode()
    assert shown(world.account, message_id) == before
    assert len(acts(world)) == 1


def test_the_other_ones_page_says_that_somebody_has_and_both_count(world: World) -> None:
    member, *_ = team(world)
    message_id = published(world.account, member, AcknowledgementRequired="true")
    press(world, link_to(world, TOM), "acknowledge")
    first = shown(world.account, message_id)["AcknowledgementDate"]

    page = look(world, link_to(world, ANN)).body.decode()
    press(world, link_to(world, ANN), "acknowledge")

    assert "Somebody has acknowledged it already" in page
    assert acknowledged(world, message_id) == {TOM: True, ANN: True}
    assert shown(world.account, message_id)["AcknowledgementDate"] == first


def test_contacts_that_share_an_address_acknowledge_together(world: World) -> None:
    member, *_ = team(world)
    world.bind(world.contact("duty", email=TOM.upper()), member)
    message_id = published(world.account, member, AcknowledgementRequired="true")
    path = link_to(world, TOM)

    page = look(world, path).body.decode()
    press(world, path, "acknowledge")

    assert "tom" in page
    assert "duty" in page
    done = {each["Name"]: "AcknowledgementDate" in each for each in shown(world.account, message_id)["Deliveries"]}
    assert done == {"tom": True, "duty": True, "ann": False}


def forged(path: str, vault: object, letter_id: str) -> list[str]:
    token = path.removeprefix("/a/")
    seal = token.partition(".")[2]
    return [
        f"{letter_id}.{seal[:-1]}{'0' if seal[-1] != '0' else '1'}",
        f"{'0' * 32}.{seal}",
        links.token_of(vault, letter_id, Purpose.UNSUBSCRIBE),  # type: ignore[arg-type]
        letter_id,
        token.upper(),
        f"{token}0",
        f"{token}%0a",
        "%00" * 40,
        "a" * 5000,
        "%ff.%fe",
    ]


@pytest.mark.parametrize("do", ["", "acknowledge"])
def test_forged_and_swapped_links_are_not_known(world: World, do: str) -> None:
    member, *_ = team(world)
    message_id = published(world.account, member, AcknowledgementRequired="true")
    path = link_to(world, TOM)
    letter_id = path.removeprefix("/a/").partition(".")[0]

    answers = [
        press(world, f"/a/{each}", do) if do else look(world, f"/a/{each}")
        for each in forged(path, world.server.runtime.vault, letter_id)
    ]
    swapped = look(world, path.replace("/a/", "/u/"))

    assert {each.status for each in (*answers, swapped)} == {404}
    assert all("We do not know this link" in each.body.decode() for each in (*answers, swapped))
    assert acknowledged(world, message_id) == {TOM: False, ANN: False}


def test_a_link_to_what_was_cleared_leads_nowhere_any_more(world: World) -> None:
    token = links.token_of(world.server.runtime.vault, "0" * 32, Purpose.ACKNOWLEDGE)

    for answer in (look(world, f"/a/{token}"), press(world, f"/a/{token}", "acknowledge")):
        assert (answer.status, "leads nowhere any more" in answer.body.decode()) == (410, True)


def test_an_answer_that_repeats_the_links_is_kept_without_them(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email=TOM, types=("ProductMessage",)), member)
    published(world.account, member, MessageType="ProductMessage", AcknowledgementRequired="true")
    content = letters(world, TOM)[0].content
    paths = [link_in(content.text, page) for page in ("/a/", "/u/")]
    said = [f"{world.server.runtime.terms.public_url}{paths[0]}", paths[1].rpartition("/")[2]]

    assert blot(f"250 {said[0]} and {said[1]}", content) == "250 *** and ***"


def test_what_asks_for_nothing_has_no_link(world: World) -> None:
    member, *_ = team(world)
    published(world.account, member)

    assert "/a/" not in letters(world, TOM)[0].content.text


def test_an_sms_has_the_link_where_there_is_room(world: World) -> None:
    member = world.member()
    phone = "44-7911123456"
    world.bind(world.contact("tom", email=TOM, phone=phone, is_phone_proven=True), member)
    published(world.account, member, AcknowledgementRequired="true", Severity="Critical")
    short = next(each for each in letters(world, phone) if each.channel is Channel.SMS).content.text
    published(world.account, member, AcknowledgementRequired="true", Link="https://example.com/".ljust(500, "x"))
    long = letters(world, phone)[0].content.text

    assert f"Acknowledge: {world.server.runtime.terms.public_url}/a/" in short
    assert "/a/" not in long
    assert press(world, link_in(short), "acknowledge").status == 303


def test_a_system_acknowledges_for_a_contact_and_for_itself(world: World) -> None:
    member, tom, _ = team(world)
    first = published(world.account, member, AcknowledgementRequired="true")
    second = published(world.account, member, AcknowledgementRequired="true")

    by_tom = call(world.account, "AcknowledgeMessage", MessageId=first, ContactId=tom)
    again = call(world.account, "AcknowledgeMessage", MessageId=first)
    by_itself = call(world.account, "AcknowledgeMessage", MessageId=second, AccountId=member)

    assert acknowledged(world, first) == {TOM: True, ANN: False}
    assert acknowledged(world, second) == {TOM: False, ANN: False}
    assert again.json["AcknowledgementDate"] == by_tom.json["AcknowledgementDate"]
    assert shown(world.account, first)["AcknowledgementDate"] == by_tom.json["AcknowledgementDate"]
    assert shown(world.account, second)["AcknowledgementDate"] == by_itself.json["AcknowledgementDate"]
    assert len(acts(world)) == 2
    assert {each["Principal"] for each in acts(world)} == {f"acs:ram::{world.account.account_id}:root"}


def test_who_may_for_an_account_acknowledges_about_that_alone(world: World) -> None:
    folder = world.folder("one")
    member, neighbour = world.member(folder), world.member()
    action = "callboard:AcknowledgeMessage"
    user = user_with(world.account, allow(action, resource=account_path(world, world.root_id, folder, "*")))
    mine, theirs = (published(world.account, each, AcknowledgementRequired="true") for each in (member, neighbour))

    assert call(user, "AcknowledgeMessage", MessageId=mine, AccountId=member).status == 200
    assert call(user, "AcknowledgeMessage", MessageId=theirs, AccountId=member).code == "EntityNotExists.Message"
    assert call(user, "AcknowledgeMessage", MessageId=theirs, AccountId=neighbour).status == 403
    assert call(user, "AcknowledgeMessage", MessageId=theirs).status == 403


def test_nothing_of_another_directory_is_acknowledged(world: World, server: Server) -> None:
    other = Present(server.account())
    member, tom, _ = team(world)
    message_id = published(world.account, member, AcknowledgementRequired="true")

    answer = call(other.account, "AcknowledgeMessage", MessageId=message_id, ContactId=tom)

    assert (answer.status, answer.code) == (404, "EntityNotExists.Message")
    assert acknowledged(world, message_id) == {TOM: False, ANN: False}


def _refused(world: World, code: str) -> Response:
    member, *_ = team(world)
    asking = published(world.account, member, AcknowledgementRequired="true")
    given = {
        "EntityNotExists.Message": {"MessageId": "m-0123456789abcdef"},
        "AcknowledgementNotRequired": {"MessageId": published(world.account, member)},
        "EntityNotExists.Delivery": {"MessageId": asking, "ContactId": world.contact("other", email="o@example.com")},
        "InvalidParameter.ContactId": {"MessageId": asking, "ContactId": "tom"},
    }
    return call(world.account, "AcknowledgeMessage", **given[code])


@pytest.mark.parametrize("error", ACTIONS[VERSION, "AcknowledgeMessage"].errors, ids=lambda error: error.code)
def test_each_refusal_of_an_acknowledgement_surfaces_as_it_is_declared(world: World, error: type[ApiError]) -> None:
    answer = _refused(world, error.code)

    assert (answer.code, answer.status, answer.json["Message"]) == (error.code, error.status, error.__doc__)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("EscalateAfter", text) for text in ("", "59", "86401", "soon")),
        *(("AcknowledgementRequired", text) for text in ("", "yes", "1")),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(world: World, name: str, value: str) -> None:
    answer = call(
        world.account, "PublishMessage", AccountId=world.member(), MessageType="FaultMessage", Severity="Info",
        Subject="s", Content="c", **{name: value},
    )  # fmt: skip

    assert (answer.status, answer.code, name in answer.json["Message"]) == (400, "InvalidParameter", True)


def test_a_step_that_would_come_when_the_message_is_of_no_use_is_refused(world: World) -> None:
    usual = {"AccountId": world.member(), "MessageType": "FaultMessage", "Severity": "Info", "Subject": "s"}

    refused = call(world.account, "PublishMessage", **usual, Content="c", TimeToLive=600, EscalateAfter=600)

    assert (refused.code, "EscalateAfter" in refused.json["Message"]) == ("InvalidParameter", True)
