"""SQL of proofs, on both databases: each is used once, and its code is tried so many times."""

import pytest
from msgspec.structs import replace

from callboard.contacts import proofs
from callboard.contacts import storage as contacts
from callboard.contacts.proofs import Proof, ProofState
from callboard.database.engine import Database
from callboard.database.statement import Duplicate
from tests.storage.letters import HOUR_MS, add_contact, digest_of, proof
from tests.storage.work import NOW, together


@pytest.fixture
def where(database: Database) -> tuple[str, str]:
    return add_contact(database)


def add(database: Database, *added: Proof) -> None:
    for each in added:
        number = int(each.proof_id.removeprefix("p-"))
        database.run(lambda open_, each=each, number=number: proofs.add(open_, each, token_digest=digest_of(number)))


def state_of(database: Database, number: int = 1) -> ProofState:
    found = database.run(lambda open_: proofs.find(open_, digest_of(number)))
    assert found is not None
    return found.state


def test_a_proof_is_found_by_its_token_alone(database: Database, where: tuple[str, str]) -> None:
    add(database, proof(where))

    found, other = database.run(lambda open_: (proofs.find(open_, digest_of(1)), proofs.find(open_, digest_of(2))))

    assert (found, other) == (proof(where), None)


def test_two_proofs_do_not_share_a_token(database: Database, where: tuple[str, str]) -> None:
    add(database, proof(where))

    with pytest.raises(Duplicate):
        database.run(lambda open_: proofs.add(open_, proof(where, 2), token_digest=digest_of(1)))


def test_a_proof_is_looked_at_again_as_it_is_now(database: Database, where: tuple[str, str]) -> None:
    add(database, proof(where))
    database.run(lambda open_: proofs.use(open_, proof(where), now=NOW))

    again = database.run(lambda open_: proofs.again(open_, proof(where)))
    gone = database.run(lambda open_: proofs.again(open_, proof(where, 2)))

    assert again == replace(proof(where), state=ProofState.USED)
    assert gone is None


def test_of_fifty_who_use_a_proof_at_once_one_is_told_that_it_was_open(
    database: Database, where: tuple[str, str]
) -> None:
    add(database, proof(where))

    told = together(database, [lambda open_: proofs.use(open_, proof(where), now=NOW)] * 50)

    assert sorted(told) == [False] * 49 + [True]
    assert state_of(database) is ProofState.USED


@pytest.mark.parametrize(("now", "is_open"), [(NOW + HOUR_MS - 1, True), (NOW + HOUR_MS, False)])
def test_a_proof_is_used_before_its_time_is_over(
    database: Database, where: tuple[str, str], now: int, *, is_open: bool
) -> None:
    add(database, proof(where))

    assert database.run(lambda open_: proofs.use(open_, proof(where), now=now)) is is_open
    assert state_of(database) is (ProofState.USED if is_open else ProofState.OPEN)


@pytest.mark.parametrize("state", [ProofState.REPLACED, ProofState.WITHDRAWN, ProofState.REFUSED, ProofState.USED])
def test_a_proof_that_is_not_open_is_neither_used_nor_tried(
    database: Database, where: tuple[str, str], state: ProofState
) -> None:
    add(database, proof(where))
    database.run(lambda open_: proofs.close(open_, *where, proof(where).target_key, state))

    is_used = database.run(lambda open_: proofs.use(open_, proof(where), now=NOW))
    is_counted = database.run(lambda open_: proofs.count_attempt(open_, proof(where), now=NOW, most=5))

    assert (is_used, is_counted, state_of(database)) == (False, False, state)


def test_of_fifty_tries_at_once_no_more_are_counted_than_there_are(database: Database, where: tuple[str, str]) -> None:
    add(database, proof(where), proof(where, 2))

    told = together(database, [lambda open_: proofs.count_attempt(open_, proof(where), now=NOW, most=5)] * 50)

    assert sorted(told) == [False] * 45 + [True] * 5
    assert database.run(lambda open_: proofs.count_attempt(open_, proof(where, 2), now=NOW, most=5)) is True


def test_a_try_after_its_time_is_not_counted(database: Database, where: tuple[str, str]) -> None:
    add(database, proof(where))

    assert database.run(lambda open_: proofs.count_attempt(open_, proof(where), now=NOW + HOUR_MS, most=5)) is False


