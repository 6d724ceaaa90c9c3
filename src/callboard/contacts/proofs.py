"""SQL of proofs: the link and the code that an owner was sent, as keyed hashes, and what became of them."""

from enum import StrEnum

from msgspec import Struct
from sqlalchemy import bindparam, delete, or_, select, update

from callboard.call import Moment
from callboard.database.statement import Connection, Row, Statement, insertion
from callboard.database.tables import proofs as table

BATCH = 1000
PROOFS_PER_TARGET = 5
"""So many of the newest proofs of one address may a typed code be for: contacts, and accounts, share addresses."""


class ProofState(StrEnum):
    """What became of a proof. Only an open one can be used; time may have run out on it all the same."""

    OPEN = "open"
    USED = "used"
    REPLACED = "replaced"
    """A newer letter was sent for the same address."""
    WITHDRAWN = "withdrawn"
    """The address does not wait any more: it was changed, or the change was cancelled."""
    REFUSED = "refused"
    """The owner has said: this isn't me."""


class Proof(Struct, frozen=True):
    """One link and one code for one address of one contact."""

    directory_id: str
    proof_id: str
    contact_id: str
    target: str
    target_key: str
    code_digest: bytes
    state: ProofState
    created_at: Moment
    expires_at: Moment


_COLUMNS = (
    table.c.directory_id,
    table.c.proof_id,
    table.c.contact_id,
    table.c.target,
    table.c.target_key,
    table.c.code_digest,
    table.c.state,
    table.c.created_at,
    table.c.expires_at,
)
_IS_OPEN = table.c.state == ProofState.OPEN.value
_ONE = (table.c.directory_id == bindparam("directory"), table.c.proof_id == bindparam("proof"))
_OF_TARGET = (
    table.c.directory_id == bindparam("directory"),
    table.c.target_key == bindparam("key"),
    table.c.contact_id == bindparam("contact"),
)

_ADD = insertion(table)
_FIND = Statement(select(*_COLUMNS).where(table.c.token_digest == bindparam("token_digest")))
_AGAIN = Statement(
    select(*_COLUMNS).where(
        table.c.directory_id == bindparam("directory_id"), table.c.proof_id == bindparam("proof_id")
    )
)
_NEWEST_OF = Statement(
    select(*_COLUMNS)
    .where(table.c.target_key == bindparam("target_key"), _IS_OPEN)
    .order_by(table.c.created_at.desc())
    .limit(PROOFS_PER_TARGET)
)
_OPEN_OF = Statement(
    select(*_COLUMNS)
    .where(
        table.c.target_key == bindparam("target_key"),
        table.c.expires_at > bindparam("now"),
        _IS_OPEN,
        table.c.attempts < bindparam("most"),
    )
    .order_by(table.c.created_at.desc())
    .limit(PROOFS_PER_TARGET)
)
_COUNT_ATTEMPT = Statement(
    update(table)
    .values(attempts=table.c.attempts + 1)
    .where(*_ONE, _IS_OPEN, table.c.attempts < bindparam("most"), table.c.expires_at > bindparam("now"))
)
_USE = Statement(
    update(table).values(state=ProofState.USED.value).where(*_ONE, _IS_OPEN, table.c.expires_at > bindparam("now"))
)
_CLOSE = Statement(update(table).values(state=bindparam("becomes")).where(*_OF_TARGET, _IS_OPEN))
_REFUSE = Statement(
    update(table)
    .values(state=ProofState.REFUSED.value)
    .where(
        table.c.directory_id == bindparam("directory"),
        table.c.target_key == bindparam("key"),
        or_(_IS_OPEN, table.c.state == ProofState.REPLACED.value),
    )
)
_CLEAR = Statement(
    delete(table).where(
        table.c.token_digest.in_(
            select(table.c.token_digest).where(table.c.expires_at < bindparam("before")).limit(bindparam("limit"))
        )
    )
)


def add(connection: Connection, proof: Proof, *, token_digest: bytes) -> None:
    connection.run(
        _ADD,
        directory_id=proof.directory_id,
        proof_id=proof.proof_id,
        contact_id=proof.contact_id,
        target=proof.target,
        target_key=proof.target_key,
        token_digest=token_digest,
        code_digest=proof.code_digest,
        attempts=0,
        state=proof.state.value,
        created_at=proof.created_at,
        expires_at=proof.expires_at,
    )


def find(connection: Connection, token_digest: bytes) -> Proof | None:
    row = connection.one(_FIND, token_digest=token_digest)
    return None if row is None else _proof(row)


def again(connection: Connection, proof: Proof) -> Proof | None:
    """The proof as it is now, after whoever held its contact has let go."""
    row = connection.one(_AGAIN, directory_id=proof.directory_id, proof_id=proof.proof_id)
    return None if row is None else _proof(row)


def newest_of(connection: Connection, target_key: str) -> list[Proof]:
    """The newest open proofs of an address, expired or not: one for each contact that has it, up to a limit."""
    return [_proof(row) for row in connection.all(_NEWEST_OF, target_key=target_key)]


def open_of(connection: Connection, target_key: str, *, now: Moment, most: int) -> list[Proof]:
    """The newest open proofs of an address whose code may still be tried, of any contact that has it."""
    return [_proof(row) for row in connection.all(_OPEN_OF, target_key=target_key, now=now, most=most)]


def count_attempt(connection: Connection, proof: Proof, *, now: Moment, most: int) -> bool:
    """Count one try of the code; false when there is none left. Of many at the same time `most` are told true."""
    return connection.run(_COUNT_ATTEMPT, directory=proof.directory_id, proof=proof.proof_id, most=most, now=now) == 1


def use(connection: Connection, proof: Proof, *, now: Moment) -> bool:
    """Use an open proof up; false when it is not open any more. Of many at the same time one is told true."""
    return connection.run(_USE, directory=proof.directory_id, proof=proof.proof_id, now=now) == 1


def close(connection: Connection, directory_id: str, contact_id: str, target_key: str, becomes: ProofState) -> None:
    """Give every open proof of a contact's address another state."""
    connection.run(_CLOSE, directory=directory_id, contact=contact_id, key=target_key, becomes=becomes.value)


def refuse(connection: Connection, directory_id: str, target_key: str) -> None:
    """Mark every proof of an address that could still be used or asked for again as refused, of any contact."""
    connection.run(_REFUSE, directory=directory_id, key=target_key)


def clear(connection: Connection, *, before: Moment) -> int:
    """Forget proofs that expired before a moment: a batch of them; how many."""
    return connection.run(_CLEAR, before=before, limit=BATCH)


def _proof(row: Row) -> Proof:
    (directory_id, proof_id, contact_id, target, target_key, code_digest, state, *moments) = row
    return Proof(
        directory_id, proof_id, contact_id, target, target_key, bytes(code_digest), ProofState(state), *moments
    )
