"""Pages: each state in each language, its forms, that nothing breaks out of its place, and the style's promises."""

import base64
import hashlib
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from callboard.verification.pages import STATES, STYLE, STYLE_HASH, pick_language, render

HOSTILE = """<b>"&'</style><script>alert(1)</script>{0} אבג"""
MARK = {"organisation": "Example Ltd", "target": "tom@example.com"}
FORM = {"action": "/v/abc"}
TYPES = {"contact_name": "tom", "message_types": ("FaultMessage", "ProductMessage")}
OPEN = MARK | FORM | TYPES | {"title": "FinanceDirector", "channel": "email", "minutes_left": 1337}
VALUES: dict[str, dict[str, object]] = {
    "open": OPEN,
    "confirmed": MARK | TYPES,
    "refused": MARK,
    "expired": MARK | FORM,
    "replaced": MARK | FORM,
    "withdrawn": MARK,
    "unknown": {"ask_action": "/again", "code_page": "/code"},
    "code": {"code_action": "/code", "ask_action": "/again"},
    "sent": {},
    "limited": {"wait_minutes": 5},
    "unavailable": {},
}
EACH = pytest.mark.parametrize(("state", "language"), [(state, each) for state in STATES for each in ("en", "zh")])


class Page(HTMLParser):
    """The elements of a page, each with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def made(state: str, language: str = "en", **values: object) -> str:
    return render(state, language, **VALUES[state] | values)


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html.partition("</head>")[2]))


def test_there_are_values_for_each_state() -> None:
    assert set(VALUES) == set(STATES)


@EACH
def test_a_page_has_language_title_one_heading_and_the_way_to_the_other_language(state: str, language: str) -> None:
    html = made(state, language)
    page = Page(html)

    other = "zh" if language == "en" else "en"
    assert page.all("html") == [{"lang": "en" if language == "en" else "zh-Hans"}]
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    assert re.search(r"<title>[^<]+ - Callboard</title>", html)
    assert [a["href"] for a in page.all("a") if a.get("hreflang")] == [f"?lang={other}"]
    assert bool(re.search(r"[\u4e00-\u9fff]{4}", text_of(html))) is (language == "zh")


@EACH
def test_a_page_runs_no_script_and_loads_nothing(state: str, language: str) -> None:
    html = made(state, language)
    page = Page(html)

    assert not page.all("script", "link", "img", "iframe", "object", "embed", "base")
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert not [name for _, attributes in page.elements for name in attributes if name in ("style", "src")]
    assert re.search(r"https?:|//|url\(|@import", html) is None


@EACH
def test_a_page_has_the_one_style_that_its_hash_promises(state: str, language: str) -> None:
    blocks = re.findall(r"<style>(.*?)</style>", made(state, language), re.DOTALL)

    assert blocks == [STYLE]
    assert "sha256-" + base64.b64encode(hashlib.sha256(blocks[0].encode()).digest()).decode() == STYLE_HASH


@EACH
def test_every_form_posts_and_says_its_language(state: str, language: str) -> None:
    html = made(state, language)
    page = Page(html)

    forms = page.all("form")
    hidden = [each for each in page.all("input") if each["type"] == "hidden"]
    assert all(form["method"] == "post" for form in forms)
    assert hidden == [{"type": "hidden", "name": "lang", "value": language}] * len(forms)
    assert all(button["name"] == "do" for button in page.all("button"))


@EACH
def test_every_field_has_a_label_and_ids_are_there_once(state: str, language: str) -> None:
    page = Page(made(state, language))

    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    fields = [each for each in page.all("input") if each["type"] != "hidden"]
    assert len(ids) == len(set(ids))
    assert [each["id"] for each in fields] == [label["for"] for label in page.all("label")]
    assert {name for each in fields for name in each["aria-describedby"].split()} <= set(ids)


@pytest.mark.parametrize("state", STATES)
def test_a_value_that_is_missing_is_an_error_and_not_a_gap(state: str) -> None:
    for name in VALUES[state]:
        with pytest.raises((UndefinedError, TypeError)):
            render(state, "en", **{key: value for key, value in VALUES[state].items() if key != name})


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (state, name)
        for state in STATES
        for name, value in VALUES[state].items()
        if isinstance(value, str) and name != "channel"  # The channel is one of two words of ours.
    ]
    + [("code", "target")],
)
def test_no_value_becomes_markup(state: str, name: str) -> None:
    html = made(state, **{name: HOSTILE})

    assert "<script" not in html
    assert "<b>" not in html
    assert html.count("</style>") == 1
    assert HOSTILE in unescape(html)


@pytest.mark.parametrize("name", ["organisation", "target", "contact_name"])
def test_what_runs_from_right_to_left_is_set_apart(name: str) -> None:
    assert "<bdi>אבג</bdi>" in made("open", **{name: "אבג"})


def test_the_open_page_has_one_form_with_exactly_confirm_and_refuse() -> None:
    html = made("open")
    page = Page(html)

    assert page.all("form") == [{"method": "post", "action": "/v/abc"}]
    assert [(each["value"], each["class"]) for each in page.all("button")] == [
        ("confirm", "large"),
        ("refuse", "quiet"),
    ]
    assert re.findall(r"<button[^>]*>([^<]*)", unescape(html)) == ["Confirm", "This isn't me"]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["tom, Finance director", "Fault messages", "Product messages", "22 hours", "Example Ltd"]),
        ("zh", ["tom（财务负责人）", "故障消息", "产品消息", "22 小时", "Example Ltd"]),  # noqa: RUF001
    ],
)
def test_the_open_page_tells_who_asks_whom_for_what(language: str, parts: list[str]) -> None:
    text = text_of(made("open", language))

    assert all(part in text for part in parts)


def test_a_number_is_shown_as_people_write_it() -> None:
    text = text_of(made("open", target="86-13900001234", channel="sms"))

    assert "+86 139 0000 1234" in text
    assert "phone number" in text


@pytest.mark.parametrize("state", ["expired", "replaced"])
def test_a_link_that_no_longer_works_offers_a_new_message_with_one_tap(state: str) -> None:
    page = Page(made(state))

    assert page.all("form") == [{"method": "post", "action": "/v/abc"}]
    assert [each["value"] for each in page.all("button")] == ["again", "refuse"]


def test_the_page_of_an_unknown_link_asks_for_the_target_or_leads_to_the_code() -> None:
    page = Page(made("unknown"))

    assert [form["action"] for form in page.all("form")] == ["/again"]
    assert [each["name"] for each in page.all("input")] == ["lang", "target"]
    assert "/code" in [each["href"] for each in page.all("a")]


def test_the_code_page_takes_a_code_that_phones_can_fill_in() -> None:
    page = Page(made("code", target="tom@example.com"))
    fields = {each.get("id", ""): each for each in page.all("input")}

    assert [form["action"] for form in page.all("form")] == ["/code", "/again"]
    assert (fields["code"]["inputmode"], fields["code"]["autocomplete"]) == ("numeric", "one-time-code")
    assert fields["target"]["value"] == fields["ask-target"]["value"] == "tom@example.com"
    assert "aria-invalid" not in fields["code"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wrong_code_is_told_beside_its_field(language: str) -> None:
    page = Page(made("code", language, is_wrong=True))

    code = next(each for each in page.all("input") if each["name"] == "code")
    alerts = [attributes for _, attributes in page.elements if attributes.get("role") == "alert"]
    assert [each["id"] for each in alerts] == ["code-error"]
    assert code["aria-describedby"] == "code-error code-hint"
    assert code["aria-invalid"] == "true"
    assert not Page(made("code", language)).all("p")[0].get("role")


@pytest.mark.parametrize(("wait", "text"), [(1, "in 1 minute."), (90, "in 90 minutes."), (0, "Try again later.")])
def test_a_limit_tells_when_to_try_again(wait: int, text: str) -> None:
    assert text in text_of(made("limited", wait_minutes=wait))


@pytest.mark.parametrize(
    ("accept_language", "asked", "language"),
    [
        ("", "", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "", "zh"),
        ("zh-Hant-TW", "", "zh"),
        ("ZH", "", "zh"),
        ("yue-HK", "", "zh"),
        ("en;q=0.8, zh;q=0.9", "", "zh"),
        ("en, zh", "", "en"),
        ("zh, en", "", "zh"),
        ("de, zh;q=0.5, en;q=0.4", "", "zh"),
        ("zh;q=0, en;q=0.1", "", "en"),
        ("zh;q=0", "", "en"),
        ("fr, *;q=0.5", "", "en"),
        ("zh;q=nan, ;;;, zh;q=9, \x00", "", "en"),
        ("zh", "en", "en"),
        ("en", "zh", "zh"),
        ("zh", "xx", "zh"),
    ],
)
def test_the_language_is_what_was_asked_for_or_what_the_browser_likes_best(
    accept_language: str, asked: str, language: str
) -> None:
    assert pick_language(accept_language, asked) == language


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "card", 4.5),
        ("ink", "tint", 4.5),
        ("soft", "card", 4.5),
        ("soft", "paper", 4.5),
        ("accent", "card", 4.5),
        ("accent", "tint", 3),
        ("on-accent", "accent", 4.5),
        ("on-accent", "accent-deep", 4.5),
        ("alarm", "card", 4.5),
        ("edge", "card", 3),
    ],
)
def test_the_colours_can_be_told_apart(scheme: str, front: str, back: str, least: float) -> None:
    light, _, dark = STYLE.partition("prefers-color-scheme: dark")
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light if scheme == "light" else dark))

    darker, lighter = sorted((luminance(colours[front]), luminance(colours[back])))
    assert (lighter + 0.05) / (darker + 0.05) >= least
