"""What the answers about recipients are made of: contacts with the ways in which they come to an account."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Operation, Shape
from callboard.clock import write_moment
from callboard.contacts.rules import Address
from callboard.contacts.shapes import ContactIdShown
from callboard.database.statement import Connection
from callboard.recipients import rules, storage
from callboard.recipients.rules import Effective, PathKind, Reason, Situation, Way

operation = Operation("2026-11-25", ram_code="callboard", needs_directory=True)

ShownMoment = Annotated[str, Meta(description="ISO 8601, in UTC.", examples=["2026-11-25T10:02:53.125Z"])]


class PathShown(Shape, kw_only=True):
    """One way in which a contact comes to the account."""

    kind: Annotated[
        str,
        Meta(
            description="Direct: bound to the account. Inherited: bound to the directory or to a folder above it. "
            "Retained: kept, though the contact was deleted or the account has left.",
            examples=["Inherited"],
        ),
    ]
    scope_id: Annotated[str, Meta(description="What it is, or was, bound to.", examples=["fd-ZDNPiTabcd"])]
    scope_name: (
        Annotated[
            str,
            Meta(
                description="The folder's name now, root for the directory, the display name for the account; not "
                "there for what is gone.",
                examples=["Finance"],
            ),
        ]
        | UnsetType
    ) = UNSET
    bound_date: ShownMoment | UnsetType = UNSET
    cause: Annotated[str, Meta(description="Why it is retained: Deleted or Left.")] | UnsetType = UNSET
    retained_date: ShownMoment | UnsetType = UNSET


class EffectiveContact(Shape, kw_only=True):
    """A contact that comes to the account. One that is retained is shown as it was when it began to be."""

    contact_id: ContactIdShown
    name: Annotated[str, Meta(description="The name.", examples=["tom"])]
    title: Annotated[str, Meta(description="The job title.", examples=["TechnicalDirector"])]
    message_types: Annotated[list[str], Meta(description="The types of messages that it receives.")]
    status: Annotated[str, Meta(description="Verifying, Active or Deleting.", examples=["Active"])]
    email_address: Annotated[str, Meta(description="The email address.", examples=["someone@example.com"])]
    email_verified: Annotated[bool, Meta(description="Whether its owner has proven it.")]
    phone_number: Annotated[str, Meta(description="The phone number.", examples=["86-13900001234"])] | UnsetType = UNSET
    phone_verified: Annotated[bool, Meta(description="Whether its owner has proven it.")] | UnsetType = UNSET
    paths: Annotated[list[PathShown], Meta(description="Every way in which it comes to the account, nearest first.")]


class RecipientShown(EffectiveContact, kw_only=True):
    """A contact that is told."""

    channels: Annotated[list[str], Meta(description="By what: email, and sms where the number is proven.")]


class NotToldShown(EffectiveContact, kw_only=True):
    """A contact that comes to the account, and is not told."""

    reason: Annotated[
        str,
        Meta(
            description="OtherMessageTypes: it does not receive this type. NotVerified: its email address is not "
            "proven.",
            examples=["NotVerified"],
        ),
    ]


class Writer:
    """Writes the contacts of one situation; the names of the scopes are looked up once."""

    def __init__(self, connection: Connection, directory_id: str, *situations: Situation) -> None:
        self._account_id = situations[0].account_id
        scope_ids = (way.scope_id for situation in situations for way in situation.ways)
        self._names = storage.scope_names(connection, directory_id, self._account_id, (self._account_id, *scope_ids))

    @property
    def account_name(self) -> str:
        """What the account is called now; empty for one that is no member."""
        return self._names.get(self._account_id, "")

    def contacts(self, found: Iterable[Effective]) -> list[EffectiveContact]:
        return [EffectiveContact(**self._fields(each)) for each in found]

    def told(self, found: Iterable[Effective]) -> list[RecipientShown]:
        return [
            RecipientShown(**self._fields(each), channels=[way.value for way in rules.channels(each.contact)])
            for each in found
        ]

    def not_told(self, found: Iterable[tuple[Effective, Reason]]) -> list[NotToldShown]:
        return [NotToldShown(**self._fields(each), reason=reason.value) for each, reason in found]

    def _fields(self, each: Effective) -> dict[str, Any]:
        contact, phone = each.contact, each.contact.phone
        return {
            "contact_id": contact.contact_id,
            "name": contact.name,
            "title": contact.title,
            "message_types": list(contact.message_types),
            "status": contact.status.value,
            "email_address": contact.email.value,
            "email_verified": _is_proven(contact.email),
            "phone_number": UNSET if phone is None else phone.value,
            "phone_verified": UNSET if phone is None else _is_proven(phone),
            "paths": self.paths(each),
        }

    def paths(self, each: Effective) -> list[PathShown]:
        """Every way in which a contact comes to the account, nearest first."""
        return [self._path(way) for way in each.ways]

    def _path(self, way: Way) -> PathShown:
        kind, moment = way.kind(self._account_id), write_moment(way.since)
        is_kept = kind is PathKind.RETAINED
        return PathShown(
            kind=kind.value,
            scope_id=way.scope_id,
            scope_name=self._names.get(way.scope_id, UNSET),
            bound_date=UNSET if is_kept else moment,
            cause=way.cause if is_kept else UNSET,
            retained_date=moment if is_kept else UNSET,
        )


def _is_proven(address: Address) -> bool:
    return address.verified_at is not None
