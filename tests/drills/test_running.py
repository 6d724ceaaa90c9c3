"""Drills run: about which accounts, once each, one letter a person; by themselves, and however often they are cut."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from callboard.clock import write_moment
from callboard.drills import reached, running, storage
from callboard.drills.running import BATCH
from callboard.messages.rules import Kind
from callboard.settings import Settings
from tests.audit.trail import records
from tests.drills.rehearsal import DAY_MS, FAULT, made, own_call, publish_next, ran, result, start_due, started, states
from tests.e2e.processes import until
from tests.messages.press import Present, call, letters, shown, untold
from tests.recipients.world import World
from tests.serving import Server, serving

TOM, ANN, PHONE = "tom@example.com", "ann@example.com", "86-13900001234"


def runs(world: World, drill_id: str) -> list[dict[str, str]]:
    return list(call(world.account, "ListDrillRuns", DrillId=drill_id).json["Runs"])


def test_a_run_is_about_each_member_at_or_below_its_target(world: World) -> None:
    folder = world.folder("Finance")
    below, member, other = world.member(world.folder("Below", folder)), world.member(folder), world.member()

    for target, expected in (
        (folder, {below, member}),
        (member, {member}),
        (world.root_id, {below, member, other}),
        (world.directory_id, {below, member, other}),
    ):
        assert set(states(result(world, ran(world, target)))) == expected


def test_the_message_of_a_drill_is_one_that_asks_to_be_acknowledged_in_both_languages(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email=TOM), member)

    ids = ran(world, member, Window="60")
    (account,) = result(world, ids)["Accounts"]
    message = shown(world.account, account["MessageId"])

    assert (message["Kind"], message["Severity"], message["MessageType"]) == (Kind.DRILL.value, "Warning", FAULT)
    assert message["AcknowledgementRequired"] is True
    assert "Nothing has happened" in letters(world, TOM)[0].content.text
    assert letters(world, TOM)[0].message_id == account["MessageId"]


def test_whoever_is_told_of_several_accounts_gets_one_letter_by_each_channel(world: World) -> None:
    folder = world.folder("Finance")
    members = world.members(BATCH + 2, folder)
    world.bind(world.contact("tom", email=TOM, phone=PHONE, is_phone_proven=True), world.directory_id)
    world.bind(world.contact("tim", email=TOM.upper()), members[-1])
    world.bind(world.contact("ann", email=ANN), members[1])

    ids = ran(world, folder)
    found = result(world, ids)["Accounts"]

    assert [len(letters(world, each)) for each in (TOM, PHONE, ANN)] == [1, 1, 1]
    assert [each["AccountId"] for each in found] == members
    assert all(
        {(each["Channel"], each["State"]) for each in account["Contacts"][0]["Deliveries"]}
        == {("email", "Kept"), ("sms", "Kept")}
        for account in found
    )
    assert [each["Name"] for each in found[1]["Contacts"]] == ["tom", "ann"]
    assert [each["Name"] for each in found[-1]["Contacts"]] == ["tom", "tim"]


def test_another_run_writes_letters_of_its_own(world: World) -> None:
    members = world.members(2)
    world.bind(world.contact("tom", email=TOM), world.directory_id)

    ran(world, members[0])
    ran(world, world.root_id)

    assert len(letters(world, TOM)) == 2


def test_where_nobody_is_told_the_fallback_gets_one_letter_and_no_alarm_is_raised(world: World) -> None:
    world.members(3)
    before = untold(world.server)

    found = result(world, ran(world, world.root_id))

    assert {each["State"] for each in found["Accounts"]} == {"Untold"}
    assert [each["Contacts"] for each in found["Accounts"]] == [[], [], []]
    assert found["Summary"]["Accounts"]["Untold"] == 3
    assert len(letters(world, "administrator")) == 1
    assert untold(world.server) == before


def test_a_run_that_is_cut_short_goes_on_where_it_was_and_publishes_nothing_twice(world: World) -> None:
    members = world.members(2 * BATCH + 1)
    drill_id = made(world, world.root_id)["DrillId"]
    run_id = started(world, drill_id)

    def cut(connection: object) -> None:
        running.publish_next(own_call(world, connection))  # type: ignore[arg-type]
        raise InterruptedError

    def published() -> list[str]:
        found = world.run(lambda open_: reached.page(open_, world.directory_id, run_id, after="", limit=1000))
        return [account_id for account_id, _ in found]

    publish_next(world)
    with pytest.raises(InterruptedError):
        world.run(cut)
    after_the_cut = published()
    late = world.member()
    (publishing,) = runs(world, drill_id)
    while publish_next(world):
        continue
    (open_run,) = runs(world, drill_id)

    assert after_the_cut == members[:BATCH]
    assert published() == members
    assert late not in published()
    assert (publishing["State"], "CloseDate" in publishing) == ("Publishing", False)
    assert open_run["State"] == "Open"


def test_several_processes_share_a_run(world: World) -> None:
    members = world.members(3 * BATCH)
    run_id = started(world, made(world, world.root_id)["DrillId"])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: publish_next(world), range(6)))

    found = world.run(lambda open_: reached.page(open_, world.directory_id, run_id, after="", limit=1000))
    assert [account_id for account_id, _ in found] == members


def test_a_drill_is_run_by_itself_once_and_again_after_its_days(world: World) -> None:
    member = world.member()
    drill = made(world, member, EveryDays="7")
    too_early = start_due(world, later_ms=7 * DAY_MS - 60_000)

    with ThreadPoolExecutor(3) as pool:
        begun = sum(pool.map(lambda _: start_due(world, later_ms=15 * DAY_MS), range(3)))
    (listed,) = call(world.account, "ListDrills").json["Drills"]
    (record,) = records(world.account, action_name="StartDrill")

    assert (too_early, begun, len(runs(world, drill["DrillId"]))) == (0, 1, 1)
    first, second = (datetime.fromisoformat(each["NextStartDate"]) for each in (drill, listed))
    assert second - first == timedelta(days=14)
    assert record["Principal"] == "operator"
    assert start_due(world, later_ms=20 * DAY_MS) == 0
    assert start_due(world, later_ms=22 * DAY_MS) == 1


def test_a_drill_with_a_time_alone_is_run_once(world: World) -> None:
    drill_id = made(world, world.member(), StartTime="2126-01-01T00:00:00Z")["DrillId"]

    assert start_due(world, later_ms=101 * 366 * DAY_MS) == 1
    assert start_due(world, later_ms=102 * 366 * DAY_MS) == 0
    assert "NextStartDate" not in call(world.account, "ListDrills").json["Drills"][0]
    assert len(runs(world, drill_id)) == 1


def test_a_run_whose_target_is_gone_closes_without_any_account(world: World) -> None:
    member = world.member()
    drill_id = made(world, member)["DrillId"]
    world.remove(member)

    run_id = started(world, drill_id)
    while publish_next(world):
        continue

    found = result(world, (drill_id, run_id))
    assert (found["Accounts"], found["Run"]["State"]) == ([], "Open")


def test_a_drill_that_goes_takes_its_runs_along_and_leaves_the_messages(world: World) -> None:
    member = world.member()
    drill_id, run_id = ran(world, member)
    started(world, drill_id)

    assert call(world.account, "DeleteDrill", DrillId=drill_id).status == 200

    assert publish_next(world) == 0
    assert world.run(lambda open_: storage.find_run(open_, world.directory_id, drill_id, run_id)) is None
    assert len(call(world.account, "ListMessages").json["Messages"]) == 1


def test_runs_are_forgotten_with_the_history(world: World) -> None:
    drill_id, run_id = ran(world, world.member(), Window="60")
    begun = started(world, drill_id)
    now = world.server.runtime.clock()

    world.run(lambda open_: storage.clear(open_, before=now))
    assert len(runs(world, drill_id)) == 2
    world.run(lambda open_: storage.clear(open_, before=now + DAY_MS))

    assert [each["RunId"] for each in runs(world, drill_id)] == [begun]
    assert run_id != begun


def test_a_server_runs_drills_by_itself(own_settings: Settings) -> None:
    with serving(replace(own_settings, background=True)) as server:
        world = Present(server.account())
        member = world.member()
        world.bind(world.contact("tom", email=TOM), member)
        soon = write_moment(server.runtime.clock() + 60_000)
        drill_id = made(world, world.root_id, StartTime=soon)["DrillId"]
        server.runtime.clock.advance(60_000)

        until(lambda: [each["State"] for each in runs(world, drill_id)] == ["Open"], "the drill is run")
        found = result(world, (drill_id, runs(world, drill_id)[0]["RunId"]))

    assert states(found) == {member: "Waiting"}


def test_the_work_of_another_directory_is_left_alone(world: World, server: Server) -> None:
    other = Present(server.account())
    drill_id = made(other, other.member(), EveryDays="1")["DrillId"]
    started(other, drill_id)

    assert publish_next(world) == 0
    assert start_due(world, later_ms=2 * DAY_MS) == 0
    assert runs(other, drill_id)[0]["State"] == "Publishing"
