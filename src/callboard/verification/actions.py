"""The actions that ask the owner of an email address or phone number for a proof."""

from callboard.api.model import Reply, Request
from callboard.call import Call
from callboard.contacts import errors
from callboard.contacts.parameters import ContactId, EmailTarget, PhoneTarget
from callboard.contacts.shapes import ONE_CONTACT, operation
from callboard.verification.sending import send


class SendEmailVerificationForMessageContact(Request):
    """Send a verification message to an email address of the contact that waits for it."""

    contact_id: ContactId
    email_address: EmailTarget


class SendEmailVerificationForMessageContactReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="none",
    resource=ONE_CONTACT,
    errors=[errors.ContactNotFound, errors.VerificationNotFound, errors.SendLimitExceeded],
    checks_in_turn=True,
    stands_in_line=True,
)
def send_email_verification_for_message_contact(
    call: Call, request: SendEmailVerificationForMessageContact
) -> SendEmailVerificationForMessageContactReply:
    send(call, request.contact_id, request.email_address)
    return SendEmailVerificationForMessageContactReply()


class SendPhoneVerificationForMessageContact(Request):
    """Send a verification message to a mobile phone number of the contact that waits for it."""

    contact_id: ContactId
    phone_number: PhoneTarget


class SendPhoneVerificationForMessageContactReply(Reply):
    """The RequestId alone."""


@operation(
    access_level="none",
    resource=ONE_CONTACT,
    errors=[errors.ContactNotFound, errors.VerificationNotFound, errors.SendLimitExceeded],
    checks_in_turn=True,
    stands_in_line=True,
)
def send_phone_verification_for_message_contact(
    call: Call, request: SendPhoneVerificationForMessageContact
) -> SendPhoneVerificationForMessageContactReply:
    send(call, request.contact_id, request.phone_number)
    return SendPhoneVerificationForMessageContactReply()
