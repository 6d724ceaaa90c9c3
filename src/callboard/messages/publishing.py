"""A message published: who is told at this moment, one letter for each, all in the caller's transaction; and resent."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from callboard.audit import storage as audit
from callboard.call import Call, Moment
from callboard.contacts import unreachable
from callboard.contacts.addresses import key_of
from callboard.delivery import outbox
from callboard.delivery.letter import Content, Letter
from callboard.delivery.outbox import NewLetter, State
from callboard.messages import deliveries, keys, ladder, reach, rules, runs, storage, untold
from callboard.messages.errors import IdempotencyKeyReused
from callboard.messages.ladder import Rung
from callboard.messages.rules import Delivery, Kind, Reach, Severity, Subject
from callboard.messages.shapes import ONE_MESSAGE, Body
from callboard.messages.storage import Message
from callboard.messages.wordings import rules as wordings
from callboard.messages.wordings import storage as templates
from callboard.messages.wordings.errors import TemplateNotFound
from callboard.recipients import rules as recipients
from callboard.recipients import storage as situations
from callboard.recipients.errors import AccountNotFound
from callboard.recipients.rules import Effective, Situation
from callboard.recipients.shapes import PathShown, Writer
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
    template_name: str = ""
    """The template that subject and content are made by, with its variables."""
    variables: tuple[tuple[str, str], ...] = ()
    escalates_after_s: int | None = None
    """It goes to the nearest first, and upwards after each such time that nobody has acknowledged it."""

    @property
    def is_to_be_acknowledged(self) -> bool:
        return self.asks_acknowledgement or self.escalates_after_s is not None

    @property
    def digest(self) -> bytes:
        """The same for what is the same, under whichever key."""
        return hashlib.sha256(msgspec.json.encode(replace(self, idempotency_key=""))).digest()


class Published(Struct, frozen=True):
    """What was published, and of each delivery made then whether it was suppressed: the same also later."""

    message: Message
    suppressed: list[bool]


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


def publish(call: Call, wanted: Wanted) -> Published:
    """Publish a message, or find the one that was published with the same key.

    The directory is held still: its tree, what is bound and kept, and which addresses are refused. Contacts are read
    by one statement. So who is told is who was to be told at one moment, which is the message's own. Raises
    AccountNotFound, IdempotencyKeyReused, TemplateNotFound, VariableMissing or VariablesInvalid, before anything is
    written.
    """
    at = directories.change(call.connection, call.directory_id, now=call.now)
    if wanted.idempotency_key:
        earlier = keys.find(call.connection, call.directory_id, wanted.idempotency_key, now=at)
        if earlier is not None:
            return _published(call, wanted, *earlier)
    situation = situations.now(call.connection, call.directory_id, wanted.account_id)
    if situation is None:
        raise AccountNotFound
    subject = Subject(call.new_id("m-"), wanted.message_type, wanted.severity, at, wanted.is_to_be_acknowledged)
    worded = _worded(call, wanted)
    everybody, known = people(call, subject, situation)
    if wanted.escalates_after_s is None:
        rung = Rung(rules.route(subject, everybody, known), 0)
    else:
        rung = ladder.first(subject, everybody, known, situation.scopes)
    routed = rung.deliveries
    is_fallback = rules.needs_fallback(routed)
    if is_fallback:
        routed.append(rules.fallback(subject, untold.fallback_address(call)))
    if wanted.run_id is not None:
        routed = runs.with_letters(call.connection, call.directory_id, wanted.run_id, routed)
    message = write(call, worded, subject, situation, routed, told_from=rung.depth, is_fallback=is_fallback)
    if is_fallback and message.kind is not Kind.DRILL:  # Its result tells of that.
        untold.tell(call, message)
    _keep_key(call, wanted, message)
    return Published(message, [each.is_routed_away for each in routed])


def write(
    call: Call,
    wanted: Wanted,
    subject: Subject,
    situation: Situation,
    routed: Sequence[Delivery],
    *,
    told_from: int = 0,
    is_fallback: bool = False,
    action: str = PUBLISH,
) -> Message:
    """Write a message that is routed, with its letters and its record."""
    message = _message(wanted, subject, told_from=told_from, is_fallback=is_fallback)
    writer = Writer(call.connection, call.directory_id, situation)
    body = replace(wanted.body, organisation=organisation_of(call), account_name=writer.account_name)
    with call.connection.together():
        storage.add(call.connection, call.vault, call.directory_id, message, body)
        deliver(call, message, writer, routed, at=subject.at)
        _record(call, message, routed, action)
    return message


def deliver(call: Call, message: Message, writer: Writer, routed: Sequence[Delivery], *, at: Moment) -> None:
    """Keep deliveries of a message with their reasons, and write the letters that carry them."""
    told = {each.contact_id: each.told for each in routed if each.told is not None}
    post(call, message, routed, {contact_id: writer.paths(each) for contact_id, each in told.items()}, at=at)


def post(
    call: Call, message: Message, routed: Sequence[Delivery], paths: Mapping[str, list[PathShown]], *, at: Moment
) -> None:
    """The same with the reasons known, by contact."""
    deliveries.add_all(call.connection, call.directory_id, message.message_id, routed, paths, at=at)
    posted = [each for each in routed if each.has_letter]
    outbox.add_all(
        call.connection,
        call.vault,
        (_letter(call, message, each, at=at) for each in posted),
        kept={each.delivery_id for each in posted if _is_kept(call, each)},
    )


def people(call: Call, subject: Subject, situation: Situation) -> tuple[list[Effective], Reach]:
    """Everybody who is told of a message, and what is known of how they are reached."""
    told = recipients.verdict(situation, subject.message_type).told
    return told, reach.gather(call.connection, call.directory_id, subject, told, situation.scopes)


def resend(call: Call, message: Message) -> list[str]:
    """Let the deliveries of a message be tried again that failed, and are neither refused nor unreachable by now.

    They have as long as the message had, from now on. The answer is their ids.
    """
    directories.lock(call.connection, call.directory_id)
    deadline_at = call.now + message.deadline_at - message.created_at
    found = deliveries.standings(call.connection, call.directory_id, message.message_id)
    again = [
        each.delivery_id
        for each in found
        if each.letter_state == State.FAILED
        and each.letter_id == each.delivery_id
        and not (each.contact_id and _is_closed(call, each.recipient))
        and outbox.resend(call.connection, each.letter_id, now=call.now, deadline_at=deadline_at)
    ]
    if again:
        storage.extend(call.connection, call.directory_id, message.message_id, deadline_at=deadline_at)
        resource = resource_of(call, message.message_id)
        after = Resent(message.message_id, again)
        audit.add(call.connection, audit.Source.of(call), RESEND, resource, after=after)
    return again


def _is_closed(call: Call, recipient: str) -> bool:
    """Whether an address was refused, or reaches nobody, by now."""
    return any(unreachable.keys(call.connection, call.directory_id, [key_of(recipient)]))


def _published(call: Call, wanted: Wanted, digest: bytes, message_id: str) -> Published:
    """What was published with a key before."""
    if digest != wanted.digest:
        raise IdempotencyKeyReused
    found = storage.find(call.connection, call.vault, call.directory_id, message_id)
    assert found is not None, "a key goes with its message"
    at = found[0].created_at
    return Published(found[0], deliveries.suppressions(call.connection, call.directory_id, message_id, at=at))


def _worded(call: Call, wanted: Wanted) -> Wanted:
    """With the texts that its template makes now, if it is published by one: whatever the template says later."""
    if not wanted.template_name:
        return wanted
    template = templates.find(call.connection, call.directory_id, wanted.template_name)
    if template is None:
        raise TemplateNotFound
    texts = wordings.rendered(template.wording, dict(wanted.variables))
    text, translations = wordings.chosen(texts, call.terms.language)
    body = replace(
        wanted.body,
        content=text.content,
        content_type=template.wording.content_type,
        translations=translations,
    )
    return replace(wanted, subject=text.subject, body=body)


def _message(wanted: Wanted, subject: Subject, *, told_from: int, is_fallback: bool) -> Message:
    after_ms = None if wanted.escalates_after_s is None else wanted.escalates_after_s * 1000
    deadline_at = subject.at + rules.lifetime_s(wanted.severity, wanted.lifetime_s) * 1000
    return Message(
        message_id=subject.message_id,
        account_id=wanted.account_id,
        message_type=wanted.message_type,
        severity=wanted.severity,
        subject=wanted.subject,
        is_fallback=is_fallback,
        created_at=subject.at,
        deadline_at=deadline_at,
        kind=wanted.kind,
        run_id=wanted.run_id,
        asks_acknowledgement=subject.asks_acknowledgement,
        escalates_after_ms=after_ms,
        escalates_at=ladder.next_at(subject.at, after_ms, deadline_at=deadline_at),
        told_from=told_from,
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


def _letter(call: Call, message: Message, delivery: Delivery, *, at: Moment) -> NewLetter:
    return NewLetter(
        Letter(delivery.letter_id, delivery.channel, delivery.recipient, Content(""), at, message.message_id),
        directory_id=call.directory_id,
        contact_id="",
        recipient_key=key_of(delivery.recipient),
        deadline_at=max(message.deadline_at, delivery.due_at + message.deadline_at - message.created_at),
        label=message.message_type,
        due_at=rules.place(message.severity, at=at, due_at=delivery.due_at),
        trace=call.trace,
        review_at=_review_at(call, message, delivery),
    )


def _review_at(call: Call, message: Message, delivery: Delivery) -> Moment | None:
    """When to see whether somebody must be told by other means: not of the fallback, than which there is no other."""
    if delivery.is_to_fallback or _is_kept(call, delivery):
        return None
    return delivery.due_at + rules.PATIENCE_S[message.severity] * 1000


def _is_kept(call: Call, delivery: Delivery) -> bool:
    return delivery.channel in call.terms.kept_channels or delivery.recipient == ADMINISTRATOR


def _record(call: Call, message: Message, routed: Sequence[Delivery], action: str) -> None:
    after = Recorded(
        message_id=message.message_id,
        account_id=message.account_id,
        message_type=message.message_type,
        severity=message.severity,
        subject=message.subject,
        is_fallback=message.is_fallback,
        delivery_ids=[each.delivery_id for each in routed],
    )
    audit.add(call.connection, audit.Source.of(call), action, resource_of(call, message.message_id), after=after)


def resource_of(call: Call, message_id: str) -> str:
    """A message as the audit trail names it."""
    return ONE_MESSAGE.format(AccountId=call.principal.account_id, MessageId=message_id)
