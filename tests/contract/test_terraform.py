"""The requests of the Terraform provider's message contact resource, replayed, and what it takes from the answers.

Read off the provider's source (clients.md, section 5): it always sends Name, EmailAddress, Title and MessageTypes
with an update, and PhoneNumber only when that changed, as an empty text when it was removed.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pytest

from tests.contract.steps import new_email, new_phone
from tests.owner import Owner
from tests.serving import Account
from tests.signing import Response, call_terraform


@dataclass(frozen=True)
class Configured:
    """A resource as its user configured it, or as the provider read it back."""

    name: str = "tom"
    email_address: str = "tom@example.com"
    title: str = "TechnicalDirector"
    message_types: tuple[str, ...] = ("SecurityMessage", "AccountExpenses")
    phone_number: str = ""

    @property
    def always_sent(self) -> dict[str, str]:
        return {
            "Name": self.name,
            "EmailAddress": self.email_address,
            "Title": self.title,
            **{f"MessageTypes.{number}": value for number, value in enumerate(self.message_types, start=1)},
        }


class Provider:
    """The resource's life, as the provider drives it."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def call(self, action: str, parameters: dict[str, str]) -> Response:
        return call_terraform(self.account, action, parameters)

    def create(self, wanted: Configured) -> str:
        phone = {"PhoneNumber": wanted.phone_number} if wanted.phone_number else {}
        return str(successful(self.call("AddMessageContact", {**wanted.always_sent, **phone}))["Contact"]["ContactId"])

    def read(self, contact_id: str) -> Configured:
        contact = successful(self.call("GetMessageContact", {"ContactId": contact_id}))["Contact"]
        return Configured(
            name=contact["Name"],
            email_address=contact["EmailAddress"],
            title=contact["Title"],
            message_types=tuple(contact["MessageTypes"]),
            phone_number=contact.get("PhoneNumber", ""),
        )

    def update(self, contact_id: str, held: Configured, wanted: Configured) -> None:
        has_new_phone = held.phone_number != wanted.phone_number
        phone = {"PhoneNumber": wanted.phone_number} if has_new_phone else {}
        successful(self.call("UpdateMessageContact", {"ContactId": contact_id, **wanted.always_sent, **phone}))

    def delete(self, contact_id: str) -> None:
        successful(self.call("DeleteMessageContact", {"ContactId": contact_id}))


def successful(answer: Response) -> dict[str, Any]:
    """The document of a 200 answer; with Code, Success or Message in it the provider takes it for a failure."""
    document = answer.json
    assert answer.status == 200
    assert not {"Code", "Success", "Message"} & set(document)
    return dict(document)


@pytest.fixture
def provider(account: Account) -> Provider:
    return Provider(account)


BARE, FULL = Configured(), Configured(phone_number="86-13900001234")
CHANGES = [
    (FULL, replace(FULL, email_address="tom_update@example.com")),
    (FULL, replace(FULL, phone_number="86-13900005678")),
    (FULL, replace(FULL, phone_number="")),
    (BARE, replace(BARE, phone_number="86-13900001234")),
    (FULL, replace(FULL, name="jerry")),
    (FULL, replace(FULL, title="FinanceDirector")),
    (FULL, replace(FULL, message_types=("AccountExpenses", "SecurityMessage"))),
    (FULL, replace(FULL, message_types=("ProductMessage", "FaultMessage", "ServiceMessage", "ActivityMessage"))),
    (FULL, Configured("张三", "a+b@example.com", "CEO", ("FaultMessage",), "86-13900009999")),
    (FULL, FULL),
]
NAMES = [
    "email",
    "phone",
    "phone-removed",
    "phone-added",
    "name",
    "title",
    "types-reordered",
    "types-replaced",
    "everything",
    "nothing",
]


@pytest.mark.parametrize("wanted", [BARE, FULL], ids=["without-phone", "with-phone"])
def test_a_created_contact_shows_no_drift(provider: Provider, wanted: Configured) -> None:
    contact_id = provider.create(wanted)

    assert provider.read(contact_id) == wanted


@pytest.mark.parametrize(("held", "wanted"), CHANGES, ids=NAMES)
def test_an_updated_contact_shows_no_drift(provider: Provider, held: Configured, wanted: Configured) -> None:
    contact_id = provider.create(held)

    provider.update(contact_id, held, wanted)

    assert provider.read(contact_id) == wanted


def test_the_whole_life_of_the_resource_passes(provider: Provider) -> None:
    steps = [
        FULL,
        replace(FULL, email_address="new@example.com"),
        replace(FULL, email_address="new@example.com", phone_number=""),
        replace(FULL, email_address="new@example.com", phone_number="", name="anna"),
        BARE,
    ]
    contact_id = provider.create(steps[0])

    for held, wanted in pairwise(steps):
        provider.update(contact_id, held, wanted)
        assert provider.read(contact_id) == wanted

    provider.delete(contact_id)
    assert provider.call("GetMessageContact", {"ContactId": contact_id}).status == 404


def test_a_deleted_contact_is_not_found_at_once(provider: Provider) -> None:
    contact_id = provider.create(FULL)

    provider.delete(contact_id)

    answer = provider.call("GetMessageContact", {"ContactId": contact_id})
    assert (answer.status, answer.code) == (404, "EntityNotExists.Contact")


def test_a_second_deletion_is_taken_for_done(provider: Provider) -> None:
    contact_id = provider.create(FULL)
    provider.delete(contact_id)

    answer = provider.call("DeleteMessageContact", {"ContactId": contact_id})

    assert (answer.status, answer.code) == (404, "EntityNotExists.Contact")


def test_a_contact_whose_owners_have_confirmed_shows_no_drift(provider: Provider) -> None:
    server = provider.account.server
    email, phone = Owner(server, new_email()), Owner(server, new_phone())
    wanted = replace(FULL, email_address=email.address, phone_number=phone.address)
    contact_id = provider.create(wanted)
    send = "Send{}VerificationForMessageContact".format
    sent = [
        provider.call(send("Email"), {"ContactId": contact_id, "EmailAddress": email.address}),
        provider.call(send("Phone"), {"ContactId": contact_id, "PhoneNumber": phone.address}),
    ]

    email.press("confirm")
    phone.press("confirm")

    assert [set(successful(each)) for each in sent] == [{"RequestId"}] * 2
    assert provider.read(contact_id) == wanted
    provider.update(contact_id, wanted, wanted)
    assert provider.read(contact_id) == wanted


def test_a_request_without_parameters_has_a_form_that_is_empty(account: Account) -> None:
    answer = call_terraform(account, "ListMessageContacts")

    assert successful(answer)["Contacts"] == []


def test_parameters_that_the_provider_adds_are_ignored(account: Account) -> None:
    answer = call_terraform(
        account,
        "ListMessageContacts",
        {"RegionId": "cn-hangzhou", "Tags.1.Key": "a", "SecureTransport": "true", "SourceIp": "10.0.0.1"},
    )

    assert successful(answer)["TotalCount"] == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Name": "t"}, "InvalidParameter.Name.Length"),
        ({"PhoneNumber": "139"}, "InvalidParameter.PhoneNumber"),
        ({"ContactId": "c-1"}, "InvalidParameter.ContactId"),
    ],
)
def test_a_refused_update_leaves_the_state_as_it_was(provider: Provider, changes: dict[str, str], code: str) -> None:
    contact_id = provider.create(FULL)

    answer = provider.call("UpdateMessageContact", {"ContactId": contact_id, **FULL.always_sent, **changes})

    assert (answer.status, answer.code) == (400, code)
    assert provider.read(contact_id) == FULL
