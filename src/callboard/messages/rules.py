"""To whom a message goes, by what, and until when it is of use. Pure: no SQL, no clock.

A person is an address: contacts that share one get a message once there, for the reasons of each.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from callboard.contacts.addresses import key_of
from callboard.contacts.rules import Contact
from callboard.delivery.letter import Channel
from callboard.recipients import rules as recipients
from callboard.recipients.rules import Effective

HOUR_S, DAY_S = 60 * 60, 24 * 60 * 60
KEY_LIFETIME_MS = DAY_S * 1000
"""How long an idempotency key stands for what was published with it."""


class Severity(StrEnum):
    """How much a message matters."""

    CRITICAL = "Critical"
    """Somebody must act now."""
    WARNING = "Warning"
    """Somebody should act soon."""
    INFO = "Info"
    """Good to know."""


SHORTEST_LIFE_S, LONGEST_LIFE_S = 60, 7 * DAY_S
LIFETIMES_S: Mapping[Severity, int] = {
    Severity.CRITICAL: 3 * DAY_S,
    Severity.WARNING: 2 * DAY_S,
    Severity.INFO: DAY_S,
}
"""How long a message is tried that says nothing of it: the more it matters, the longer."""

SMS_SEVERITIES = frozenset({Severity.CRITICAL})
SMS_TYPES = frozenset({"SecurityMessage", "FaultMessage"})
"""What is sent by SMS besides, to whoever has proven a phone number."""


class Suppression(StrEnum):
    """Why a message does not go to an address that it would go to."""

    REFUSED = "Refused"
    """Its owner has said that it isn't theirs."""


class Delivery(Struct, frozen=True):
    """A message on its way to one address by one channel, and the contacts for whose sake: none for the fallback."""

    delivery_id: str
    channel: Channel
    recipient: str
    contacts: tuple[Effective, ...] = ()
    suppression: Suppression | None = None

    @property
    def contact_id(self) -> str:
        return self.contacts[0].contact.contact_id if self.contacts else ""


def lifetime_s(severity: Severity, asked_s: int | None) -> int:
    """How long a message is of use."""
    return LIFETIMES_S[severity] if asked_s is None else asked_s


def goes_by_sms(message_type: str, severity: Severity) -> bool:
    return severity in SMS_SEVERITIES or message_type in SMS_TYPES


def delivery_id(message_id: str, contact_id: str, channel: Channel) -> str:
    """The same whenever it is worked out: receivers know by it that they have a message already."""
    return hashlib.blake2b(f"{message_id} {contact_id} {channel.value}".encode(), digest_size=16).hexdigest()


def route(message_id: str, message_type: str, severity: Severity, told: Iterable[Effective]) -> list[Delivery]:
    """One delivery for each address and channel, in the order of who is told; mail before SMS."""
    by_sms = goes_by_sms(message_type, severity)
    found: dict[tuple[Channel, str], Delivery] = {}
    for each in told:
        for channel in _channels(each.contact, by_sms=by_sms):
            recipient = address_of(each.contact, channel)
            known = found.get(place := (channel, key_of(recipient)))
            if known is not None:
                found[place] = replace(known, contacts=(*known.contacts, each))
                continue
            made = delivery_id(message_id, each.contact.contact_id, channel)
            found[place] = Delivery(made, channel, recipient, (each,))
    return list(found.values())


def without(deliveries: Iterable[Delivery], refused: Collection[str]) -> list[Delivery]:
    """The deliveries, those to addresses suppressed that were refused."""
    return [
        replace(each, suppression=Suppression.REFUSED) if each.recipient in refused else each for each in deliveries
    ]


def needs_fallback(deliveries: Iterable[Delivery]) -> bool:
    """Whether nobody would be told."""
    return all(each.suppression is not None for each in deliveries)


def fallback(message_id: str, recipient: str) -> Delivery:
    """To whom a message goes of which nobody would be told."""
    return Delivery(delivery_id(message_id, "", Channel.EMAIL), Channel.EMAIL, recipient)


def address_of(contact: Contact, channel: Channel) -> str:
    """Where a contact is reached by a channel that it is told by."""
    if channel is Channel.EMAIL:
        return contact.email.value
    assert contact.phone is not None, "it is told by SMS"
    return contact.phone.value


def _channels(contact: Contact, *, by_sms: bool) -> list[Channel]:
    ways = [Channel(way.value) for way in recipients.channels(contact)]
    return [way for way in ways if way is not Channel.SMS or by_sms]
