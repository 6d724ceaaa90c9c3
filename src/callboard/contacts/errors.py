"""What the contact actions refuse: codes and messages of the official tables (message-contact-api.yaml)."""

from callboard.errors import ApiError


class ContactIdMissing(ApiError):
    """You must specify ContactId."""

    code = "MissingParameter.ContactId"
    when = "ContactId absent or empty"


class ContactIdInvalid(ApiError):
    """The ContactId is invalid."""

    code = "InvalidParameter.ContactId"
    when = "not shaped like a contact id"


class NameMissing(ApiError):
    """You must specify Name."""

    code = "MissingParameter.Name"
    when = "Name absent or empty"


class NameInvalid(ApiError):
    """The Name is invalid."""

    code = "InvalidParameter.Name"
    when = "a character that a name may not have"


class NameLengthInvalid(ApiError):
    """The Name exceeds the length limit."""

    code = "InvalidParameter.Name.Length"
    when = "shorter or longer than a name may be (2 to 12 characters)"


class NameAlreadyUsed(ApiError):
    """The Name already exists. Please change to another name."""

    code = "InvalidParameter.Name.AlreadyUsed"
    when = "another contact of the directory has that name"


class EmailAddressMissing(ApiError):
    """You must specify EmailAddress."""

    code = "MissingParameter.EmailAddress"
    when = "EmailAddress absent or empty"


class EmailAddressInvalid(ApiError):
    """The EmailAddress is invalid."""

    code = "InvalidParameter.EmailAddress"
    when = "not an email address, or not the one that is pending"


class EmailAddressLengthInvalid(ApiError):
    """The EmailAddress exceeds the length limit."""

    code = "InvalidParameter.EmailAddress.Length"
    when = "longer than the maximum"


class PhoneNumberMissing(ApiError):
    """You must specify PhoneNumber."""

    code = "MissingParameter.PhoneNumber"
    when = "no PhoneNumber where the site's settings demand one"


class PhoneNumberInvalid(ApiError):
    """The PhoneNumber is invalid."""

    code = "InvalidParameter.PhoneNumber"
    when = "not <country code>-<number>, or not the one that is pending"


class CountryCodeNotServed(ApiError):
    """The current site does not support the country code."""

    code = "InvalidParameter.MobileCountryCode"
    when = "well formed, but of a country that the site does not serve"


class TitleMissing(ApiError):
    """You must specify Title."""

    code = "MissingParameter.Title"
    when = "Title absent or empty"


class TitleInvalid(ApiError):
    """The Title is invalid."""

    code = "InvalidParameter.Title"
    when = "not one of the six titles"


class MessageTypesMissing(ApiError):
    """You must specify MessageTypes."""

    code = "MissingParameter.MessageTypes"
    when = "MessageTypes absent or an empty list"


class MessageTypesInvalid(ApiError):
    """The MessageTypes is invalid."""

    code = "InvalidParameter.MessageTypes"
    when = "empty, an unknown type, or the same type twice"


class MemberInvalid(ApiError):
    """The Member is invalid."""

    code = "InvalidParameter.Member"
    when = "not shaped like the id of a directory, folder or member account"


class MemberNotFound(ApiError):
    """This Member does not exist."""

    code, status = "EntityNotExists.Member", 404
    when = "a well-formed target that is not in this directory"


class MembersInvalid(ApiError):
    """The Members is invalid."""

    code = "InvalidParameter.Members"
    when = (
        "absent, empty, or with an item that is no id of a directory, folder or member; AssociateMembers: more than 5"
    )


class MembersLengthInvalid(ApiError):
    """The maximum number of Members exceeds the limit."""

    code = "InvalidParameter.Members.Length"
    when = "more than 5 targets in one call"


class MembersDuplicate(ApiError):
    """The Members contains duplicate values."""

    code = "InvalidParameter.Members.Duplicate"
    when = "the same target twice in one call; the root folder is the same as the directory"


class MemberNotInDirectory(ApiError):
    """The member does not exist in the resource directory."""

    code = "InvalidMember"
    when = "a well-formed target that is not in this directory"


class ContactMembersExceeded(ApiError):
    """The maximum number of contact members exceeds the limit."""

    code = "LimitExceeded.ContactMembers"
    when = "the contact would be bound to more targets than it may be (10, or 1,000 in the profile open)"


class ContactNotFound(ApiError):
    """This Contact does not exist."""

    code, status = "EntityNotExists.Contact", 404
    when = "no such contact in the directory of the caller; ReleaseRetainedContact: nobody keeps it any more"


class VerificationNotFound(ApiError):
    """This contact verification does not exist."""

    code, status = "EntityNotExists.Contact.Verification", 404
    when = "the address or number does not wait for verification, or its owner has refused it"


class SendLimitExceeded(ApiError):
    """For the same account, the number of verification codes sent exceeds the limit."""

    code, status = "SendValidateCodeExceedsLimitForAccount", 409
    is_audited = False
    when = "a limit of sending is reached, of the account, the address, the caller's address or the country code"


class ContactStatusMismatch(ApiError):
    """The status of the contact does not allow the specified operation."""

    code = "ContactStatusMismatchAction"
    when = "the contact is being deleted, or (CancelMessageContactUpdate) has no change that could be withdrawn"


class ContactsExceeded(ApiError):
    """The maximum number of contacts in a resource directory exceeds the limit."""

    code = "LimitExceeded.Contacts"
    when = "the directory holds as many contacts as it may (20 unless raised)"


class ConcurrentCall(ApiError):
    """The operation conflicts with other operations. Please try again later."""

    code, status = "ConcurrentCallNotSupported", 429
    is_conflict = True
    is_audited = False  # What it would wait for is held.
    when = "another change of the same contact, its deletion, or its unbinding from the same target, is under way"
