"""A new master key: what is kept under the old one is encrypted anew, in one transaction. SQL alone, no files."""

from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import Column, Table, bindparam, select, text, update

from callboard.access import storage
from callboard.access.vault import DIGESTS, Vault
from callboard.database.guard import lock_alone
from callboard.database.statement import Connection, Statement
from callboard.database.tables import access_keys, endpoints, letters, messages, sessions, vault
from callboard.errors import KeyReplaced

BATCH = 500


class Kept(Struct, frozen=True):
    """Where secrets are kept: what each belongs to, and how a batch of them is read and one is written."""

    page: Statement
    save: Statement

    @classmethod
    def within(cls, table: Table, owner: Column[str], secret: Column[bytes]) -> "Kept":
        page = select(owner, secret).where(owner > bindparam("beyond"), secret.is_not(None)).order_by(owner)
        save = update(table).values({secret: bindparam("made")}).where(owner == bindparam("of_owner"))
        return cls(Statement(page.limit(bindparam("limit"))), Statement(save))


EVERY_SECRET = (
    Kept.within(access_keys, access_keys.c.access_key_id, access_keys.c.secret),
    Kept.within(sessions, sessions.c.access_key_id, sessions.c.secret),
    Kept.within(letters, letters.c.letter_id, letters.c.content),
    Kept.within(messages, messages.c.message_id, messages.c.body),
    Kept.within(endpoints, endpoints.c.endpoint_id, endpoints.c.secrets),
)
_SET_FINGERPRINT = Statement(update(vault).values(fingerprint=bindparam("becomes")).where(vault.c.name == "master"))
# Written out, as Core has no ON CONFLICT that serves both databases.
_KEEP_DIGEST_KEY = Statement(
    text(
        "INSERT INTO vault (name, fingerprint, secret) VALUES (:name, '', :secret) "
        "ON CONFLICT (name) DO UPDATE SET secret = :secret"
    )
)


def rotate(connection: Connection, old: Vault, new: Vault, *, before_writing: Callable[[], None]) -> int:
    """Encrypt everything anew; how many secrets. No other transaction runs meanwhile, of whatever process.

    `before_writing` must make the new key safe. Raises KeyReplaced when somebody else was quicker, and StartupError
    for a secret that the old key does not open: then nothing has changed.
    """
    lock_alone(connection)
    if storage.master_key_fingerprint(connection, old.fingerprint) != old.fingerprint:
        raise KeyReplaced
    before_writing()
    secrets = sum(_encrypt_anew(connection, kept, old, new) for kept in EVERY_SECRET)
    connection.run(_KEEP_DIGEST_KEY, name=DIGESTS, secret=new.sealed_digest_key())
    connection.run(_SET_FINGERPRINT, becomes=new.fingerprint)
    return secrets


def _encrypt_anew(connection: Connection, kept: Kept, old: Vault, new: Vault) -> int:
    count, beyond = 0, ""
    while rows := connection.all(kept.page, beyond=beyond, limit=BATCH):
        for owner, sealed in rows:
            plain = old.decrypt(sealed, belongs_to=owner)
            connection.run(kept.save, of_owner=owner, made=new.encrypt(plain, belongs_to=owner))
        count, beyond = count + len(rows), rows[-1][0]
    return count
