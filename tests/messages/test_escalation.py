"""Messages that nobody acknowledges: upwards scope by scope, with the clock moved, on one server and on two."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from callboard import background
from callboard.contacts import refusals
from callboard.database.statement import Statement
from callboard.database.tables import deliveries, messages
from callboard.settings import Settings
from tests.e2e.processes import until
from tests.messages.press import Present, call, letters, publish, published, shown
from tests.messages.reading import addressees, link_to, press
from tests.messages.test_races import pair
from tests.recipients.world import World
from tests.serving import Server, serving

__all__ = ["pair"]
AFTER_S = 600
KEEPER, NEAR, FOLDER, ALL, DUTY = (f"{name}@example.com" for name in ("keeper", "near", "folder", "all", "duty"))
EVERYBODY = (KEEPER, NEAR, FOLDER, ALL, DUTY)


@pytest.fixture
def alone(own_settings: Settings) -> Iterator[World]:
    """A world on a server whose clock is the test's."""
    with serving(replace(own_settings, fallback_email=DUTY)) as server:
        yield Present(server.account())


def wait(world: World, seconds: int = AFTER_S) -> None:
    """Let time pass, and the background do what is due then."""
    world.server.runtime.clock.advance(seconds * 1000)
    asyncio.run(background.escalate_due(world.server.runtime))


def staffed(world: World) -> tuple[str, str]:
    """A member in a folder in a folder, whose inner one has nobody; and the outer folder."""
    outer = world.folder("outer")
    inner = world.folder("inner", outer)
    member = world.member(inner)
    for address, scope in ((NEAR, member), (FOLDER, outer), (ALL, world.directory_id)):
        world.bind(world.contact(address.partition("@")[0], email=address), scope)
    return member, outer


def escalations(world: World) -> float:
    registry = world.server.runtime.metrics.registry
    return registry.get_sample_value("callboard_escalations_total") or 0.0


def steps(world: World) -> int:
    return len(call(world.account, "ListAuditRecords", ActionName="EscalateMessage").json["AuditRecords"])


def test_it_goes_from_the_nearest_upwards_and_at_last_to_the_fallback(alone: World) -> None:
    member, _ = staffed(alone)
    message_id = published(alone.account, member, EscalateAfter=AFTER_S)
    seen = [addressees(alone, *EVERYBODY)]
    levels = [shown(alone.account, message_id).get("EscalationLevel")]
    wait(alone, AFTER_S - 1)
    assert addressees(alone, *EVERYBODY) == [NEAR]
    wait(alone, 1)
    for _ in range(4):
        seen.append(addressees(alone, *EVERYBODY))
        levels.append(shown(alone.account, message_id)["EscalationLevel"])
        wait(alone)

    assert seen == [[NEAR], [NEAR, FOLDER], [NEAR, FOLDER, ALL], [NEAR, FOLDER, ALL, DUTY], [NEAR, FOLDER, ALL, DUTY]]
    assert levels == [3, 1, 0, 0, 0]
    message = shown(alone.account, message_id)
    assert "EscalateDate" not in message
    assert (message["EscalateAfter"], message["AcknowledgementRequired"]) == (AFTER_S, True)
    assert [(each["Recipient"], each["Cause"]) for each in message["Deliveries"]] == [
        (NEAR, "Routed"), (FOLDER, "Escalation"), (ALL, "Escalation"), (DUTY, "Escalation"),
    ]  # fmt: skip
    assert len({each["DeliveryId"] for each in message["Deliveries"]}) == 4
    assert (escalations(alone), steps(alone)) == (3, 3)
    assert all(len(letters(alone, each)) == 1 for each in (NEAR, FOLDER, ALL, DUTY))


def test_the_mails_say_that_nobody_has_acknowledged_it_in_both_languages(alone: World) -> None:
    member, _ = staffed(alone)
    published(alone.account, member, EscalateAfter=AFTER_S)
    first = letters(alone, NEAR)[0].content
    for _ in range(3):
        wait(alone)
    then, last = letters(alone, FOLDER)[0].content, letters(alone, DUTY)[0].content

    for each in (then, last):
        assert each.subject.startswith("[Not acknowledged / 无人确认] ")
        for part in ("Nobody has acknowledged this since ", "起无人确认此消息"):
            assert part in each.text
            assert part in each.html
    assert "Nobody who is told of the account has acknowledged the message in time" in last.text
    assert "Nobody has" not in first.text
    assert letters(alone, NEAR)[0].content == first


@pytest.mark.parametrize("way", ["page", "call"])
def test_it_goes_no_further_once_somebody_has_acknowledged_it(alone: World, way: str) -> None:
    member, _ = staffed(alone)
    message_id = published(alone.account, member, EscalateAfter=AFTER_S)
    assert shown(alone.account, message_id)["EscalateDate"]
    wait(alone)
    if way == "page":
        press(alone, link_to(alone, FOLDER), "acknowledge")
    else:
        call(alone.account, "AcknowledgeMessage", MessageId=message_id)
    for _ in range(3):
        wait(alone)

    assert addressees(alone, *EVERYBODY) == [NEAR, FOLDER]
    assert "EscalateDate" not in shown(alone.account, message_id)


