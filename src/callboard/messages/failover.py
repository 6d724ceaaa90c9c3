"""Another channel for those whom a letter does not reach; and the fallback, where a message has reached nobody."""

from collections.abc import Iterable

from msgspec import Struct

from callboard.audit import storage as audit
from callboard.call import Call, Moment
from callboard.contacts import storage as contacts
from callboard.contacts.addresses import key_of
from callboard.contacts.rules import Contact
from callboard.delivery.letter import Channel
from callboard.delivery.outbox import State
from callboard.messages import deliveries, publishing, reach, rules, storage, untold
from callboard.messages.deliveries import Standing
from callboard.messages.rules import LEAST_TRIES, PATIENCE_S, Delivery, Kind, Receipt, Subject, Suppression
from callboard.messages.storage import Message
from callboard.recipients import rules as recipients
from callboard.recipients import storage as situations
from callboard.recipients.rules import Effective
from callboard.tree import directories

FAILOVER = "FailOverMessage"
_LOST = (State.FAILED, State.WITHDRAWN, State.KEPT, None)
"""What lies in the mailbox, as its channel has no provider, tells nobody where other channels have one."""
_PERSONS = (Channel.EMAIL, Channel.SMS)


class FailedOver(Struct, frozen=True):
    """What the audit trail keeps of it."""

    message_id: str
    letter_id: str
    """Of the letter that did not reach its reader."""
    delivery_ids: list[str]
    is_fallback: bool


def look(call: Call, letter_id: str) -> Moment | None:
    """See what became of a letter with messages, and tell its readers by other channels if it does not reach them.

    When to look again; None for never. Raises DirectoryNotEnabled.
    """
    at = directories.change(call.connection, call.directory_id, now=call.now)
    moments = [
        _look(call, each, letter_id, at=at)
        for each in dict.fromkeys(
            each.message_id for each in deliveries.carried(call.connection, call.directory_id, letter_id)
        )
    ]
    return min((each for each in moments if each is not None), default=None)


def _look(call: Call, message_id: str, letter_id: str, *, at: Moment) -> Moment | None:
    found = storage.find(call.connection, call.vault, call.directory_id, message_id)
    assert found is not None, "deliveries go with their message"
    message = found[0]
    standings = deliveries.standings(call.connection, call.directory_id, message_id)
    here = [each for each in standings if each.letter_id == letter_id]
    if any(_is_lost(message, each, at=at) for each in here) and message.kind is not Kind.TEST:
        _go_on(call, message, letter_id, standings, at=at)
    if all(each.letter_state != State.WAITING for each in here):
        return None
    patience = PATIENCE_S[message.severity] * 1000
    return max(message.deadline_at, at + patience) if _is_failing(message, here[0], at=at) else at + patience


def _is_failing(message: Message, standing: Standing, *, at: Moment) -> bool:
    """Whether a letter keeps failing: it was tried in vain, and for long enough."""
    is_late = at >= standing.created_at + PATIENCE_S[message.severity] * 1000
    return standing.letter_state == State.WAITING and standing.attempts >= LEAST_TRIES and is_late


def _is_lost(message: Message, standing: Standing, *, at: Moment) -> bool:
    """Whether a delivery does not reach its reader, as far as is known now."""
    if standing.acknowledged_at is not None or standing.receipt == Receipt.ACCEPTED:
        return False
    if standing.suppression or standing.receipt == Receipt.BOUNCED:
        return True
    if standing.letter_state is None and standing.digest_at is not None:
        return False
    return standing.letter_state in _LOST or _is_failing(message, standing, at=at)


def _go_on(call: Call, message: Message, letter_id: str, standings: list[Standing], *, at: Moment) -> None:
    """Publish the message to the same people by what else they have; to the fallback, if nobody is reached."""
    lost = [each for each in standings if each.letter_id == letter_id and Channel(each.channel) in _PERSONS]
    known = {
        (Channel(each.channel), key_of(each.recipient)): each.letter_id
        for each in standings
        if each.letter_id and not _is_lost(message, each, at=at)
    }
    made: list[Delivery] = []
    for each in lost:
        # Who wants no more of it by mail need not be told by other means.
        if each.contact_id and each.suppression != Suppression.UNSUBSCRIBED:
            new = _others(call, message, each, standings, known, at=at)
            known |= {(other.channel, key_of(other.recipient)): other.letter_id for other in new}
            made += new
    is_reached = made or any(not _is_lost(message, each, at=at) for each in standings)
    is_told = any(each.is_to_fallback for each in standings)
    needs_fallback = not is_reached and not is_told and message.kind is Kind.MESSAGE
    if needs_fallback:
        made.append(rules.fallback(_subject(message, at=at), untold.fallback_address(call)))
        untold.tell(call, message)
    if made:
        paths = {each.contact_id: each.paths for each in lost}
        publishing.post(call, message, made, paths, at=at)
        _record(call, message, letter_id, made, is_fallback=needs_fallback)


def _others(
    call: Call,
    message: Message,
    lost: Standing,
    standings: Iterable[Standing],
    known: dict[tuple[Channel, str], str],
    *,
    at: Moment,
) -> list[Delivery]:
    of_contact = [each for each in standings if each.contact_id == lost.contact_id]
    contact = _contact(call, message, lost.contact_id)
    if contact is None or any(each.acknowledged_at for each in of_contact):
        return []
    told, subject = Effective(contact, ()), _subject(message, at=at)
    known_of = reach.gather(call.connection, call.directory_id, subject, [told], ())
    tried = {Channel(each) for each in (*call.terms.kept_channels, *(each.channel for each in of_contact))}
    return rules.failover(subject, told, known_of, tried=tried, letters=known)


def _contact(call: Call, message: Message, contact_id: str) -> Contact | None:
    """A contact as it is now; one that is gone as the account keeps it, if it does."""
    found = contacts.find(call.connection, call.directory_id, contact_id)
    situation = situations.now(call.connection, call.directory_id, message.account_id)
    if found is None and situation is not None:
        kept = (each.contact for each in recipients.effective(situation))
        found = next((each for each in kept if each.contact_id == contact_id), None)
    return found if found is not None and found.is_in_effect else None


def _subject(message: Message, *, at: Moment) -> Subject:
    return Subject(message.message_id, message.message_type, message.severity, at)


def _record(call: Call, message: Message, letter_id: str, made: list[Delivery], *, is_fallback: bool) -> None:
    resource = publishing.resource_of(call, message.message_id)
    after = FailedOver(message.message_id, letter_id, [each.delivery_id for each in made], is_fallback)
    audit.add(call.connection, audit.Source.of(call), FAILOVER, resource, after=after)
