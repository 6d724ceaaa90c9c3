"""Proofs and letters for the tests of their SQL, and the contact that they belong to."""

from msgspec.structs import replace
from sqlalchemy import select

from callboard.access.vault import Vault
from callboard.contacts import storage as contacts
from callboard.contacts.addresses import key_of
from callboard.contacts.proofs import Proof, ProofState
from callboard.database.engine import Database
from callboard.database.statement import Connection, Statement
from callboard.database.tables import letters
from callboard.delivery import claiming, outbox
from callboard.delivery.letter import Channel, Content, Letter
from callboard.delivery.outbox import Claimed, NewLetter, Outcome, State, Tried
from tests.storage.test_contacts import FULL
from tests.storage.work import NOW, add_directory

TARGET = "tom@example.com"
CONTENT = Content("Your code is 24681357: https://x/v/abc", "Confirm", "<p>24681357</p>", "https://x/v/abc", "24681357")
HOUR_MS = 3_600_000
LEASE_MS = 60_000
SHOWN = (letters.c.letter_id, letters.c.state, letters.c.attempts, letters.c.due_at)
ROWS = Statement(select(*SHOWN).order_by(letters.c.letter_id))


def add_contact(database: Database, number: int = 1, *, of_directory: int | None = None) -> tuple[str, str]:
    """A contact in a directory, made if need be; the ids of both."""
    made = of_directory or number
    directory_id = f"rd-{made:06}" if of_directory else add_directory(database, made).directory_id
    contact = replace(FULL, contact_id=f"c-{number:016}", name=f"n{number}")
    database.run(lambda open_: contacts.add(open_, directory_id, contact))
    return directory_id, contact.contact_id


def proof(where: tuple[str, str], number: int = 1, *, target: str = TARGET, created_at: int = NOW) -> Proof:
    """A proof that holds for an hour. Its number makes the id and both digests."""
    return Proof(
        directory_id=where[0],
        proof_id=f"p-{number}",
        contact_id=where[1],
        target=target,
        target_key=key_of(target),
        code_digest=digest_of(number, "code"),
        state=ProofState.OPEN,
        created_at=created_at,
        expires_at=created_at + HOUR_MS,
    )


def digest_of(number: int, kind: str = "token") -> bytes:
    return f"{kind}{number}".encode().ljust(32, b".")


def letter(number: int = 1, *, channel: Channel = Channel.EMAIL, target: str = TARGET, at: int = NOW) -> Letter:
    return Letter(f"l-{number:06}", channel, target, CONTENT, at)


def post(
    database: Database,
    vault: Vault,
    posted: Letter,
    *,
    where: tuple[str, str] = ("rd-1", "c-1"),
    deadline_at: int = NOW + HOUR_MS,
    is_kept: bool = False,
) -> Letter:
    """Write a letter into the outbox, or the mailbox."""
    new = NewLetter(posted, *where, key_of(posted.recipient), deadline_at)
    database.run(lambda open_: outbox.add(open_, vault, new, is_kept=is_kept))
    return posted


def claim(
    database: Database, vault: Vault, *, now: int = NOW, limit: int = 10, channel: Channel = Channel.EMAIL
) -> list[Claimed]:
    return database.run(lambda open_: take(open_, vault, now=now, limit=limit, channel=channel))


def take(
    connection: Connection,
    vault: Vault,
    *,
    now: int = NOW,
    lease_ms: int = LEASE_MS,
    limit: int = 10,
    channel: Channel = Channel.EMAIL,
    per_second: int = 0,
) -> list[Claimed]:
    """Claim from every directory whose letters are due."""
    found = claiming.due(connection, channel, now=now, limit=100)
    return claiming.claim(
        connection, vault, channel, found, now=now, lease_ms=lease_ms, limit=limit, per_second=per_second
    )


def state_of(database: Database, number: int = 1) -> str:
    return next(row[1] for row in database.run(lambda open_: open_.all(ROWS)) if row[0] == f"l-{number:06}")


def content_of(database: Database, number: int = 1) -> bytes | None:
    statement = Statement(select(letters.c.content).where(letters.c.letter_id == f"l-{number:06}"))
    ((content,),) = database.run(lambda open_: open_.all(statement))
    return None if content is None else bytes(content)


def finish(database: Database, claimed: Claimed, state: State = State.SENT, *, keeps_content: bool = False) -> bool:
    """Keep a try that ends a letter's way; whether it is the newest."""
    outcome = Outcome.SENT if state is State.SENT else Outcome.PERMANENT
    return keep(database, Tried(claimed, NOW, "smtp", outcome, "", state, keeps_content=keeps_content))


def keep(database: Database, tried: Tried) -> bool:
    (is_so,) = database.run(lambda open_: outbox.keep_all(open_, [tried]))
    return bool(is_so)


def fail(database: Database, vault: Vault, number: int = 1, *, answer: str = "no") -> None:
    """Let a letter be claimed and fail for good."""
    (claimed,) = [each for each in claim(database, vault) if each.letter == letter(number)]
    assert keep(database, Tried(claimed, NOW, "smtp", Outcome.PERMANENT, answer, State.FAILED))
