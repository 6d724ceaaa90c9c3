"""The rules of a contact's fields and of its life cycle. Pure: no SQL, no clock.

             AddMessageContact
                    |
                    v
    +---------> Verifying --- email proven ---> Active <----------+
    |               |                              |              |
    |               +--- DeleteMessageContact -----+              |
    |                    |                    |                   |
    |         retain: gone at once     Deleting: gone once        |
    |                                  every member is cleared    |
    +------------------------------------- failed ----------------+

An address that nobody has proven is replaced at once. A proven one stays in effect while its change is pending.
Facts: behaviour.md, section 3.
"""

import re
from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from callboard.contacts import errors
from callboard.profile import Profile

TITLES = ("FinanceDirector", "TechnicalDirector", "MaintenanceDirector", "CEO", "ProjectDirector", "Other")
MESSAGE_TYPES = (
    "ServiceMessage",
    "FaultMessage",
    "AccountExpenses",
    "SecurityMessage",
    "ActivityMessage",
    "ProductMessage",
)

_CONTACT_ID = re.compile(r"c-[A-Za-z0-9]{16}\Z", re.ASCII)
TARGET_ID = re.compile(r"(?:rd-[A-Za-z0-9]{4,16}|r-[A-Za-z0-9]{4,16}|fd-[A-Za-z0-9]{4,16}|[0-9]{1,20})\Z", re.ASCII)
_NAME = re.compile(r"[\u4E00-\u9FA5a-zA-Z]+\Z")
_EMAIL = re.compile(r"[\u4e00-\u9fa5a-zA-Z0-9+_.-]+@[a-zA-Z0-9_-]+(?:\.[\u4e00-\u9fa5a-zA-Z0-9_-]+)+\Z")
_PHONE = re.compile(r"[0-9]{1,4}-[0-9]{4,15}\Z", re.ASCII)


class Status(StrEnum):
    """Where a contact stands in its life cycle."""

    VERIFYING = "Verifying"
    ACTIVE = "Active"
    DELETING = "Deleting"


class Address(Struct, frozen=True):
    """An email address or phone number: the one in effect, when it was proven, and the one that waits."""

    value: str
    verified_at: int | None = None
    pending: str | None = None

    @property
    def unproven(self) -> str | None:
        """What waits for its owner's proof."""
        return self.pending if self.verified_at is not None else self.value

    def changed(self, value: str) -> "Address":
        """With a new value: pending if this one is proven, in place of it if not."""
        if value == self.value:
            return self
        return replace(self, pending=value) if self.verified_at is not None else Address(value)

    def proven(self, *, at: int) -> "Address":
        """With what waited in effect."""
        return Address(self.unproven or self.value, verified_at=at)


class Contact(Struct, frozen=True):
    """A message contact. Moments are in milliseconds, UTC."""

    contact_id: str
    name: str
    title: str
    message_types: tuple[str, ...]
    status: Status
    email: Address
    phone: Address | None
    created_at: int
    modified_at: int

    @property
    def is_in_effect(self) -> bool:
        """Whether messages reach it: its email address is proven, and it is not gone yet."""
        return self.email.verified_at is not None

    @property
    def unproven(self) -> list[str]:
        """Every address and number that waits for its owner's proof."""
        waiting = [self.email.unproven, self.phone.unproven if self.phone else None]
        return [each for each in waiting if each is not None]


def check_contact_id(text: str, _: Profile) -> str:
    if _CONTACT_ID.match(text) is None:
        raise errors.ContactIdInvalid
    return text


def check_member(text: str, _: Profile) -> str:
    if TARGET_ID.match(text) is None:
        raise errors.MemberInvalid
    return text


def check_title(text: str, _: Profile) -> str:
    if text not in TITLES:
        raise errors.TitleInvalid
    return text


def check_message_types(types: list[str], _: Profile) -> tuple[str, ...]:
    if len(set(types)) != len(types) or not set(types).issubset(MESSAGE_TYPES):
        raise errors.MessageTypesInvalid
    return tuple(types)


def check_name(text: str, profile: Profile) -> str:
    """The length is looked at first (behaviour.md, question 3)."""
    shortest, longest = profile.name_length
    if not shortest <= len(text) <= longest:
        raise errors.NameLengthInvalid
    is_fit = _NAME.match(text) is not None if profile.name == "alibaba" else _is_open_name(text)
    if not is_fit:
        raise errors.NameInvalid
    return text


def _is_open_name(text: str) -> bool:
    """Any script, blanks within; nothing that does not print, and nothing that could split a header."""
    return text.isprintable() and text == text.strip()


def check_email(text: str, profile: Profile) -> str:
    if len(text) > profile.email_length:
        raise errors.EmailAddressLengthInvalid
    return check_email_form(text, profile)


def check_email_form(text: str, profile: Profile) -> str:
    """For actions whose table has no code for the length."""
    is_fit = len(text) <= profile.email_length and (
        _EMAIL.match(text) is not None if profile.name == "alibaba" else _is_open_email(text)
    )
    if not is_fit:
        raise errors.EmailAddressInvalid
    return text


