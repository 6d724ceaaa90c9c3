"""Messages and their deliveries as the API answers them, from what is kept of them and of their letters."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, UnsetType

from callboard.call import Moment
from callboard.clock import write_moment
from callboard.database.statement import Connection
from callboard.delivery.outbox import State
from callboard.messages import deliveries
from callboard.messages.deliveries import Standing, Try
from callboard.messages.listing import About
from callboard.messages.rules import Suppression
from callboard.messages.shapes import (
    AttemptShown,
    Body,
    DeliveryListed,
    DeliveryShown,
    MessageShown,
    MessageSummary,
    Text,
    TranslationShown,
)
from callboard.messages.storage import Message

QUEUED, SUPPRESSED, FORGOTTEN = "Queued", "Suppressed", "Forgotten"
_STATES: Mapping[str, str] = {
    State.WAITING: QUEUED,
    State.SENT: "Sent",
    State.FAILED: "Failed",
    State.KEPT: "Kept",
    State.WITHDRAWN: SUPPRESSED,
}
"""What the state of a letter is for its delivery. One that is withdrawn without a word was refused by its owner."""


def summary(message: Message) -> MessageSummary:
    return MessageSummary(**_fields(message))


def whole(connection: Connection, directory_id: str, message: Message, body: Body) -> MessageShown:
    """A message with what it says, and every delivery with its last tries."""
    tries: dict[str, list[Try]] = {}
    for each in deliveries.tries(connection, directory_id, message.message_id):
        tries.setdefault(each.letter_id, []).append(each)
    standings = deliveries.standings(connection, directory_id, message.message_id)
    return MessageShown(
        **_fields(message),
        content=body.content,
        content_type=body.content_type,
        translations=[_translation(*each) for each in body.translations.items()] or UNSET,
        link=body.link or UNSET,
        sender=body.sender or UNSET,
        deliveries=[delivery(each, tries.get(each.letter_id, [])) for each in standings],
    )


def delivery(standing: Standing, tries: list[Try]) -> DeliveryShown:
    return DeliveryShown(**_delivery_fields(standing, tries))


def listed(standing: Standing, tries: list[Try], about: About) -> DeliveryListed:
    """A delivery in a list, with what its message is."""
    return DeliveryListed(
        **_delivery_fields(standing, tries),
        account_id=about.account_id,
        message_type=about.message_type,
        severity=about.severity,
        subject=about.subject,
        kind=about.kind,
        create_date=write_moment(about.created_at),
    )


def _delivery_fields(standing: Standing, tries: list[Try]) -> dict[str, Any]:
    state = state_of(standing)
    due_at = standing.digest_at or standing.due_at
    return {
        "message_id": standing.message_id,
        "delivery_id": standing.delivery_id,
        "cause": standing.cause,
        "contact_id": standing.contact_id or UNSET,
        "name": standing.contact_name or UNSET,
        "paths": standing.paths,
        "channel": standing.channel,
        "recipient": standing.recipient,
        "state": state,
        "suppression_reason": (standing.suppression or Suppression.REFUSED.value) if state == SUPPRESSED else UNSET,
        "due_date": _moment(due_at if state == QUEUED else None),
        "receipt_date": _moment(standing.receipt_at),
        "receipt_answer": standing.receipt_answer or UNSET,
        "acknowledgement_date": _moment(standing.acknowledged_at),
        "attempt_count": standing.attempts,
        "attempts": [_attempt(each) for each in tries],
    }


def _translation(language: str, text: Text) -> TranslationShown:
    return TranslationShown(language=language, subject=text.subject, content=text.content)


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
        "kind": message.kind.value,
        "acknowledgement_required": message.asks_acknowledgement,
        "acknowledgement_date": _moment(message.acknowledged_at),
        **_escalation(message),
    }


def _escalation(message: Message) -> dict[str, Any]:
    if message.escalates_after_ms is None:
        return {}
    return {
        "escalate_after": message.escalates_after_ms // 1000,
        "escalate_date": _moment(message.escalates_at),
        "escalation_level": message.told_from,
    }


def state_of(standing: Standing) -> str:
    """What was heard of a delivery counts before what its letter says, which counts before what is yet to be."""
    if standing.suppression:
        return SUPPRESSED
    if standing.receipt:
        return standing.receipt
    if standing.letter_state is None:
        return QUEUED if standing.digest_at else FORGOTTEN
    return _STATES[standing.letter_state]


def _moment(at: Moment | None) -> str | UnsetType:
    return UNSET if at is None else write_moment(at)


def _attempt(each: Try) -> AttemptShown:
    return AttemptShown(
        number=each.number,
        attempt_date=write_moment(each.at),
        provider=each.sender,
        outcome=each.outcome,
        answer=each.answer,
    )