def test_a_code_may_be_for_the_newest_open_proofs_of_an_address(database: Database, where: tuple[str, str]) -> None:
    other = add_contact(database, 2)
    added = [proof(where, 1), proof(other, 2, created_at=NOW + 1), proof(where, 3, target="tim@example.com")]
    add(database, *added)

    found = database.run(lambda open_: proofs.open_of(open_, proof(where).target_key, now=NOW + 2, most=5))

    assert [each.proof_id for each in found] == ["p-2", "p-1"]


def test_a_code_is_for_five_proofs_at_most(database: Database, where: tuple[str, str]) -> None:
    add(database, *[proof(where, number, created_at=NOW + number) for number in range(1, 9)])

    found = database.run(lambda open_: proofs.open_of(open_, proof(where).target_key, now=NOW + 9, most=5))

    assert [each.proof_id for each in found] == ["p-8", "p-7", "p-6", "p-5", "p-4"]


def test_a_code_is_for_no_proof_whose_tries_or_time_are_used_up(database: Database, where: tuple[str, str]) -> None:
    add(database, proof(where, 1), proof(where, 2, created_at=NOW - HOUR_MS), proof(where, 3))
    for _ in range(5):
        database.run(lambda open_: proofs.count_attempt(open_, proof(where, 1), now=NOW, most=5))

    found, newest = database.run(
        lambda open_: (
            proofs.open_of(open_, proof(where).target_key, now=NOW, most=5),
            proofs.newest_of(open_, proof(where).target_key),
        )
    )

    assert [each.proof_id for each in found] == ["p-3"]
    assert {each.proof_id for each in newest} == {"p-1", "p-2", "p-3"}  # Another letter may be asked for.


def test_closing_is_of_one_contacts_address_alone(database: Database, where: tuple[str, str]) -> None:
    second, elsewhere = add_contact(database, 2, of_directory=1), add_contact(database, 3)
    add(database, proof(where, 1), proof(where, 2, target="86-13900001234"), proof(second, 3), proof(elsewhere, 4))

    database.run(lambda open_: proofs.close(open_, *where, proof(where).target_key, ProofState.REPLACED))

    assert [state_of(database, number) for number in (1, 2, 3, 4)] == ["replaced", "open", "open", "open"]


def test_a_refusal_is_of_an_address_in_one_directory_whatever_the_contact(
    database: Database, where: tuple[str, str]
) -> None:
    second, elsewhere = add_contact(database, 2, of_directory=1), add_contact(database, 3)
    add(database, proof(where, 1), proof(second, 2), proof(elsewhere, 3), proof(where, 4, target="86-13900001234"))

    database.run(lambda open_: proofs.refuse(open_, where[0], proof(where).target_key))

    assert [state_of(database, number) for number in (1, 2, 3, 4)] == ["refused", "refused", "open", "open"]


@pytest.mark.parametrize(
    ("state", "becomes"),
    [
        (ProofState.OPEN, ProofState.REFUSED),
        (ProofState.REPLACED, ProofState.REFUSED),
        (ProofState.WITHDRAWN, ProofState.WITHDRAWN),
        (ProofState.USED, ProofState.USED),
    ],
)
def test_a_refusal_is_of_what_could_be_used_or_asked_for_again(
    database: Database, where: tuple[str, str], state: ProofState, becomes: ProofState
) -> None:
    add(database, proof(where))
    if state is not ProofState.OPEN:
        database.run(lambda open_: proofs.close(open_, *where, proof(where).target_key, state))

    database.run(lambda open_: proofs.refuse(open_, where[0], proof(where).target_key))

    assert state_of(database) is becomes


def test_old_proofs_are_cleared(database: Database, where: tuple[str, str]) -> None:
    add(database, proof(where, 1), proof(where, 2, created_at=NOW + 1))

    cleared = [database.run(lambda open_: proofs.clear(open_, before=NOW + HOUR_MS + 1)) for _ in range(2)]

    assert cleared == [1, 0]
    assert database.run(lambda open_: proofs.find(open_, digest_of(1))) is None
    assert state_of(database, 2) is ProofState.OPEN


def test_the_proofs_of_a_deleted_contact_go_with_it(database: Database, where: tuple[str, str]) -> None:
    add(database, proof(where), proof(add_contact(database, 2), 2))

    database.run(lambda open_: contacts.delete_(open_, *where))

    assert database.run(lambda open_: proofs.find(open_, digest_of(1))) is None
    assert state_of(database, 2) is ProofState.OPEN
