"""The letters that ask for a proof, and those that tell of an address: facts in, finished texts out."""

import shlex

from msgspec import Struct

from callboard.delivery.letter import Content
from callboard.verification.texts import LANGUAGES
from callboard.verification.wording import Voice, environment, shown

CHINESE_NUMBERS = ("86-", "852-", "853-", "886-")
"""Who gets Chinese where a site writes in both languages: an SMS has no room for two."""


class Facts(Struct, frozen=True):
    """What a letter that asks for a proof tells."""

    organisation: str
    """Who asks: Example Ltd, or account 1132712747835549."""
    contact_name: str
    title: str
    message_types: tuple[str, ...]
    target: str
    link: str
    code: str
    code_page: str
    """Where the code may be typed."""
    minutes: int
    """How long link and code hold."""
    language: str
    """en, zh, or both."""


class Notice(Struct, frozen=True):
    """What a letter to the administrator tells: that an address was refused, or reaches nobody; that an account has
    nobody who is told.
    """

    kind: str
    """How the keys of its sentences begin: refusal, unreachable, untold."""
    organisation: str
    contacts: list[tuple[str, str]]
    """Names and ids of the contacts that have the address."""
    target: str
    language: str
    command: str
    """What takes it back, up to the address."""
    reason: str = ""
    is_about_address: bool = True
    """Whether the target is an address; else it is an account."""


def email(facts: Facts) -> Content:
    voices = _voices(facts.language)
    values = {"facts": facts, "voices": voices}
    return Content(
        subject=_subject("email_subject", voices, facts.organisation, facts.target),
        text=environment.get_template("email.txt").render(values),
        html=environment.get_template("email.html").render(values),
        link=facts.link,
        code=facts.code,
    )


def sms(facts: Facts) -> Content:
    """One line. The code comes first, where phones look for what to fill in."""
    language = facts.language
    if language == "both":
        language = "zh" if facts.target.startswith(CHINESE_NUMBERS) else "en"
    voice = Voice(language)
    text = voice.plain(
        "sms",
        code=facts.code,
        organisation=voice.asker(facts.organisation),
        link=facts.link,
        duration=voice.duration(facts.minutes),
    )
    return Content(text=_one_line(text), link=facts.link, code=facts.code)


def notice(facts: Notice) -> Content:
    """To the administrator."""
    voices = _voices(facts.language)
    # An address may hold signs that a shell would obey, and this line is made to be copied into one.
    values = {"facts": facts, "voices": voices, "command": f"{facts.command} {shlex.quote(facts.target)}"}
    return Content(
        subject=_subject(f"{facts.kind}_subject", voices, facts.organisation, facts.target),
        text=environment.get_template("notice.txt").render(values),
        html=environment.get_template("notice.html").render(values),
    )


def _voices(language: str) -> list[Voice]:
    return [Voice(each) for each in LANGUAGES if language in (each, "both")]


def _subject(key: str, voices: list[Voice], organisation: str, target: str) -> str:
    """The names stand in it once, however many languages it has."""
    first, *others = voices
    text = first.plain(key, organisation=first.asker(organisation), target=shown(target))
    return _one_line(" / ".join([text, *(each.plain(f"{key}_end") for each in others)]))


def _one_line(text: str) -> str:
    """A new line would end a header."""
    return " ".join(text.split())
