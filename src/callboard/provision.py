"""What a new installation needs before its first call: a directory, its management account, an access key."""

from collections.abc import Callable

from msgspec import Struct

from callboard.access import rotation
from callboard.access import storage as access
from callboard.access.minting import new_access_key, new_account_id, new_user_id
from callboard.access.vault import Vault
from callboard.audit import storage as audit
from callboard.call import OPERATOR, Moment, new_request_id
from callboard.database.engine import Database
from callboard.database.statement import Connection, Duplicate
from callboard.errors import StartupError
from callboard.ram.users import rules
from callboard.ram.users import storage as users
from callboard.ram.users.storage import User
from callboard.settings import Settings
from callboard.tree import directories


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
        return None if directories.has_access_key(connection) else add_key(connection, vault, account_id, now=now)

    return database.run(work)


def add_directory(connection: Connection, *, account_id: str = "", now: Moment) -> str:
    """Add a directory with its management account, whose id is returned. Raises StartupError if it is taken."""
    account_id = account_id or new_account_id()
    made = directories.new(account_id, now=now)
    try:
        directories.add_account(connection, account_id, directory_id=made.directory_id, is_management=True, now=now)
        directories.add(connection, made)
    except Duplicate as error:
        raise StartupError(f"There is an account {account_id} already.") from error
    _record(connection, account_id, "CreateDirectory", made.directory_id, now)
    return account_id


def add_key(
    connection: Connection, vault: Vault, account_id: str, *, user_name: str | None = None, now: Moment
) -> NewKey:
    """Add an access key to an account: its own (root), or of a RAM user, who is made if there is none of that name."""
    if not directories.has_account(connection, account_id):
        raise StartupError(f"There is no account {account_id}.")
    if user_name is not None:
        _ensure_user(connection, account_id, user_name, now)
    key = NewKey(*new_access_key(), account_id)
    _store(connection, vault, key, user_name, now)
    return key


def set_key_active(connection: Connection, access_key_id: str, *, is_active: bool, now: Moment) -> None:
    """Enable or disable a key. Raises StartupError when there is none of that id."""
    stored = access.find(connection, access_key_id)
    if stored is None:
        raise StartupError(f"There is no access key {access_key_id}.")
    access.set_active(connection, access_key_id, is_active=is_active)
    source = audit.Source(stored.account_id, now, new_request_id(), OPERATOR)
    before, after = {"is_active": bool(stored.is_active)}, {"is_active": is_active}
    audit.add(connection, source, "UpdateAccessKey", access_key_id, before=before, after=after)


def recover(
    connection: Connection, vault: Vault, account_id: str, *, keeps_others: bool, now: Moment
) -> tuple[NewKey, list[str]]:
    """A new root key for an account that has lost its own, and the root keys that are disabled therefore."""
    others = [] if keeps_others else access.active_root_keys(connection, account_id)
    made = add_key(connection, vault, account_id, now=now)
    for each in others:
        set_key_active(connection, each, is_active=False, now=now)
    return made, others


def replace_master_key(
    connection: Connection, old: Vault, key: bytes, *, make_safe: Callable[[bytes], None], now: Moment
) -> int:
    """Encrypt all secrets under a new master key; how many. Raises KeyReplaced when somebody else was quicker.

    `make_safe` keeps the key somewhere before anything is encrypted under it.
    """
    new = old.under(key)
    count = rotation.rotate(connection, old, new, before_writing=lambda: make_safe(key))
    if (account_id := directories.first_account(connection)) is not None:
        source = audit.Source(account_id, now, new_request_id(), OPERATOR)
        before, after = {"fingerprint": old.fingerprint}, {"fingerprint": new.fingerprint}
        audit.add(connection, source, "ReplaceMasterKey", "master-key", before=before, after=after)
    return count


def _first_account(connection: Connection, settings: Settings, now: Moment) -> str:
    """The account that is there, whether it has a directory or not: it may have disabled its own."""
    found = directories.first_account(connection)
    return found if found is not None else add_directory(connection, account_id=settings.root_account_id, now=now)


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


def _ensure_user(connection: Connection, account_id: str, user_name: str, now: Moment) -> None:
    if not rules.is_name(user_name):
        raise StartupError(
            f"{user_name!r} cannot be the name of a user, which has 1 to 64 letters, digits, periods, hyphens and "
            "underscores."
        )
    user = User(
        user_id=new_user_id(),
        user_name=user_name,
        display_name=user_name,
        mobile_phone="",
        email="",
        comments="",
        created_at=now,
        modified_at=now,
    )
    if users.ensure(connection, account_id, user):
        _record(connection, account_id, "CreateUser", user_name, now)
    if users.lock(connection, account_id, user_name) is None:  # Or it could be deleted before the key is there.
        raise StartupError(f"The user {user_name} was deleted or renamed just now.")


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
