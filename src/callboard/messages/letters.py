"""The letters that carry a message: facts in, finished texts out."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import FileSystemLoader
from msgspec import Struct

from callboard.call import Moment
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
from callboard.verification.wording import TEMPLATES, Voice, apart, moment

ENVIRONMENT = wording.environment.overlay(loader=FileSystemLoader([Path(__file__).parent / "templates", TEMPLATES]))


LONGEST_SMS_ASCII, LONGEST_SMS = 3 * 153, 3 * 67
"""Three parts of an SMS, in its own alphabet and in any other: one with a link to acknowledge is no longer."""


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
    acknowledge_url: str = ""
    """Where it is acknowledged, if it asks for that."""
    unsubscribe_url: str = ""
    """Where its reader may have no more of its type, if that is up to them."""
    unacknowledged_since: Moment | None = None
    """Of a letter that goes as nobody has acknowledged the message: since when."""
    is_untold: bool = True
    """Whether nobody would have been told; else somebody would, and was not reached. The fallback's letter says which.
    """
    kind: Kind = Kind.MESSAGE

    @property
    def content(self) -> str:
        return self.body.content

    @property
    def link(self) -> str:
        return self.body.link

    @property
    def own_links(self) -> tuple[str, ...]:
        """The links that are this letter's reader's alone."""
        return tuple(filter(None, (self.acknowledge_url, self.unsubscribe_url)))


class Reason(Struct, frozen=True):
    """A contact for whose sake a letter goes somewhere, and how it comes to the account."""

    name: str
    paths: list[PathShown]


class Footer(Struct, frozen=True):
    """Why somebody gets the letter, and how to get no more such ones, in one language."""

    tag: str
    lines: list[str]
    unsubscribe: str


def email(facts: Facts, reasons: list[Reason]) -> Content:
    """The mail to somebody, for these reasons; without any, to the fallback."""
    languages = _languages(facts)
    head, notes = _heading(facts), _notes(facts)
    footers = [
        Footer(TAGS[each], list(_why(facts, reasons, each)), _say("unsubscribe", each, type=_type(facts, each)))
        for each in languages
    ]
    said = spoken(facts, languages)
    since = [] if facts.unacknowledged_since is None else _since(facts.unacknowledged_since, languages)
    asks = _both("acknowledge", languages)
    parts = [head, *notes, "\n".join(since), *_contents(said), facts.link]
    parts += [f"{asks}\n{facts.acknowledge_url}"] if facts.acknowledge_url else []
    parts += ["-- \n" + _foot(facts, footers[0]), *(_foot(facts, each) for each in footers[1:])]
    subject = _subject(facts, said, reasons, languages)
    html = ENVIRONMENT.get_template("message.html").render(
        facts=facts,
        voices=[Voice(languages[0])],
        head=head,
        notes=notes,
        subject=subject,
        said=said,
        rendered=[markdown.render(each.content) if facts.body.is_markdown else "" for each in said],
        footers=footers,
        since=since,
        asks=asks,
        button=_both("acknowledge_button", languages),
    )
    return Content(
        subject=subject,
        text="\n\n".join(part for part in parts if part) + "\n",
        html=html,
        headers=_unsubscribing(facts.unsubscribe_url),
        more_links=facts.own_links,
    )


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
    asking = f"{text} {_say('acknowledge_sms', language)} {facts.acknowledge_url}"
    has_room = bool(facts.acknowledge_url) and len(asking) <= (LONGEST_SMS_ASCII if asking.isascii() else LONGEST_SMS)
    return Content(text=" ".join((asking if has_room else text).split()), more_links=facts.own_links)


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


def chat(facts: Facts) -> Content:
    """A post in a chat: how much it matters and what it is about as its title."""
    languages = _languages(facts)
    said = spoken(facts, languages)
    severity = " / ".join(_phrase(SEVERITIES[facts.severity], each) for each in languages)
    since = [] if facts.unacknowledged_since is None else _since(facts.unacknowledged_since, languages)
    parts = [_heading(facts), *_notes(facts), *since, *_contents(said), facts.link]
    parts += [f"{_both('acknowledge', languages)} {facts.acknowledge_url}"] if facts.acknowledge_url else []
    return Content(
        subject=f"[{severity}] {' / '.join(each.subject for each in said)}",
        text="\n\n".join(part for part in parts if part),
        more_links=facts.own_links,
        is_markdown=facts.body.is_markdown,
    )


def _notes(facts: Facts) -> list[str]:
    return [_phrase(NOTES[facts.kind], each) for each in _languages(facts) if facts.kind in NOTES]


def _contents(said: list[Text]) -> list[str]:
    """What is said, under its subject where it is said in several languages."""
    contents = [apart(each.content.rstrip()) for each in said]
    if len(said) == 1:
        return contents
    return [f"{apart(each.subject)}\n\n{content}" for each, content in zip(said, contents, strict=True)]


def _languages(facts: Facts) -> list[str]:
    return [each for each in LANGUAGES if facts.language in (each, "both")]


def _heading(facts: Facts) -> str:
    return " · ".join(dict.fromkeys(part for language in _languages(facts) for part in _head(facts, language)))


def _head(facts: Facts, language: str) -> list[str]:
    return [
        facts.organisation,
        _phrase(SEVERITIES[facts.severity], language),
        _type(facts, language),
        _say("about", language, account=named(facts.account_name, facts.account_id, language)),
        *([_say("sent_by", language, sender=apart(facts.body.sender))] if facts.body.sender else []),
    ]


def _subject(facts: Facts, said: list[Text], reasons: list[Reason], languages: list[str]) -> str:
    subject = " / ".join(each.subject for each in said)
    if facts.unacknowledged_since is not None:
        return f"[{_both('unacknowledged_subject', languages)}] {subject}"
    return subject if reasons else f"[{_both(f'{_case(facts)}_subject', languages)}] {subject}"


def _since(at: Moment, languages: list[str]) -> list[str]:
    return [_say("unacknowledged", each, moment=moment(at)) for each in languages]


def _foot(facts: Facts, footer: Footer) -> str:
    lines = [*footer.lines, *([f"{footer.unsubscribe} {facts.unsubscribe_url}"] if facts.unsubscribe_url else [])]
    return "\n".join(lines)


def _unsubscribing(url: str) -> tuple[tuple[str, str], ...]:
    """RFC 2369, and RFC 8058, which wants HTTPS. A header holds ASCII alone."""
    if not url or not url.isascii():
        return ()
    one_click = (("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),) if url.startswith("https://") else ()
    return (("List-Unsubscribe", f"<{url}>"), *one_click)


def _why(facts: Facts, reasons: list[Reason], language: str) -> Iterator[str]:
    kind = _type(facts, language)
    if not reasons and facts.unacknowledged_since is not None:
        yield _say("unacknowledged_last", language)
    elif not reasons:
        yield _say(_case(facts), language, type=kind)
        yield _say(f"{_case(facts)}_what", language)
    for reason in reasons:
        why = "why_test" if facts.kind is Kind.TEST else "why"
        yield _say(why, language, name=apart(reason.name), type=kind)
        for path in reason.paths:
            yield f"• {_way(facts, path, language)}"


def _case(facts: Facts) -> str:
    """Why the fallback gets it."""
    return "untold" if facts.is_untold else "unreached"


def _way(facts: Facts, path: PathShown, language: str) -> str:
    if path.kind == PathKind.DIRECT.value:
        return _say("Direct", language)
    if path.scope_id == facts.directory_id:
        return _say(path.kind, language, scope=_say("directory", language))
    return _say(path.kind, language, scope=named(path.scope_name or "", path.scope_id, language))


def _type(facts: Facts, language: str) -> str:
    return _phrase(MESSAGE_TYPES[facts.message_type], language)


def _both(key: str, languages: list[str]) -> str:
    return " / ".join(_say(key, each) for each in languages)


def named(name: str, id: str, language: str) -> str:
    """An account or a scope with its name, if it has one."""
    return _say("named", language, name=apart(name), id=id) if name and name != id else id


def _say(key: str, language: str, **values: str) -> str:
    return _phrase(PHRASES[key], language).format(**values)


def _phrase(phrase: Phrase, language: str) -> str:
    return phrase[LANGUAGES.index(language)]
