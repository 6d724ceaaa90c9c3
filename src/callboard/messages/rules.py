"""To whom a message goes, by what, when, and until when it is of use. Pure: no SQL, no clock.

A person gets a message once by each channel, however many bindings lead there. Contacts that share an address share
the letter, too.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from callboard.contacts.addresses import key_of
from callboard.contacts.rules import Contact
from callboard.delivery.letter import Channel
from callboard.preferences import rules as preferences
from callboard.preferences.rules import Preferences
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


class Kind(StrEnum):
    """What a message is."""

    MESSAGE = "Message"
    TEST = "Test"
    """Sent to try whether a contact is reached."""
    DRILL = "Drill"
    """Of a rehearsal."""


class Cause(StrEnum):
    """Why a delivery came to be."""

    ROUTED = "Routed"
    """The contact is told of the account."""
    FALLBACK = "Fallback"
    """Nobody would have been told."""
    FAILOVER = "Failover"
    """The contact is not reached by the channels that it would be told by."""
    ESCALATION = "Escalation"
    """Nobody has acknowledged the message in time."""


class Suppression(StrEnum):
    """Why a message does not go to an address that it would go to."""

    REFUSED = "Refused"
    """Its owner has said that it isn't theirs."""
    UNREACHABLE = "Unreachable"
    """What was sent there before came back."""
    UNSUBSCRIBED = "Unsubscribed"
    """Its owner wants no messages of this type any more."""


class Receipt(StrEnum):
    """What was heard of a delivery after a provider took it."""

    ACCEPTED = "Accepted"
    BOUNCED = "Bounced"
    """It came back. That is the last word, also after the other one: a relay accepts for whoever is behind it."""


SHORTEST_LIFE_S, LONGEST_LIFE_S = 60, 7 * DAY_S
LIFETIMES_S: Mapping[Severity, int] = {
    Severity.CRITICAL: 3 * DAY_S,
    Severity.WARNING: 2 * DAY_S,
    Severity.INFO: DAY_S,
}
"""How long a message is tried that says nothing of it: the more it matters, the longer."""

PATIENCE_S: Mapping[Severity, int] = {
    Severity.CRITICAL: 5 * 60,
    Severity.WARNING: 30 * 60,
    Severity.INFO: 4 * HOUR_S,
}
"""How long a letter may fail until its contact is told by another channel besides."""
LEAST_TRIES = 2
"""A letter that was tried less often does not keep failing: its turn has not come."""
HEAD_STARTS_MS: Mapping[Severity, int] = {
    Severity.CRITICAL: DAY_S * 1000,
    Severity.WARNING: HOUR_S * 1000,
    Severity.INFO: 0,
}
"""Letters go in the order in which they are due. What matters more is put so much before what was there already."""

SMS_SEVERITIES = frozenset({Severity.CRITICAL})
SMS_TYPES = frozenset({"SecurityMessage", "FaultMessage"})
"""What is sent by SMS besides, to whoever has proven a phone number."""


class Subject(Struct, frozen=True):
    """What routing asks of a message."""

    message_id: str
    message_type: str
    severity: Severity
    at: int
    asks_acknowledgement: bool = False
    """A digest has no room to ask for that."""

    @property
    def is_urgent(self) -> bool:
        return self.severity is Severity.CRITICAL

    @property
    def goes_by_sms(self) -> bool:
        return self.severity in SMS_SEVERITIES or self.message_type in SMS_TYPES


Place = tuple[Channel, str]
"""A channel, and the key of an address there."""


class Ear(Struct, frozen=True):
    """An endpoint that is told: for a contact, or for a scope of the account."""

    endpoint_id: str
    channel: Channel
    owner_id: str


class Reach(Struct, frozen=True):
    """What is known of how people are reached. Addresses are known by their keys."""

    wishes: Mapping[str, Preferences] = {}
    """By contact."""
    closed: Mapping[str, Suppression] = {}
    """Addresses that nothing may go to, or goes to in vain."""
    ears: tuple[Ear, ...] = ()


