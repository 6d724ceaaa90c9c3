"""The mail that gathers messages: facts in, finished texts out."""

from msgspec import Struct

from callboard.delivery.letter import Content
from callboard.messages.letters import ENVIRONMENT
from callboard.messages.shapes import Body, Text
from callboard.messages.storage import Message
from callboard.messages.texts import PHRASES, SEVERITIES
from callboard.verification.texts import LANGUAGES, MESSAGE_TYPES, TAGS, Phrase
from callboard.verification.wording import Voice, apart

MOST_SHOWN = 500
"""So much of a message's content; the rest is where its link leads."""


class Entry(Struct, frozen=True):
    """One message of a digest, as its mail shows it."""

    subject: str
    head: str
    content: str
    link: str


class Footer(Struct, frozen=True):
    """Why somebody gets the mail, in one language."""

    tag: str
    lines: list[str]


def entry(message: Message, body: Body, *, moment: str, language: str) -> Entry:
    """A message; `moment` is when it was published, as its reader's clocks show it."""
    languages = _languages(language)
    usual = Text(message.subject, body.content)
    said = list(dict.fromkeys(body.translations.get(each, usual) for each in languages))
    account = message.account_id
    parts = []
    for each in languages:
        if body.account_name not in ("", account):
            named = _say("named", each, name=apart(body.account_name), id=account)
        else:
            named = account
        about = _say("about", each, account=named)
        parts += [
            _phrase(SEVERITIES[message.severity], each),
            _phrase(MESSAGE_TYPES[message.message_type], each),
            about,
        ]
    return Entry(
        subject=" / ".join(each.subject for each in said),
        head=" · ".join(dict.fromkeys([*parts, moment])),
        content="\n\n".join(_shortened(each.content) for each in said),
        link=body.link,
    )


def email(organisation: str, entries: list[Entry], contact_names: list[str], language: str) -> Content:
    """The mail with these messages, for these contacts."""
    languages = _languages(language)
    number = "digest_one" if len(entries) == 1 else "digest_many"
    title = " / ".join(_say(number, each, count=str(len(entries))) for each in languages)
    names = ", ".join(apart(each) for each in contact_names)
    footers = [
        Footer(TAGS[each], [_say("digest_why", each, name=names), _say("digest_what", each)]) for each in languages
    ]
    parts = [f"{organisation} · {title}"]
    for each in entries:
        texts = (apart(each.subject), each.head, apart(each.content), each.link)
        parts.append("\n".join(text for text in texts if text))
    parts.append("-- \n" + "\n".join(line for footer in footers for line in footer.lines))
    html = ENVIRONMENT.get_template("digest.html").render(
        voices=[Voice(languages[0])], organisation=organisation, title=title, entries=entries, footers=footers
    )
    return Content(subject=f"{organisation}: {title}", text="\n\n".join(parts) + "\n", html=html)


def _languages(language: str) -> list[str]:
    return [each for each in LANGUAGES if language in (each, "both")]


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1].rstrip()}…"


def _say(key: str, language: str, **values: str) -> str:
    return _phrase(PHRASES[key], language).format(**values)


def _phrase(phrase: Phrase, language: str) -> str:
    return phrase[LANGUAGES.index(language)]
