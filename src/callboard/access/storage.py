"""SQL of access keys, used nonces and the master key's fingerprint."""

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import bindparam, delete, select, text, update

from callboard.access.vault import DIGESTS
from callboard.call import Moment
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import access_keys, accounts, nonces, users, vault

NONCE_BATCH = 2000

_FIND = Statement(
    select(
        access_keys.c.access_key_id,
        access_keys.c.account_id,
        access_keys.c.user_name,
        access_keys.c.secret,
        access_keys.c.is_active,
        accounts.c.directory_id,
        accounts.c.is_management,
        users.c.user_id,
    )
    .join(accounts, accounts.c.account_id == access_keys.c.account_id)
    .outerjoin(users, (users.c.account_id == access_keys.c.account_id) & (users.c.user_name == access_keys.c.user_name))
    .where(access_keys.c.access_key_id == bindparam("access_key_id"))
)
_ADD = insertion(access_keys)
_SET_ACTIVE = Statement(
    update(access_keys).values(is_active=bindparam("active")).where(access_keys.c.access_key_id == bindparam("key_id"))
)
_ROOT_KEYS = Statement(
    select(access_keys.c.access_key_id)
    .where(
        access_keys.c.account_id == bindparam("account_id"),
        access_keys.c.user_name.is_(None),
        access_keys.c.is_active.is_(True),
    )
    .order_by(access_keys.c.access_key_id)
)
_TOUCH = Statement(
    update(access_keys).values(last_used_at=bindparam("now")).where(access_keys.c.access_key_id == bindparam("key_id"))
)
_KEYS = Statement(
    select(
        access_keys.c.access_key_id,
        access_keys.c.account_id,
        access_keys.c.user_name,
        access_keys.c.is_active,
        access_keys.c.created_at,
    ).order_by(access_keys.c.created_at, access_keys.c.access_key_id)
)
# Written out, as Core has no ON CONFLICT that serves both databases.
_USE_NONCE = Statement(
    text("INSERT INTO nonces (digest, expires_at) VALUES (:digest, :expires_at) ON CONFLICT DO NOTHING")
)
_CLEAR_NONCES = Statement(
    delete(nonces).where(
        nonces.c.digest.in_(
            select(nonces.c.digest).where(nonces.c.expires_at < bindparam("now")).limit(bindparam("limit"))
        )
    )
)
_LOCK_VAULT = Statement(select(vault.c.name).where(vault.c.name == "master").with_for_update())
_FINGERPRINT = Statement(select(vault.c.fingerprint).where(vault.c.name == "master"))
_ADD_FINGERPRINT = Statement(
    text("INSERT INTO vault (name, fingerprint) VALUES ('master', :fingerprint) ON CONFLICT DO NOTHING")
)
_DIGEST_KEY = Statement(select(vault.c.secret).where(vault.c.name == DIGESTS))


class StoredKey(Struct, frozen=True):
    """An access key as it is kept, with the account that it belongs to."""

    access_key_id: str
    account_id: str
    user_name: str | None
    secret: bytes
    is_active: bool
    directory_id: str | None
    is_management: bool
    user_id: str | None
    """None for a root key."""


class ListedKey(Struct, frozen=True):
    """What may be shown of an access key."""

    access_key_id: str
    account_id: str
    user_name: str | None
    is_active: bool
    created_at: int


def find(connection: Connection, access_key_id: str) -> StoredKey | None:
    row = connection.one(_FIND, access_key_id=access_key_id)
    return None if row is None else StoredKey(*row)


def page(connection: Connection) -> list[ListedKey]:
    return [ListedKey(*row) for row in connection.all(_KEYS)]


def add(
    connection: Connection, *, access_key_id: str, account_id: str, user_name: str | None, secret: bytes, now: int
) -> None:
    """Add an active key. Raises Duplicate when the id is taken."""
    connection.run(
        _ADD,
        access_key_id=access_key_id,
        account_id=account_id,
        user_name=user_name,
        secret=secret,
        is_active=True,
        created_at=now,
        last_used_at=None,
    )


def touch(connection: Connection, used: Mapping[str, Moment]) -> None:
    """Keep when keys were last used; in one order, so that replicas do not lock crosswise."""
    for access_key_id, at in sorted(used.items()):
        connection.run(_TOUCH, key_id=access_key_id, now=at)


def set_active(connection: Connection, access_key_id: str, *, is_active: bool) -> bool:
    """Enable or disable a key; false when there is none."""
    return connection.run(_SET_ACTIVE, key_id=access_key_id, active=is_active) == 1


def active_root_keys(connection: Connection, account_id: str) -> list[str]:
    return [str(row[0]) for row in connection.all(_ROOT_KEYS, account_id=account_id)]


def use_nonce(connection: Connection, digest: bytes, *, expires_at: int) -> bool:
    """Use a nonce up; false when it was used before. Of two at the same time one waits and is told so."""
    return connection.run(_USE_NONCE, digest=digest, expires_at=expires_at) == 1


def clear_nonces(connection: Connection, *, now: int) -> int:
    """Forget nonces that no timestamp in the window could come with again: a batch of them; how many."""
    return connection.run(_CLEAR_NONCES, now=now, limit=NONCE_BATCH)


def lock_vault(connection: Connection) -> None:
    """Make other processes that provision wait until this transaction ends."""
    connection.one(_LOCK_VAULT)


def master_key_fingerprint(connection: Connection, fingerprint: str) -> str:
    """The fingerprint of the key that this database was made with; the first one to ask sets it."""
    connection.run(_ADD_FINGERPRINT, fingerprint=fingerprint)
    row = connection.one(_FINGERPRINT)
    assert row is not None, "written above, in the same transaction"
    return str(row[0])


def digest_key(connection: Connection) -> bytes | None:
    """The key of the keyed hashes as it is kept, encrypted; None while it comes from the master key itself."""
    row = connection.one(_DIGEST_KEY)
    return None if row is None else bytes(row[0])
