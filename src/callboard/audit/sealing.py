"""The chain of audit records: each is sealed over its own content and the seal before it.

The seal is a keyed hash, so that nobody who has the database alone can change a record, or take one out, and mend the
chain. Records are sealed in the background, a second or so after they were written, in the order in which they are
found: a replica's record may be committed after one with a higher position.

What the chain cannot show by itself: that it was cut back to an older head, whereupon what follows is sealed anew. So
the head is logged now and then, to be compared with the chain later (`callboard audit verify --head`).
"""

import hmac

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, func, select, text, update

from callboard.access.vault import Vault
from callboard.database.statement import Connection, Duplicate, Row, Statement
from callboard.database.tables import audit_heads, audit_records

BATCH = 500
FIRST_SEAL = bytes(32)

_CONTENT = (
    audit_records.c.position,
    audit_records.c.account_id,
    audit_records.c.at,
    audit_records.c.request_id,
    audit_records.c.principal,
    audit_records.c.access_key_id,
    audit_records.c.source_address,
    audit_records.c.action,
    audit_records.c.resource,
    audit_records.c.before,
    audit_records.c.after,
    audit_records.c.error,
)
# Written out, as Core has no ON CONFLICT that serves both databases. It locks the head, and makes it the first time.
_LOCK_HEAD = Statement(
    text(
        "INSERT INTO audit_heads (name, seal_number, seal) VALUES ('chain', 0, :first) "
        "ON CONFLICT (name) DO UPDATE SET seal_number = audit_heads.seal_number RETURNING seal_number, seal"
    )
)
_HEAD = Statement(select(audit_heads.c.seal_number, audit_heads.c.seal).where(audit_heads.c.name == "chain"))
_ANY_UNSEALED = Statement(select(audit_records.c.position).where(audit_records.c.seal_number.is_(None)).limit(1))
_UNSEALED = Statement(
    select(*_CONTENT)
    .where(audit_records.c.seal_number.is_(None))
    .order_by(audit_records.c.position)
    .limit(bindparam("limit"))
)
_SEAL = Statement(
    update(audit_records)
    .values(seal_number=bindparam("number"), seal=bindparam("made"))
    .where(audit_records.c.position == bindparam("of_position"))
)
_SAVE_HEAD = Statement(
    update(audit_heads)
    .values(seal_number=bindparam("number"), seal=bindparam("made"))
    .where(audit_heads.c.name == "chain")
)
_LAST = Statement(select(func.max(audit_records.c.seal_number)))
_FIND = Statement(select(audit_records.c.seal).where(audit_records.c.seal_number == bindparam("number")))
_SEALED = Statement(
    select(audit_records.c.seal_number, audit_records.c.seal, *_CONTENT)
    .where(audit_records.c.seal_number > bindparam("beyond"), audit_records.c.seal_number <= bindparam("upto"))
    .order_by(audit_records.c.seal_number)
    .limit(bindparam("limit"))
)


class Head(Struct, frozen=True):
    """The newest seal: keep it elsewhere, and a chain that was cut back to an older state shows."""

    number: int
    seal: bytes

    @property
    def noted(self) -> str:
        """As people and logs keep it."""
        return f"{self.number}:{self.seal.hex()}"


class Broken(Exception):
    """The chain does not hold; the text says where."""


def seal(connection: Connection, vault: Vault) -> int:
    """Seal a batch of new records; how many. Raises Broken when the head is not that of the chain."""
    if connection.one(_ANY_UNSEALED) is None:
        return 0
    row = connection.one(_LOCK_HEAD, first=FIRST_SEAL)
    assert row is not None, "written just now if it was not there"
    number, last = int(row[0]), bytes(row[1])
    rows = connection.all(_UNSEALED, limit=BATCH)  # Only now, as no other process is at it any more.
    for each in rows:
        number, last = number + 1, _seal_of(vault, number + 1, last, each)
        try:
            connection.run(_SEAL, number=number, made=last, of_position=each[0])
        except Duplicate as error:
            raise Broken(f"The head was set back: it is before record {number}, which was sealed.") from error
    if rows:
        connection.run(_SAVE_HEAD, number=number, made=last)
    return len(rows)


def head(connection: Connection) -> Head:
    row = connection.one(_HEAD)
    return Head(0, FIRST_SEAL) if row is None else Head(int(row[0]), bytes(row[1]))


def seal_of(connection: Connection, number: int) -> bytes | None:
    """The seal of one record of the chain."""
    row = connection.one(_FIND, number=number)
    return None if row is None or row[0] is None else bytes(row[0])


def verify(connection: Connection, vault: Vault, *, after: Head, upto: Head) -> Head:
    """Check a batch of the chain after a seal that is known to be right; the last one checked.

    Raises Broken for a record that was changed, or is gone.
    """
    number, last = after.number, after.seal
    for each in connection.all(_SEALED, beyond=number, upto=upto.number, limit=BATCH):
        if each[0] != number + 1:
            raise Broken(f"Record {number + 1} of the chain is gone.")
        number, last = number + 1, _seal_of(vault, number + 1, last, each[2:])
        if each[1] is None or not hmac.compare_digest(last, bytes(each[1])):
            raise Broken(f"Record {number} of the chain (position {each[2]}) is not what was sealed.")
    if number == after.number and number < upto.number:
        raise Broken(f"The chain ends at record {number}, but {upto.number} were sealed.")
    if number == upto.number and last != upto.seal:
        raise Broken(f"The head is not the seal of record {number}, the last one.")
    return Head(number, last)


def check_end(connection: Connection) -> None:
    """Raise Broken if records were sealed beyond the head: somebody has set it back."""
    row = connection.one(_LAST)  # Before the head is read: what is sealed in between is no fault.
    last, found = int(row[0] or 0) if row else 0, head(connection)
    if last > found.number:
        raise Broken(f"The head was set back: it is record {found.number}, but {last} were sealed.")


def _seal_of(vault: Vault, number: int, last: bytes, content: Row) -> bytes:
    """Over everything that a record says, in a form that has one reading only."""
    return vault.digest(msgspec.json.encode([number, last.hex(), *content]).decode(), of="audit record")
