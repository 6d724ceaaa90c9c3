"""Provocations by who calls: each error that any action may answer, for every action of the model."""

from typing import Any

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from tests.contract.callers import Caller
from tests.contract.facts import OLDER_VERSION, VERSION
from tests.contract.provocation import provokes
from tests.contract.steps import other_account

VERSIONS = (VERSION, OLDER_VERSION)
EVERY = {name: action for (version, name), action in ACTIONS.items() if version in VERSIONS}


def call_as(caller: Caller, action: str, account: Any) -> None:
    """Call with what the action demands; nobody is told anything of it before who he is."""
    demanded = {each.attribute: each.parameter.example for each in EVERY[action].fields if each.is_required}
    type(caller)(account).call(action, **demanded)


for each in EVERY:

    @provokes(each, "NoPermission")
    def by_a_user_without_policy(caller: Caller, action: str = each) -> None:
        account = caller.account.server.key(caller.account.account_id, user_name="alice")
        call_as(caller, action, account)


for each in [name for name, action in EVERY.items() if action.needs_directory]:

    @provokes(each, "EntityNotExists.ResourceDirectory")
    def by_an_account_without_directory(caller: Caller, action: str = each) -> None:
        account = other_account(caller.account.server, directory_id=None, is_management=True)
        call_as(caller, action, account)

    @provokes(each, "MemberAccountOperationNotAllowed")
    def by_a_member_account(caller: Caller, action: str = each) -> None:
        account = other_account(caller.account.server, directory_id=caller.account.directory_id, is_management=False)
        call_as(caller, action, account)
