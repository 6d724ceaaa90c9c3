"""Steps that the tests take on their way: a contact made, read, proven, bound, deleted."""

import uuid
from typing import Any

from callboard.clock import wall_clock as now
from callboard.contacts import bindings, deletion, rules, storage
from callboard.contacts.rules import Contact
from callboard.database.statement import Connection
from callboard.tree import directories, members
from callboard.tree.members import Kind, Member
from tests.contract.callers import Caller
from tests.serving import Account, Server

TOM: dict[str, Any] = {
    "name": "tom",
    "email_address": "tom@example.com",
    "title": "CEO",
    "message_types": ["FaultMessage", "AccountExpenses"],
}
PHONE = "86-13900001234"
SEND_EMAIL, SEND_PHONE = "SendEmailVerificationForMessageContact", "SendPhoneVerificationForMessageContact"
NOBODYS = "c-aaaaaaaaaaaaaaaa"
"""A contact id that is well formed, and no contact's."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def new_email() -> str:
    """An email address that no other test sends to: limits count an address over every account."""
    return f"tom{uuid.uuid4().hex}@example.com"


def new_phone() -> str:
    """A phone number that no other test sends to."""
    return f"86-1{uuid.uuid4().int % 10**10:010}"


def add(caller: Caller, **changes: Any) -> str:
    """Add a contact, tom unless told otherwise; its id."""
    return str(caller.call("AddMessageContact", **{**TOM, **changes})["Contact"]["ContactId"])


def add_many(caller: Caller, number: int) -> list[str]:
    """Add contacts that are named after the letters; their ids."""
    return [add(caller, name=letter * 2) for letter in LETTERS[:number]]


def shown(caller: Caller, contact_id: str) -> dict[str, Any]:
    """The contact, as GetMessageContact has it."""
    return dict(caller.call("GetMessageContact", contact_id=contact_id)["Contact"])


def waiting(caller: Caller, contact_id: str) -> list[str]:
    """The addresses and numbers of a contact that wait for their verification."""
    reply = caller.call("ListMessageContactVerifications", contact_id=contact_id)
    assert reply["TotalCount"] == len(reply["ContactVerifications"])
    assert all(each["ContactId"] == contact_id for each in reply["ContactVerifications"])
    return [each["Target"] for each in reply["ContactVerifications"]]


def stored(account: Account, contact_id: str) -> Contact:
    """The contact as the database has it."""
    directory_id = account.directory_id
    found = account.server.run(lambda open_: storage.find(open_, directory_id, contact_id))
    assert isinstance(found, Contact)
    return found


def prove(account: Account, contact_id: str, target: str) -> None:
    """Let the owner of an address or number prove it."""
    directory_id = account.directory_id
    contact = stored(account, contact_id)
    proven = rules.prove(contact, target, at=now())
    assert proven != contact
    account.server.run(lambda open_: storage.save(open_, directory_id, proven))


def add_active(caller: Caller, **changes: Any) -> str:
    """Add a contact whose email address is proven; a phone number is not."""
    contact_id = add(caller, **changes)
    prove(caller.account, contact_id, changes.get("email_address", TOM["email_address"]))
    return contact_id


def add_deleting(caller: Caller, **changes: Any) -> str:
    """Add a contact, and begin to take it out of the members."""
    contact_id = add(caller, **changes)
    reply = caller.call("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=False)
    assert reply["Status"] == "Deleting"
    return contact_id


def finish_deletions(server: Server) -> None:
    """Do the background work of deletion until none is left."""
    while server.run(lambda open_: deletion.finish_due(open_, now=now())):
        continue


def bind(account: Account, contact_id: str, target_id: str, *, at: int) -> None:
    """Bind a contact to a target at a moment."""
    directory_id = account.directory_id
    account.server.run(lambda open_: bindings.bind(open_, directory_id, contact_id, target_id, at=at))


def root_folder(account: Account) -> str:
    """The id of the directory's root folder."""
    directory_id = account.directory_id
    return str(account.server.run(lambda open_: directories.find(open_, directory_id)).root_folder_id)


def other_account(server: Server, *, directory_id: str | None, is_management: bool) -> Account:
    """The root key of an account that manages no directory; with a directory, of a member of it."""
    account_id = f"{uuid.uuid4().int % 10**16:016d}"
    if directory_id is not None and not is_management:
        add_member(server, directory_id, account_id)
    else:
        server.run(
            lambda open_: directories.add_account(
                open_, account_id, directory_id=directory_id, is_management=is_management, now=now()
            )
        )
    return server.key(account_id)


def add_member(server: Server, directory_id: str, account_id: str) -> None:
    """Add a member account, in the root folder."""

    def work(open_: Connection) -> None:
        tree = directories.find(open_, directory_id)
        assert tree is not None
        at = now()
        member = Member(
            account_id=account_id,
            folder_id=tree.root_folder_id,
            display_name=account_id,
            account_name=f"{account_id}@{directory_id}.aliyunid.com",
            kind=Kind.RESOURCE,
            status="CreateSuccess",
            payer_account_id=None,
            joined_at=at,
            modified_at=at,
            placed_at=at,
        )
        members.add(open_, directory_id, member)

    server.run(work)
