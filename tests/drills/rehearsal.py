"""Drills as the tests make, run and read them."""

from typing import Any

import msgspec
from sqlalchemy import bindparam, update

from callboard.call import Call
from callboard.database.statement import Connection, Statement
from callboard.database.tables import deliveries
from callboard.drills import running
from callboard.tree import directories
from tests.messages.press import call
from tests.recipients.world import World

FAULT = "FaultMessage"
MINUTE_MS, DAY_MS = 60_000, 86_400_000
USUAL = {"Name": "On-call", "MessageType": FAULT, "Window": "900"}
_ACKNOWLEDGE = Statement(
    update(deliveries)
    .values(acknowledged_at=bindparam("at"))
    .where(deliveries.c.directory_id == bindparam("directory"), deliveries.c.letter_id == bindparam("letter"))
)


def made(world: World, target_id: str, **changes: str) -> dict[str, Any]:
    answer = call(world.account, "CreateDrill", **{"TargetId": target_id, **USUAL, **changes})
    assert answer.status == 200, answer.body
    return dict(answer.json["Drill"])


def started(world: World, drill_id: str) -> str:
    """Begin a run; its id."""
    answer = call(world.account, "StartDrill", DrillId=drill_id)
    assert answer.status == 200, answer.body
    return str(answer.json["RunId"])


def own_call(world: World, connection: Connection, *, later_ms: int = 0) -> Call:
    """As the background has it, now or later."""
    directory = directories.find(connection, world.directory_id)
    assert directory is not None
    found = world.server.runtime.own_call(connection, directory)
    return msgspec.structs.replace(found, now=found.now + later_ms)


def publish_next(world: World) -> int:
    return int(world.run(lambda open_: running.publish_next(own_call(world, open_))))


def start_due(world: World, *, later_ms: int = 0) -> int:
    return int(world.run(lambda open_: running.start_due(own_call(world, open_, later_ms=later_ms))))


def ran(world: World, target_id: str, **changes: str) -> tuple[str, str]:
    """A drill with a run that has published everything; the ids of both."""
    drill_id = made(world, target_id, **changes)["DrillId"]
    run_id = started(world, drill_id)
    while publish_next(world):
        continue
    return drill_id, run_id


def result(world: World, ids: tuple[str, str], **more: str) -> dict[str, Any]:
    answer = call(world.account, "GetDrillResult", DrillId=ids[0], RunId=ids[1], **more)
    assert answer.status == 200, answer.body
    return dict(answer.json)


def acknowledge(world: World, letter_id: str, *, later_ms: int = 0) -> None:
    """What becomes of all that a letter carries once its reader has acknowledged it."""
    at = world.server.runtime.clock() + later_ms
    world.run(lambda open_: open_.run(_ACKNOWLEDGE, directory=world.directory_id, letter=letter_id, at=at))


def states(found: dict[str, Any]) -> dict[str, str]:
    """Of each account of a result."""
    return {each["AccountId"]: each["State"] for each in found["Accounts"]}
