"""Proof of ownership as people have it: a real mail or SMS, a real browser, and the contact as the SDK reads it."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import fits, heading, person, press, type_code
from tests.e2e.customer import Customer
from tests.e2e.gateway import Gateway
from tests.e2e.mail import MailServer
from tests.e2e.processes import Installation, Server
from tests.signing import send

pytest_plugins = ["tests.e2e.surroundings"]

TOM, ANN, ADMINISTRATOR = "tom@example.com", "ann@example.org", "contacts@example.net"
NUMBER, DIALLED = "86-13900001234", "+8613900001234"
A_DAY_AND_A_SECOND = 24 * 3600 + 1
CONFIRMED = "Thank you, that is confirmed"
REFUSED = "Thank you for telling us"


def letters(server: Server, address: str) -> list[dict[str, str]]:
    """What the mailbox has for somebody, newest first."""
    answer = send(server.endpoint, "GET", f"/mailbox?{urlencode({'address': address})}")
    assert answer.status == 200
    return list(answer.json["Letters"])


def complaints(server: Server) -> list[dict[str, object]]:
    """What the server has complained of."""
    return [line for line in server.log if line["level"] not in ("debug", "info")]


def active_contact(customer: Customer, post: MailServer, phone: Page) -> str:
    """A contact whose owner has confirmed tom@example.com."""
    contact_id = customer.add(TOM)
    customer.ask(contact_id, TOM)
    phone.goto(post.next(TOM).link)
    press(phone, "Confirm", leads_to=CONFIRMED)
    return contact_id


def test_the_link_of_a_mail_leads_to_the_page_that_makes_the_contact_active(
    seeded: Installation, post: MailServer, phone: Page
) -> None:
    with seeded.serving(**post.settings, organisation="Example Ltd") as server:
        customer = Customer(server)
        contact_id = customer.add(TOM, name="Tom")
        customer.ask(contact_id, TOM)
        mail = post.next(TOM)
        phone.goto(mail.link)
        question, told, is_fit = heading(phone), phone.inner_text("main"), fits(phone)
        statuses = [customer.status(contact_id)]
        press(phone, "Confirm", leads_to=CONFIRMED)
        statuses.append(customer.status(contact_id))

    assert mail.links == [f"http://{server.endpoint}/v/{mail.token}"] * 2
    assert (mail.message["To"], mail.message["From"]) == (TOM, "Callboard <no-reply@callboard.example>")
    assert question == "Is this your email address?"
    assert is_fit
    for part in (TOM, "Example Ltd", "Tom, Technical director", "Fault messages", "Security messages"):
        assert part in told
    assert statuses == ["Verifying", "Active"]
    assert complaints(server) == []


def test_the_code_of_an_sms_is_typed_on_a_page_and_proves_the_number(
    seeded: Installation, gateway: Gateway, phone: Page
) -> None:
    with seeded.serving(**gateway.settings) as server:
        customer = Customer(server)
        contact_id = customer.add(TOM, phone=NUMBER)
        customer.ask(contact_id, NUMBER)
        sms = gateway.next(DIALLED)
        phone.goto(f"http://{server.endpoint}/verify")
        is_fit = fits(phone)
        wrong = "000000" if sms.code != "000000" else "111111"
        type_code(phone, target="139 0000 1234", code=wrong)
        press(phone, "Confirm", leads_to="Type your code")
        complaint = phone.get_by_role("alert").inner_text()
        before = customer.waiting(contact_id)
        type_code(phone, target="139 0000 1234", code=f"{sms.code[:3]} {sms.code[3:]}")
        press(phone, "Confirm", leads_to=CONFIRMED)
        after = customer.waiting(contact_id)

    assert is_fit
    assert sms.link.startswith(f"http://{server.endpoint}/v/")
    assert complaint.startswith("This code does not fit")
    assert (before, after) == ([TOM, NUMBER], [TOM])


def test_without_any_provider_the_mailbox_has_what_proves_both(seeded: Installation, phone: Page) -> None:
    with seeded.serving() as server:
        customer = Customer(server)
        contact_id = customer.add(TOM, phone=NUMBER)
        customer.ask(contact_id, TOM)
        customer.ask(contact_id, NUMBER)
        (mail,), (sms,) = letters(server, TOM), letters(server, NUMBER)
        phone.goto(mail["Link"])
        press(phone, "Confirm", leads_to=CONFIRMED)
        phone.goto(f"http://{server.endpoint}/verify")
        type_code(phone, target=NUMBER, code=sms["Code"])
        press(phone, "Confirm", leads_to=CONFIRMED)
        status, waiting = customer.status(contact_id), customer.waiting(contact_id)

    assert (status, waiting) == ("Active", [])


def test_a_changed_address_takes_effect_once_it_is_confirmed_and_the_old_one_stays_until_then(
    seeded: Installation, post: MailServer, phone: Page
) -> None:
    with seeded.serving(**post.settings) as server:
        customer = Customer(server)
        contact_id = active_contact(customer, post, phone)
        customer.change_email(contact_id, ANN)
        customer.ask(contact_id, ANN)
        phone.goto(post.next(ANN).link)
        before = customer.read(contact_id)
        press(phone, "Confirm", leads_to=CONFIRMED)
        after = customer.read(contact_id)

    assert (before.status, before.email_address) == ("Active", TOM)
    assert (after.status, after.email_address) == ("Active", ANN)


def test_who_is_not_meant_gets_nothing_more_and_the_administrator_is_told(
    seeded: Installation, post: MailServer, phone: Page
) -> None:
    with seeded.serving(**post.settings, administrator_email=ADMINISTRATOR) as server:
        customer = Customer(server)
        contact_id = customer.add(TOM)
        customer.ask(contact_id, TOM)
        link = post.next(TOM).link
        phone.goto(link)
        press(phone, "This isn't me", leads_to=REFUSED)
        notice = post.next(ADMINISTRATOR)
        refusal = customer.refusal(contact_id, TOM)
        phone.goto(link)
        later, status, waiting = heading(phone), customer.status(contact_id), customer.waiting(contact_id)
    listed = seeded.command("refusals").stdout

    assert TOM in notice.text
    assert contact_id in notice.text
    assert TOM in str(notice.message["Subject"])
    assert refusal == (404, "EntityNotExists.Contact.Verification")
    assert (later, status, waiting) == (REFUSED, "Verifying", [])
    assert listed.startswith(f"{TOM}  ")
    assert [mail.recipient for mail in post.mails] == [TOM, ADMINISTRATOR]


def test_whoever_comes_too_late_has_another_message_sent_with_one_tap(
    seeded: Installation, post: MailServer, phone: Page
) -> None:
    with seeded.serving(**post.settings, test_controls="true") as server:
        customer = Customer(server)
        contact_id = customer.add(TOM)
        customer.ask(contact_id, TOM)
        first = post.next(TOM)
        send(server.endpoint, "POST", "/test/clock", body=b'{"seconds": %d}' % A_DAY_AND_A_SECOND)
        answer = phone.goto(first.link)
        found = heading(phone)
        press(phone, "Send me a new message", leads_to="Check your messages")
        second = post.next(TOM, number=2)
        phone.goto(first.link)
        of_the_first = heading(phone)
        phone.goto(second.link)
        press(phone, "Confirm", leads_to=CONFIRMED)
        status = customer.status(contact_id)

    assert answer is not None
    assert (answer.status, found) == (410, "This link has expired")
    assert second.token != first.token
    assert of_the_first == "There is a newer message"
    assert status == "Active"


@pytest.mark.parametrize("options", [{"locale": "zh-CN"}, {"locale": "zh-CN", "java_script_enabled": False}])
def test_a_chinese_browser_is_spoken_to_in_chinese_to_the_end(
    embedded: Installation, browser: Browser, options: dict[str, object]
) -> None:
    with embedded.serving() as server, person(browser, **options) as reader:
        customer = Customer(server)
        contact_id = customer.add(TOM)
        customer.ask(contact_id, TOM)
        reader.goto(letters(server, TOM)[0]["Link"])
        question, language = heading(reader), reader.locator("html").get_attribute("lang")
        told = reader.inner_text("main")
        press(reader, "确认", leads_to="确认成功，谢谢您")  # noqa: RUF001
        status, end_language = customer.status(contact_id), reader.locator("html").get_attribute("lang")

    assert (question, language, end_language) == ("这是您的邮箱吗？", "zh-Hans", "zh-Hans")  # noqa: RUF001
    for part in ("技术负责人", "故障消息", "安全消息", f"账号 {embedded.settings['root_account_id']}"):
        assert part in told
    assert status == "Active"


def test_everything_works_without_scripts(embedded: Installation, browser: Browser) -> None:
    controls = {"test_controls": "true"}
    with embedded.serving(**controls) as server, person(browser, java_script_enabled=False) as reader:
        customer = Customer(server)
        contact_id = customer.add(TOM, phone=NUMBER)
        customer.ask(contact_id, TOM)
        customer.ask(contact_id, NUMBER)
        first, sms = letters(server, TOM)[0], letters(server, NUMBER)[0]
        reader.goto(f"http://{server.endpoint}/verify")
        type_code(reader, target=NUMBER, code=sms["Code"])
        press(reader, "Confirm", leads_to=CONFIRMED)
        send(server.endpoint, "POST", "/test/clock", body=b'{"seconds": %d}' % A_DAY_AND_A_SECOND)
        reader.goto(first["Link"])
        press(reader, "Send me a new message", leads_to="Check your messages")
        reader.goto(letters(server, TOM)[0]["Link"])
        press(reader, "Confirm", leads_to=CONFIRMED)
        status, waiting = customer.status(contact_id), customer.waiting(contact_id)

    assert (status, waiting) == ("Active", [])