def test_it_goes_no_further_once_it_is_of_no_use(alone: World) -> None:
    member, _ = staffed(alone)
    late = published(alone.account, member, EscalateAfter=AFTER_S, TimeToLive=AFTER_S + 60)
    wait(alone, AFTER_S + 60)
    early = published(alone.account, member, EscalateAfter=AFTER_S, TimeToLive=AFTER_S + 60)
    wait(alone)

    assert [each["Recipient"] for each in shown(alone.account, late)["Deliveries"]] == [NEAR]
    assert [each["Recipient"] for each in shown(alone.account, early)["Deliveries"]] == [NEAR, FOLDER]
    assert "EscalateDate" not in shown(alone.account, early)


def test_each_step_is_as_things_stand_at_its_moment(alone: World) -> None:
    member, _ = staffed(alone)
    message_id = published(alone.account, member, EscalateAfter=AFTER_S)
    elsewhere = alone.folder("elsewhere")
    alone.move(member, elsewhere)
    alone.bind(alone.contact("new", email="new@example.com"), elsewhere)
    wait(alone)
    wait(alone)

    assert addressees(alone, NEAR, "new@example.com", FOLDER, ALL) == [NEAR, "new@example.com", ALL]
    assert len(shown(alone.account, message_id)["Deliveries"]) == 3


def test_what_the_account_keeps_is_told_first_and_a_scope_of_closed_addresses_is_passed_over(alone: World) -> None:
    member, _ = staffed(alone)
    kept = alone.contact("keeper", email=KEEPER)
    alone.bind(kept, alone.directory_id)
    alone.delete(kept, is_kept=True)
    message_id = published(alone.account, member, EscalateAfter=AFTER_S)
    first = addressees(alone, *EVERYBODY)
    alone.run(lambda open_: refusals.add(open_, alone.directory_id, FOLDER, "c-x", at=1))
    wait(alone)

    assert first == [KEEPER, NEAR]
    assert addressees(alone, *EVERYBODY) == [KEEPER, NEAR, ALL]
    states = {each["Recipient"]: each["State"] for each in shown(alone.account, message_id)["Deliveries"]}
    assert states[FOLDER] == "Suppressed"


def test_an_address_that_has_it_gets_no_second_letter_by_another_contact(alone: World) -> None:
    member, outer = staffed(alone)
    alone.bind(alone.contact("again", email=NEAR.upper()), outer)
    message_id = published(alone.account, member, EscalateAfter=AFTER_S)
    first = letters(alone, NEAR)
    wait(alone)

    assert letters(alone, NEAR) == first
    found = {each["Name"]: each["DeliveryId"] for each in shown(alone.account, message_id)["Deliveries"]}
    assert set(found) == {"near", "folder", "again"}
    press(alone, link_to(alone, NEAR), "acknowledge")
    done = {each["Name"] for each in shown(alone.account, message_id)["Deliveries"] if "AcknowledgementDate" in each}
    assert done == {"near", "again"}


def test_where_nobody_is_told_the_fallback_is_and_once(alone: World) -> None:
    member = alone.member()
    message_id = published(alone.account, member, EscalateAfter=AFTER_S)
    wait(alone)
    assert addressees(alone, *EVERYBODY) == [DUTY]
    assert len(letters(alone, DUTY)) == 1
    assert "EscalateDate" not in shown(alone.account, message_id)


def test_the_answer_of_a_call_that_comes_again_is_the_same_afterwards(alone: World) -> None:
    member, _ = staffed(alone)
    given = {"EscalateAfter": AFTER_S, "IdempotencyKey": "k"}
    first = publish(alone.account, member, **given).json
    wait(alone)
    again = publish(alone.account, member, **given).json

    assert {**again, "RequestId": ""} == {**first, "RequestId": ""}


def test_the_background_takes_the_steps(own_settings: Settings) -> None:
    with serving(replace(own_settings, background=True)) as server:
        world = Present(server.account())
        member, _ = staffed(world)
        message_id = published(world.account, member, EscalateAfter=AFTER_S)
        server.runtime.clock.advance(AFTER_S * 1000)
        until(lambda: len(shown(world.account, message_id)["Deliveries"]) == 2, "the next scope is told")

        assert escalations(world) == 1


def test_two_servers_that_acknowledge_and_escalate_at_once_do_either(pair: tuple[Server, Server]) -> None:
    """A message that somebody has acknowledged before its step never goes further, and each step is taken once."""
    one, two = pair
    world = Present(one.account())
    member, _ = staffed(world)
    sent = [published(world.account, member, EscalateAfter=AFTER_S) for _ in range(24)]
    other = replace(world.account, server=two)
    for each in pair:
        each.runtime.clock.advance(AFTER_S * 1000)

    def acknowledge(message_id: str) -> int:
        return call(other, "AcknowledgeMessage", MessageId=message_id).status

    with ThreadPoolExecutor(4) as pool:
        climbing = [pool.submit(lambda each: asyncio.run(background.escalate_due(each.runtime)), each) for each in pair]
        answers = list(pool.map(acknowledge, reversed(sent)))
        for each in climbing:
            each.result()

    assert set(answers) == {200}
    found = {each: shown(world.account, each)["Deliveries"] for each in sent}
    went_up = sum(len(each) > 1 for each in found.values())
    assert {len(each) for each in found.values()} <= {1, 2}
    assert steps(world) == went_up
    late = select(deliveries.c.delivery_id).join(messages, messages.c.message_id == deliveries.c.message_id)
    assert world.run(lambda open_: open_.all(Statement(late.where(messages.c.escalates_at.is_not(None))))) == []
    late = late.where(deliveries.c.created_at > messages.c.acknowledged_at)
    assert world.run(lambda open_: open_.all(Statement(late))) == []
    wait(world)
    assert steps(world) == went_up
