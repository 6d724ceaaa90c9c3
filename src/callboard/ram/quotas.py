"""How much of everything an account may have, and how two calls are kept from both taking the last place.

The figures are those of the page "Limitations" of the RAM documentation, as of December 2025
(https://www.alibabacloud.com/help/en/ram/product-overview/limits); they are the same in every rule profile. They hold
for calls: keys that the operator makes for users at the command line are refused for none of them.
"""

from msgspec import Struct
from sqlalchemy import ColumnElement, Table, bindparam, func, select

from callboard.access.grants import CUSTOM
from callboard.database.statement import Connection, Statement
from callboard.database.tables import accounts, attachments, group_members, groups, policies, roles, users

MOST_KEYS = 2
"""Of a user, as documented, and of the account itself, which is our decision: one in use, and the next one while it is
brought into use."""
MOST_VERSIONS = 5
"""Of a custom policy."""

_LOCK = Statement(
    select(accounts.c.account_id)
    .where(accounts.c.account_id == bindparam("account_id"))
    .with_for_update(key_share=True)
)


class Quota(Struct, frozen=True):
    """How many there may be, and how they are counted."""

    most: int
    count: Statement

    def is_exceeded(self, connection: Connection, **values: str) -> bool:
        """Whether there are too many now that one was added; whoever else would add one must have to wait."""
        row = connection.one(self.count, **values)
        return row is not None and row[0] > self.most


def _quota(most: int, table: Table, *of: ColumnElement[bool]) -> Quota:
    of_account = table.c.account_id == bindparam("account_id")
    return Quota(most, Statement(select(func.count()).select_from(table).where(of_account, *of)))


USERS = _quota(5000, users)
GROUPS = _quota(300, groups)
ROLES = _quota(1000, roles)
POLICIES = _quota(1500, policies)
"""Custom ones."""
GROUPS_OF_USER = _quota(10, group_members, group_members.c.user_id == bindparam("user_id"))
ATTACHED = _quota(
    10, attachments, attachments.c.entity_id == bindparam("entity_id"), attachments.c.policy_type == CUSTOM
)
"""Custom policies of one user, group or role. Of system policies it may have 20, which is more than there are here."""


def lock(connection: Connection, account_id: str) -> None:
    """Make others wait who would add something to the account, so that what is counted stays true."""
    connection.one(_LOCK, account_id=account_id)
