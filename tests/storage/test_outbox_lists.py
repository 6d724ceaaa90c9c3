"""What is read, listed, counted, taken back, tried again and cleared of the outbox, on both databases."""

from sqlalchemy import null, select, update

from callboard.access.vault import Vault
from callboard.contacts.addresses import key_of
from callboard.database.engine import Database
from callboard.database.statement import Statement
from callboard.database.tables import attempts, letters
from callboard.delivery import lists, outbox
from callboard.delivery.letter import Channel
from callboard.delivery.outbox import Outcome, State, Tried
from tests.storage.letters import (
    HOUR_MS,
    LEASE_MS,
    ROWS,
    TARGET,
    claim,
    content_of,
    fail,
    finish,
    keep,
    letter,
    post,
    state_of,
)
from tests.storage.work import NOW


def test_letters_are_read_newest_first_of_one_address_or_of_all(database: Database, vault: Vault) -> None:
    for number, target in ((1, TARGET), (2, "tim@example.com"), (3, TARGET)):
        post(database, vault, letter(number, target=target, at=NOW + number), is_kept=True)
    every = database.run(lambda open_: lists.mailbox(open_, vault, limit=10))
    toms = database.run(lambda open_: lists.mailbox(open_, vault, recipient_key=key_of(TARGET), limit=10))
    newest = database.run(lambda open_: lists.mailbox(open_, vault, limit=1))

    assert [each.letter_id for each in every] == ["l-000003", "l-000002", "l-000001"]
    assert [each.letter_id for each in toms] == ["l-000003", "l-000001"]
    assert newest == every[:1]


def test_letters_of_one_contact_or_of_all_are_taken_back_in_one_directory(database: Database, vault: Vault) -> None:
    wheres = [("rd-1", "c-1"), ("rd-1", "c-2"), ("rd-2", "c-1"), ("rd-1", "c-1")]
    for number, where in enumerate(wheres, start=1):
        post(database, vault, letter(number, target=TARGET if number < 4 else "tim@example.com"), where=where)
    key = key_of(TARGET)

    one = database.run(lambda open_: outbox.withdraw(open_, "rd-1", key, contact_id="c-1"))
    after_one = [state_of(database, number) for number in (1, 2, 3, 4)]
    rest = database.run(lambda open_: outbox.withdraw(open_, "rd-1", key))

    assert (one, after_one) == (1, ["withdrawn", "waiting", "waiting", "waiting"])
    assert (rest, [state_of(database, number) for number in (1, 2, 3, 4)]) == (
        1,
        ["withdrawn", "withdrawn", "waiting", "waiting"],
    )
    assert content_of(database, 1) is None
    assert content_of(database, 3) is not None


def test_what_is_in_a_workers_hands_ends_as_withdrawn_if_it_was_taken_back(database: Database, vault: Vault) -> None:
    post(database, vault, letter())
    (claimed,) = claim(database, vault)

    database.run(lambda open_: outbox.withdraw(open_, "rd-1", key_of(TARGET)))

    assert finish(database, claimed) is False
    assert state_of(database) == "withdrawn"


def test_what_was_sent_failed_or_kept_is_not_taken_back(database: Database, vault: Vault) -> None:
    post(database, vault, letter(1))
    fail(database, vault, 1)
    post(database, vault, letter(2), is_kept=True)

    assert database.run(lambda open_: outbox.withdraw(open_, "rd-1", key_of(TARGET))) == 0


def test_a_failed_letter_is_listed_with_the_newest_answer(database: Database, vault: Vault) -> None:
    post(database, vault, letter())
    (first,), (second,) = claim(database, vault), claim(database, vault, now=NOW + LEASE_MS)
    for claimed, answer in ((first, "busy"), (second, "no such mailbox")):
        keep(database, Tried(claimed, NOW, "smtp", Outcome.PERMANENT, answer, State.FAILED))

    (listed,) = database.run(lambda open_: lists.page(open_, State.FAILED, limit=10))

    assert (listed.letter_id, listed.channel, listed.recipient, listed.state) == ("l-000001", "email", TARGET, "failed")
    assert (listed.attempts, listed.answer) == (2, "no such mailbox")
    assert database.run(lambda open_: lists.page(open_, State.WAITING, limit=10)) == []


