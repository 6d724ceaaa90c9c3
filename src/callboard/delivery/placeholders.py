"""What providers' templates are filled with, in one pass, so that no letter can break out of its place."""

import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from callboard.delivery.letter import Letter, PermanentFailure

_PHONE = re.compile(r"([0-9]{1,4})-([0-9]{4,15})\Z")
_PLACEHOLDER = re.compile(r"\{(number|national|country|text|code|link|id)\}")
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class Phone(Struct, frozen=True):
    """A phone number, in digits."""

    country: str
    national: str

    @classmethod
    def read(cls, recipient: str) -> "Phone":
        """From 86-13900001234. Raises PermanentFailure."""
        found = _PHONE.match(recipient)
        if found is None:
            raise PermanentFailure("The recipient is not a phone number.")
        return cls(country=found[1], national=found[2])


def fill(template: str, values: Mapping[str, str], *, escape: Callable[[str], str] = str) -> str:
    """The template with values for its placeholders, in one pass: a placeholder within a value stays what it is."""
    return _PLACEHOLDER.sub(lambda found: escape(values[found[1]]), template)


def placeholders(letter: Letter) -> dict[str, str]:
    """What stands for each placeholder. Raises PermanentFailure when there is no number to send to."""
    phone = Phone.read(letter.recipient)
    return {
        "number": f"+{phone.country}{phone.national}",
        "national": phone.national,
        "country": phone.country,
        "text": letter.content.text,
        "code": letter.content.code,
        "link": letter.content.link,
        "id": letter.letter_id,
    }


def one_line(text: str) -> str:
    """What a provider said, without line breaks and what else does not print."""
    return _UNPRINTABLE.sub(" ", text).strip()
