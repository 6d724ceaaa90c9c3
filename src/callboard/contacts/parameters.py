"""The parameters of the contact actions: rule, refusals and text of each, wherever it occurs."""

from dataclasses import replace
from typing import Annotated

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.contacts import errors, rules, targets

_CONTACT_ID = Parameter(
    description="The ID of the contact.",
    example="c-qL4HqKONzOM7abcd",
    schema={"type": "string", "pattern": "^c-[A-Za-z0-9]{16}$"},
    missing=errors.ContactIdMissing,
    invalid=errors.ContactIdInvalid,
    check=rules.check_contact_id,
)
_NAME = Parameter(
    description="The name of the contact: 2 to 12 English letters or Chinese characters (profile alibaba), or 1 to "
    "64 printable characters (profile open). Unique in the resource directory.",
    example="tom",
    schema={"type": "string", "minLength": 1, "maxLength": 64},
    missing=errors.NameMissing,
    invalid=errors.NameInvalid,
    check=rules.check_name,
    refusals=(errors.NameLengthInvalid,),
)
_EMAIL_ADDRESS = Parameter(
    description="The email address. It takes effect once its owner has passed the verification.",
    example="someone@example.com",
    schema={"type": "string", "minLength": 3, "maxLength": 254},
    missing=errors.EmailAddressMissing,
    invalid=errors.EmailAddressInvalid,
    check=rules.check_email,
    refusals=(errors.EmailAddressLengthInvalid,),
    condition_key="callboard:ContactDomain",
    condition_of=lambda text: text.rpartition("@")[2].lower(),
)
_EMAIL_TARGET = replace(
    _EMAIL_ADDRESS,
    description="The email address that waits for verification.",
    check=rules.check_email_form,
    refusals=(),
)
_PHONE_TARGET = Parameter(
    description="The mobile phone number that waits for verification.",
    example="86-13900001234",
    schema={"type": "string", "pattern": "^[0-9]{1,4}-[0-9]{4,15}$"},
    missing=errors.PhoneNumberMissing,
    invalid=errors.PhoneNumberInvalid,
    check=rules.check_phone,
    admit=rules.admit_country,
    refusals=(errors.CountryCodeNotServed,),
)
_PHONE_NUMBER = replace(
    _PHONE_TARGET,
    description="The mobile phone number, as <country code>-<number>. It takes effect once its owner has passed the "
    "verification. An empty text removes the number.",
    may_be_empty=True,
)
_NEW_PHONE_NUMBER = replace(
    _PHONE_NUMBER,
    description="The mobile phone number, as <country code>-<number>. It takes effect once its owner has passed the "
    "verification. The setting phone_required makes it mandatory.",
    is_demanded=lambda profile: profile.is_phone_required,
)
_TITLE = Parameter(
    description="The job title.",
    example="TechnicalDirector",
    schema={"type": "string", "enum": list(rules.TITLES)},
    missing=errors.TitleMissing,
    invalid=errors.TitleInvalid,
    check=rules.check_title,
)
_MESSAGE_TYPES = Parameter(
    description="The types of messages that the contact receives. The list is kept in the order given; in an update "
    "it replaces the whole list.",
    example=["AccountExpenses", "FaultMessage"],
    schema={
        "type": "array",
        "items": {"type": "string", "enum": list(rules.MESSAGE_TYPES)},
        "minItems": 1,
        "uniqueItems": True,
    },
    kind=list,
    missing=errors.MessageTypesMissing,
    invalid=errors.MessageTypesInvalid,
    check=rules.check_message_types,
    condition_key="callboard:MessageType",
)
_MEMBER = Parameter(
    description="Only contacts bound directly to this: the ID of the resource directory, a folder or a member.",
    example="fd-ZDNPiTabcd",
    schema={"type": "string", "pattern": "^(rd-|r-|fd-)?[A-Za-z0-9]+$"},
    invalid=errors.MemberInvalid,
    check=rules.check_member,
)
_MEMBERS = Parameter(
    description=f"The IDs of 1 to {targets.MOST_TARGETS} targets: the resource directory, folders, members. The root "
    "folder is another name of the directory.",
    example=["fd-ZDNPiTabcd"],
    schema={
        "type": "array",
        "items": _MEMBER.schema,
        "minItems": 1,
        "maxItems": targets.MOST_TARGETS,
        "uniqueItems": True,
    },
    kind=list,
    invalid=errors.MembersInvalid,
    check=targets.check_members,
    refusals=(errors.MembersDuplicate,),
)
_BOUND_MEMBERS = replace(
    _MEMBERS,
    check=targets.check_bound_members,
    refusals=(errors.MembersLengthInvalid, errors.MembersDuplicate),
)
_KEPT_MEMBER = replace(
    _MEMBER,
    description="Only what is kept at this target: the ID of the resource directory, the folder or the member that the "
    "contact was bound to when it was deleted, or of the member that left.",
)
_RETAIN = Parameter(
    description="true: the members keep the contact. false: it is taken out of the members, which takes a while.",
    example=True,
    schema={"type": "boolean"},
    kind=bool,
    invalid=ParameterInvalid,
)


def _check_page_number(number: int, _: object) -> int:
    if number < 1:
        raise ParameterInvalid(parameter="PageNumber")
    return number


def _check_page_size(size: int, _: object) -> int:
    if not 1 <= size <= 100:
        raise ParameterInvalid(parameter="PageSize")
    return size


_PAGE_NUMBER = Parameter(
    description="The number of the page, from 1.",
    example=1,
    schema={"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
    kind=int,
    invalid=ParameterInvalid,
    check=_check_page_number,
)
_PAGE_SIZE = Parameter(
    description="The number of entries on a page, 1 to 100.",
    example=10,
    schema={"type": "integer", "minimum": 1, "maximum": 100},
    kind=int,
    invalid=ParameterInvalid,
    check=_check_page_size,
)

ContactId = Annotated[str, _CONTACT_ID]
ContactName = Annotated[str, _NAME]
EmailAddress = Annotated[str, _EMAIL_ADDRESS]
EmailTarget = Annotated[str, _EMAIL_TARGET]
PhoneNumber = Annotated[str, _PHONE_NUMBER]
NewPhoneNumber = Annotated[str, _NEW_PHONE_NUMBER]
PhoneTarget = Annotated[str, _PHONE_TARGET]
Title = Annotated[str, _TITLE]
MessageTypes = Annotated[tuple[str, ...], _MESSAGE_TYPES]
Member = Annotated[str, _MEMBER]
KeptMember = Annotated[str, _KEPT_MEMBER]
Members = Annotated[tuple[str, ...], _MEMBERS]
BoundMembers = Annotated[tuple[str, ...], _BOUND_MEMBERS]
RetainContactInMembers = Annotated[bool, _RETAIN]
PageNumber = Annotated[int, _PAGE_NUMBER]
PageSize = Annotated[int, _PAGE_SIZE]
