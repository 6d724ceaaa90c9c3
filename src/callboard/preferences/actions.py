"""How a contact wants to be told: set as a whole, and read."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Operation, Reply, Request, Shape
from callboard.audit import storage as audit
from callboard.call import Call
from callboard.contacts import storage as contacts
from callboard.contacts.errors import ContactNotFound
from callboard.contacts.parameters import ContactId
from callboard.contacts.shapes import ONE_CONTACT, ContactIdShown
from callboard.preferences import rules, storage
from callboard.preferences.errors import DigestIncomplete
from callboard.preferences.parameters import Channels, DigestMessageTypes, DigestTime, Language, QuietHours, TimeZone
from callboard.preferences.rules import Preferences

SET = "SetMessageContactPreferences"
operation = Operation("2026-11-25", ram_code="callboard", needs_directory=True)


class SetMessageContactPreferences(Request):
    """Set how a contact wants to be told. All of it is set anew: what is left out is cleared, and is as the site has it
    again. It counts for messages published from then on, until the contact is deleted and no member keeps it any more.
    """

    contact_id: ContactId
    language: Language | UnsetType = UNSET
    time_zone: TimeZone | UnsetType = UNSET
    quiet_hours: QuietHours | UnsetType = UNSET
    digest_time: DigestTime | UnsetType = UNSET
    digest_message_types: DigestMessageTypes | UnsetType = UNSET
    channels: Channels | UnsetType = UNSET


class SetMessageContactPreferencesReply(Reply):
    """The RequestId alone."""


@operation(access_level="update", scopes=("ContactId",), errors=[ContactNotFound, DigestIncomplete])
def set_message_contact_preferences(
    call: Call, request: SetMessageContactPreferences
) -> SetMessageContactPreferencesReply:
    wished = _wished(request)
    # Whoever deletes the contact waits, so that no wishes stay behind.
    if contacts.lock(call.connection, call.directory_id, request.contact_id) is None:
        raise ContactNotFound
    before = storage.of(call.connection, call.directory_id, [request.contact_id]).get(request.contact_id, rules.NONE)
    if wished == before:
        return SetMessageContactPreferencesReply()
    if wished == rules.NONE:
        storage.remove(call.connection, call.directory_id, request.contact_id)
    else:
        storage.put(call.connection, call.directory_id, request.contact_id, wished, at=call.now)
    resource = ONE_CONTACT.format(AccountId=call.principal.account_id, ContactId=request.contact_id)
    audit.add(call.connection, audit.Source.of(call), SET, resource, before=before, after=wished)
    return SetMessageContactPreferencesReply()


def _wished(request: SetMessageContactPreferences) -> Preferences:
    """What is wished for. Raises DigestIncomplete."""
    digest_minute = None if request.digest_time is UNSET else request.digest_time
    digest_types = request.digest_message_types or ()
    if (digest_minute is None) is bool(digest_types):
        raise DigestIncomplete
    return Preferences(
        language=request.language or "",
        time_zone=request.time_zone or rules.NONE.time_zone,
        quiet_hours=request.quiet_hours or None,
        digest_minute=digest_minute,
        digest_types=digest_types,
        channels=request.channels or {},
    )


class ChannelsShown(Shape, kw_only=True):
    """By what messages of a type go."""

    message_type: Annotated[str, Meta(description="The type of messages.", examples=["ServiceMessage"])]
    channels: Annotated[list[str], Meta(description="email, sms, or both.", examples=[["email", "sms"]])]


class GetMessageContactPreferences(Request):
    """Show how a contact wants to be told."""

    contact_id: ContactId


class GetMessageContactPreferencesReply(Reply, kw_only=True):
    """What is not there is as the site has it."""

    contact_id: ContactIdShown
    language: Annotated[str, Meta(description="en, zh or both.", examples=["en"])] | UnsetType = UNSET
    time_zone: Annotated[str, Meta(description="An IANA time zone.", examples=["Asia/Shanghai"])]
    quiet_hours: Annotated[str, Meta(description="From and until when.", examples=["22:00-08:00"])] | UnsetType = UNSET
    digest_time: Annotated[str, Meta(description="When the digest goes.", examples=["08:00"])] | UnsetType = UNSET
    digest_message_types: Annotated[list[str], Meta(description="The types of messages that wait for it.")]
    channels: Annotated[list[ChannelsShown], Meta(description="The choices of channels, by type of messages.")]


@operation(access_level="get", scopes=("ContactId",), errors=[ContactNotFound])
def get_message_contact_preferences(
    call: Call, request: GetMessageContactPreferences
) -> GetMessageContactPreferencesReply:
    if contacts.find(call.connection, call.directory_id, request.contact_id) is None:
        raise ContactNotFound
    found = storage.of(call.connection, call.directory_id, [request.contact_id]).get(request.contact_id, rules.NONE)
    hours, minute = found.quiet_hours, found.digest_minute
    return GetMessageContactPreferencesReply(
        contact_id=request.contact_id,
        language=found.language or UNSET,
        time_zone=found.time_zone,
        quiet_hours=UNSET if hours is None else f"{_clock(hours.begins)}-{_clock(hours.ends)}",
        digest_time=UNSET if minute is None else _clock(minute),
        digest_message_types=list(found.digest_types),
        channels=[ChannelsShown(message_type=each, channels=list(chosen)) for each, chosen in found.channels.items()],
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
