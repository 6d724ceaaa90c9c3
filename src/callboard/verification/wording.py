"""How values read in a sentence of either language, and the templates that letters and pages are made from."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from msgspec import Struct

from callboard.verification.texts import LANGUAGES, MESSAGE_TYPES, TAGS, TEXTS, TITLES, Phrase

TEMPLATES = Path(__file__).parent / "templates"

_ACCOUNT = re.compile(r"[Aa]ccount ([0-9]+)\Z")
_CONTACTS_NUMBER = re.compile(r"([0-9]{1,4})-([0-9]{4,15})\Z", re.ASCII)
_APART = Markup("<bdi>{}</bdi>")
_APART_PLAIN = "\u2068{}\u2069"
"""First strong isolate, pop directional isolate: what <bdi> is to plain text."""


class Voice(Struct, frozen=True):
    """One language. Templates speak through it, so that no value can break out of its sentence."""

    language: str
    texts: Mapping[str, Phrase] = TEXTS
    """The sentences that it knows."""

    @property
    def tag(self) -> str:
        return TAGS[self.language]

    def say(self, key: str, **values: object) -> Markup:
        """A sentence as HTML, each value set apart so that it cannot reorder what stands around it."""
        apart = {name: value if isinstance(value, Markup) else _APART.format(value) for name, value in values.items()}
        return escape(self._phrase(self.texts[key])).format(**apart)

    def plain(self, key: str, **values: object) -> str:
        """A sentence as plain text."""
        return self._phrase(self.texts[key]).format(**{name: apart(str(value)) for name, value in values.items()})

    def asker(self, organisation: str) -> str:
        """Who asks. What has no name but the number of its account is called an account in Chinese too."""
        account = _ACCOUNT.match(organisation)
        return self.plain("account", number=account[1]) if account else organisation

    def title(self, title: str) -> str:
        """Empty where it says nothing of the person."""
        return self._phrase(TITLES.get(title, (title, title)))

    def types(self, message_types: tuple[str, ...]) -> list[str]:
        return [self._phrase(MESSAGE_TYPES.get(each, (each, each))) for each in message_types]

    def duration(self, minutes: int) -> str:
        """To the minute: 1440 is 24 hours, 90 is 90 minutes."""
        hours, rest = divmod(minutes, 60)
        if rest or not hours:
            return self.plain("minute" if minutes == 1 else "minutes", count=minutes)
        days, rest = divmod(hours, 24)
        if rest or days < 3:
            return self.plain("hour" if hours == 1 else "hours", count=hours)
        return self.plain("days", count=days)

    def remaining(self, minutes: int) -> str:
        """Roughly, and never more than there is."""
        whole = 60 if minutes >= 120 else 1
        return self.duration(max(1, minutes - minutes % whole))

    def _phrase(self, phrase: Phrase) -> str:
        return phrase[LANGUAGES.index(self.language)]


def moment(at: int) -> str:
    """A moment (milliseconds since 1970, UTC) to the minute, the same in both languages: 2026-11-25 10:02 UTC."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")


def apart(text: str) -> str:
    """The text, set apart from what stands around it if it has letters that run from right to left."""
    has_rtl = any(unicodedata.bidirectional(each) in ("R", "AL", "AN") for each in text)
    return _APART_PLAIN.format(text) if has_rtl else text


def shown(target: str) -> str:
    """An address as it is, a number as people write it: 86-13900001234 is +86 139 0000 1234."""
    number = _CONTACTS_NUMBER.match(target)
    if number is None:
        return target
    import phonenumbers  # Costs start-up time and memory; few pages need it.

    country, national = number.groups()
    if int(country) not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        return f"+{country} {national}"
    parts = phonenumbers.PhoneNumber(country_code=int(country), national_number=int(national))
    parts.number_of_leading_zeros = len(national) - len(national.lstrip("0"))
    parts.italian_leading_zero = national.startswith("0")
    return str(phonenumbers.format_number(parts, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
environment.filters["shown"] = shown
environment.filters["apart"] = apart