class Delivery(Struct, frozen=True):
    """A message on its way to one contact, or one endpoint, by one channel."""

    delivery_id: str
    channel: Channel
    recipient: str
    cause: Cause = Cause.ROUTED
    told: Effective | None = None
    """The contact with its ways; None for the fallback, and for an endpoint of a scope."""
    suppression: Suppression | None = None
    letter_id: str = ""
    """The letter that carries it: empty for what is suppressed, or waits for a digest."""
    language: str = ""
    """What the contact asked for; empty for the site's."""
    due_at: int = 0
    digest_at: int | None = None

    @property
    def contact_id(self) -> str:
        return self.told.contact.contact_id if self.told else ""

    @property
    def contact_name(self) -> str:
        return self.told.contact.name if self.told else ""

    @property
    def is_to_fallback(self) -> bool:
        """Whether it goes to no contact and no endpoint, but to whom else there is."""
        return self.told is None and self.channel is Channel.EMAIL

    @property
    def is_routed_away(self) -> bool:
        """Whether it is suppressed from the start. What is taken back later keeps its letter."""
        return self.suppression is not None and not self.letter_id

    @property
    def has_letter(self) -> bool:
        """Whether its letter is its own."""
        return self.letter_id == self.delivery_id


def lifetime_s(severity: Severity, asked_s: int | None) -> int:
    """How long a message is of use."""
    return LIFETIMES_S[severity] if asked_s is None else asked_s


def place(severity: Severity, *, at: int, due_at: int) -> int:
    """Where a letter written at a moment stands in the line: ahead, unless it is to wait, which is kept to."""
    return at - HEAD_STARTS_MS[severity] if due_at <= at else due_at


def delivery_id(message_id: str, recipient_id: str, channel: Channel) -> str:
    """The same whenever it is worked out: receivers know by it that they have a message already."""
    return hashlib.blake2b(f"{message_id} {recipient_id} {channel.value}".encode(), digest_size=16).hexdigest()


def route(
    subject: Subject,
    told: Iterable[Effective],
    reach: Reach,
    cause: Cause = Cause.ROUTED,
    *,
    letters: Mapping[Place, str] = {},
) -> list[Delivery]:
    """The deliveries to contacts, in the order of who is told, and to endpoints, with the letters that carry them.

    `letters` are those that the message went by before: where one went, no other goes.
    """
    every = list(told)
    found = [each for one in every for each in _to_contact(subject, one, reach)]
    return _completed(subject, every, found, reach, cause, letters)


def trial(subject: Subject, told: Effective, reach: Reach) -> list[Delivery]:
    """The deliveries of a test: to a contact by all that is proven, and to its endpoints, at once."""
    wishes = reach.wishes.get(told.contact.contact_id, preferences.NONE)
    found = [_made(subject, told, each, reach, wishes) for each in proven(told.contact)]
    at_once = [replace(each, due_at=subject.at, digest_at=None) for each in found]
    return _completed(subject, [told], at_once, reach, Cause.ROUTED, {})


def _completed(
    subject: Subject,
    told: list[Effective],
    found: list[Delivery],
    reach: Reach,
    cause: Cause,
    letters: Mapping[Place, str],
) -> list[Delivery]:
    by_contact = {each.contact.contact_id: each for each in told}
    for ear in reach.ears:
        made = delivery_id(subject.message_id, ear.endpoint_id, ear.channel)
        one = by_contact.get(ear.owner_id)
        found.append(Delivery(made, ear.channel, ear.endpoint_id, told=one, due_at=subject.at))
    caused = (replace(each, cause=cause) if each.cause is Cause.ROUTED else each for each in found)
    return list(_with_letters(caused, letters))


def needs_fallback(deliveries: Iterable[Delivery]) -> bool:
    """Whether nobody would be told."""
    return all(each.suppression is not None for each in deliveries)


def fallback(subject: Subject, recipient: str, cause: Cause = Cause.FALLBACK) -> Delivery:
    """To whom a message goes of which nobody would be told, or that nobody acknowledges."""
    made = delivery_id(subject.message_id, "", Channel.EMAIL)
    return Delivery(made, Channel.EMAIL, recipient, cause, letter_id=made, due_at=subject.at)


