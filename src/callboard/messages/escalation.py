"""Messages that nobody acknowledges: a step upwards when it is due, each exactly once, whoever takes it."""

from msgspec import Struct

from callboard.audit import storage as audit
from callboard.call import Call, Moment
from callboard.database.statement import Connection
from callboard.messages import deliveries, ladder, publishing, rules, storage, untold
from callboard.messages.rules import Cause, Delivery, Subject
from callboard.messages.storage import Message
from callboard.metrics import ESCALATED
from callboard.recipients import storage as situations
from callboard.recipients.rules import Situation
from callboard.recipients.shapes import Writer
from callboard.tree import directories

BATCH = 100
ESCALATE = "EscalateMessage"


class Escalated(Struct, frozen=True):
    """What the audit trail keeps of a step."""

    message_id: str
    escalation_level: int
    delivery_ids: list[str]


def due(connection: Connection, *, now: Moment) -> list[tuple[str, str]]:
    """The most overdue messages, of every directory: directory and message, at most BATCH."""
    return storage.due(connection, now=now, limit=BATCH)


def escalate(call: Call, message_id: str) -> bool:
    """Take the step of a message, if it is still due: false when another process has, or somebody has acknowledged.

    The directory is held still, as when a message is published. Raises DirectoryNotEnabled when it is gone.
    """
    at = directories.change(call.connection, call.directory_id, now=call.now)
    found = storage.find(call.connection, call.vault, call.directory_id, message_id)
    if found is None or found[0].escalates_at is None or found[0].escalates_at > call.now:
        return False
    message = found[0]
    if call.now >= message.deadline_at:
        storage.climb(call.connection, call.directory_id, message_id, next_at=None, depth=message.told_from)
        return False
    situation = situations.now(call.connection, call.directory_id, message.account_id)
    _climb(call, message, situation or Situation(message.account_id, (), ()), at=at)
    return True


def _climb(call: Call, message: Message, situation: Situation, *, at: Moment) -> None:
    subject = Subject(message.message_id, message.message_type, message.severity, at, message.asks_acknowledgement)
    everybody, known = publishing.people(call, subject, situation)
    before = ladder.told(
        (each.contact_id, each.channel, each.recipient, each.letter_id, each.suppression)
        for each in deliveries.standings(call.connection, call.directory_id, message.message_id)
    )
    rung = ladder.next_up(subject, everybody, known, situation.scopes, before, below=message.told_from)
    routed = rung.deliveries
    next_at = None
    if rung.reaches_somebody:
        next_at = ladder.next_at(at, message.escalates_after_ms, deadline_at=message.deadline_at)
    elif not before.has_fallback:
        routed = [*routed, rules.fallback(subject, untold.fallback_address(call), Cause.ESCALATION)]
    storage.climb(call.connection, call.directory_id, message.message_id, next_at=next_at, depth=rung.depth)
    publishing.deliver(call, message, Writer(call.connection, call.directory_id, situation), routed, at=at)
    if routed:
        _record(call, message, rung.depth, routed)


def _record(call: Call, message: Message, depth: int, routed: list[Delivery]) -> None:
    call.count(ESCALATED)
    after = Escalated(message.message_id, depth, [each.delivery_id for each in routed])
    resource = publishing.resource_of(call, message.message_id)
    audit.add(call.connection, audit.Source.of(call), ESCALATE, resource, after=after)
