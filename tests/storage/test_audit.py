"""SQL of the audit trail, on both databases."""

import msgspec

from callboard.audit import storage
from callboard.audit.storage import Source
from callboard.call import Principal
from callboard.contacts.rules import Address, Contact
from callboard.database.engine import Database
from callboard.database.statement import Connection
from tests.storage.test_contacts import FULL
from tests.storage.work import NOW, call, together


def source(account_id: str, number: int = 0) -> Source:
    return Source(account_id, NOW + number, f"REQUEST-{number}", "operator")


def test_a_record_tells_who_did_what_and_what_stood_there(database: Database) -> None:
    who = Source("1234", NOW, "REQUEST-1", "acs:ram::1234:user/tom", "LTAIkey", "192.0.2.7")
    after = msgspec.structs.replace(FULL, name="tim", email=Address("tim@example.com"))

    database.run(lambda open_: storage.add(open_, who, "UpdateMessageContact", "acs:x", before=FULL, after=after))

    (record,) = database.run(lambda open_: storage.page(open_, "1234"))
    assert record == storage.AuditRecord(
        record.position,
        NOW,
        "REQUEST-1",
        "acs:ram::1234:user/tom",
        "LTAIkey",
        "192.0.2.7",
        "UpdateMessageContact",
        "acs:x",
        record.before,
        record.after,
        None,
    )
    assert msgspec.json.decode(record.before or "", type=Contact) == FULL
    assert msgspec.json.decode(record.after or "", type=Contact) == after


def test_an_addition_has_nothing_before_and_a_deletion_nothing_after(database: Database) -> None:
    def work(open_: Connection) -> None:
        storage.add(open_, source("1234"), "Add", "x", after={"name": "汤姆"})
        storage.add(open_, source("1234"), "Delete", "x", before={"name": "汤姆"})

    database.run(work)

    records = database.run(lambda open_: storage.page(open_, "1234"))
    assert [(each.action, each.before, each.after) for each in records] == [
        ("Add", None, '{"name":"汤姆"}'),
        ("Delete", '{"name":"汤姆"}', None),
    ]
    assert [(each.access_key_id, each.source_address) for each in records] == [(None, None)] * 2


def test_an_account_sees_its_own_records_only(database: Database) -> None:
    for account_id in ("1234", "5678", "1234"):
        database.run(lambda open_, account_id=account_id: storage.add(open_, source(account_id), "Add", account_id))

    seen = {
        account_id: [each.resource for each in database.run(lambda open_, id_=account_id: storage.page(open_, id_))]
        for account_id in ("1234", "5678", "9999")
    }

    assert seen == {"1234": ["1234", "1234"], "5678": ["5678"], "9999": []}


def test_records_are_in_the_order_of_the_changes_whatever_the_clock_says(database: Database) -> None:
    for number in (3, 1, 2):
        database.run(lambda open_, number=number: storage.add(open_, source("1234", number), "Add", str(number)))

    records = database.run(lambda open_: storage.page(open_, "1234"))

    assert [each.resource for each in records] == ["3", "1", "2"]
    assert [each.position for each in records] == sorted({each.position for each in records})


def test_a_record_is_undone_with_the_change_that_it_tells_of(database: Database) -> None:
    def refused(open_: Connection) -> None:
        storage.add(open_, source("1234"), "Add", "refused")
        raise KeyError

    def served(open_: Connection) -> None:
        storage.add(open_, source("1234"), "Add", "served")

    together(database, [refused, served, refused])

    records = database.run(lambda open_: storage.page(open_, "1234"))
    assert [each.resource for each in records] == ["served"]


def test_the_source_of_a_call_is_its_caller_and_its_moment(database: Database) -> None:
    def work(open_: Connection) -> Source:
        who = Principal("1234", "LTAIkey", "tom")
        return Source.of(call(open_, "rd-1", principal=who, source_address="192.0.2.7"))

    made = database.run(work)

    assert made == Source("1234", NOW, f"REQUEST-{NOW}", "acs:ram::1234:user/tom", "LTAIkey", "192.0.2.7")
