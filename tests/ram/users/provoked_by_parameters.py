"""Provocations by what is missing, or is no name, address or description."""

from typing import Any

import callboard.wiring  # noqa: F401 (registers the actions)
from tests.ram.users.clients import Ram
from tests.ram.users.provocation import actions, complete, provokes

WRONG: dict[str, dict[str, Any]] = {
    "UserName": {"InvalidChars": "a b", "Length": "a" * 65},
    "NewUserName": {"InvalidChars": "ä", "Length": "a" * 65},
    "GroupName": {"InvalidChars": "a/b", "Length": "a" * 65},
    "NewGroupName": {"InvalidChars": "*", "Length": "a" * 65},
    "DisplayName": {"InvalidChars": "a\0b", "Length": "a" * 129},
    "NewDisplayName": {"InvalidChars": "a\nb", "Length": "a" * 129},
    "MobilePhone": {"Format": "8613900001234"},
    "NewMobilePhone": {"Format": "86-12"},
    "Email": {"Format": "alice"},
    "NewEmail": {"Format": "alice@example"},
    "Comments": {"Length": "a" * 129},
    "NewComments": {"Length": "a" * 129},
}
"""Values of each parameter by the end of the code that refuses them."""

for each in actions():
    for field in each.fields:
        if field.is_required:

            @provokes(each.name, f"Missing{field.name}")
            def without(ram: Ram, action: str = each.name, attribute: str = field.attribute) -> None:
                ram.call(action, **complete(action, **{attribute: None}))

        for rule, value in WRONG.get(field.name, {}).items():

            @provokes(each.name, f"InvalidParameter.{field.name}.{rule}")
            def with_a_wrong_one(
                ram: Ram, action: str = each.name, attribute: str = field.attribute, value: Any = value
            ) -> None:
                ram.call(action, **complete(action, **{attribute: value}))


@provokes("UpdateAccessKey", "InvalidParameter.Status")
def with_a_status_of_its_own(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.call("UpdateAccessKey", **complete("UpdateAccessKey", status="inactive"))