def failover(
    subject: Subject,
    told: Effective,
    reach: Reach,
    *,
    tried: Collection[Channel],
    letters: Mapping[tuple[Channel, str], str],
) -> list[Delivery]:
    """By what a contact is told besides, at the moment of the subject, that is not reached by what was tried.

    `letters` are those of the message by channel and key of the address: nobody gets it twice at one address.
    """
    wishes = reach.wishes.get(told.contact.contact_id, preferences.NONE)
    others = (_made(subject, told, each, reach, wishes) for each in ways(told.contact) if each not in tried)
    open_ = (replace(each, cause=Cause.FAILOVER, digest_at=None) for each in others if each.suppression is None)
    return list(_with_letters(open_, letters))


def address_of(contact: Contact, channel: Channel) -> str:
    """Where a contact is reached by a channel that it is told by."""
    if channel is Channel.EMAIL:
        return contact.email.value
    assert contact.phone is not None, "it is told by SMS"
    return contact.phone.value


def ways(contact: Contact) -> list[Channel]:
    """The channels by which a contact has proven that it is reached."""
    return [Channel(way.value) for way in recipients.channels(contact)]


def proven(contact: Contact) -> list[Channel]:
    """The channels whose address is proven, also of a contact that is told of nothing yet."""
    is_by_email = contact.email.verified_at is not None
    return [each for each in ways(contact) if each is not Channel.EMAIL or is_by_email]


def _to_contact(subject: Subject, told: Effective, reach: Reach) -> Iterator[Delivery]:
    """By the channels chosen; by the other ones too where none of those is open."""
    wishes = reach.wishes.get(told.contact.contact_id, preferences.NONE)
    proven = ways(told.contact)
    chosen = _chosen(subject, wishes, proven)
    made = {each: _made(subject, told, each, reach, wishes) for each in proven}
    yield from (made[each] for each in chosen)
    closed = {made[each].suppression for each in chosen}
    if None not in closed and Suppression.UNSUBSCRIBED not in closed:  # Who wants no more of it is left alone.
        others = (made[each] for each in proven if each not in chosen)
        yield from (replace(each, cause=Cause.FAILOVER) for each in others if each.suppression is None)


def _chosen(subject: Subject, wishes: Preferences, proven: list[Channel]) -> list[Channel]:
    usual = [each for each in proven if each is not Channel.SMS or subject.goes_by_sms]
    asked = wishes.channels.get(subject.message_type, ())
    if subject.is_urgent or not asked:
        return usual
    return [each for each in proven if each.value in asked] or usual


def _made(subject: Subject, told: Effective, channel: Channel, reach: Reach, wishes: Preferences) -> Delivery:
    recipient = address_of(told.contact, channel)
    suppression = reach.closed.get(key_of(recipient))
    may_wait = preferences.waits(subject.message_type, is_urgent=subject.is_urgent)
    due_at = preferences.quiet_until(wishes, now=subject.at) if may_wait else None
    digest_at = None
    if may_wait and channel is Channel.EMAIL and not subject.asks_acknowledgement:
        digest_at = preferences.digest_at(wishes, subject.message_type, now=subject.at)
    return Delivery(
        delivery_id(subject.message_id, told.contact.contact_id, channel),
        channel,
        recipient,
        told=told,
        suppression=suppression,
        language=wishes.language,
        due_at=subject.at if due_at is None else due_at,
        digest_at=digest_at if suppression is None else None,
    )


def _with_letters(deliveries: Iterable[Delivery], known: Mapping[Place, str]) -> Iterator[Delivery]:
    """A letter for each address and channel: one that is known, or that of the first delivery there."""
    letters = dict(known)
    for each in deliveries:
        if each.suppression is not None or each.digest_at is not None:
            yield each
            continue
        yield replace(each, letter_id=letters.setdefault((each.channel, key_of(each.recipient)), each.delivery_id))
