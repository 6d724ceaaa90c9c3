"""One call, as a handler sees it: who makes it, when, and the transaction that is open for it."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from callboard.profile import Profile
from callboard.terms import Terms

if TYPE_CHECKING:
    from callboard.access.vault import Vault
    from callboard.database.statement import Connection

OPERATOR = "operator"
"""Who runs the installation, as the audit trail names them."""

Moment = int
"""Milliseconds since 1970, UTC."""


class Principal(Struct, frozen=True):
    """Who makes the call: an account's root key, a RAM user, a session of a role, or an address's owner."""

    account_id: str
    access_key_id: str | None
    user_name: str | None = None
    is_owner: bool = False
    is_operator: bool = False
    """Whoever runs the installation, at a shell, or the installation itself."""
    role_name: str | None = None
    session_name: str | None = None
    principal_id: str = ""
    """The id of the user; of a session, the role's id and the session's name; of root, the account's."""

    @property
    def kind(self) -> str:
        """In the words of AccessDeniedDetail."""
        if self.role_name is not None:
            return "AssumedRoleUser"
        return "RootUser" if self.user_name is None else "SubUser"

    @property
    def is_root(self) -> bool:
        return self.user_name is None and self.role_name is None and not self.is_owner and not self.is_operator

    @property
    def arn(self) -> str:
        """The name that the audit trail keeps: in the notation of RAM, `owner` of the address concerned, `operator`."""
        if self.is_owner or self.is_operator:
            return "owner" if self.is_owner else OPERATOR
        if self.role_name is not None:
            return f"acs:ram::{self.account_id}:assumed-role/{self.role_name}/{self.session_name}"
        return f"acs:ram::{self.account_id}:{'root' if self.is_root else f'user/{self.user_name}'}"


def count_nothing(_: str) -> None:
    """Outside a server nobody reads the metrics."""


class Call(Struct, frozen=True):
    """One call, as a handler sees it: its open transaction, its moment, its caller."""

    connection: "Connection"
    now: Moment
    request_id: str
    principal: Principal
    directory_id: str
    """The resource directory that the caller manages; empty for actions that need none."""
    profile: Profile
    terms: Terms
    vault: "Vault"
    new_id: Callable[[str], str]
    source_address: str | None = None
    is_secure: bool = False
    """Whether the call came over TLS."""
    trace: str = ""
    """The call's span as W3C's traceparent, for what belongs to it later; empty where nothing is traced."""
    count: Callable[[str], None] = count_nothing
    """Counts an event of the metrics, by its name there, once the call is committed."""


def new_request_id() -> str:
    """An upper-case UUID (version 4), as the API has it: one is made for every call, so by hand."""
    text = os.urandom(16).hex().upper()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{'89AB'[int(text[16], 16) & 3]}{text[17:20]}-{text[20:]}"
