"""Accounts that have many of something, put behind the server's back."""

from typing import Protocol

from sqlalchemy import text

from callboard.database.statement import Statement
from tests.serving import Server

_COLUMNS = {
    "users": "account_id, user_id, user_name, display_name, mobile_phone, email, comments, created_at, modified_at",
    "groups": "account_id, group_id, group_name, comments, created_at, modified_at",
    "roles": "account_id, role_id, role_name, description, trust_policy, max_session_s, created_at, modified_at",
    "policies": "account_id, policy_name, description, default_version, last_version, created_at, modified_at",
}
_VALUES = {
    "users": ":account_id, '2-' || n, 'filling-' || n, '', '', '', '', :at, :at",
    "groups": ":account_id, 'g-' || n, 'filling-' || n, '', :at, :at",
    "roles": ":account_id, '3-' || n, 'filling-' || n, '', '{}', 3600, :at, :at",
    "policies": ":account_id, 'filling-' || n, '', 1, 1, :at, :at",
}
_FILL = {
    what: Statement(
        text(
            f"INSERT INTO {what} ({columns}) "
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :many) "
            f"SELECT {_VALUES[what]} FROM numbers"
        )
    )
    for what, columns in _COLUMNS.items()
}


class InAccount(Protocol):
    """A client of an account."""

    @property
    def server(self) -> Server: ...

    @property
    def account_id(self) -> str: ...


def fill(client: InAccount, what: str, many: int) -> None:
    """Give an account users, groups, roles or policies; their names are filling-1 and so on."""
    values = {"account_id": client.account_id, "many": many, "at": 1_700_000_000_000}
    added = client.server.run(lambda connection: connection.run(_FILL[what], **values))
    assert added == many
