"""Provocations by who calls: each error that any action may answer, for every action of the model."""

from typing import Any

from callboard.api.model import ACTIONS
from tests.contract.callers import Caller
from tests.contract.facts import VERSION
from tests.contract.provocation import provokes
from tests.contract.steps import NOBODYS, TOM, other_account

COMPLETE: dict[str, dict[str, Any]] = {
    "AddMessageContact": TOM,
    "ListMessageContacts": {},
}
"""What a call must give, where it is not the ContactId alone."""


def call_as(caller: Caller, action: str, account: Any) -> None:
    type(caller)(account).call(action, **COMPLETE.get(action, {"contact_id": NOBODYS}))


for _, each in [key for key in ACTIONS if key[0] == VERSION]:

    @provokes(each, "EntityNotExists.ResourceDirectory")
    def by_an_account_without_directory(caller: Caller, action: str = each) -> None:
        account = other_account(caller.account.server, directory_id=None, is_management=True)
        call_as(caller, action, account)

    @provokes(each, "MemberAccountOperationNotAllowed")
    def by_a_member_account(caller: Caller, action: str = each) -> None:
        account = other_account(caller.account.server, directory_id=caller.account.directory_id, is_management=False)
        call_as(caller, action, account)

    @provokes(each, "NoPermission")
    def by_a_user_without_policy(caller: Caller, action: str = each) -> None:
        account = caller.account.server.key(caller.account.account_id, user_name="alice")
        call_as(caller, action, account)