def _is_open_email(text: str) -> bool:
    from email_validator import EmailNotValidError, validate_email  # Costs start-up time; one profile needs it.

    try:
        # A site may well have names that the Internet has not, so no look-up, and .test is allowed.
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def check_phone(text: str, profile: Profile) -> str:
    is_fit = _PHONE.match(text) is not None and (profile.name == "alibaba" or _is_open_phone(text))
    if not is_fit:
        raise errors.PhoneNumberInvalid
    return text


def _is_open_phone(text: str) -> bool:
    import phonenumbers  # Costs start-up time and memory; one profile needs it.

    code, _, national = text.partition("-")
    number = phonenumbers.PhoneNumber(country_code=int(code), national_number=int(national))
    number.number_of_leading_zeros = len(national) - len(national.lstrip("0"))
    number.italian_leading_zero = national.startswith("0")
    return int(code) not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE or phonenumbers.is_possible_number(number)


def admit_country(text: str, profile: Profile) -> None:
    """The country code against the site's list; where every country is served, against those that exist."""
    code = text.partition("-")[0]
    if profile.country_codes:
        is_served = code in profile.country_codes
    elif profile.name == "alibaba":
        is_served = True
    else:
        import phonenumbers

        is_served = not code.startswith("0") and int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    if not is_served:
        raise errors.CountryCodeNotServed


def change(
    contact: Contact,
    *,
    at: int,
    name: str | UnsetType = UNSET,
    title: str | UnsetType = UNSET,
    message_types: tuple[str, ...] | UnsetType = UNSET,
    email: str | UnsetType = UNSET,
    phone: str | UnsetType = UNSET,
) -> Contact:
    """The contact after an update; the same contact if nothing is new. An empty phone number removes it.

    Raises ContactStatusMismatch while the contact is being deleted.
    """
    if contact.status is Status.DELETING:
        raise errors.ContactStatusMismatch
    changed = replace(
        contact,
        name=contact.name if name is UNSET else name,
        title=contact.title if title is UNSET else title,
        message_types=contact.message_types if message_types is UNSET else message_types,
        email=contact.email if email is UNSET else contact.email.changed(email),
        phone=contact.phone if phone is UNSET else _changed_phone(contact.phone, phone),
    )
    return contact if changed == contact else replace(changed, modified_at=at)


def _changed_phone(phone: Address | None, value: str) -> Address | None:
    if value == "":
        return None
    return Address(value) if phone is None else phone.changed(value)


def cancel(contact: Contact, *, at: int, email: str | UnsetType = UNSET, phone: str | UnsetType = UNSET) -> Contact:
    """The contact without the pending change that is named, or without any where none is named.

    Raises ContactStatusMismatch when nothing is pending, EmailAddressInvalid or PhoneNumberInvalid for one that
    is not the pending one (behaviour.md, questions 11 and 12).
    """
    pending_phone = contact.phone.pending if contact.phone else None
    has_pending = contact.email.pending is not None or pending_phone is not None
    if contact.status is Status.DELETING or not has_pending:
        raise errors.ContactStatusMismatch
    if email is not UNSET and email != contact.email.pending:
        raise errors.EmailAddressInvalid
    if phone is not UNSET and phone != pending_phone:
        raise errors.PhoneNumberInvalid
    takes_all = email is UNSET and phone is UNSET
    takes_email, takes_phone = takes_all or email is not UNSET, takes_all or phone is not UNSET
    return replace(
        contact,
        email=replace(contact.email, pending=None) if takes_email else contact.email,
        phone=replace(contact.phone, pending=None) if takes_phone and contact.phone else contact.phone,
        modified_at=at,
    )


def prove(contact: Contact, target: str, *, at: int) -> Contact:
    """The contact once the owner of a waiting address or number has proven it; unchanged for any other target.

    The proof of the email address makes the contact Active; a number is proven on its own.
    """
    if contact.status is Status.DELETING or target not in contact.unproven:
        return contact
    if target == contact.email.unproven:
        return replace(contact, email=contact.email.proven(at=at), status=Status.ACTIVE, modified_at=at)
    phone = contact.phone
    return replace(contact, phone=phone.proven(at=at) if phone else None, modified_at=at)


def refuse(contact: Contact, target: str, *, at: int) -> Contact:
    """The contact once somebody has said of a waiting address that it is not theirs.

    A pending change and an unproven number are dropped. An unproven email address stays, as a contact has one, and
    waits until it is changed.
    """
    if contact.status is Status.DELETING or target not in contact.unproven:
        return contact
    phone = contact.phone
    if target == contact.email.unproven:
        return replace(contact, email=replace(contact.email, pending=None), modified_at=at)
    kept = phone if phone and phone.verified_at is not None else None
    return replace(contact, phone=replace(kept, pending=None) if kept else None, modified_at=at)


def start_deletion(contact: Contact, *, at: int) -> Contact:
    """The contact while it is taken out of the members. Raises ConcurrentCall when that is under way already."""
    if contact.status is Status.DELETING:
        raise errors.ConcurrentCall
    return replace(contact, status=Status.DELETING, modified_at=at)
