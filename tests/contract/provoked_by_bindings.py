"""Provocations of the actions that bind contacts and take them out again."""

from typing import Any

from tests.contract.callers import Caller
from tests.contract.provocation import provokes
from tests.contract.steps import NOBODYS, add, add_deleting
from tests.contract.trees import Tree

BINDING = ("AssociateMembers", "DisassociateMembers")
FOLDER = "fd-ZDNPiTabcd"
SIX = [f"fd-ZDNPiT{number}" for number in range(6)]

for each in BINDING:

    @provokes(each, "MissingParameter.ContactId")
    def by_no_contact_id(caller: Caller, action: str = each) -> None:
        caller.call(action, members=[FOLDER])

    @provokes(each, "InvalidParameter.ContactId")
    def by_a_malformed_contact_id(caller: Caller, action: str = each) -> None:
        caller.call(action, contact_id="c-1", members=[FOLDER])

    @provokes(each, "InvalidParameter.Members")
    def by_a_malformed_target(caller: Caller, action: str = each) -> None:
        caller.call(action, contact_id=NOBODYS, members=[FOLDER, "fd_1"])

    @provokes(each, "InvalidParameter.Members.Duplicate")
    def by_a_target_twice(caller: Caller, action: str = each) -> None:
        caller.call(action, contact_id=NOBODYS, members=[FOLDER, FOLDER])

    @provokes(each, "EntityNotExists.Contact")
    def by_nobodys_contact_id(caller: Caller, action: str = each) -> None:
        caller.call(action, contact_id=NOBODYS, members=[FOLDER])

    @provokes(each, "ContactStatusMismatchAction")
    def by_a_contact_that_is_being_deleted(caller: Caller, action: str = each) -> None:
        caller.call(action, contact_id=add_deleting(caller), members=[FOLDER])

    @provokes(each, "InvalidMember")
    def by_a_folder_of_no_directory(caller: Caller, action: str = each) -> None:
        caller.call(action, contact_id=add(caller), members=[caller.account.directory_id, FOLDER])


@provokes("DisassociateMembers", "InvalidParameter.Members.Length")
def take_out_of_six_at_once(caller: Caller) -> None:
    caller.call("DisassociateMembers", contact_id=NOBODYS, members=SIX)


@provokes("AssociateMembers", "LimitExceeded.ContactMembers")
def bind_to_eleven(caller: Caller) -> None:
    tree, contact_id = Tree(caller.account), add(caller)
    folders = [tree.folder() for _ in range(10)]
    for five in (folders[:5], folders[5:], [caller.account.directory_id]):
        caller.call("AssociateMembers", contact_id=contact_id, members=five)


@provokes("AssociateMembers", "ConcurrentCallNotSupported")
def bind_to_what_it_is_being_taken_out_of(caller: Caller) -> None:
    named: dict[str, Any] = {"contact_id": add(caller), "members": [Tree(caller.account).folder()]}
    for action in ("AssociateMembers", "DisassociateMembers", "AssociateMembers"):
        caller.call(action, **named)
