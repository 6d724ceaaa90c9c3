"""Every declared refusal of the actions about drills, provoked; who may what; and what another directory sees."""

from collections.abc import Callable
from typing import Any

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from callboard.drills import rules, storage
from callboard.drills.storage import Drill
from tests.access.rights import allow, user_with
from tests.audit.trail import records
from tests.declared import assert_declared
from tests.drills.rehearsal import USUAL, made, ran, started
from tests.messages.press import VERSION, Present, call, with_bearer
from tests.recipients.test_rights import account_path, folder_path
from tests.recipients.world import World
from tests.serving import Account, Server
from tests.signing import Response

NAMES = ("CreateDrill", "ListDrills", "DeleteDrill", "StartDrill", "ListDrillRuns", "GetDrillResult")
DECLARED = {(name, error.code) for name in NAMES for error in ACTIONS[VERSION, name].errors}
NO_DRILL, NO_RUN, NO_ONE = "d-0123456789abcdef", "dr-0123456789abcdef", "1000000000000000"
NOT_THERE = "EntityNotExists.Drill"


def _one_too_many(world: World) -> Response:
    def fill(connection: Any) -> None:
        for number in range(rules.MOST_DRILLS):
            one = Drill(f"d-{number}", "n", world.directory_id, "FaultMessage", 60_000, None, None, number)
            storage.add(connection, world.directory_id, one)

    world.run(fill)
    return call(world.account, "CreateDrill", TargetId=world.directory_id, **USUAL)


def _started_twice(world: World) -> Response:
    drill_id = made(world, world.member())["DrillId"]
    started(world, drill_id)
    return call(world.account, "StartDrill", DrillId=drill_id)


def _of_no_drill(action: str, **more: str) -> Callable[[World], Response]:
    return lambda world: call(world.account, action, DrillId=NO_DRILL, **more)


PROVOCATIONS: dict[tuple[str, str], Callable[[World], Response]] = {
    ("CreateDrill", "EntityNotExists.Target"): lambda world: call(
        world.account, "CreateDrill", TargetId=NO_ONE, **USUAL
    ),
    ("CreateDrill", "LimitExceeded.Drills"): _one_too_many,
    ("DeleteDrill", NOT_THERE): _of_no_drill("DeleteDrill"),
    ("StartDrill", NOT_THERE): _of_no_drill("StartDrill"),
    ("StartDrill", "DrillUnderWay"): _started_twice,
    ("ListDrillRuns", NOT_THERE): _of_no_drill("ListDrillRuns"),
    ("GetDrillResult", NOT_THERE): _of_no_drill("GetDrillResult", RunId=NO_RUN),
    ("GetDrillResult", "EntityNotExists.DrillRun"): lambda world: call(
        world.account, "GetDrillResult", DrillId=made(world, world.member())["DrillId"], RunId=NO_RUN
    ),
}


@pytest.mark.parametrize(("action", "code"), PROVOCATIONS)
def test_a_declared_error_surfaces_as_it_is_declared(world: World, action: str, code: str) -> None:
    refused = PROVOCATIONS[action, code](world)

    assert_declared(refused, action, code)


def test_every_declared_error_has_a_provocation_and_no_other() -> None:
    assert set(PROVOCATIONS) == DECLARED


