"""Provocations by a parameter that is missing or does not fit: one changed parameter of a call that is fine."""

from typing import Any

from tests.contract.callers import Caller
from tests.contract.provocation import provokes
from tests.contract.steps import PHONE, SEND_EMAIL, SEND_PHONE, TOM, add, add_active

LONG_EMAIL = "a" * 243 + "@example.com"
"""One character more than the most."""
assert len(LONG_EMAIL) == 255

FORMS: dict[str, dict[str, Any]] = {
    "InvalidParameter.Name": {"name": "tom1"},
    "InvalidParameter.Name.Length": {"name": "t"},
    "InvalidParameter.EmailAddress": {"email_address": "tom.example.com"},
    "InvalidParameter.EmailAddress.Length": {"email_address": LONG_EMAIL},
    "InvalidParameter.PhoneNumber": {"phone_number": "13900001234"},
    "InvalidParameter.MobileCountryCode": {"phone_number": "852-51234567"},
    "InvalidParameter.Title": {"title": "ceo"},
    "InvalidParameter.MessageTypes": {"message_types": ["FaultMessage", "faultmessage"]},
}
MISSING: dict[str, dict[str, Any]] = {
    "MissingParameter.Name": {"name": None},
    "MissingParameter.EmailAddress": {"email_address": None},
    "MissingParameter.Title": {"title": None},
    "MissingParameter.MessageTypes": {"message_types": None},
}
OF_CONTACT_ID: dict[str, dict[str, Any]] = {
    "MissingParameter.ContactId": {"contact_id": None},
    "InvalidParameter.ContactId": {"contact_id": "c-aaaaaaaaaaaaaaa"},
}
ONE_CONTACT = (
    "UpdateMessageContact",
    "DeleteMessageContact",
    "GetMessageContact",
    "GetMessageContactDeletionStatus",
    "CancelMessageContactUpdate",
    "ListMessageContactVerifications",
    SEND_EMAIL,
    SEND_PHONE,
)
ALSO_GIVEN: dict[str, dict[str, Any]] = {
    SEND_EMAIL: {"email_address": TOM["email_address"]},
    SEND_PHONE: {"phone_number": PHONE},
}
"""What an action on one contact must be given besides the ContactId."""


for code, parameters in {**MISSING, **FORMS}.items():

    @provokes("AddMessageContact", code)
    def by_an_addition(caller: Caller, changes: dict[str, Any] = parameters) -> None:
        caller.call("AddMessageContact", **{**TOM, **changes})


for code, parameters in FORMS.items():

    @provokes("UpdateMessageContact", code)
    def by_an_update(caller: Caller, changes: dict[str, Any] = parameters) -> None:
        caller.call("UpdateMessageContact", contact_id=add(caller), **changes)


for each in ONE_CONTACT:
    for code, parameters in OF_CONTACT_ID.items():

        @provokes(each, code)
        def by_the_contact_id(caller: Caller, action: str = each, given: dict[str, Any] = parameters) -> None:
            caller.call(action, **ALSO_GIVEN.get(action, {}), **given)


@provokes("AddMessageContact", "MissingParameter.PhoneNumber", server="phone_demanding")
def add_without_phone_number_where_the_site_demands_one(caller: Caller) -> None:
    caller.call("AddMessageContact", **TOM)


@provokes("ListMessageContacts", "InvalidParameter.ContactId")
def list_a_contact_whose_id_is_malformed(caller: Caller) -> None:
    caller.call("ListMessageContacts", contact_id="tom")


@provokes("ListMessageContacts", "InvalidParameter.Member")
def list_by_a_malformed_member(caller: Caller) -> None:
    caller.call("ListMessageContacts", member="fd_1")


for code in ("InvalidParameter.PhoneNumber", "InvalidParameter.MobileCountryCode", "InvalidParameter.EmailAddress"):

    @provokes("CancelMessageContactUpdate", code)
    def by_a_cancellation(caller: Caller, given: dict[str, Any] = FORMS[code]) -> None:
        contact_id = add_active(caller)
        caller.call("UpdateMessageContact", contact_id=contact_id, email_address="new@example.com")
        caller.call("CancelMessageContactUpdate", contact_id=contact_id, **given)


for code, parameters in {
    "MissingParameter.EmailAddress": {"email_address": None},
    "InvalidParameter.EmailAddress": FORMS["InvalidParameter.EmailAddress"],
}.items():

    @provokes(SEND_EMAIL, code)
    def by_an_email_to_send(caller: Caller, given: dict[str, Any] = parameters) -> None:
        caller.call(SEND_EMAIL, contact_id=add(caller), **given)


for code, parameters in {
    "MissingParameter.PhoneNumber": {"phone_number": None},
    "InvalidParameter.PhoneNumber": FORMS["InvalidParameter.PhoneNumber"],
    "InvalidParameter.MobileCountryCode": FORMS["InvalidParameter.MobileCountryCode"],
}.items():

    @provokes(SEND_PHONE, code)
    def by_an_sms_to_send(caller: Caller, given: dict[str, Any] = parameters) -> None:
        caller.call(SEND_PHONE, contact_id=add(caller, phone_number=PHONE), **given)
