"""The official SDK, unmodified, through the life of a contact."""

from alibabacloud_resourcedirectorymaster20220419 import models

from tests.serving import Account


def test_a_contact_is_added_and_read_back(account: Account) -> None:
    client = account.client()
    added = client.add_message_contact(
        models.AddMessageContactRequest(
            name="tom", email_address="tom@example.com", title="CEO", message_types=["FaultMessage"]
        )
    ).body

    found = client.get_message_contact(models.GetMessageContactRequest(contact_id=added.contact.contact_id)).body

    assert found.contact.name == "tom"
    assert found.contact.status == "Verifying"
