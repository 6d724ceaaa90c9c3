"""A message published: who is told at this moment, one letter for each, all in the caller's transaction; and resent."""

import hashlib
from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from callboard.audit import storage as audit
from callboard.call import Call, Moment
from callboard.contacts import refusals
from callboard.contacts.addresses import key_of
from callboard.delivery import outbox
from callboard.delivery.letter import Content, Letter
from callboard.delivery.outbox import NewLetter, State
from callboard.messages import deliveries, keys, reach, rules, storage
from callboard.messages.errors import IdempotencyKeyReused
from callboard.messages.rules import Delivery, Kind, Severity, Subject
from callboard.messages.shapes import ONE_MESSAGE, Body
from callboard.messages.storage import Message
from callboard.metrics import UNTOLD
from callboard.recipients import rules as recipients
from callboard.recipients import storage as situations
from callboard.recipients.errors import AccountNotFound
from callboard.recipients.rules import Situation
from callboard.recipients.shapes import Writer
from callboard.tree import directories
from callboard.verification.sending import ADMINISTRATOR, organisation_of

PUBLISH, RESEND = "PublishMessage", "ResendMessage"


class Wanted(Struct, frozen=True):
    """What is to be published."""

    account_id: str
    message_type: str
    severity: Severity
    subject: str
    body: Body
    lifetime_s: int | None = None
    idempotency_key: str = ""
    kind: Kind = Kind.MESSAGE
    run_id: str | None = None
    asks_acknowledgement: bool = False

    @property
    def digest(self) -> bytes:
        """The same for what is the same, under whichever key."""
        return hashlib.sha256(msgspec.json.encode(replace(self, idempotency_key=""))).digest()


class Recorded(Struct, frozen=True):
    """What the audit trail keeps of a message: never what it says, nor to which addresses."""

    message_id: str
    account_id: str
    message_type: str
    severity: Severity
    subject: str
    is_fallback: bool
    delivery_ids: list[str]


class Resent(Struct, frozen=True):
    """What the audit trail keeps of a resending."""

    message_id: str
    delivery_ids: list[str]


def publish(call: Call, wanted: Wanted) -> Message:
    """Publish a message, or find the one that was published with the same key.

    The directory is held still: its tree, what is bound and kept, and which addresses are refused. Contacts are read
    by one statement. So who is told is who was to be told at one moment, which is the message's own. Raises
    AccountNotFound or IdempotencyKeyReused.
    """
    at = directories.change(call.connection, call.directory_id, now=call.now)
    if wanted.idempotency_key:
        earlier = keys.find(call.connection, call.directory_id, wanted.idempotency_key, now=at)
        if earlier is not None:
            return _published(call, wanted, *earlier)
    situation = situations.now(call.connection, call.directory_id, wanted.account_id)
    if situation is None:
        raise AccountNotFound
    subject = Subject(call.new_id("m-"), wanted.message_type, wanted.severity, at)
    routed = _routed(call, subject, situation)
    message = _message(wanted, subject, is_fallback=rules.needs_fallback(routed))
    if message.is_fallback:
        routed.append(rules.fallback(subject, call.terms.fallback_email or ADMINISTRATOR))
        call.count(UNTOLD)
    body = replace(
        wanted.body, organisation=organisation_of(call), account_name=_account_name(call, message.account_id)
    )
    storage.add(call.connection, call.vault, call.directory_id, message, body)
    deliver(call, message, situation, routed, at=at)
    _keep_key(call, wanted, message)
    _record(call, message, routed)
    return message


def deliver(call: Call, message: Message, situation: Situation, routed: Sequence[Delivery], *, at: Moment) -> None:
    """Keep deliveries of a message with their reasons, and write the letters that carry them."""
    told = {each.contact_id: each.told for each in routed if each.told is not None}
    writer = Writer(call.connection, call.directory_id, situation)
    paths = {each.contact_id: each.paths for each in writer.contacts(told.values())}
    deliveries.add_all(call.connection, call.directory_id, message.message_id, routed, paths, at=at)
    posted = [each for each in routed if each.has_letter]
    outbox.add_all(
        call.connection,
        call.vault,
        (_letter(call, message, each, at=at) for each in posted),
        kept={each.delivery_id for each in posted if _is_kept(call, each)},
    )


