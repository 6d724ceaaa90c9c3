"""What came of a run: by account and contact, in time or not; a page at a time."""

from typing import Any

from sqlalchemy import update

from callboard.contacts import refusals
from callboard.database.statement import Statement
from callboard.database.tables import drill_runs
from tests.drills.rehearsal import MINUTE_MS, acknowledge, ran, result, states
from tests.messages.press import call, letters
from tests.recipients.world import World

TOM, ANN, EVE = "tom@example.com", "ann@example.com", "eve@example.com"


def close(world: World, run_id: str) -> None:
    """Let the window be over."""
    ended = update(drill_runs).values(closes_at=drill_runs.c.started_at).where(drill_runs.c.run_id == run_id)
    world.run(lambda open_: open_.run(Statement(ended)))


def letter_to(world: World, address: str) -> str:
    return letters(world, address)[0].letter_id


def counts(**given: int) -> dict[str, int]:
    return {**dict.fromkeys(("Acknowledged", "Late", "Waiting", "Missed", "Untold"), 0), **given}


def of_contact(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for account in found["Accounts"] for each in account["Contacts"] if each["Name"] == name)


def test_who_acknowledged_in_time_who_too_late_and_who_not_at_all(world: World) -> None:
    prompt, slow, silent, nobody = members = world.members(4)
    for name, address, member in (("tom", TOM, prompt), ("ann", ANN, slow), ("eve", EVE, silent)):
        world.bind(world.contact(name, email=address), member)
    ids = ran(world, world.root_id, Window="60")

    waiting = result(world, ids)
    acknowledge(world, letter_to(world, TOM))
    acknowledge(world, letter_to(world, ANN), later_ms=2 * MINUTE_MS)
    close(world, ids[1])
    found = result(world, ids)

    assert states(waiting) == dict(zip(members, ["Waiting"] * 3 + ["Untold"], strict=True))
    assert states(found) == {prompt: "Acknowledged", slow: "Late", silent: "Missed", nobody: "Untold"}
    assert found["Run"]["State"] == "Closed"
    assert found["Summary"] == {
        "Accounts": counts(Acknowledged=1, Late=1, Missed=1, Untold=1),
        "Contacts": counts(Acknowledged=1, Late=1, Missed=1),
    }
    tom = of_contact(found, "tom")
    assert (tom["State"], tom["AcknowledgementDate"] > found["Run"]["StartDate"]) == ("Acknowledged", True)
    assert [(each["Channel"], each["Recipient"], each["State"]) for each in tom["Deliveries"]] == [
        ("email", TOM, "Kept")
    ]
    assert "AcknowledgementDate" not in of_contact(found, "eve")


def test_one_acknowledgement_stands_for_every_account_of_that_person(world: World) -> None:
    first, second = world.members(2)
    world.bind(world.contact("tom", email=TOM), world.directory_id)
    world.bind(world.contact("ann", email=ANN), second)
    ids = ran(world, world.root_id)

    acknowledge(world, letter_to(world, TOM))
    found = result(world, ids)

    assert states(found) == {first: "Acknowledged", second: "Acknowledged"}
    assert of_contact(found, "ann")["State"] == "Waiting"
    assert found["Summary"]["Contacts"] == counts(Acknowledged=1, Waiting=1)


def test_what_is_suppressed_reaches_nobody(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email=TOM), member)
    world.run(lambda open_: refusals.add(open_, world.directory_id, TOM, "c-1", at=world.now))

    found = result(world, ran(world, member))

    assert states(found) == {member: "Untold"}
    tom = of_contact(found, "tom")
    assert (tom["State"], tom["Deliveries"][0]["State"]) == ("Untold", "Suppressed")
    assert found["Summary"] == {"Accounts": counts(Untold=1), "Contacts": counts(Untold=1)}


def test_accounts_come_a_page_at_a_time_and_the_summary_with_the_first(world: World) -> None:
    members = world.members(5)
    ids = ran(world, world.root_id)

    found, more = [], {}
    pages = []
    while True:
        page = result(world, ids, MaxResults="2", **more)
        pages.append(page)
        found += [each["AccountId"] for each in page["Accounts"]]
        if "NextToken" not in page:
            break
        more = {"NextToken": page["NextToken"]}

    assert found == members
    assert ["Summary" in each for each in pages] == [True, False, False]


def test_runs_come_a_page_at_a_time_newest_first(world: World) -> None:
    member = world.member()
    drill_id, first = ran(world, member)
    others = []
    for _ in range(2):
        others.append(call(world.account, "StartDrill", DrillId=drill_id).json["RunId"])
        close(world, others[-1])

    page = call(world.account, "ListDrillRuns", DrillId=drill_id, MaxResults="2").json
    rest = call(world.account, "ListDrillRuns", DrillId=drill_id, MaxResults="2", NextToken=page["NextToken"]).json

    assert [each["RunId"] for each in page["Runs"]] == others[::-1]
    assert ([each["RunId"] for each in rest["Runs"]], "NextToken" in rest) == ([first], False)
