"""SQL of the outbox, on both databases: a letter is in one worker's hands at a time, and none is lost."""

from itertools import chain

import pytest

from callboard.access.vault import Vault, new_master_key
from callboard.database.engine import Database
from callboard.database.statement import Connection
from callboard.delivery import claiming, lists, outbox
from callboard.delivery.letter import Channel
from callboard.delivery.outbox import Claimed, NewLetter, Outcome, State, Tried
from callboard.errors import StartupError
from tests.storage.letters import (
    CONTENT,
    HOUR_MS,
    LEASE_MS,
    ROWS,
    claim,
    content_of,
    finish,
    keep,
    letter,
    post,
    state_of,
    take,
)
from tests.storage.work import NOW, together


def postpone(database: Database, claimed: Claimed, *, until: int) -> bool:
    return keep(database, Tried(claimed, NOW, "smtp", Outcome.TEMPORARY, "busy", State.WAITING, due_at=until))


def test_a_claimed_letter_is_the_one_that_was_written(database: Database, vault: Vault) -> None:
    posted = post(database, vault, letter())

    (claimed,) = claim(database, vault)

    assert claimed == Claimed(posted, 1, NOW + HOUR_MS)


def test_the_content_is_encrypted_and_bound_to_its_letter(database: Database, vault: Vault) -> None:
    post(database, vault, letter(1))
    post(database, vault, letter(2))

    sealed = content_of(database, 1)

    assert sealed is not None
    assert sealed != content_of(database, 2)
    for secret in (CONTENT.code, CONTENT.link, "Confirm", "code is"):
        assert secret.encode() not in sealed
    assert CONTENT.code in vault.decrypt(sealed, belongs_to="l-000001")
    for other, owner in ((vault, "l-000002"), (Vault(new_master_key()), "l-000001")):
        with pytest.raises(StartupError):
            other.decrypt(sealed, belongs_to=owner)


def test_letters_are_claimed_by_channel_when_they_are_due_and_no_more_than_asked(
    database: Database, vault: Vault
) -> None:
    for number in range(1, 6):
        post(database, vault, letter(number, at=NOW + number))
    post(database, vault, letter(6, channel=Channel.SMS, target="86-13900001234"))

    first = claim(database, vault, now=NOW + 4, limit=2)
    rest = claim(database, vault, now=NOW + 4)
    sms = claim(database, vault, channel=Channel.SMS)

    assert {each.letter.letter_id for each in first} == {"l-000001", "l-000002"}
    assert {each.letter.letter_id for each in rest} == {"l-000003", "l-000004"}
    assert [each.letter.letter_id for each in sms] == ["l-000006"]


def test_whether_anything_is_due_is_seen_without_claiming(database: Database, vault: Vault) -> None:
    post(database, vault, letter(at=NOW))

    def due(channel: Channel, now: int) -> bool:
        return bool(database.run(lambda open_: claiming.due(open_, channel, now=now, limit=1)))

    assert [due(Channel.EMAIL, NOW - 1), due(Channel.EMAIL, NOW), due(Channel.SMS, NOW)] == [False, True, False]
    claim(database, vault)
    assert [due(Channel.EMAIL, NOW), due(Channel.EMAIL, NOW + LEASE_MS)] == [False, True]


def test_claimers_at_the_same_time_share_no_letter_and_leave_none(database: Database, vault: Vault) -> None:
    for number in range(1, 61):
        post(database, vault, letter(number))

    def work(open_: Connection) -> list[Claimed]:
        return take(open_, vault, limit=7)

    claimed = []
    while batch := list(chain.from_iterable(together(database, [work] * 8))):
        claimed += batch

    ids = [each.letter.letter_id for each in claimed]
    assert len(ids) == 60
    assert len(set(ids)) == 60
    assert {each.attempt for each in claimed} == {1}


def test_a_letter_is_nobody_elses_until_the_lease_ends(database: Database, vault: Vault) -> None:
    post(database, vault, letter())
    claim(database, vault)

    before, after = claim(database, vault, now=NOW + LEASE_MS - 1), claim(database, vault, now=NOW + LEASE_MS)

    assert before == []
    assert [each.attempt for each in after] == [2]


def test_who_held_a_letter_too_long_changes_nothing_any_more(database: Database, vault: Vault) -> None:
    post(database, vault, letter())
    (late,), (held,) = claim(database, vault), claim(database, vault, now=NOW + LEASE_MS)

    told = [
        finish(database, late, State.FAILED, keeps_content=True),
        finish(database, late),
        postpone(database, late, until=NOW + 10**9),
    ]

    assert told == [False] * 3
    assert database.run(lambda open_: open_.all(ROWS)) == [("l-000001", "waiting", 2, NOW + 2 * LEASE_MS)]
    assert finish(database, held) is True


