"""The parameters of the actions about contacts' wishes: rule, refusals and text of each."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.contacts.rules import MESSAGE_TYPES
from callboard.parameters import one_of
from callboard.preferences.errors import DigestTypeAlwaysAtOnce
from callboard.preferences.rules import AT_ONCE_TYPES, CHANNELS
from callboard.preferences.rules import QuietHours as Hours
from callboard.profile import Profile
from callboard.terms import LANGUAGES

_TIME = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_MINUTE = re.compile(_TIME, re.ASCII)
_HOURS = re.compile(f"{_TIME}-{_TIME}", re.ASCII)
_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory"})
"""What lies beside the time zones, and is another one on every machine."""
_TYPE = {"type": "string", "enum": list(MESSAGE_TYPES)}


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - _OF_THE_MACHINE


def _check_zone(text: str, _: Profile) -> str:
    if text not in _zones():
        raise ParameterInvalid(parameter="TimeZone")
    return text


def _check_hours(text: str, _: Profile) -> Hours:
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ParameterInvalid(parameter="QuietHours")
    return Hours(_minute(*found.group(1, 2)), _minute(*found.group(3, 4)))


def _check_time(text: str, _: Profile) -> int:
    found = _MINUTE.fullmatch(text)
    if found is None:
        raise ParameterInvalid(parameter="DigestTime")
    return _minute(*found.groups())


def _check_digest_types(types: list[str], _: Profile) -> tuple[str, ...]:
    if len(set(types)) != len(types) or not set(types).issubset(MESSAGE_TYPES):
        raise ParameterInvalid(parameter="DigestMessageTypes")
    for each in types:
        if each in AT_ONCE_TYPES:
            raise DigestTypeAlwaysAtOnce(message_type=each)
    return tuple(types)


def _check_channels(given: Sequence[Mapping[str, str]], _: Profile) -> dict[str, tuple[str, ...]]:
    """By message type, each once: one channel or more, in their order."""
    found: dict[str, tuple[str, ...]] = {}
    for each in given:
        message_type = each.get("MessageType", "")
        named = each.get("Channels", "").split(",")
        is_fitting = set(each) == {"MessageType", "Channels"} and len(set(named)) == len(named)
        if not is_fitting or message_type in found or message_type not in MESSAGE_TYPES or set(named) - set(CHANNELS):
            raise ParameterInvalid(parameter="Channels")
        found[message_type] = tuple(channel for channel in CHANNELS if channel in named)
    return found


def _minute(hour: str, minute: str) -> int:
    return int(hour) * 60 + int(minute)


Language = Annotated[
    str,
    one_of(
        "Language",
        LANGUAGES,
        description="The language of letters with messages: en, zh or both. Left out: the site's.",
        example="en",
    ),
]
TimeZone = Annotated[
    str,
    Parameter(
        description="Where QuietHours and DigestTime are read from a clock: a name of the IANA time zone database. "
        "Left out: UTC.",
        example="Asia/Shanghai",
        schema={"type": "string"},
        invalid=ParameterInvalid,
        check=_check_zone,
    ),
]
QuietHours = Annotated[
    Hours,
    Parameter(
        description="When nothing is sent that may wait, as HH:MM-HH:MM; it may go over midnight. From and until the "
        "same minute: never. SecurityMessage, FaultMessage and whatever is Critical always pass at once.",
        example="22:00-08:00",
        schema={"type": "string", "pattern": f"^{_TIME}-{_TIME}$"},
        invalid=ParameterInvalid,
        check=_check_hours,
    ),
]
DigestTime = Annotated[
    int,
    Parameter(
        description="When the mail goes each day that gathers the messages of DigestMessageTypes, as HH:MM.",
        example="08:00",
        schema={"type": "string", "pattern": f"^{_TIME}$"},
        invalid=ParameterInvalid,
        check=_check_time,
    ),
]
DigestMessageTypes = Annotated[
    tuple[str, ...],
    Parameter(
        description="The types of messages whose mails wait for DigestTime and go as one; not SecurityMessage and "
        "FaultMessage. What is Critical, or asks for an acknowledgement, does not wait.",
        example=["ActivityMessage", "ProductMessage"],
        schema={"type": "array", "items": _TYPE, "minItems": 1, "uniqueItems": True},
        kind=list,
        invalid=ParameterInvalid,
        check=_check_digest_types,
        refusals=(DigestTypeAlwaysAtOnce,),
    ),
]
Channels = Annotated[
    dict[str, tuple[str, ...]],
    Parameter(
        description="By what messages of a type go: email, sms, or both with a comma between them; each type once. Of "
        "the channels only those count that the contact has proven. Types left out, what is Critical, and a choice "
        "none of which is proven: as usual.",
        example=[{"MessageType": "ServiceMessage", "Channels": "email,sms"}],
        schema={
            "type": "array",
            "minItems": 1,
            "maxItems": len(MESSAGE_TYPES),
            "items": {
                "type": "object",
                "properties": {"MessageType": _TYPE, "Channels": {"type": "string"}},
                "required": ["MessageType", "Channels"],
            },
        },
        kind=dict,
        invalid=ParameterInvalid,
        check=_check_channels,
    ),
]
