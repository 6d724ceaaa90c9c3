"""SQL of idempotency keys. They are a directory's own, and go with their message."""

from sqlalchemy import bindparam, delete, select, text, tuple_

from callboard.call import Moment
from callboard.database.statement import Connection, Statement
from callboard.database.tables import message_keys

BATCH = 1000

_FIND = Statement(
    select(message_keys.c.digest, message_keys.c.message_id).where(
        message_keys.c.directory_id == bindparam("directory_id"),
        message_keys.c.idempotency_key == bindparam("idempotency_key"),
        message_keys.c.expires_at > bindparam("now"),
    )
)
# Written out, as Core has no ON CONFLICT that serves both databases. One that has expired may still be there.
_PUT = Statement(
    text(
        "INSERT INTO message_keys (directory_id, idempotency_key, digest, message_id, expires_at) "
        "VALUES (:directory_id, :idempotency_key, :digest, :message_id, :expires_at) "
        "ON CONFLICT (directory_id, idempotency_key) DO UPDATE SET digest = excluded.digest, "
        "message_id = excluded.message_id, expires_at = excluded.expires_at"
    )
)
_CLEAR = Statement(
    delete(message_keys).where(
        tuple_(message_keys.c.directory_id, message_keys.c.idempotency_key).in_(
            select(message_keys.c.directory_id, message_keys.c.idempotency_key)
            .where(message_keys.c.expires_at <= bindparam("now"))
            .limit(bindparam("limit"))
        )
    )
)


def find(connection: Connection, directory_id: str, key: str, *, now: Moment) -> tuple[bytes, str] | None:
    """What a key stands for now: the digest of what was sent with it, and the message."""
    row = connection.one(_FIND, directory_id=directory_id, idempotency_key=key, now=now)
    return None if row is None else (bytes(row[0]), str(row[1]))


def put(
    connection: Connection, directory_id: str, key: str, *, digest: bytes, message_id: str, expires_at: Moment
) -> None:
    connection.run(
        _PUT,
        directory_id=directory_id,
        idempotency_key=key,
        digest=digest,
        message_id=message_id,
        expires_at=expires_at,
    )


def clear(connection: Connection, *, now: Moment) -> int:
    """Forget keys that stand for nothing any more: a batch of them; how many."""
    return connection.run(_CLEAR, now=now, limit=BATCH)
