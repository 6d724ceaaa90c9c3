"""What a new installation needs before its first call: a directory, its management account, an access key."""

import secrets
import string

from msgspec import Struct

from callboard.access import storage as access
from callboard.access.vault import Vault
from callboard.audit import storage as audit
from callboard.call import Moment, new_request_id
from callboard.database.engine import Database
from callboard.database.statement import Connection, Duplicate
from callboard.directory import storage as directory
from callboard.errors import StartupError
from callboard.settings import Settings

KEY_ALPHABET = string.ascii_letters + string.digits
OPERATOR = "operator"
"""Who changes something from the command line, in the audit trail."""
LOWER = string.ascii_lowercase + string.digits


class NewKey(Struct, frozen=True):
    """An access key with its secret, which is shown once."""

    access_key_id: str
    secret: str
    account_id: str


def provision(database: Database, vault: Vault, settings: Settings, *, now: Moment) -> NewKey | None:
    """Make the first directory and root key where there is none; the key if one was made here.

    With the settings root_access_key_id and root_access_key_secret that key is there afterwards. Raises
    StartupError when it is there with another secret.
    """

    def work(connection: Connection) -> NewKey | None:
        access.lock_vault(connection)  # Of replicas that start together, one makes what all use.
        account_id = _first_account(connection, settings, now)
        if settings.root_access_key_id:
            _seed_key(connection, vault, settings, account_id, now)
            return None
        return None if directory.has_access_key(connection) else add_key(connection, vault, account_id, now=now)

    return database.run(work)


def add_directory(connection: Connection, *, account_id: str = "", now: Moment) -> str:
    """Add a directory with its management account, whose id is returned. Raises StartupError if it is taken."""
    account_id = account_id or _random(string.digits[1:], 16)
    made = directory.Directory(f"rd-{_random(LOWER, 6)}", f"r-{_random(LOWER, 6)}", account_id)
    try:
        directory.add(connection, made, now=now)
    except Duplicate as error:
        raise StartupError(f"There is an account {account_id} already.") from error
    _record(connection, account_id, "CreateDirectory", made.directory_id, now)
    return account_id


def add_key(
    connection: Connection, vault: Vault, account_id: str, *, user_name: str | None = None, now: Moment
) -> NewKey:
    """Add an access key to an account: its own (root), or of a RAM user."""
    if not directory.has_account(connection, account_id):
        raise StartupError(f"There is no account {account_id}.")
    key = NewKey("LTAI" + _random(KEY_ALPHABET, 20), _random(KEY_ALPHABET, 30), account_id)
    _store(connection, vault, key, user_name, now)
    return key


def set_key_active(connection: Connection, access_key_id: str, *, is_active: bool, now: Moment) -> None:
    """Enable or disable a key. Raises StartupError when there is none of that id."""
    stored = access.find(connection, access_key_id)
    if stored is None:
        raise StartupError(f"There is no access key {access_key_id}.")
    access.set_active(connection, access_key_id, is_active=is_active)
    source = audit.Source(stored.account_id, now, new_request_id(), OPERATOR)
    change = {"before": {"is_active": bool(stored.is_active)}, "after": {"is_active": is_active}}
    audit.add(connection, source, "UpdateAccessKey", access_key_id, **change)


def _first_account(connection: Connection, settings: Settings, now: Moment) -> str:
    found = directory.first(connection)
    if found is not None:
        return found.management_account_id
    return add_directory(connection, account_id=settings.root_account_id, now=now)


def _seed_key(connection: Connection, vault: Vault, settings: Settings, account_id: str, now: Moment) -> None:
    key = NewKey(settings.root_access_key_id, settings.root_access_key_secret, account_id)
    stored = access.find(connection, key.access_key_id)
    if stored is None:
        _store(connection, vault, key, None, now)
    elif vault.decrypt(stored.secret, belongs_to=key.access_key_id) != key.secret:
        raise StartupError(
            f"The access key {key.access_key_id} is there already, with another secret than the setting "
            "root_access_key_secret."
        )


def _store(connection: Connection, vault: Vault, key: NewKey, user_name: str | None, now: Moment) -> None:
    sealed = vault.encrypt(key.secret, belongs_to=key.access_key_id)
    access.add(
        connection,
        access_key_id=key.access_key_id,
        account_id=key.account_id,
        user_name=user_name,
        secret=sealed,
        now=now,
    )
    _record(connection, key.account_id, "CreateAccessKey", key.access_key_id, now)


def _record(connection: Connection, account_id: str, action: str, resource: str, now: Moment) -> None:
    source = audit.Source(account_id, now, new_request_id(), OPERATOR)
    audit.add(connection, source, action, resource)


def _random(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
