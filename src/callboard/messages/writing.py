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
from callboard.messages.shapes import Body
from callboard.messages.storage import Message
from callboard.terms import Terms

Known = tuple[str, Message, Body] | None
"""A message with its directory."""


def written(connection: Connection, vault: Vault, terms: Terms, found: Iterable[Letter]) -> list[Letter]:
    """The letters, with what they say: the same to the byte each time.

    One whose message is gone, or whose endpoint, says nothing.
    """
    known: dict[str, Known] = {}
    return [_written(connection, vault, terms, each, known) if each.message_id else each for each in found]


def _written(connection: Connection, vault: Vault, terms: Terms, letter: Letter, known: dict[str, Known]) -> Letter:
    if letter.message_id not in known:
        known[letter.message_id] = _find(connection, vault, letter.message_id)
    message = known[letter.message_id]
    if message is None:
        return letter
    directory_id, about, body = message
    carried = deliveries.carried(connection, directory_id, letter.letter_id)
    facts = _facts(
        directory_id, about, body, next((each.language for each in carried if each.language), terms.language)
    )
    if letter.channel in events.CHANNELS:
        target = endpoints.target(connection, vault, directory_id, letter.recipient)
        if target is None:
            return letter
        return replace(letter, content=events.content(about, facts, letter, carried, target))
    return replace(letter, content=_WRITERS[letter.channel](facts, letter, carried))


def _find(connection: Connection, vault: Vault, message_id: str) -> Known:
    directory_id = storage.directory_of(connection, message_id)
    if directory_id is None:
        return None
    found = storage.find(connection, vault, directory_id, message_id)
    return None if found is None else (directory_id, *found)


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
    )


def _email(facts: Facts, _: Letter, carried: list[Standing]) -> Content:
    return letters.email(facts, [Reason(each.contact_name, each.paths) for each in carried if each.contact_id])


def _sms(facts: Facts, letter: Letter, _: list[Standing]) -> Content:
    return letters.sms(facts, letter.recipient)


_WRITERS: Mapping[Channel, Callable[[Facts, Letter, list[Standing]], Content]] = {
    Channel.EMAIL: _email,
    Channel.SMS: _sms,
}
