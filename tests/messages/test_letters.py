"""What the letters of a message say, and what cannot be said in them."""

import pytest

from callboard.delivery.letter import Channel, Content, Letter
from callboard.delivery.mail import Mailbox, compose
from callboard.messages import letters, markdown
from callboard.messages.letters import Facts, Reason
from callboard.messages.rules import Severity
from callboard.messages.shapes import MARKDOWN, Body
from callboard.recipients.shapes import PathShown

EVIL = '<script>alert("x")</script> & <img src=x onerror=y>'


def facts(**changes: object) -> Facts:
    usual = {
        "organisation": "Example Ltd",
        "directory_id": "rd-abcdef",
        "account_id": "1997968394351234",
        "account_name": "production",
        "message_type": "FaultMessage",
        "severity": Severity.CRITICAL,
        "subject": "Database does not answer",
        "body": Body("Since 10:02.\nWrites are paused.", link="https://status.example.com/17", sender="Monitoring"),
        "language": "both",
    }
    return Facts(**{**usual, **changes})  # type: ignore[arg-type]


def reason(*paths: tuple[str, str, str], name: str = "tom") -> Reason:
    shown = [PathShown(kind=kind, scope_id=scope, scope_name=called) for kind, scope, called in paths]
    return Reason(name, shown)


def test_the_mail_says_what_it_is_about_and_why_one_gets_it_in_both_languages() -> None:
    ways = (("Direct", "1997968394351234", "production"), ("Inherited", "fd-abcd", "Finance"),
            ("Inherited", "rd-abcdef", "root"), ("Retained", "fd-gone", ""))  # fmt: skip

    text = letters.email(facts(), [reason(*ways)]).text

    for part in (
        "Critical", "严重", "About account production (1997968394351234)", "Published by Monitoring", "Fault messages",
        "Since 10:02.\nWrites are paused.", "https://status.example.com/17",
        "the contact tom receives this type", "• bound to the account itself",
        "• bound to Finance (fd-abcd), which the account is in", "• bound to the whole directory",
        "• kept from before, when it was bound to fd-gone", "• 直接绑定到该账号",
    ):  # fmt: skip
        assert part in text


def test_a_site_of_one_language_writes_in_that() -> None:
    text = letters.email(facts(language="en"), [reason(("Direct", "1", ""))]).text

    assert "严重" not in text
    assert "该联系人" not in text


def test_both_contacts_of_an_address_are_named() -> None:
    text = letters.email(facts(), [reason(("Direct", "1", "")), reason(("Direct", "1", ""), name="ann")]).text

    assert "contact tom" in text
    assert "contact ann" in text


@pytest.mark.parametrize("content_type", ["Text", MARKDOWN])
def test_nothing_that_others_wrote_becomes_html(content_type: str) -> None:
    told = facts(
        subject=EVIL,
        account_name=EVIL,
        organisation=EVIL,
        body=Body(EVIL, content_type, link="https://example.com/?a=1&b=2", sender=EVIL),
    )

    html = letters.email(told, [reason(("Inherited", "fd-1", EVIL), name=EVIL)]).html

    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert 'href="https://example.com/?a=1&amp;b=2"' in html


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](javascript&colon;alert(1))",
        "<javascript:alert(1)>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:x)", "[x](file:///etc/passwd)", "[x](//example.com)",
        "[x]: javascript:alert(1)\n\n[x]", "![x](https://example.com/pixel.png)", "<b onclick=x>", "<!-- x -->",
        "[x](\tjavascript:alert(1))", "[x](<java\nscript:alert(1)>)",
    ],
)  # fmt: skip
def test_markdown_makes_no_link_or_image_that_is_not_safe(text: str) -> None:
    html = str(markdown.render(text))

    for each in ('href="j', 'href="J', 'href="d', 'href="v', 'href="f', 'href="/', "<img", "<b", "<!--", "src="):
        assert each not in html


def test_markdown_is_markdown() -> None:
    html = str(markdown.render("# Head\n\n- *one*\n- [two](https://example.com/a?b=1)\n\n`x < y`"))

    for part in (
        "<h1>Head</h1>",
        "<em>one</em>",
        '<a href="https://example.com/a?b=1">two</a>',
        "<code>x &lt; y</code>",
    ):
        assert part in html


def test_a_message_that_is_deeply_nested_is_rendered_all_the_same() -> None:
    for text in ("> " * 10_000, "[" * 20_000, "*a_ " * 5_000, "`" * 20_000, "- " * 10_000, "![" * 10_000):
        assert markdown.render(text)


def test_the_fallback_is_told_that_it_is_the_fallback() -> None:
    content = letters.email(facts(), [])

    assert content.subject == "[Nobody told / 无人接收] Database does not answer"
    assert "Nobody with a proven address receives this type of messages (Fault messages)" in content.text
    assert "Nobody with a proven address" in content.html


def test_an_sms_is_one_line_in_the_language_of_the_number() -> None:
    english, chinese = letters.sms(facts(), "44-7911123456").text, letters.sms(facts(), "86-13900001234").text

    assert english == (
        "Example Ltd: [Critical] Database does not answer (account 1997968394351234) https://status.example.com/17"
    )
    assert "[严重]" in chinese
    assert "\n" not in chinese


def test_no_value_starts_a_header_of_its_own() -> None:
    """The parameters refuse line breaks; the mail would not be broken by one either."""
    content = letters.email(facts(subject="x\r\nBcc: evil@example.com\r\n\r\nbody"), [reason(("Direct", "1", ""))])
    letter = Letter("0" * 32, Channel.EMAIL, "tom@example.com", Content(content.text, content.subject, content.html), 1)

    octets = compose(letter, sender=Mailbox.read("no-reply@example.com"), sender_name="Callboard").octets

    head = octets.partition(b"\r\n\r\n")[0]
    assert b"\r\nBcc:" not in head
    assert f"<{'0' * 32}@example.com>".encode() in head