@pytest.mark.parametrize(("keeps_content", "state"), [(True, State.SENT), (False, State.SENT), (True, State.FAILED)])
def test_a_finished_letter_is_claimed_no_more_and_keeps_its_content_if_told_to(
    database: Database, vault: Vault, state: State, *, keeps_content: bool
) -> None:
    post(database, vault, letter())
    (claimed,) = claim(database, vault)

    is_finished = finish(database, claimed, state, keeps_content=keeps_content)

    assert is_finished is True
    assert state_of(database) == state
    assert (content_of(database) is not None) is keeps_content
    assert claim(database, vault, now=NOW + 10 * LEASE_MS) == []
    assert finish(database, claimed, State.FAILED if state is State.SENT else State.SENT) is False
    assert state_of(database) == state


def test_a_postponed_letter_is_due_when_it_was_said(database: Database, vault: Vault) -> None:
    post(database, vault, letter())
    (claimed,) = claim(database, vault)

    postpone(database, claimed, until=NOW + 500)

    assert claim(database, vault, now=NOW + 499) == []
    assert [each.attempt for each in claim(database, vault, now=NOW + 500)] == [2]


def test_a_kept_letter_is_read_and_never_claimed(database: Database, vault: Vault) -> None:
    kept = post(database, vault, letter(), is_kept=True)

    read = database.run(lambda open_: lists.mailbox(open_, vault, limit=10))

    assert read == [kept]
    assert state_of(database) == "kept"
    assert claim(database, vault) == []


def test_a_letter_is_undone_with_the_change_that_it_tells_of(database: Database, vault: Vault) -> None:
    def refused(open_: Connection) -> None:
        outbox.add(open_, vault, NewLetter(letter(), "rd-1", "c-1", "k", NOW), is_kept=False)
        raise KeyError

    together(database, [refused])

    assert database.run(lambda open_: open_.all(ROWS)) == []


def test_a_letter_that_nobody_can_read_is_given_up_and_holds_up_no_other(database: Database, vault: Vault) -> None:
    post(database, Vault(new_master_key()), letter(1))
    post(database, vault, letter(2))

    claimed = claim(database, vault)

    assert [each.letter for each in claimed] == [letter(2)]
    assert state_of(database, 1) == "failed"
    assert claim(database, vault, now=NOW + LEASE_MS, limit=1)[0].letter == letter(2)


def test_a_letter_that_was_not_tried_is_given_back_as_if_nobody_had_had_it(database: Database, vault: Vault) -> None:
    post(database, vault, letter())
    (late,) = claim(database, vault)
    (claimed,) = claim(database, vault, now=NOW + LEASE_MS)

    for each in (late, claimed):
        database.run(lambda open_, each=each: claiming.give_back(open_, [each], now=NOW + LEASE_MS))

    assert database.run(lambda open_: open_.all(ROWS)) == [("l-000001", "waiting", 1, NOW + LEASE_MS)]


def test_directories_share_what_is_claimed_and_have_their_turn(database: Database, vault: Vault) -> None:
    for number in range(1, 31):
        post(database, vault, letter(number), where=("rd-1", "c-1"))
    for number, directory_id in ((31, "rd-2"), (32, "rd-3"), (33, "rd-3")):
        post(database, vault, letter(number), where=(directory_id, "c-1"))

    def due(after: str | None, limit: int) -> list[str]:
        return database.run(lambda open_: claiming.due(open_, Channel.EMAIL, now=NOW, limit=limit, after=after))

    turns = [due(None, 2), due("rd-2", 2), due("rd-2", 9), due("rd-3", 1), due(None, 9)]
    claimed = claim(database, vault, limit=12)

    assert turns == [["rd-1", "rd-2"], ["rd-3", "rd-1"], ["rd-3", "rd-1", "rd-2"], ["rd-1"], ["rd-1", "rd-2", "rd-3"]]
    ids = sorted(each.letter.letter_id for each in claimed)
    assert len(ids) == 12
    assert ids[-3:] == ["l-000031", "l-000032", "l-000033"]
    assert due(None, 9) == ["rd-1"]


def test_all_that_is_due_is_claimed_however_few_directories_there_are(database: Database, vault: Vault) -> None:
    for number in range(1, 8):
        post(database, vault, letter(number), where=("rd-1" if number < 6 else f"rd-{number}", "c-1"))

    assert len(claim(database, vault, limit=7)) == 7


def test_no_more_letters_are_claimed_in_a_second_than_the_provider_allows(database: Database, vault: Vault) -> None:
    for number in range(1, 41):
        post(database, vault, letter(number))
    for number in range(41, 44):
        post(database, vault, letter(number, channel=Channel.SMS, target="86-13900001234"))

    def number_at(now: int, *, channel: Channel = Channel.EMAIL) -> int:
        def work(open_: Connection) -> int:
            return len(take(open_, vault, now=now, limit=4, channel=channel, per_second=6))

        return sum(together(database, [work] * 3))

    second = NOW - NOW % 1000 + 1000
    counts = [number_at(second), number_at(second + 999), number_at(second + 1000), number_at(second)]

    assert counts == [6, 0, 6, 0], "a clock that is a second late gets nothing besides"
    assert number_at(second + 60_000) == 6
    assert number_at(second + 2000) == 6, "a clock that was far ahead holds up nobody"
    assert number_at(second, channel=Channel.SMS) == 3
