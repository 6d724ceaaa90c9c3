"""Provocations by what is in the database: names taken, contacts gone or being deleted, locks held."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.contract.callers import Caller
from tests.contract.provocation import provokes
from tests.contract.provoked_by_parameters import ALSO_GIVEN, ONE_CONTACT
from tests.contract.steps import (
    NOBODYS,
    PHONE,
    SEND_EMAIL,
    SEND_PHONE,
    TOM,
    add,
    add_active,
    add_deleting,
    add_many,
    new_email,
    new_phone,
)
from tests.serving import Account


@provokes("AddMessageContact", "InvalidParameter.Name.AlreadyUsed")
def add_a_second_tom(caller: Caller) -> None:
    add(caller)
    caller.call("AddMessageContact", **TOM)


@provokes("UpdateMessageContact", "InvalidParameter.Name.AlreadyUsed")
def take_another_contacts_name(caller: Caller) -> None:
    add(caller)
    other = add(caller, name="jerry")
    caller.call("UpdateMessageContact", contact_id=other, name="tom")


@provokes("AddMessageContact", "LimitExceeded.Contacts")
def add_contact_number_21(caller: Caller) -> None:
    add_many(caller, 20)
    caller.call("AddMessageContact", **TOM)


for each in (*ONE_CONTACT, "ListMessageContacts"):

    @provokes(each, "EntityNotExists.Contact")
    def by_nobodys_contact_id(caller: Caller, action: str = each) -> None:
        caller.call(action, contact_id=NOBODYS, **ALSO_GIVEN.get(action, {}))


@provokes("ListMessageContacts", "EntityNotExists.Member")
def list_by_a_folder_of_no_directory(caller: Caller) -> None:
    caller.call("ListMessageContacts", member="fd-ZDNPiTabcd")


@provokes("UpdateMessageContact", "ContactStatusMismatchAction")
def update_a_contact_that_is_being_deleted(caller: Caller) -> None:
    caller.call("UpdateMessageContact", contact_id=add_deleting(caller), title="Other")


@provokes("CancelMessageContactUpdate", "ContactStatusMismatchAction")
def cancel_where_nothing_is_pending(caller: Caller) -> None:
    caller.call("CancelMessageContactUpdate", contact_id=add_active(caller))


@provokes(SEND_EMAIL, "EntityNotExists.Contact.Verification")
def send_to_the_address_of_a_contact_that_is_being_deleted(caller: Caller) -> None:
    caller.call(SEND_EMAIL, contact_id=add_deleting(caller), email_address=TOM["email_address"])


@provokes(SEND_PHONE, "EntityNotExists.Contact.Verification")
def send_to_the_number_of_a_contact_that_is_being_deleted(caller: Caller) -> None:
    caller.call(SEND_PHONE, contact_id=add_deleting(caller, phone_number=PHONE), phone_number=PHONE)


@provokes(SEND_EMAIL, "SendValidateCodeExceedsLimitForAccount")
def send_two_emails_at_once(caller: Caller) -> None:
    address = new_email()
    contact_id = add(caller, email_address=address)
    caller.call(SEND_EMAIL, contact_id=contact_id, email_address=address)
    caller.call(SEND_EMAIL, contact_id=contact_id, email_address=address)


@provokes(SEND_PHONE, "SendValidateCodeExceedsLimitForAccount")
def send_two_sms_at_once(caller: Caller) -> None:
    number = new_phone()
    contact_id = add(caller, phone_number=number)
    caller.call(SEND_PHONE, contact_id=contact_id, phone_number=number)
    caller.call(SEND_PHONE, contact_id=contact_id, phone_number=number)


@provokes("DeleteMessageContact", "ConcurrentCallNotSupported")
def delete_a_contact_that_is_being_deleted(caller: Caller) -> None:
    caller.call("DeleteMessageContact", contact_id=add_deleting(caller))


@provokes("AddMessageContact", "ConcurrentCallNotSupported", server="impatient")
def add_while_another_adds(caller: Caller) -> None:
    with held(caller.account, "SELECT 1 FROM directories WHERE directory_id = %s FOR UPDATE"):
        caller.call("AddMessageContact", **TOM)


@provokes("UpdateMessageContact", "ConcurrentCallNotSupported", server="impatient")
def update_while_another_updates(caller: Caller) -> None:
    contact_id = add(caller)
    with held(caller.account, "SELECT 1 FROM contacts WHERE directory_id = %s FOR UPDATE"):
        caller.call("UpdateMessageContact", contact_id=contact_id, title="Other")


@provokes("DeleteMessageContact", "ConcurrentCallNotSupported", server="impatient")
def delete_while_another_updates(caller: Caller) -> None:
    contact_id = add(caller)
    with held(caller.account, "SELECT 1 FROM contacts WHERE directory_id = %s FOR UPDATE"):
        caller.call("DeleteMessageContact", contact_id=contact_id)


@contextmanager
def held(account: Account, lock: str) -> Iterator[None]:
    """Another transaction holds a lock: on PostgreSQL on rows of the directory, on SQLite on the database."""
    url = account.server.settings.url
    if url.startswith("sqlite:"):
        driver = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        try:
            driver.execute("BEGIN IMMEDIATE")
            yield
            driver.execute("ROLLBACK")
        finally:
            driver.close()
        return
    directory_id = account.directory_id
    with psycopg.connect(url) as other, other.transaction(force_rollback=True):
        assert other.execute(lock.encode(), (directory_id,)).fetchall()
        yield
