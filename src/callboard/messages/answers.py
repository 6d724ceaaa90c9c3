"""Messages and their deliveries as the API answers them, from what is kept of them and of their letters."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from callboard.clock import write_moment
from callboard.database.statement import Connection
from callboard.delivery.outbox import State
from callboard.messages import deliveries
from callboard.messages.deliveries import Standing, Try
from callboard.messages.rules import Suppression
from callboard.messages.shapes import AttemptShown, Body, DeliveryShown, MessageShown, MessageSummary
from callboard.messages.storage import Message

SUPPRESSED, FORGOTTEN = "Suppressed", "Forgotten"
_STATES: Mapping[str, str] = {
    State.WAITING: "Queued",
    State.SENT: "Sent",
    State.FAILED: "Failed",
    State.KEPT: "Kept",
    State.WITHDRAWN: SUPPRESSED,
}
"""What the state of a letter is for its delivery. A message's letter is withdrawn when its address is refused."""


def summary(message: Message) -> MessageSummary:
    return MessageSummary(**_fields(message))


def whole(connection: Connection, directory_id: str, message: Message, body: Body) -> MessageShown:
    """A message with what it says, and every delivery with its last tries."""
    tries: dict[str, list[Try]] = {}
    for each in deliveries.tries(connection, directory_id, message.message_id):
        tries.setdefault(each.delivery_id, []).append(each)
    standings = deliveries.standings(connection, directory_id, message.message_id)
    return MessageShown(
        **_fields(message),
        content=body.content,
        content_type=body.content_type,
        link=body.link or UNSET,
        sender=body.sender or UNSET,
        deliveries=[_delivery(each, tries.get(each.delivery_id, [])) for each in standings],
    )


def _fields(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        "account_id": message.account_id,
        "message_type": message.message_type,
        "severity": message.severity.value,
        "subject": message.subject,
        "create_date": write_moment(message.created_at),
        "deadline": write_moment(message.deadline_at),
        "fallback": message.is_fallback,
    }


def _delivery(standing: Standing, tries: list[Try]) -> DeliveryShown:
    state = SUPPRESSED if standing.suppression else _STATES.get(standing.letter_state or "", FORGOTTEN)
    is_suppressed = state == SUPPRESSED
    return DeliveryShown(
        delivery_id=standing.delivery_id,
        contact_id=standing.contact_id or UNSET,
        channel=standing.channel,
        recipient=standing.recipient,
        state=state,
        suppression_reason=(standing.suppression or Suppression.REFUSED.value) if is_suppressed else UNSET,
        reasons=standing.reasons,
        attempt_count=standing.attempts,
        attempts=[_attempt(each) for each in tries],
    )


def _attempt(each: Try) -> AttemptShown:
    return AttemptShown(
        number=each.number,
        attempt_date=write_moment(each.at),
        provider=each.sender,
        outcome=each.outcome,
        answer=each.answer,
    )
