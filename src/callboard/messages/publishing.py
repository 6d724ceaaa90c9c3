"""A message published: who is told at this moment, one letter for each, all in the caller's transaction; and resent."""

import hashlib

import msgspec
from msgspec import Struct

from callboard.audit import storage as audit
from callboard.call import Call, Moment
from callboard.contacts import refusals
from callboard.contacts.addresses import key_of
from callboard.delivery import outbox
from callboard.delivery.letter import Channel, Letter
from callboard.delivery.outbox import NewLetter, State
from callboard.messages import deliveries, keys, letters, rules, storage
from callboard.messages.errors import IdempotencyKeyReused
from callboard.messages.rules import Delivery, Severity
from callboard.messages.shapes import ONE_MESSAGE, Body, ReasonShown
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

    @property
    def digest(self) -> bytes:
        """The same for what is the same, under whichever key."""
        return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(self, idempotency_key=""))).digest()


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


def publish(call: Call, wanted: Wanted, source: audit.Source) -> Message:
    """Publish a message, or find the one that was published with the same key. `source` is for the audit trail.

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
    message_id = call.new_id("m-")
    routed = _routed(call, wanted, situation, message_id)
    message = _message(wanted, message_id, at=at, is_fallback=rules.needs_fallback(routed))
    if message.is_fallback:
        routed.append(rules.fallback(message_id, call.terms.fallback_email or ADMINISTRATOR))
        call.count(UNTOLD)
    storage.add(call.connection, call.vault, call.directory_id, message, wanted.body)
    _write(call, message, wanted.body, situation, routed)
    _keep_key(call, wanted, message)
    _record(call, message, routed, source)
    return message


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
        and not (each.contact_id and refusals.has(call.connection, call.directory_id, each.recipient))
        and outbox.resend(call.connection, each.delivery_id, now=call.now, deadline_at=deadline_at)
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


def _message(wanted: Wanted, message_id: str, *, at: Moment, is_fallback: bool) -> Message:
    return Message(
        message_id=message_id,
        account_id=wanted.account_id,
        message_type=wanted.message_type,
        severity=wanted.severity,
        subject=wanted.subject,
        is_fallback=is_fallback,
        created_at=at,
        deadline_at=at + rules.lifetime_s(wanted.severity, wanted.lifetime_s) * 1000,
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


def _routed(call: Call, wanted: Wanted, situation: Situation, message_id: str) -> list[Delivery]:
    told = recipients.verdict(situation, wanted.message_type).told
    found = rules.route(message_id, wanted.message_type, wanted.severity, told)
    addresses = {each.recipient for each in found}
    refused = {each for each in addresses if refusals.has(call.connection, call.directory_id, each)}
    return rules.without(found, refused)


def _write(call: Call, message: Message, body: Body, situation: Situation, routed: list[Delivery]) -> None:
    """Every delivery with its reasons, and a letter for each that goes."""
    writer = Writer(call.connection, call.directory_id, situation)
    facts = letters.Facts(
        organisation=organisation_of(call),
        directory_id=call.directory_id,
        account_id=message.account_id,
        account_name=_account_name(call, message.account_id),
        message_type=message.message_type,
        severity=message.severity,
        subject=message.subject,
        body=body,
        language=call.terms.language,
    )
    for position, each in enumerate(routed):
        reasons = [
            ReasonShown(contact_id=shown.contact_id, name=shown.name, paths=shown.paths)
            for shown in writer.contacts(each.contacts)
        ]
        deliveries.add(call.connection, call.directory_id, message.message_id, each, reasons, position=position)
        if each.suppression is None:
            _post(call, message, facts, each, reasons)


def _post(call: Call, message: Message, facts: letters.Facts, delivery: Delivery, reasons: list[ReasonShown]) -> None:
    is_email = delivery.channel is Channel.EMAIL
    content = letters.email(facts, reasons) if is_email else letters.sms(facts, delivery.recipient)
    new = NewLetter(
        letter=Letter(delivery.delivery_id, delivery.channel, delivery.recipient, content, message.created_at),
        directory_id=call.directory_id,
        contact_id="",
        recipient_key=key_of(delivery.recipient),
        deadline_at=message.deadline_at,
    )
    is_kept = delivery.channel in call.terms.kept_channels or delivery.recipient == ADMINISTRATOR
    outbox.add(call.connection, call.vault, new, is_kept=is_kept)


def _account_name(call: Call, account_id: str) -> str:
    names = situations.scope_names(call.connection, call.directory_id, account_id, [account_id])
    return names.get(account_id, "")


def _record(call: Call, message: Message, routed: list[Delivery], source: audit.Source) -> None:
    after = Recorded(
        message_id=message.message_id,
        account_id=message.account_id,
        message_type=message.message_type,
        severity=message.severity,
        subject=message.subject,
        is_fallback=message.is_fallback,
        delivery_ids=[each.delivery_id for each in routed],
    )
    audit.add(call.connection, source, PUBLISH, _resource(call, message.message_id), after=after)


def _resource(call: Call, message_id: str) -> str:
    return ONE_MESSAGE.format(AccountId=call.principal.account_id, MessageId=message_id)
