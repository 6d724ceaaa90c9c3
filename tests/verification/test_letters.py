"""Letters: what they say in either language, that no name breaks out of its place, and how long an SMS is."""

import re
from html import unescape
from string import Formatter
from typing import Any

import pytest
from msgspec.structs import replace

from callboard.contacts.rules import MESSAGE_TYPES, TITLES
from callboard.delivery.letter import Content
from callboard.verification import texts
from callboard.verification.letters import Facts, Notice, email, notice, sms
from callboard.verification.wording import Voice, shown

LINK = "https://callboard.example.com/v/AbCdEfGhIjKlMnOpQrStUv"
CODE_PAGE = "https://callboard.example.com/code"
HOSTILE = """<b>"&'</style><script>alert(1)</script>{0} אבג"""
GSM_7 = set(
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
FACTS = Facts(
    organisation="Example Ltd",
    contact_name="tom",
    title="FinanceDirector",
    message_types=("FaultMessage", "AccountExpenses"),
    target="tom@example.com",
    link=LINK,
    code="12345678",
    code_page=CODE_PAGE,
    minutes=1440,
    language="en",
)
SMS_FACTS = replace(FACTS, target="86-13900001234", code="123456", minutes=10)
REFUSAL = Notice(
    kind="refusal",
    organisation="Example Ltd",
    contacts=[("tom", "c-qL4HqKONzOM7abcd")],
    target="tom@example.com",
    language="en",
    command="callboard refusals lift",
)
UNREACHABLE = replace(
    REFUSAL, kind="unreachable", command="callboard unreachable lift", reason="550 5.1.1 no such user"
)
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh", "both"])


def seen(content: Content) -> str:
    """What a reader of the HTML sees: no head, no tags, no signs that show nothing."""
    body = content.html.partition("<body")[2]
    return " ".join(re.sub(r"[\u034f\u200c\xa0]", "", unescape(re.sub(r"<[^>]*>", "", "<body" + body))).split())


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", texts.TEXTS)
def test_each_text_is_there_in_both_languages_with_the_same_values(key: str) -> None:
    english, chinese = texts.TEXTS[key]

    assert english
    assert chinese
    assert names(english) == names(chinese)
    assert "\n" not in english + chinese


def test_each_message_type_and_title_has_a_name_in_both_languages() -> None:
    assert set(texts.MESSAGE_TYPES) == set(MESSAGE_TYPES)
    assert set(texts.TITLES) == set(TITLES)
    assert all(all(phrase) for phrase in texts.MESSAGE_TYPES.values())


def test_no_two_texts_have_the_same_key() -> None:
    assert len(texts.TEXTS) == len(texts.NAMES) + len(texts.LETTERS) + len(texts.PAGES)


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (1, "1 minute", "1 分钟"),
        (10, "10 minutes", "10 分钟"),
        (60, "1 hour", "1 小时"),
        (90, "90 minutes", "90 分钟"),
        (1440, "24 hours", "24 小时"),
        (43_200, "30 days", "30 天"),
    ],
)
def test_a_duration_reads_as_people_say_it(minutes: int, english: str, chinese: str) -> None:
    assert Voice("en").duration(minutes) == english
    assert Voice("zh").duration(minutes) == chinese


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "1 minute"), (59, "59 minutes"), (119, "119 minutes"), (1439, "23 hours")]
)
def test_what_remains_is_never_said_to_be_more_than_it_is(minutes: int, text: str) -> None:
    assert Voice("en").remaining(minutes) == text


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("86-13900001234", "+86 139 0000 1234"),
        ("39-0612345678", "+39 06 1234 5678"),
        ("999-12345", "+999 12345"),
        ("tom@example.com", "tom@example.com"),
    ],
)
def test_a_number_is_shown_as_people_write_it(target: str, text: str) -> None:
    assert shown(target) == text


@LANGUAGES
def test_a_mail_tells_who_asks_whom_for_what_and_how_to_answer(language: str) -> None:
    content = email(replace(FACTS, language=language))

    said = {
        "en": ["Example Ltd", "tom, Finance director", "Fault messages, Account and expense messages", "24 hours"],
        "zh": ["Example Ltd", "tom（财务负责人）", "故障消息、账户资金消息", "24 小时"],  # noqa: RUF001
    }
    for text in (content.text, seen(content)):
        for each in ("en", "zh") if language == "both" else (language,):
            for part in (*said[each], "tom@example.com", *("This isn't me" if each == "en" else "不是我",)):
                assert part in text


@LANGUAGES
def test_a_mail_shows_link_and_code_once_in_each_language(language: str) -> None:
    content = email(replace(FACTS, language=language))

    times = 2 if language == "both" else 1
    for text in (content.text, seen(content)):
        assert text.count(LINK) == times
        assert text.count("12345678") == times
        assert text.count(CODE_PAGE) == times
    assert (content.link, content.code) == (LINK, "12345678")


@LANGUAGES
def test_a_mail_has_a_button_and_no_address_but_the_two_it_was_given(language: str) -> None:
    html = email(replace(FACTS, language=language)).html

    assert set(re.findall(r'href="([^"]*)"', html)) == {LINK, CODE_PAGE}
    assert set(re.findall(r"https?:[^\"<\s]*", html)) == {LINK, CODE_PAGE}
    assert re.search(r"<(script|img|link|form|iframe)\b|\ssrc=|url\(|@import", html) is None


def test_a_mail_in_both_languages_has_english_first_and_says_which_is_which() -> None:
    content = email(replace(FACTS, language="both"))

    assert content.subject == "Confirm your email address for messages from Example Ltd / 请确认您的邮箱"
    assert content.text.index("Is this your email address?") < content.text.index("这是您的邮箱吗")
    assert content.html.index('<div class="card" lang="en"') < content.html.index('<div class="card" lang="zh-Hans"')


