"""What the answers about drills are made of."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Operation, Shape
from callboard.call import Moment
from callboard.clock import write_moment
from callboard.contacts.shapes import ContactIdShown
from callboard.drills.rules import DAY_MS
from callboard.drills.storage import Drill, Run
from callboard.messages.shapes import DeliveryIdShown, MessageIdShown
from callboard.recipients.shapes import ShownMoment

operation = Operation("2026-11-25", ram_code="callboard", needs_directory=True)

ONE_DRILL = "acs:callboard:*:{AccountId}:drill/{DrillId}"
"""A drill as the audit trail names it."""

DrillIdShown = Annotated[str, Meta(description="The ID of the drill.", examples=["d-qL4HqKONzOM7abcd"])]
RunIdShown = Annotated[str, Meta(description="The ID of the run.", examples=["dr-qL4HqKONzOM7abcd"])]
_Number = Annotated[int, Meta(description="How many.", examples=[3])]
StateShown = Annotated[
    str,
    Meta(
        description="Acknowledged: within the window. Late: after it. Waiting: not yet, and there is time. Missed: not "
        "at all. Untold: nothing went there, or to nobody but the fallback.",
        examples=["Acknowledged"],
    ),
]


class DrillShown(Shape, kw_only=True):
    """A drill."""

    drill_id: DrillIdShown
    name: Annotated[str, Meta(description="What it is called.", examples=["On-call, weekly"])]
    target_id: Annotated[
        str, Meta(description="The member, folder or resource directory that it is about.", examples=["fd-ZDNPiTabcd"])
    ]
    message_type: Annotated[str, Meta(description="The type of its messages.", examples=["FaultMessage"])]
    window: Annotated[int, Meta(description="How long people have to acknowledge, in seconds.", examples=[900])]
    every_days: Annotated[int, Meta(description="After how many days it is run again.", examples=[7])] | UnsetType
    next_start_date: Annotated[str, Meta(description="When it is run next by itself.")] | UnsetType
    create_date: ShownMoment


class RunShown(Shape, kw_only=True):
    """One run of a drill."""

    run_id: RunIdShown
    start_date: ShownMoment
    state: Annotated[
        str,
        Meta(
            description="Publishing: its messages are being published. Open: people have time to acknowledge. Closed: "
            "their time is up.",
            examples=["Closed"],
        ),
    ]
    close_date: Annotated[str, Meta(description="When the time of the last ones is up.")] | UnsetType


class Counts(Shape, kw_only=True):
    """How many there are of each state."""

    acknowledged: _Number
    late: _Number
    waiting: _Number
    missed: _Number
    untold: _Number


class Summary(Shape, kw_only=True):
    """How many of all. An account is acknowledged once one of its contacts has done so."""

    accounts: Counts
    contacts: Counts


class DrillDelivery(Shape, kw_only=True):
    """The message on its way by one channel."""

    delivery_id: DeliveryIdShown
    channel: Annotated[str, Meta(description="By what.", examples=["email"])]
    recipient: Annotated[str, Meta(description="Where to.", examples=["someone@example.com"])]
    state: Annotated[str, Meta(description="As in GetMessage.", examples=["Sent"])]


class DrillContact(Shape, kw_only=True):
    """A contact that was told of the account, or would have been."""

    contact_id: ContactIdShown
    name: Annotated[str, Meta(description="Its name at that moment.", examples=["tom"])]
    state: StateShown
    acknowledgement_date: Annotated[str, Meta(description="When it acknowledged.")] | UnsetType
    deliveries: list[DrillDelivery]


class DrillAccount(Shape, kw_only=True):
    """An account in a run."""

    account_id: Annotated[str, Meta(description="The account.", examples=["1997968394351234"])]
    display_name: Annotated[str, Meta(description="What it is called, if it is still a member.")] | UnsetType
    message_id: MessageIdShown
    state: StateShown
    contacts: list[DrillContact]


def drill_shown(drill: Drill) -> DrillShown:
    return DrillShown(
        drill_id=drill.drill_id,
        name=drill.name,
        target_id=drill.target_id,
        message_type=drill.message_type,
        window=drill.window_ms // 1000,
        every_days=UNSET if drill.period_ms is None else drill.period_ms // DAY_MS,
        next_start_date=UNSET if drill.starts_at is None else write_moment(drill.starts_at),
        create_date=write_moment(drill.created_at),
    )


def run_shown(run: Run, *, now: Moment) -> RunShown:
    state = "Publishing" if run.is_publishing else "Closed" if run.is_over(now=now) else "Open"
    return RunShown(
        run_id=run.run_id,
        start_date=write_moment(run.started_at),
        state=state,
        close_date=UNSET if run.is_publishing else write_moment(run.closes_at),
    )
