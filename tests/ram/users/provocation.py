"""The register of provocations: for each declared error of each action, a way to have it answered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from callboard.api.model import ACTIONS, Action
from tests.ram.users.clients import VERSION, Ram

USERS = ("CreateUser", "GetUser", "UpdateUser", "DeleteUser", "ListUsers")
KEYS = ("CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey", "ListAccessKeys", "GetAccessKeyLastUsed")
GROUPS = ("CreateGroup", "GetGroup", "UpdateGroup", "DeleteGroup", "ListGroups")
MEMBERS = ("AddUserToGroup", "RemoveUserFromGroup", "ListGroupsForUser", "ListUsersForGroup")
LOGONS = ("GetLoginProfile", "DeleteLoginProfile", "GetUserMFAInfo", "UnbindMFADevice")
NAMES = (*USERS, *KEYS, *GROUPS, *MEMBERS, *LOGONS)

NOBODYS = "LTAInobodys"
COMPLETE: dict[str, Any] = {
    "user_name": "alice",
    "group_name": "dev",
    "user_access_key_id": NOBODYS,
    "status": "Inactive",
}
"""Values for what an action demands."""

Provoke = Callable[[Ram], object]


@dataclass(frozen=True)
class Provocation:
    """Calls that end in one refusal."""

    action: str
    code: str
    provoke: Provoke

    def __str__(self) -> str:
        return f"{self.action}-{self.code}"


PROVOCATIONS: list[Provocation] = []


def provokes(action: str, code: str) -> Callable[[Provoke], Provoke]:
    """Register the function below: its last call is refused with the code."""

    def register(provoke: Provoke) -> Provoke:
        PROVOCATIONS.append(Provocation(action, code, provoke))
        return provoke

    return register


def actions() -> list[Action]:
    return [ACTIONS[VERSION, name] for name in NAMES]


def complete(action: str, **given: Any) -> dict[str, Any]:
    """What a call of the action takes at least, and at most what is given besides."""
    fields = {field.attribute: field for field in ACTIONS[VERSION, action].fields}
    demanded = {
        name: value
        for name, value in COMPLETE.items()
        if name in fields and (fields[name].is_required or name == "user_name")
    }
    return {name: value for name, value in {**demanded, **given}.items() if value is not None}