@pytest.mark.parametrize("field", ["organisation", "contact_name", "target", "link", "code", "code_page", "title"])
def test_no_value_of_a_mail_becomes_markup_or_a_placeholder(field: str) -> None:
    content = email(replace(FACTS, language="both", **{field: HOSTILE}))

    assert "<script" not in content.html
    assert "<b>" not in content.html
    assert content.html.count("</style>") == 1
    assert HOSTILE in unescape(content.html)
    assert HOSTILE in content.text


@pytest.mark.parametrize("field", ["organisation", "contact_name", "target"])
def test_what_runs_from_right_to_left_is_set_apart(field: str) -> None:
    content = email(replace(FACTS, **{field: "אבג"}))

    assert "<bdi>אבג</bdi>" in content.html
    assert "\u2068אבג\u2069" in content.text


@LANGUAGES
def test_no_value_can_add_a_line_to_a_subject_or_an_sms(language: str) -> None:
    broken = replace(FACTS, organisation="a\r\nBcc: b@example.com\x85c\u2028d", language=language)

    for text in (email(broken).subject, sms(broken).text):
        assert len(text.splitlines()) == 1


@pytest.mark.parametrize("organisation", ["account 1132712747835549", "Account 1132712747835549"])
def test_an_account_without_a_name_is_called_one_in_chinese(organisation: str) -> None:
    content = email(replace(FACTS, organisation=organisation, language="zh"))

    assert "账号 1132712747835549" in content.subject
    assert "ccount" not in content.text


def test_the_title_other_is_not_said() -> None:
    assert "Contact: tom\n" in email(replace(FACTS, title="Other")).text


@pytest.mark.parametrize("organisation", ["Example Ltd", "account 1132712747835549"])
def test_an_english_sms_fits_into_one_message(organisation: str) -> None:
    text = sms(replace(SMS_FACTS, organisation=organisation)).text

    assert text.startswith("123456 ")
    assert len(text) <= 160
    assert set(text) <= GSM_7


@pytest.mark.parametrize("organisation", ["示例科技有限公司", "account 1132712747835549"])
def test_a_chinese_sms_fits_into_two_messages(organisation: str) -> None:
    text = sms(replace(SMS_FACTS, organisation=organisation, language="zh")).text

    assert text.startswith("验证码123456")
    assert len(text) <= 134


@LANGUAGES
def test_an_sms_has_link_code_and_validity_in_one_line(language: str) -> None:
    content = sms(replace(SMS_FACTS, language=language))

    assert content.text.count("123456") == 1
    assert f"{LINK} " in content.text
    assert re.search(r"10 minutes|10 分钟", content.text)
    assert "\n" not in content.text
    assert (content.subject, content.html, content.link, content.code) == ("", "", LINK, "123456")


@pytest.mark.parametrize(
    ("target", "is_chinese"),
    [
        ("86-13900001234", True),
        ("852-91234567", True),
        ("853-66123456", True),
        ("886-912345678", True),
        ("1-2025550123", False),
        ("8-6123456", False),
    ],
)
def test_an_sms_in_both_languages_is_in_that_of_the_country(target: str, *, is_chinese: bool) -> None:
    text = sms(replace(SMS_FACTS, target=target, language="both")).text

    assert ("验证码" in text) is is_chinese


@LANGUAGES
def test_a_refusal_names_the_contact_and_what_to_do(language: str) -> None:
    content = notice(replace(REFUSAL, language=language))

    for text in (content.text, seen(content)):
        for part in ("tom", "c-qL4HqKONzOM7abcd", "Example Ltd", "tom@example.com", "UpdateMessageContact"):
            assert part in text
        assert "callboard refusals lift tom@example.com" in text
    assert "tom@example.com" in content.subject
    assert (content.link, content.code) == ("", "")
    assert "href" not in content.html


def test_the_command_of_a_refusal_is_safe_to_copy_into_a_shell() -> None:
    content = notice(replace(REFUSAL, target="a|b`c@example.com"))

    assert "callboard refusals lift 'a|b`c@example.com'" in content.text
    assert "callboard refusals lift 'a|b`c@example.com'" in seen(content)


def test_a_refused_number_is_shown_to_people_and_named_to_the_command_as_it_is() -> None:
    content = notice(replace(REFUSAL, target="86-13900001234"))

    assert "+86 139 0000 1234" in content.subject
    assert "callboard refusals lift 86-13900001234" in content.text


@LANGUAGES
def test_a_notice_of_what_came_back_says_why_and_how_it_is_lifted(language: str) -> None:
    content = notice(replace(UNREACHABLE, language=language, contacts=[("tom", "c-1"), ("ann", "c-2")]))

    for text in (content.text, seen(content)):
        for part in ("tom", "c-1", "ann", "c-2", "Example Ltd", "tom@example.com", "550 5.1.1 no such user"):
            assert part in text
        assert "callboard unreachable lift tom@example.com" in text
    assert ("came back" in content.text) is (language != "zh")
    assert ("被退回" in content.text) is (language != "en")


@pytest.mark.parametrize(
    "changes",
    [
        {"organisation": HOSTILE},
        {"contacts": [("tom", HOSTILE)]},
        {"contacts": [(HOSTILE, "c-1")]},
        {"target": HOSTILE},
        {"reason": HOSTILE},
    ],
)
def test_no_value_of_a_notice_becomes_markup(changes: dict[str, Any]) -> None:
    content = notice(replace(UNREACHABLE, language="both", **changes))

    assert "<script" not in content.html
    assert content.html.count("</style>") == 1
