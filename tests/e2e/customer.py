"""A program that keeps contacts, and has its addresses proven, through the official SDK; and one in a hurry."""

from typing import Any

from alibabacloud_resourcedirectorymaster20220419 import models
from alibabacloud_tea_openapi.exceptions import ClientException

from callboard.settings import FIELDS
from tests.e2e.load import values_of
from tests.e2e.processes import Server
from tests.signing import call_v3

UNLIMITED = {name: "0" for name in FIELDS if name.startswith(("sends_", "codes_", "sms_per_"))}
"""Settings without any limit of what is sent."""


class Customer:
    """The program."""

    def __init__(self, server: Server) -> None:
        self._client = server.caller.client()

    def add(self, email: str, *, name: str = "tom", phone: str | None = None) -> str:
        """Add a contact; its id."""
        request = models.AddMessageContactRequest(
            name=name,
            email_address=email,
            phone_number=phone,
            title="TechnicalDirector",
            message_types=["FaultMessage", "SecurityMessage"],
        )
        return str(self._client.add_message_contact(request).body.contact.contact_id)

    def ask(self, contact_id: str, target: str) -> None:
        """Ask the owner of an address or number for a proof."""
        if "@" in target:
            self._client.send_email_verification_for_message_contact(
                models.SendEmailVerificationForMessageContactRequest(contact_id=contact_id, email_address=target)
            )
        else:
            self._client.send_phone_verification_for_message_contact(
                models.SendPhoneVerificationForMessageContactRequest(contact_id=contact_id, phone_number=target)
            )

    def refusal(self, contact_id: str, target: str) -> tuple[int, str]:
        """Ask for a proof that is refused; the status and the code."""
        try:
            self.ask(contact_id, target)
        except ClientException as error:
            return error.status_code, error.code
        raise AssertionError("nothing was refused")

    def change_email(self, contact_id: str, email: str) -> None:
        self._client.update_message_contact(
            models.UpdateMessageContactRequest(contact_id=contact_id, email_address=email)
        )

    def read(self, contact_id: str) -> Any:
        return self._client.get_message_contact(models.GetMessageContactRequest(contact_id=contact_id)).body.contact

    def status(self, contact_id: str) -> str:
        return str(self.read(contact_id).status)

    def waiting(self, contact_id: str) -> list[str]:
        """The addresses and numbers that wait for a proof."""
        request = models.ListMessageContactVerificationsRequest(contact_id=contact_id)
        found = self._client.list_message_contact_verifications(request).body.contact_verifications
        return [each.target for each in found]


def ask_many(server: Server, numbers: range) -> list[str]:
    """Add a contact for each number, and ask for the proof of its email address; the addresses."""
    return [ask_one(server, number) for number in numbers]


def ask_one(server: Server, number: int) -> str:
    values = values_of(number)
    address = str(values["EmailAddress"])
    types = {f"MessageTypes.{position}": each for position, each in enumerate(values.pop("MessageTypes"), 1)}
    added = call_v3(server.caller, "AddMessageContact", {**values, **types})
    assert added.status == 200, added.body
    target = {"ContactId": added.json["Contact"]["ContactId"], "EmailAddress": address}
    sent = call_v3(server.caller, "SendEmailVerificationForMessageContact", target)
    assert sent.status == 200, sent.body
    return address
