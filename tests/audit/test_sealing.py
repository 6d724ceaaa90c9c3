"""The chain of audit records: what was changed, taken out, cut off or put in again shows."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import text

from callboard.access.vault import Vault, new_master_key
from callboard.audit import sealing, storage
from callboard.audit.sealing import FIRST_SEAL, Broken, Head
from callboard.audit.storage import Source
from callboard.database.engine import Database, open_database
from callboard.database.statement import Connection, Statement
from callboard.database.tables import audit_records
from callboard.settings import Settings
from tests.storage.test_outages import ON_POSTGRESQL

NOW = 1_700_000_000_000
START = Head(0, FIRST_SEAL)


def add(database: Database, number: int, *, first: int = 0) -> None:
    def work(connection: Connection) -> None:
        for each in range(first, first + number):
            source = Source("1234", NOW + each, f"REQUEST-{each}", "acs:ram::1234:user/tom", "LTAIkey", "192.0.2.7")
            storage.add(connection, source, "Add", f"x{each}", before={"name": "汤姆"}, after={"name": f"n{each}"})

    database.run(work)


def seal_all(database: Database, vault: Vault) -> Head:
    while database.run(lambda open_: sealing.seal(open_, vault)):
        continue
    return database.run(sealing.head)


def verified(database: Database, vault: Vault) -> Head:
    upto = database.run(sealing.head)
    checked = START
    while checked.number < upto.number:
        checked = database.run(lambda open_, after=checked: sealing.verify(open_, vault, after=after, upto=upto))
    database.run(sealing.check_end)
    return checked


def sql(database: Database, *statements: str) -> None:
    """What somebody does who has the database, and not the key."""
    database.run(lambda open_: [open_.run(Statement(text(each))) for each in statements])


@pytest.fixture
def chain(database: Database, vault: Vault) -> Database:
    """Ten sealed records."""
    add(database, 10)
    seal_all(database, vault)
    return database


def test_an_empty_trail_is_in_order(database: Database, vault: Vault) -> None:
    assert seal_all(database, vault) == START
    assert verified(database, vault) == START


def test_every_record_is_sealed_once_in_order(database: Database, vault: Vault) -> None:
    add(database, 1203)

    head = seal_all(database, vault)

    assert head.number == 1203
    assert verified(database, vault) == head
    numbers = database.run(
        lambda open_: open_.all(Statement(text("SELECT seal_number FROM audit_records ORDER BY position")))
    )
    assert [row[0] for row in numbers] == list(range(1, 1204))


def test_the_chain_goes_on_where_it_ended(chain: Database, vault: Vault) -> None:
    before = chain.run(sealing.head)
    add(chain, 5, first=10)

    after = seal_all(chain, vault)

    assert (before.number, after.number) == (10, 15)
    assert chain.run(lambda open_: sealing.seal_of(open_, 10)) == before.seal
    assert verified(chain, vault) == after


def test_a_record_that_is_committed_late_is_sealed_after_those_with_higher_positions(
    database: Database, vault: Vault
) -> None:
    add(database, 3)
    sql(database, "UPDATE audit_records SET position = position + 100 WHERE resource = 'x2'")
    seal_all(database, vault)
    sql(
        database,
        "INSERT INTO audit_records (position, account_id, at, request_id, principal, action, resource) "
        f"{'OVERRIDING SYSTEM VALUE ' if is_postgres(database) else ''}VALUES (50, '1234', 1, 'R', 'p', 'Add', 'late')",
    )

    assert seal_all(database, vault).number == 4
    assert verified(database, vault).number == 4


def is_postgres(database: Database) -> bool:
    return database.run(lambda open_: open_.dialect) == "postgresql"


FIELDS = {
    "account_id": "'5678'",
    "at": "1",
    "request_id": "'R'",
    "principal": "'acs:ram::1234:user/tim'",
    "access_key_id": "NULL",
    "source_address": "'192.0.2.8'",
    "action": "'Delete'",
    "resource": "'y'",
    "before": "NULL",
    "after": "'{}'",
    "error": "'NoPermission'",
    "position": "4000",
}


def test_a_changed_record_is_found_whatever_was_changed(chain: Database, vault: Vault) -> None:
    columns = [column.name for column in audit_records.columns if column.name not in ("seal_number", "seal")]

    for column in columns:
        find = Statement(text(f'SELECT "{column}" FROM audit_records WHERE seal_number = 4'))
        (was,) = chain.run(lambda open_, find=find: open_.one(find))
        sql(chain, f'UPDATE audit_records SET "{column}" = {FIELDS[column]} WHERE seal_number = 4')
        with pytest.raises(Broken, match="Record 4 of the chain"):
            verified(chain, vault)
        restore = Statement(text(f'UPDATE audit_records SET "{column}" = :was WHERE seal_number = 4'))
        chain.run(lambda open_, restore=restore, was=was: open_.run(restore, was=was))

    assert verified(chain, vault).number == 10


def test_a_seal_that_was_changed_or_emptied_is_found(chain: Database, vault: Vault) -> None:
    sql(chain, "UPDATE audit_records SET seal = NULL WHERE seal_number = 4")

    with pytest.raises(Broken, match="Record 4 of the chain"):
        verified(chain, vault)


def test_a_record_that_was_taken_out_is_missed(chain: Database, vault: Vault) -> None:
    sql(chain, "DELETE FROM audit_records WHERE seal_number = 4")

    with pytest.raises(Broken, match="Record 4 of the chain is gone"):
        verified(chain, vault)


def test_the_first_record_is_missed_too(chain: Database, vault: Vault) -> None:
    sql(chain, "DELETE FROM audit_records WHERE seal_number = 1")

    with pytest.raises(Broken, match="Record 1 of the chain is gone"):
        verified(chain, vault)


def test_a_gap_that_was_closed_is_found(chain: Database, vault: Vault) -> None:
    sql(
        chain,
        "DELETE FROM audit_records WHERE seal_number = 4",
        *(f"UPDATE audit_records SET seal_number = {n - 1} WHERE seal_number = {n}" for n in range(5, 11)),
        "UPDATE audit_heads SET seal_number = 9",
    )

    with pytest.raises(Broken, match="Record 4 of the chain"):
        verified(chain, vault)


@pytest.mark.parametrize("columns", [("resource",), ("seal_number",), ("seal_number", "seal")])
def test_two_records_that_were_swapped_are_found(chain: Database, vault: Vault, columns: tuple[str, ...]) -> None:
    def swap(connection: Connection) -> None:
        chosen = ", ".join(columns)
        rows = {
            n: connection.one(Statement(text(f"SELECT {chosen} FROM audit_records WHERE seal_number = {n}")))
            for n in (4, 5)
        }
        positions = {
            n: connection.one(Statement(text(f"SELECT position FROM audit_records WHERE seal_number = {n}")))[0]
            for n in (4, 5)
        }
        for n in (4, 5):
            connection.run(
                Statement(text("UPDATE audit_records SET seal_number = NULL WHERE position = :p")), p=positions[n]
            )
        for mine, other in ((4, 5), (5, 4)):
            own = {"seal_number": mine} | dict(zip(columns, rows[other], strict=True))
            settings = ", ".join(f"{name} = :{name}" for name in own)
            connection.run(
                Statement(text(f"UPDATE audit_records SET {settings} WHERE position = :p")), **own, p=positions[mine]
            )

    chain.run(swap)

    with pytest.raises(Broken, match="Record 4 of the chain"):
        verified(chain, vault)


def test_a_tail_that_was_cut_off_is_missed(chain: Database, vault: Vault) -> None:
    sql(chain, "DELETE FROM audit_records WHERE seal_number > 7")

    with pytest.raises(Broken, match="ends at record 7, but 10 were sealed"):
        verified(chain, vault)


def test_a_head_that_was_set_back_is_found_at_once_and_seals_nothing_more(chain: Database, vault: Vault) -> None:
    sql(
        chain,
        "UPDATE audit_heads SET seal_number = 7, "
        "seal = (SELECT seal FROM audit_records WHERE audit_records.seal_number = 7)",
    )
    add(chain, 1, first=10)

    with pytest.raises(Broken, match="set back: it is record 7, but 10 were sealed"):
        verified(chain, vault)
    with pytest.raises(Broken, match="before record 8"):
        seal_all(chain, vault)


@pytest.mark.parametrize("statement", ["DELETE FROM audit_heads", "UPDATE audit_heads SET seal_number = 0"])
def test_a_head_that_was_taken_away_is_missed(chain: Database, vault: Vault, statement: str) -> None:
    sql(chain, statement)

    with pytest.raises(Broken, match="set back"):
        verified(chain, vault)


def test_a_head_with_another_seal_is_found(chain: Database, vault: Vault) -> None:
    sql(chain, "UPDATE audit_heads SET seal = (SELECT seal FROM audit_records WHERE audit_records.seal_number = 7)")

    with pytest.raises(Broken, match="not the seal of record 10"):
        verified(chain, vault)


def test_a_chain_that_was_cut_back_and_goes_on_shows_only_by_a_head_that_was_noted(
    chain: Database, vault: Vault
) -> None:
    noted = chain.run(sealing.head)
    sql(
        chain,
        "DELETE FROM audit_records WHERE seal_number > 7",
        "UPDATE audit_heads SET seal_number = 7, "
        "seal = (SELECT seal FROM audit_records WHERE audit_records.seal_number = 7)",
    )
    add(chain, 5, first=20)
    seal_all(chain, vault)

    assert verified(chain, vault).number == 12
    assert chain.run(lambda open_: sealing.seal_of(open_, noted.number)) != noted.seal


def test_a_chain_that_was_sealed_with_another_key_is_none(chain: Database, vault: Vault) -> None:
    sql(chain, "UPDATE audit_records SET seal_number = NULL, seal = NULL", "DELETE FROM audit_heads")
    seal_all(chain, Vault(new_master_key()))

    with pytest.raises(Broken, match="Record 1 of the chain"):
        verified(chain, vault)


def test_the_chain_holds_under_the_next_master_key(chain: Database, vault: Vault) -> None:
    head = chain.run(sealing.head)

    assert verified(chain, vault.under(new_master_key())) == head


@pytest.mark.parametrize("number", range(3))
def test_replicas_that_seal_at_once_leave_no_gap_and_give_no_number_twice(
    migrated: Settings, vault: Vault, number: int
) -> None:
    replicas = [open_database(migrated) for _ in range(2)]
    start, is_over = threading.Barrier(4), threading.Event()

    def write(writer: int) -> None:
        start.wait(20)
        for each in range(60):
            insist(partial(add, replicas[writer], 1, first=1000 * writer + each))

    def seal(sealer: int) -> None:
        start.wait(20)
        while not is_over.is_set():
            insist(lambda: replicas[sealer].run(lambda open_: sealing.seal(open_, vault)))

    with ThreadPoolExecutor(4) as pool:
        sealers = [pool.submit(seal, each) for each in range(2)]
        for done in [pool.submit(write, each) for each in range(2)]:
            done.result()
        is_over.set()
        for done in sealers:
            done.result()
    head = seal_all(replicas[0], vault)
    checked = verified(replicas[1], vault)
    for replica in replicas:
        replica.close()

    assert head.number == 120
    assert checked == head


def insist(work: Callable[[], object]) -> None:
    """As the background does: a lock that is held too long is asked for again."""
    from callboard.errors import Conflict

    while True:
        try:
            work()
        except Conflict:
            continue
        return


@ON_POSTGRESQL
def test_a_replica_waits_for_the_one_that_seals_and_goes_on_from_its_head(migrated: Settings, vault: Vault) -> None:
    database = open_database(migrated)
    add(database, 4)
    is_held, may_end = threading.Event(), threading.Event()

    def slowly(connection: Connection) -> None:
        sealing.seal(connection, vault)
        is_held.set()
        may_end.wait(20)

    async def both() -> int:
        first = asyncio.ensure_future(database.transact(slowly))
        await asyncio.to_thread(is_held.wait, 20)
        second = asyncio.ensure_future(database.transact(lambda open_: sealing.seal(open_, vault)))
        await asyncio.sleep(0.05)
        may_end.set()
        await first
        return await second

    assert asyncio.run(both()) == 0
    assert verified(database, vault).number == 4
    database.close()
