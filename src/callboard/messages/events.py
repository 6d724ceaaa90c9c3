"""What endpoints are told of a message: webhooks an event as JSON, chats a post."""

from msgspec.structs import replace

from callboard.clock import write_moment
from callboard.delivery.letter import Channel, Content, Letter, Target
from callboard.endpoints.letters import event
from callboard.messages import letters
from callboard.messages.deliveries import Standing
from callboard.messages.letters import Facts
from callboard.messages.storage import Message

CHANNELS = (Channel.WEBHOOK, Channel.CHAT)
PUBLISHED = "message.published"


def content(message: Message, facts: Facts, letter: Letter, carried: list[Standing], target: Target) -> Content:
    """What a letter to an endpoint says, and where the endpoint is now."""
    if letter.channel is Channel.CHAT:
        return replace(letters.chat(facts), target=target)
    return Content(event(PUBLISHED, message.created_at, _tells(message, facts, letter, carried)), target=target)


def _tells(message: Message, facts: Facts, letter: Letter, carried: list[Standing]) -> dict[str, object]:
    """In the API's spelling; what is empty is left out. It stays the same at each try."""
    told = carried[0] if carried else None
    tells = {
        "MessageId": message.message_id,
        "DeliveryId": letter.letter_id,
        "EndpointId": letter.recipient,
        "Kind": message.kind.value,
        "AccountId": facts.account_id,
        "AccountName": facts.account_name,
        "MessageType": facts.message_type,
        "Severity": facts.severity.value,
        "Subject": facts.subject,
        "Content": facts.content,
        "ContentType": facts.body.content_type,
        "Translations": [
            {"Language": language, "Subject": text.subject, "Content": text.content}
            for language, text in facts.body.translations.items()
        ],
        "Link": facts.link,
        "AcknowledgeUrl": facts.acknowledge_url,
        "Sender": facts.body.sender,
        "Organisation": facts.organisation,
        "CreateDate": write_moment(message.created_at),
        "Cause": told.cause if told else "",
        "ContactId": told.contact_id if told else "",
        "ContactName": told.contact_name if told else "",
    }
    return {name: value for name, value in tells.items() if value}
