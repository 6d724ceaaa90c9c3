"""SQL of sessions: the temporary keys of assumed roles."""

from msgspec import Struct
from sqlalchemy import bindparam, delete, select

from callboard.call import Moment
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import accounts, roles, sessions

BATCH = 1000
KEY_PREFIX = "STS."

_ADD = insertion(sessions)
_FIND = Statement(
    select(
        sessions.c.access_key_id,
        sessions.c.account_id,
        sessions.c.role_id,
        roles.c.role_name,
        sessions.c.session_name,
        sessions.c.secret,
        sessions.c.token_digest,
        sessions.c.policy,
        sessions.c.expires_at,
        accounts.c.directory_id,
        accounts.c.is_management,
    )
    .join(roles, (roles.c.account_id == sessions.c.account_id) & (roles.c.role_id == sessions.c.role_id))
    .join(accounts, accounts.c.account_id == sessions.c.account_id)
    .where(sessions.c.access_key_id == bindparam("access_key_id"))
)
_CLEAR = Statement(
    delete(sessions).where(
        sessions.c.access_key_id.in_(
            select(sessions.c.access_key_id)
            .where(sessions.c.expires_at < bindparam("before"))
            .limit(bindparam("limit"))
        )
    )
)


class StoredSession(Struct, frozen=True):
    """A session as it is kept, with its role and the account that it acts in."""

    access_key_id: str
    account_id: str
    role_id: str
    role_name: str
    session_name: str
    secret: bytes
    token_digest: bytes
    policy: str | None
    expires_at: Moment
    directory_id: str | None
    is_management: bool


def find(connection: Connection, access_key_id: str) -> StoredSession | None:
    row = connection.one(_FIND, access_key_id=access_key_id)
    return None if row is None else StoredSession(*row)


def add(
    connection: Connection,
    *,
    access_key_id: str,
    account_id: str,
    role_id: str,
    session_name: str,
    secret: bytes,
    token_digest: bytes,
    policy: str | None,
    now: Moment,
    expires_at: Moment,
) -> None:
    connection.run(
        _ADD,
        access_key_id=access_key_id,
        account_id=account_id,
        role_id=role_id,
        session_name=session_name,
        secret=secret,
        token_digest=token_digest,
        policy=policy,
        created_at=now,
        expires_at=expires_at,
    )


def clear(connection: Connection, *, before: Moment) -> int:
    """Forget sessions that expired before a moment: a batch of them; how many."""
    return connection.run(_CLEAR, before=before, limit=BATCH)
