"""What the documentation says of each operation, transcribed by hand (message-contact-api.yaml), never generated.

The product must agree with this file; this file must agree with the documentation and with nothing else.
"""

from typing import NamedTuple

VERSION, OLDER_VERSION = "2022-04-19", "2020-03-31"


class Refusal(NamedTuple):
    """An error as it is documented, and as clients show it."""

    status: int
    code: str
    message: str


class Operation(NamedTuple):
    """An operation: its parameters, whether each must be given, its errors, and its data for RAM."""

    parameters: dict[str, str]
    errors: tuple[Refusal, ...]
    permission: str
    access_level: str
    resource: str = ""
    scopes: tuple[str, ...] = ()
    """The parameters that name the folders and members which RAM is asked about."""
    versions: tuple[str, ...] = (VERSION,)
    newer_parameters: tuple[str, ...] = ()
    """Those of its parameters that the older version does not have."""
    is_for_managers: bool = True
    """Whether the management account alone may call it."""


REQUIRED = "required"
OPTIONAL = "optional"
ENFORCED = "documented as optional, yet the error table has MissingParameter"

ONE = "acs:resourcemanager:*:{accountId}:messagecontact/{MessageContactId}"
ALL = "acs:resourcemanager:*:{accountId}:messagecontact/*"

CONTACT_ID = (
    Refusal(400, "MissingParameter.ContactId", "You must specify ContactId."),
    Refusal(400, "InvalidParameter.ContactId", "The ContactId is invalid."),
)
CONTACT_ID_INVALID = CONTACT_ID[1]
NAME_MISSING = Refusal(400, "MissingParameter.Name", "You must specify Name.")
NAME = (
    Refusal(400, "InvalidParameter.Name", "The Name is invalid."),
    Refusal(400, "InvalidParameter.Name.Length", "The Name exceeds the length limit."),
    Refusal(400, "InvalidParameter.Name.AlreadyUsed", "The Name already exists. Please change to another name."),
)
EMAIL_MISSING = Refusal(400, "MissingParameter.EmailAddress", "You must specify EmailAddress.")
EMAIL = Refusal(400, "InvalidParameter.EmailAddress", "The EmailAddress is invalid.")
EMAIL_LENGTH = Refusal(400, "InvalidParameter.EmailAddress.Length", "The EmailAddress exceeds the length limit.")
PHONE_MISSING = Refusal(400, "MissingParameter.PhoneNumber", "You must specify PhoneNumber.")
PHONE = Refusal(400, "InvalidParameter.PhoneNumber", "The PhoneNumber is invalid.")
COUNTRY = Refusal(400, "InvalidParameter.MobileCountryCode", "The current site does not support the country code.")
TITLE_MISSING = Refusal(400, "MissingParameter.Title", "You must specify Title.")
TITLE = Refusal(400, "InvalidParameter.Title", "The Title is invalid.")
TYPES_MISSING = Refusal(400, "MissingParameter.MessageTypes", "You must specify MessageTypes.")
TYPES = Refusal(400, "InvalidParameter.MessageTypes", "The MessageTypes is invalid.")
CONTACTS_EXCEEDED = Refusal(
    400,
    "LimitExceeded.Contacts",
    "The maximum number of contacts in a resource directory exceeds the limit.",
)
STATUS_MISMATCH = Refusal(
    400,
    "ContactStatusMismatchAction",
    "The status of the contact does not allow the specified operation.",
)
CONTACT_NOT_FOUND = Refusal(404, "EntityNotExists.Contact", "This Contact does not exist.")
VERIFICATION_NOT_FOUND = Refusal(
    404, "EntityNotExists.Contact.Verification", "This contact verification does not exist."
)
SEND_LIMIT = Refusal(
    409,
    "SendValidateCodeExceedsLimitForAccount",
    "For the same account, the number of verification codes sent exceeds the limit.",
)
MEMBER = Refusal(400, "InvalidParameter.Member", "The Member is invalid.")
MEMBER_NOT_FOUND = Refusal(404, "EntityNotExists.Member", "This Member does not exist.")
MEMBERS = Refusal(400, "InvalidParameter.Members", "The Members is invalid.")
MEMBERS_DUPLICATE = Refusal(400, "InvalidParameter.Members.Duplicate", "The Members contains duplicate values.")
MEMBERS_LENGTH = Refusal(400, "InvalidParameter.Members.Length", "The maximum number of Members exceeds the limit.")
MEMBERS_EXCEEDED = Refusal(
    400, "LimitExceeded.ContactMembers", "The maximum number of contact members exceeds the limit."
)
INVALID_MEMBER = Refusal(400, "InvalidMember", "The member does not exist in the resource directory.")
CONCURRENT = Refusal(
    429,
    "ConcurrentCallNotSupported",
    "The operation conflicts with other operations. Please try again later.",
)

