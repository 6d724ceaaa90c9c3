"""An account goes for good: its keys, and everything that it has in RAM, go with it."""

from sqlalchemy import bindparam, delete

from callboard.database.statement import Connection, Statement
from callboard.database.tables import (
    access_keys,
    accounts,
    attachments,
    group_members,
    groups,
    policies,
    roles,
    sessions,
    users,
)

# In an order in which nothing refers to what is gone.
_DROPS = [
    Statement(delete(table).where(table.c.account_id == bindparam("account_id")))
    for table in (access_keys, sessions, attachments, group_members, groups, users, policies, roles, accounts)
]


def close(connection: Connection, account_id: str) -> None:
    """Drop an account that is in no directory any more. Its audit trail stays."""
    for statement in _DROPS:
        connection.run(statement, account_id=account_id)
