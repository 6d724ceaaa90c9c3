"""The letters that carry messages, written when they go: a message is kept once, however many get it."""

from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from callboard.access.vault import Vault
from callboard.database.statement import Connection
from callboard.delivery.letter import Channel, Content, Letter
from callboard.endpoints import storage as endpoints
from callboard.messages import deliveries, events, letters, storage
from callboard.messages.deliveries import Standing
from callboard.messages.letters import Facts, Reason
from callboard.messages.replies import links
from callboard.messages.replies.links import Purpose
from callboard.messages.rules import Cause, Severity
from callboard.messages.shapes import Body
from callboard.messages.storage import Message
from callboard.preferences.rules import OPTIONAL_TYPES
from callboard.terms import Terms

Known = tuple[str, Message, Body]
"""A message with its directory."""


def written(connection: Connection, vault: Vault, terms: Terms, found: Iterable[Letter]) -> list[Letter]:
    """The letters, with what they say: the same to the byte each time.

    One whose message is gone, or whose endpoint, says nothing.
    """
    letters = list(found)
    known = storage.known(connection, vault, {each.message_id for each in letters if each.message_id})
    asked: dict[str, list[str]] = {}
    for each in letters:
        if each.message_id in known:
            asked.setdefault(known[each.message_id][0], []).append(each.letter_id)
    carried: dict[str, list[Standing]] = {}
    for directory_id, letter_ids in asked.items():
        carried |= deliveries.carried_by(connection, directory_id, letter_ids)
    return [
        _written(connection, vault, terms, each, known[each.message_id], carried.get(each.letter_id, []))
        if each.message_id in known
        else each
        for each in letters
    ]


def _written(
    connection: Connection, vault: Vault, terms: Terms, letter: Letter, message: Known, carried: list[Standing]
) -> Letter:
    directory_id, about, body = message
    facts = _facts(
        directory_id, about, body, next((each.language for each in carried if each.language), terms.language)
    )
    own = [each for each in carried if each.created_at == carried[0].created_at]  # What came later changes nothing.
    facts = _with_links(facts, vault, terms, letter, about, own)
    if letter.channel in events.CHANNELS:
        target = endpoints.target(connection, vault, directory_id, letter.recipient)
        if target is None:
            return letter
        content = events.content(about, facts, letter, own, target)
    else:
        content = _WRITERS[letter.channel](facts, letter, own)
    return replace(letter, content=content, is_urgent=about.severity is Severity.CRITICAL)


def _facts(directory_id: str, message: Message, body: Body, language: str) -> Facts:
    return Facts(
        organisation=body.organisation,
        directory_id=directory_id,
        account_id=message.account_id,
        account_name=body.account_name,
        message_type=message.message_type,
        severity=message.severity,
        subject=message.subject,
        body=body,
        language=language,
        kind=message.kind,
        is_untold=message.is_fallback,
    )


def _with_links(
    facts: Facts, vault: Vault, terms: Terms, letter: Letter, message: Message, carried: list[Standing]
) -> Facts:
    """What a letter lets its reader do, and whether it goes as others have done nothing."""
    acknowledge_url = unsubscribe_url = ""
    if message.asks_acknowledgement:
        token = links.token_of(vault, letter.letter_id, Purpose.ACKNOWLEDGE)
        acknowledge_url = f"{terms.public_url}{links.ACKNOWLEDGE_PAGE}{token}"
    if message.message_type in OPTIONAL_TYPES and any(each.contact_id for each in carried):
        token = links.token_of(vault, letter.letter_id, Purpose.UNSUBSCRIBE)
        unsubscribe_url = f"{terms.public_url}{links.UNSUBSCRIBE_PAGE}{token}"
    is_escalation = any(each.cause == Cause.ESCALATION for each in carried)
    return replace(
        facts,
        acknowledge_url=acknowledge_url,
        unsubscribe_url=unsubscribe_url,
        unacknowledged_since=message.created_at if is_escalation else None,
    )


def _email(facts: Facts, _: Letter, carried: list[Standing]) -> Content:
    return letters.email(facts, [Reason(each.contact_name, each.paths) for each in carried if each.contact_id])


def _sms(facts: Facts, letter: Letter, _: list[Standing]) -> Content:
    return letters.sms(facts, letter.recipient)


_WRITERS: Mapping[Channel, Callable[[Facts, Letter, list[Standing]], Content]] = {
    Channel.EMAIL: _email,
    Channel.SMS: _sms,
}