def resend(call: Call, message: Message) -> list[str]:
    """Let the deliveries of a message be tried again that failed, and are not refused by now; their ids.

    They have as long as the message had, from now on.
    """
    directories.lock(call.connection, call.directory_id)
    deadline_at = call.now + message.deadline_at - message.created_at
    found = deliveries.standings(call.connection, call.directory_id, message.message_id)
    again = [
        each.delivery_id
        for each in found
        if each.letter_state == State.FAILED
        and each.letter_id == each.delivery_id
        and not (each.contact_id and refusals.has(call.connection, call.directory_id, each.recipient))
        and outbox.resend(call.connection, each.letter_id, now=call.now, deadline_at=deadline_at)
    ]
    if again:
        storage.extend(call.connection, call.directory_id, message.message_id, deadline_at=deadline_at)
        resource = _resource(call, message.message_id)
        after = Resent(message.message_id, again)
        audit.add(call.connection, audit.Source.of(call), RESEND, resource, after=after)
    return again


def _published(call: Call, wanted: Wanted, digest: bytes, message_id: str) -> Message:
    """What was published with a key before."""
    if digest != wanted.digest:
        raise IdempotencyKeyReused
    found = storage.find(call.connection, call.vault, call.directory_id, message_id)
    assert found is not None, "a key goes with its message"
    return found[0]


def _message(wanted: Wanted, subject: Subject, *, is_fallback: bool) -> Message:
    return Message(
        message_id=subject.message_id,
        account_id=wanted.account_id,
        message_type=wanted.message_type,
        severity=wanted.severity,
        subject=wanted.subject,
        is_fallback=is_fallback,
        created_at=subject.at,
        deadline_at=subject.at + rules.lifetime_s(wanted.severity, wanted.lifetime_s) * 1000,
        kind=wanted.kind,
        run_id=wanted.run_id,
        asks_acknowledgement=wanted.asks_acknowledgement,
    )


def _keep_key(call: Call, wanted: Wanted, message: Message) -> None:
    if wanted.idempotency_key:
        keys.put(
            call.connection,
            call.directory_id,
            wanted.idempotency_key,
            digest=wanted.digest,
            message_id=message.message_id,
            expires_at=message.created_at + rules.KEY_LIFETIME_MS,
        )


def _routed(call: Call, subject: Subject, situation: Situation) -> list[Delivery]:
    told = recipients.verdict(situation, subject.message_type).told
    known = reach.gather(call.connection, call.directory_id, subject, told, situation.scopes)
    return rules.route(subject, told, known)


def _letter(call: Call, message: Message, delivery: Delivery, *, at: Moment) -> NewLetter:
    return NewLetter(
        Letter(delivery.letter_id, delivery.channel, delivery.recipient, Content(""), at, message.message_id),
        directory_id=call.directory_id,
        contact_id="",
        recipient_key=key_of(delivery.recipient),
        deadline_at=max(message.deadline_at, delivery.due_at + message.deadline_at - message.created_at),
        label=message.message_type,
        due_at=rules.place(message.severity, at=at, due_at=delivery.due_at),
    )


def _is_kept(call: Call, delivery: Delivery) -> bool:
    return delivery.channel in call.terms.kept_channels or delivery.recipient == ADMINISTRATOR


def _account_name(call: Call, account_id: str) -> str:
    names = situations.scope_names(call.connection, call.directory_id, account_id, [account_id])
    return names.get(account_id, "")


def _record(call: Call, message: Message, routed: list[Delivery]) -> None:
    after = Recorded(
        message_id=message.message_id,
        account_id=message.account_id,
        message_type=message.message_type,
        severity=message.severity,
        subject=message.subject,
        is_fallback=message.is_fallback,
        delivery_ids=[each.delivery_id for each in routed],
    )
    audit.add(call.connection, audit.Source.of(call), PUBLISH, _resource(call, message.message_id), after=after)


def _resource(call: Call, message_id: str) -> str:
    return ONE_MESSAGE.format(AccountId=call.principal.account_id, MessageId=message_id)