EVERY_OPERATION = (
    Refusal(
        404,
        "EntityNotExists.ResourceDirectory",
        "The resource directory for the account is not enabled. We recommend that you first enable the resource "
        "directory for the account.",
    ),
    Refusal(403, "MemberAccountOperationNotAllowed", "The member account is not allowed to perform the operation."),
    Refusal(403, "NoPermission", "You are not authorized to do this action. You should be authorized by RAM."),
)
"""Undocumented for these operations (undocumented_codes_for_every_operation), yet answered by each."""

OPERATIONS = {
    "AddMessageContact": Operation(
        parameters={
            "Name": REQUIRED,
            "EmailAddress": REQUIRED,
            "PhoneNumber": OPTIONAL,
            "Title": REQUIRED,
            "MessageTypes": REQUIRED,
        },
        errors=(
            NAME_MISSING,
            *NAME,
            EMAIL_MISSING,
            EMAIL,
            PHONE_MISSING,
            PHONE,
            TITLE_MISSING,
            TITLE,
            TYPES_MISSING,
            TYPES,
            CONTACTS_EXCEEDED,
            COUNTRY,
            EMAIL_LENGTH,
            CONCURRENT,
        ),
        permission="resourcemanager:AddMessageContact",
        access_level="create",
        resource=ALL,
    ),
    "UpdateMessageContact": Operation(
        parameters={
            "ContactId": ENFORCED,
            "Name": OPTIONAL,
            "EmailAddress": OPTIONAL,
            "PhoneNumber": OPTIONAL,
            "Title": OPTIONAL,
            "MessageTypes": OPTIONAL,
        },
        errors=(
            *NAME,
            EMAIL,
            PHONE,
            TITLE,
            TYPES,
            COUNTRY,
            *CONTACT_ID,
            EMAIL_LENGTH,
            STATUS_MISMATCH,
            CONTACT_NOT_FOUND,
            CONCURRENT,
        ),
        permission="resourcemanager:UpdateMessageContact",
        access_level="update",
        resource=ONE,
    ),
    "DeleteMessageContact": Operation(
        parameters={"ContactId": REQUIRED, "RetainContactInMembers": OPTIONAL},
        errors=(*CONTACT_ID, CONTACT_NOT_FOUND, CONCURRENT),
        permission="resourcemanager:DeleteMessageContact",
        access_level="delete",
        resource=ONE,
    ),
    "GetMessageContact": Operation(
        parameters={"ContactId": REQUIRED},
        errors=(*CONTACT_ID, CONTACT_NOT_FOUND),
        permission="resourcemanager:GetMessageContact",
        access_level="get",
        resource=ONE,
    ),
    "ListMessageContacts": Operation(
        parameters={"ContactId": OPTIONAL, "Member": OPTIONAL, "PageNumber": OPTIONAL, "PageSize": OPTIONAL},
        errors=(CONTACT_ID_INVALID, MEMBER, CONTACT_NOT_FOUND, MEMBER_NOT_FOUND),
        permission="resourcemanager:ListMessageContacts",
        access_level="list",
        resource=ALL,
    ),
    "GetMessageContactDeletionStatus": Operation(
        parameters={"ContactId": ENFORCED},
        errors=(*CONTACT_ID, CONTACT_NOT_FOUND),
        permission="resourcemanager:GetMessageContactDeletionStatus",
        access_level="get",
        resource=ONE,
    ),
    # Members is documented as optional, but an absent list is answered like an empty one.
    "AssociateMembers": Operation(
        parameters={"ContactId": ENFORCED, "Members": REQUIRED},
        errors=(
            *CONTACT_ID,
            MEMBERS,
            MEMBERS_DUPLICATE,
            MEMBERS_EXCEEDED,
            INVALID_MEMBER,
            STATUS_MISMATCH,
            CONTACT_NOT_FOUND,
            CONCURRENT,
        ),
        permission="resourcemanager:AssociateMembers",
        access_level="update",
        resource=ONE,
        scopes=("Members",),
    ),
    # Its table has QuotaExceeded.Members too, with the message of InvalidParameter.Members.Length: never answered.
    "DisassociateMembers": Operation(
        parameters={"ContactId": REQUIRED, "Members": REQUIRED},
        errors=(
            *CONTACT_ID,
            MEMBERS,
            MEMBERS_LENGTH,
            MEMBERS_DUPLICATE,
            INVALID_MEMBER,
            STATUS_MISMATCH,
            CONTACT_NOT_FOUND,
        ),
        permission="resourcemanager:DisassociateMembers",
        access_level="update",
        resource=ONE,
        scopes=("Members",),
    ),
    "CancelMessageContactUpdate": Operation(
        parameters={"ContactId": ENFORCED, "PhoneNumber": OPTIONAL, "EmailAddress": OPTIONAL},
        errors=(*CONTACT_ID, PHONE, COUNTRY, EMAIL, STATUS_MISMATCH, CONTACT_NOT_FOUND),
        permission="resourcemanager:CancelMessageContactUpdate",
        access_level="update",
        resource=ONE,
    ),
    "ListMessageContactVerifications": Operation(
        parameters={"ContactId": ENFORCED, "PageNumber": OPTIONAL, "PageSize": OPTIONAL},
        errors=(*CONTACT_ID, CONTACT_NOT_FOUND),
        permission="resourcemanager:ListMessageContactVerifications",
        access_level="list",
        resource=ONE,
    ),
    "SendEmailVerificationForMessageContact": Operation(
        parameters={"ContactId": ENFORCED, "EmailAddress": ENFORCED},
        errors=(*CONTACT_ID, EMAIL_MISSING, EMAIL, CONTACT_NOT_FOUND, VERIFICATION_NOT_FOUND, SEND_LIMIT),
        permission="resourcemanager:SendEmailVerificationForMessageContact",
        access_level="none",
        resource=ONE,
    ),
    "SendPhoneVerificationForMessageContact": Operation(
        parameters={"ContactId": ENFORCED, "PhoneNumber": ENFORCED},
        errors=(*CONTACT_ID, PHONE_MISSING, PHONE, COUNTRY, CONTACT_NOT_FOUND, VERIFICATION_NOT_FOUND, SEND_LIMIT),
        permission="resourcemanager:SendPhoneVerificationForMessageContact",
        access_level="none",
        resource=ONE,
    ),
}


def everyones(operation: str) -> tuple[Refusal, ...]:
    """What an operation answers besides its own table."""
    return EVERY_OPERATION if OPERATIONS[operation].is_for_managers else EVERY_OPERATION[-1:]


def refusal(operation: str, code: str) -> Refusal:
    """What an operation's own table, or that of every operation, says of a code."""
    (found,) = [each for each in (*OPERATIONS[operation].errors, *everyones(operation)) if each.code == code]
    return found
