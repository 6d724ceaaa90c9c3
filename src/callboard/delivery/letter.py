"""A letter, what a sender does with it, and how that may end."""

from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class Channel(StrEnum):
    """How a letter travels."""

    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"
    CHAT = "chat"


class Target(Struct, frozen=True):
    """Where an endpoint is: the address of a webhook with the key of its signatures, or the URL of a chat service."""

    url: str
    key: str = ""
    former_key: str = ""
    """The key before this one: until `former_until` letters are signed with both."""
    former_until: int = 0


class Content(Struct, frozen=True):
    """What a letter says. An SMS has the text alone.

    `link` and `code` stand in the texts already. They are here for providers with templates of their own, and so
    that they can be blotted out of what a provider answers.
    """

    text: str
    subject: str = ""
    html: str = ""
    link: str = ""
    code: str = ""
    target: Target | None = None
    """Of endpoints alone. For them the recipient of the letter is the endpoint's id."""
    headers: tuple[tuple[str, str], ...] = ()
    """More headers of a mail: names and values."""
    more_links: tuple[str, ...] = ()
    """More links that stand in the texts and that only the reader is to have, to be blotted out as well."""
    is_markdown: bool = False
    """Of chats alone: whether the text is Markdown."""


class Letter(Struct, frozen=True):
    """A letter to one person. Its id is the same however often it is sent, and receivers can tell by it."""

    letter_id: str
    channel: Channel
    recipient: str
    """An email address, a phone number as contacts have it (86-13900001234), or the id of an endpoint."""
    content: Content
    created_at: int
    message_id: str = ""
    """The message that it carries. The content of such a letter is written when it is needed."""
    is_urgent: bool = False
    """Whether somebody must act now. Known once the content is written."""


class TemporaryFailure(Exception):
    """The letter was not taken now and may be later. The text is the provider's answer, or what went wrong."""

    def __init__(self, answer: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(answer)
        self.retry_after_s = retry_after_s


class PermanentFailure(Exception):
    """The letter will never be taken. The text is the provider's answer."""


class Sender(Protocol):
    """Hands letters of one channel to a provider. Safe to use from many tasks of one event loop at once."""

    name: str
    """In records and metrics: smtp, gateway, apprise, aliyun, webhook, chat."""

    async def send(self, letter: Letter) -> str:
        """Hand over one letter; the provider's answer once it has taken it.

        Raises TemporaryFailure or PermanentFailure. Anything else is a fault of ours.
        """

    async def close(self) -> None:
        """Let go of connections."""
