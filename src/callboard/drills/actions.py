"""The actions that make, list, run and remove drills."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Reply, Request
from callboard.audit import storage as audit
from callboard.audit.parameters import DEFAULT_RESULTS, MaxResults
from callboard.call import Call
from callboard.drills import rules, running, storage
from callboard.drills.errors import DrillNotFound, DrillsExceeded, DrillUnderWay, TargetNotFound
from callboard.drills.parameters import (
    DrillId,
    EveryDays,
    Name,
    RunsToken,
    StartTime,
    TargetId,
    Window,
    write_token,
)
from callboard.drills.shapes import (
    ONE_DRILL,
    DrillIdShown,
    DrillShown,
    RunIdShown,
    RunShown,
    drill_shown,
    operation,
    run_shown,
)
from callboard.drills.storage import Drill, Place
from callboard.parameters import NextTokenShown
from callboard.recipients.parameters import MessageType
from callboard.recipients.shapes import ShownMoment
from callboard.tree import directories, scopes

CREATE, DELETE = "CreateDrill", "DeleteDrill"


class CreateDrill(Request):
    """Make a drill: a message about each member at or below a target, which asks to be acknowledged. With StartTime or
    EveryDays it is run by itself. At most 100 in a resource directory.
    """

    name: Name
    target_id: TargetId
    message_type: MessageType
    window: Window
    every_days: EveryDays | UnsetType = UNSET
    start_time: StartTime | UnsetType = UNSET


class CreateDrillReply(Reply, kw_only=True):
    drill: DrillShown


@operation(access_level="create", scopes=("TargetId",), errors=[TargetNotFound, DrillsExceeded])
def create_drill(call: Call, request: CreateDrill) -> CreateDrillReply:
    directories.lock(call.connection, call.directory_id)
    target_id = scopes.canonical(call.connection, call.directory_id, request.target_id)
    if target_id is None:
        raise TargetNotFound
    if storage.count(call.connection, call.directory_id) >= rules.MOST_DRILLS:
        raise DrillsExceeded
    period_ms = None if request.every_days is UNSET else request.every_days * rules.DAY_MS
    starts_at = None if period_ms is None else call.now + period_ms
    if request.start_time is not UNSET:
        starts_at = request.start_time
        if starts_at < call.now:
            raise ParameterInvalid(parameter="StartTime")
    drill = Drill(
        drill_id=call.new_id("d-"),
        name=request.name,
        target_id=target_id,
        message_type=request.message_type,
        window_ms=request.window * 1000,
        period_ms=period_ms,
        starts_at=starts_at,
        created_at=call.now,
    )
    storage.add(call.connection, call.directory_id, drill)
    audit.add(call.connection, audit.Source.of(call), CREATE, _resource(call, drill), after=drill)
    return CreateDrillReply(drill=drill_shown(drill))


class ListDrills(Request):
    """List the drills in the order in which they were made: all, or those of exactly one target."""

    target_id: TargetId | UnsetType = UNSET


class ListDrillsReply(Reply, kw_only=True):
    drills: list[DrillShown]


@operation(access_level="list", scopes=("TargetId",))
def list_drills(call: Call, request: ListDrills) -> ListDrillsReply:
    found = storage.every(call.connection, call.directory_id)
    if request.target_id is not UNSET:
        target_id = scopes.canonical(call.connection, call.directory_id, request.target_id)
        found = [each for each in found if each.target_id == target_id]
    return ListDrillsReply(drills=[drill_shown(each) for each in found])


class DeleteDrill(Request):
    """Remove a drill with its runs and their results; the messages stay. Without TargetId the caller needs the right to
    the root folder; with it, to that target alone, which the drill must be about.
    """

    drill_id: DrillId
    target_id: TargetId | UnsetType = UNSET


class DeleteDrillReply(Reply):
    """The RequestId alone."""


@operation(access_level="delete", scopes=("TargetId",), errors=[DrillNotFound])
def delete_drill(call: Call, request: DeleteDrill) -> DeleteDrillReply:
    directories.lock(call.connection, call.directory_id)
    drill = find(call, request.drill_id, request.target_id)
    storage.remove(call.connection, call.directory_id, drill.drill_id)
    audit.add(call.connection, audit.Source.of(call), DELETE, _resource(call, drill), before=drill)
    return DeleteDrillReply()


class StartDrill(Request):
    """Run a drill now, whenever it is run by itself. Its messages are published in the background, account by account;
    who is told of several accounts gets one letter by each channel. TargetId is as in DeleteDrill.
    """

    drill_id: DrillId
    target_id: TargetId | UnsetType = UNSET


class StartDrillReply(Reply, kw_only=True):
    run_id: RunIdShown
    start_date: ShownMoment


@operation(access_level="update", scopes=("TargetId",), errors=[DrillNotFound, DrillUnderWay])
def start_drill(call: Call, request: StartDrill) -> StartDrillReply:
    at = directories.change(call.connection, call.directory_id, now=call.now)
    drill = find(call, request.drill_id, request.target_id)
    if storage.has_publishing(call.connection, call.directory_id, drill.drill_id):
        raise DrillUnderWay
    run = running.start(call, drill, at=at)
    return StartDrillReply(run_id=run.run_id, start_date=run_shown(run, now=at).start_date)


class ListDrillRuns(Request):
    """List the runs of a drill, newest first. TargetId is as in DeleteDrill."""

    drill_id: DrillId
    target_id: TargetId | UnsetType = UNSET
    next_token: RunsToken | UnsetType = UNSET
    max_results: MaxResults = DEFAULT_RESULTS


class ListDrillRunsReply(Reply, kw_only=True):
    drill_id: DrillIdShown
    runs: list[RunShown]
    max_results: Annotated[int, Meta(description="The most runs on a page.", examples=[50])]
    next_token: NextTokenShown | UnsetType = UNSET


@operation(access_level="list", scopes=("TargetId",), errors=[DrillNotFound])
def list_drill_runs(call: Call, request: ListDrillRuns) -> ListDrillRunsReply:
    drill = find(call, request.drill_id, request.target_id)
    found = storage.page(
        call.connection,
        call.directory_id,
        drill.drill_id,
        after=request.next_token or storage.NEWEST,
        limit=request.max_results + 1,
    )
    runs = found[: request.max_results]
    has_more = len(found) > len(runs)
    return ListDrillRunsReply(
        drill_id=drill.drill_id,
        runs=[run_shown(each, now=call.now) for each in runs],
        max_results=request.max_results,
        next_token=write_token(Place(runs[-1].started_at, runs[-1].run_id)) if has_more else UNSET,
    )


def find(call: Call, drill_id: str, target_id: str | UnsetType) -> Drill:
    """A drill; with a target, one that is about it. Raises DrillNotFound."""
    found = storage.find(call.connection, call.directory_id, drill_id)
    if found is None:
        raise DrillNotFound
    if target_id is not UNSET and scopes.canonical(call.connection, call.directory_id, target_id) != found.target_id:
        raise DrillNotFound
    return found


def _resource(call: Call, drill: Drill) -> str:
    return ONE_DRILL.format(AccountId=call.principal.account_id, DrillId=drill.drill_id)
