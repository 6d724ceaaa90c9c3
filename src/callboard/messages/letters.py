"""The letters that carry a message: facts in, finished texts out."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import FileSystemLoader
from msgspec import Struct

from callboard.delivery.letter import Content
from callboard.messages import markdown
from callboard.messages.rules import Kind, Severity
from callboard.messages.shapes import Body, Text
from callboard.messages.texts import MARKS, NOTES, PHRASES, SEVERITIES
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
    """Of what stands around the message, and of itself where it speaks several: en, zh, or both."""
    kind: Kind = Kind.MESSAGE

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
    languages = [each for each in LANGUAGES if facts.language in (each, "both")]
    head = " · ".join(dict.fromkeys(part for language in languages for part in _head(facts, language)))
    notes = [_phrase(NOTES[facts.kind], each) for each in languages if facts.kind in NOTES]
    footers = [Footer(TAGS[each], list(_why(facts, reasons, each))) for each in languages]
    said = spoken(facts, languages)
    subject = " / ".join(each.subject for each in said)
    if not reasons:
        subject = f"[{' / '.join(_say('untold_subject', each) for each in languages)}] {subject}"
    contents = [apart(each.content.rstrip()) for each in said]
    if len(said) > 1:
        contents = [f"{apart(each.subject)}\n\n{content}" for each, content in zip(said, contents, strict=True)]
    parts = [head, *notes, *contents, facts.link]
    parts += ["-- \n" + "\n".join(footers[0].lines), *("\n".join(each.lines) for each in footers[1:])]
    html = _ENVIRONMENT.get_template("message.html").render(
        facts=facts,
        voices=[Voice(languages[0])],
        head=head,
        notes=notes,
        subject=subject,
        said=said,
        rendered=[markdown.render(each.content) if facts.body.is_markdown else "" for each in said],
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
    subject = spoken(facts, [language])[0].subject
    text = f"{voice.asker(facts.organisation)}: [{severity}] {subject} ({account}) {facts.link}"
    return Content(text=" ".join(text.split()))


def spoken(facts: Facts, languages: list[str]) -> list[Text]:
    """What the message says in these languages: once where it says the same in each. Tests and drills are marked."""
    found: dict[Text, list[str]] = {}
    for language in languages:
        text = facts.body.translations.get(language) or Text(facts.subject, facts.content)
        found.setdefault(text, []).append(language)
    return [Text(_marked(facts.kind, text.subject, which), text.content) for text, which in found.items()]


def _marked(kind: Kind, subject: str, languages: list[str]) -> str:
    if kind not in MARKS:
        return subject
    return f"[{' / '.join(_phrase(MARKS[kind], each) for each in languages)}] {subject}"


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
        why = "why_test" if facts.kind is Kind.TEST else "why"
        yield _say(why, language, name=apart(reason.name), type=kind)
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