@pytest.mark.parametrize(
    ("action", "name", "value"),
    [
        *(("CreateDrill", name, "") for name in (*USUAL, "TargetId", "EveryDays", "StartTime")),
        *(("CreateDrill", "Name", text) for text in ("x" * 65, " a", "a\nb", "a\0b", "\u202ea")),
        *(("CreateDrill", "TargetId", text) for text in ("tom", "c-0123456789abcdef", "rd-", "1" * 21, "fd-abcd\n")),
        ("CreateDrill", "MessageType", "Spam"),
        *(("CreateDrill", "Window", text) for text in ("59", "604801", "-1", "soon")),
        *(("CreateDrill", "EveryDays", text) for text in ("0", "367", "1.5")),
        *(("CreateDrill", "StartTime", text) for text in ("soon", "2026-01-01", "2001-01-01T00:00:00Z")),
        *((name, "DrillId", text) for name in NAMES[2:] for text in ("", "x", "d-0123456789abcdeX0")),
        ("GetDrillResult", "RunId", "d-0123456789abcdef"),
        *((name, "NextToken", text) for name in ("ListDrillRuns", "GetDrillResult") for text in ("x", "01.dr-x")),
        ("ListDrillRuns", "NextToken", "01.dr-0123456789abcdef"),
        ("ListDrillRuns", "MaxResults", "0"),
        ("ListDrills", "TargetId", "tom"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(world: World, action: str, name: str, value: str) -> None:
    usual = {"CreateDrill": {**USUAL, "TargetId": world.directory_id}, "ListDrills": {},
             "GetDrillResult": {"DrillId": NO_DRILL, "RunId": NO_RUN}}.get(action, {"DrillId": NO_DRILL})  # fmt: skip

    refused = with_bearer(world.account, action, {**usual, name: value})

    assert (refused.status, refused.code, name in refused.json["Message"]) == (400, "InvalidParameter", True)


def test_a_drill_is_made_listed_and_removed_and_the_trail_says_so(world: World) -> None:
    member = world.member()
    own = made(world, member, Name="值班 weekly", Window="60", EveryDays="366", StartTime="2126-01-01T00:00:00Z")
    other = made(world, world.root_id)

    assert call(world.account, "ListDrills").json["Drills"] == [own, other]
    assert call(world.account, "ListDrills", TargetId=member).json["Drills"] == [own]
    assert call(world.account, "ListDrills", TargetId=world.directory_id).json["Drills"] == [other]
    assert {name: own[name] for name in ("Name", "TargetId", "Window", "EveryDays", "NextStartDate")} == {
        "Name": "值班 weekly", "TargetId": member, "Window": 60, "EveryDays": 366,
        "NextStartDate": "2126-01-01T00:00:00.000Z",
    }  # fmt: skip
    assert (other["TargetId"], "NextStartDate" in other) == (world.directory_id, False)
    assert call(world.account, "DeleteDrill", DrillId=own["DrillId"]).status == 200
    assert call(world.account, "ListDrills").json["Drills"] == [other]
    (deleted,) = records(world.account, action_name="DeleteDrill")
    assert deleted["Resource"].endswith(f"drill/{own['DrillId']}")
    assert len(records(world.account, action_name="CreateDrill")) == 2


def test_nothing_of_another_directory_is_seen_or_touched(world: World, server: Server) -> None:
    other, member = Present(server.account()), world.member()
    drill_id, run_id = ran(world, member)
    named = {"DrillId": drill_id}

    for action, more in (("DeleteDrill", {}), ("StartDrill", {}), ("ListDrillRuns", {}),
                         ("GetDrillResult", {"RunId": run_id})):  # fmt: skip
        assert call(other.account, action, **named, **more).code == NOT_THERE
    assert call(other.account, "ListDrills").json["Drills"] == []
    assert call(other.account, "CreateDrill", TargetId=member, **USUAL).code == "EntityNotExists.Target"


def asked(user: Account, ids: tuple[str, str], **more: str) -> list[int]:
    """How each action about a drill is answered."""
    drill = {"DrillId": ids[0], **more}
    calls = (("ListDrillRuns", drill), ("GetDrillResult", {**drill, "RunId": ids[1]}), ("StartDrill", drill))
    return [call(user, action, **parameters).status for action, parameters in calls]


def test_a_user_has_the_drills_of_the_targets_that_it_may(world: World) -> None:
    folder = world.folder("one")
    member, neighbour = world.member(folder), world.member()
    rights = [f"callboard:{each}" for each in NAMES]
    user = user_with(world.account, allow(*rights, resource=account_path(world, world.root_id, folder, "*")))
    mine, theirs = ran(world, member), ran(world, neighbour)

    assert call(user, "CreateDrill", TargetId=member, **USUAL).status == 200
    assert len(call(user, "ListDrills", TargetId=member).json["Drills"]) == 2
    assert asked(user, mine, TargetId=member) == [200, 200, 200]
    # Naming a target that one may see does not show the drill of another.
    assert asked(user, theirs, TargetId=member) == [404, 404, 404]
    assert asked(user, mine) == asked(user, theirs) == asked(user, theirs, TargetId=neighbour) == [403, 403, 403]
    assert call(user, "ListDrills").status == 403
    assert call(user, "CreateDrill", TargetId=folder, **USUAL).status == 403
    assert call(user, "DeleteDrill", DrillId=mine[0], TargetId=member).status == 200


def test_who_may_everywhere_has_the_right_to_the_root_folder(world: World) -> None:
    ids = ran(world, world.member())
    rights = [f"callboard:{each}" for each in NAMES]
    user = user_with(world.account, allow(*rights, resource=folder_path(world, world.root_id)))

    assert asked(user, ids) == [200, 200, 200]
    assert call(user, "DeleteDrill", DrillId=ids[0]).status == 200