def test_letters_are_listed_newest_first_and_no_more_than_asked(database: Database, vault: Vault) -> None:
    for number in range(1, 6):
        post(database, vault, letter(number, at=NOW + number), is_kept=True)

    page = database.run(lambda open_: lists.page(open_, State.KEPT, limit=3))

    assert [each.letter_id for each in page] == ["l-000005", "l-000004", "l-000003"]
    assert [each.answer for each in page] == [None] * 3


def test_a_failed_letter_waits_again_once_it_is_told_to(database: Database, vault: Vault) -> None:
    post(database, vault, letter())
    fail(database, vault)

    ids = ("l-000001", "l-000001", "l-000002")
    told = database.run(lambda open_: [outbox.retry(open_, each, now=NOW + 5) for each in ids])

    assert told == [True, False, False]
    assert [(each.letter, each.attempt) for each in claim(database, vault, now=NOW + 5)] == [(letter(), 2)]


def test_a_letter_that_is_of_no_use_any_more_is_not_tried_again(database: Database, vault: Vault) -> None:
    post(database, vault, letter())
    fail(database, vault)

    told = database.run(lambda open_: outbox.retry(open_, "l-000001", now=NOW + HOUR_MS))
    every = database.run(lambda open_: outbox.retry_all(open_, now=NOW + HOUR_MS))

    assert (told, every, state_of(database)) == (False, 0, "failed")


def test_every_failed_letter_waits_again_and_no_other(database: Database, vault: Vault) -> None:
    for number in (1, 2):
        post(database, vault, letter(number))
        fail(database, vault, number)
    post(database, vault, letter(3), is_kept=True)
    post(database, vault, letter(4))
    (sent,) = claim(database, vault)
    finish(database, sent)

    number = database.run(lambda open_: outbox.retry_all(open_, now=NOW))

    assert number == 2
    assert [state_of(database, each) for each in (1, 2, 3, 4)] == ["waiting", "waiting", "kept", "sent"]


def test_letters_are_counted_by_channel_and_state_with_the_oldest(database: Database, vault: Vault) -> None:
    for number in (1, 2):
        post(database, vault, letter(number, at=NOW + number))
    post(database, vault, letter(3, channel=Channel.SMS, target="86-13900001234", at=NOW), is_kept=True)

    counts = database.run(lists.counts)

    assert sorted(counts) == [("email", "waiting", 2, NOW + 1), ("sms", "kept", 1, None)]


def test_old_letters_are_cleared_with_their_tries(database: Database, vault: Vault) -> None:
    post(database, vault, letter(1))
    fail(database, vault, 1)
    post(database, vault, letter(2, at=NOW + 1))

    early = database.run(lambda open_: outbox.clear(open_, before=NOW + HOUR_MS))
    database.run(lambda open_: open_.run(Statement(update(letters).values(deadline_at=letters.c.created_at))))
    cleared = [database.run(lambda open_: outbox.clear(open_, before=NOW + 1)) for _ in range(2)]

    assert early == 0, "they are of use until then"
    assert cleared == [1, 0]
    assert [row[0] for row in database.run(lambda open_: open_.all(ROWS))] == ["l-000002"]
    assert database.run(lambda open_: open_.all(Statement(select(attempts.c.letter_id)))) == []


def test_letters_without_content_are_neither_read_nor_tried_again(database: Database, vault: Vault) -> None:
    post(database, vault, letter())
    fail(database, vault)
    forget = Statement(update(letters).values(content=null()))
    database.run(lambda open_: open_.run(forget))

    assert database.run(lambda open_: lists.mailbox(open_, vault, limit=10)) == []
    assert database.run(lambda open_: outbox.retry_all(open_, now=NOW)) == 0
