"""The letters that carry a message: facts in, finished texts out."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import FileSystemLoader
from msgspec import Struct

from callboard.delivery.letter import Content
from callboard.messages import markdown
from callboard.messages.rules import Severity
from callboard.messages.shapes import Body
from callboard.messages.texts import PHRASES, SEVERITIES
from callboard.recipients.rules import PathKind
from callboard.recipients.shapes import PathShown
from callboard.verification import wording
from callboard.verification.letters import CHINESE_NUMBERS
from callboard.verification.texts import LANGUAGES, MESSAGE_TYPES, TAGS, Phrase
from callboard.verification.wording import TEMPLATES, Voice, apart

_ENVIRONMENT = wording.environment.overlay(loader=FileSystemLoader([Path(__file__).parent / "templates", TEMPLATES]))


class Facts(Struct, frozen=True):
    """What a letter with a message tells."""

    organisation: str
    directory_id: str
    account_id: str
    account_name: str
    """Empty for an account that has left."""
    message_type: str
    severity: Severity
    subject: str
    body: Body
    language: str
    """Of what stands around the message: en, zh, or both."""

    @property
    def content(self) -> str:
        return self.body.content

    @property
    def link(self) -> str:
        return self.body.link


class Reason(Struct, frozen=True):
    """A contact for whose sake a letter goes somewhere, and how it comes to the account."""

    name: str
    paths: list[PathShown]


class Footer(Struct, frozen=True):
    """Why somebody gets the letter, in one language."""

    tag: str
    lines: list[str]


def email(facts: Facts, reasons: list[Reason]) -> Content:
    """The mail to somebody, for these reasons; without any, to the fallback."""
    languages = _languages(facts)
    head = _heading(facts)
    footers = [Footer(TAGS[each], list(_why(facts, reasons, each))) for each in languages]
    subject = facts.subject
    if not reasons:
        subject = f"[{' / '.join(_say('untold_subject', each) for each in languages)}] {subject}"
    parts = [head, apart(facts.content.rstrip()), facts.link]
    parts += ["-- \n" + "\n".join(footers[0].lines), *("\n".join(each.lines) for each in footers[1:])]
    html = _ENVIRONMENT.get_template("message.html").render(
        facts=facts,
        voices=[Voice(languages[0])],
        head=head,
        rendered=markdown.render(facts.content) if facts.body.is_markdown else "",
        footers=footers,
    )
    return Content(subject=subject, text="\n\n".join(part for part in parts if part) + "\n", html=html)


def sms(facts: Facts, number: str) -> Content:
    """One line: how much it matters, what it is about, and the link. The content has no room."""
    language = facts.language
    if language == "both":
        language = "zh" if number.startswith(CHINESE_NUMBERS) else "en"
    voice = Voice(language)
    account = voice.plain("account", number=facts.account_id)
    severity = _phrase(SEVERITIES[facts.severity], language)
    text = f"{voice.asker(facts.organisation)}: [{severity}] {facts.subject} ({account}) {facts.link}"
    return Content(text=" ".join(text.split()))


def chat(facts: Facts) -> Content:
    """A post in a chat: how much it matters and what it is about as its title."""
    severity = " / ".join(_phrase(SEVERITIES[facts.severity], each) for each in _languages(facts))
    parts = [_heading(facts), apart(facts.content.rstrip()), facts.link]
    return Content(
        subject=f"[{severity}] {facts.subject}",
        text="\n\n".join(part for part in parts if part),
        is_markdown=facts.body.is_markdown,
    )


def _languages(facts: Facts) -> list[str]:
    return [each for each in LANGUAGES if facts.language in (each, "both")]


def _heading(facts: Facts) -> str:
    return " · ".join(dict.fromkeys(part for language in _languages(facts) for part in _head(facts, language)))


def _head(facts: Facts, language: str) -> list[str]:
    kind = _phrase(MESSAGE_TYPES[facts.message_type], language)
    return [
        facts.organisation,
        _phrase(SEVERITIES[facts.severity], language),
        kind,
        _say("about", language, account=_named(facts.account_name, facts.account_id, language)),
        *([_say("sent_by", language, sender=apart(facts.body.sender))] if facts.body.sender else []),
    ]


def _why(facts: Facts, reasons: list[Reason], language: str) -> Iterator[str]:
    kind = _phrase(MESSAGE_TYPES[facts.message_type], language)
    if not reasons:
        yield _say("untold", language, type=kind)
        yield _say("untold_what", language)
    for reason in reasons:
        yield _say("why", language, name=apart(reason.name), type=kind)
        for path in reason.paths:
            yield f"• {_way(facts, path, language)}"


def _way(facts: Facts, path: PathShown, language: str) -> str:
    if path.kind == PathKind.DIRECT.value:
        return _say("Direct", language)
    if path.scope_id == facts.directory_id:
        return _say(path.kind, language, scope=_say("directory", language))
    return _say(path.kind, language, scope=_named(path.scope_name or "", path.scope_id, language))


def _named(name: str, id: str, language: str) -> str:
    return _say("named", language, name=apart(name), id=id) if name and name != id else id


def _say(key: str, language: str, **values: str) -> str:
    return _phrase(PHRASES[key], language).format(**values)


def _phrase(phrase: Phrase, language: str) -> str:
    return phrase[LANGUAGES.index(language)]
