"""What the answers about messages are made of, and what is kept of a message and its reasons."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from callboard.api.model import Operation, Shape
from callboard.recipients.shapes import PathShown, ShownMoment

operation = Operation("2026-11-25", ram_code="callboard", needs_directory=True)

ONE_MESSAGE = "acs:callboard:*:{AccountId}:message/{MessageId}"
"""A message as the audit trail names it."""

TEXT, MARKDOWN = CONTENT_TYPES = ("Text", "Markdown")

MessageIdShown = Annotated[str, Meta(description="The ID of the message.", examples=["m-qL4HqKONzOM7abcd"])]
DeliveryIdShown = Annotated[
    str,
    Meta(
        description="The ID of the delivery: the same at each try, and in the mail's Message-ID.",
        examples=["0f3d9c7d2b6e4a1f8c5d7e9b1a2c3d4e"],
    ),
]
FallbackShown = Annotated[
    bool, Meta(description="Whether nobody would have been told, so that the fallback address was.", examples=[False])
]


class Body(Struct, frozen=True):
    """What a message says, as it is kept."""

    content: str
    content_type: str = TEXT
    link: str = ""
    sender: str = ""

    @property
    def is_markdown(self) -> bool:
        return self.content_type == MARKDOWN


class ReasonShown(Shape, kw_only=True):
    """A contact for whose sake a message goes to an address, and every way in which it comes to the account."""

    contact_id: Annotated[str, Meta(description="The ID of the contact.", examples=["c-qL4HqKONzOM7abcd"])]
    name: Annotated[str, Meta(description="Its name at that moment.", examples=["tom"])]
    paths: Annotated[list[PathShown], Meta(description="How it came to the account at that moment, nearest first.")]


class AttemptShown(Shape, kw_only=True):
    """One try to hand a letter to a provider."""

    number: Annotated[int, Meta(description="From 1 on.", examples=[1])]
    attempt_date: ShownMoment
    provider: Annotated[str, Meta(description="smtp, gateway, apprise or aliyun.", examples=["smtp"])]
    outcome: Annotated[str, Meta(description="sent, temporary or permanent.", examples=["sent"])]
    answer: Annotated[str, Meta(description="What the provider said.", examples=["250 OK"])]


class DeliveryShown(Shape, kw_only=True):
    """A message on its way to one address by one channel."""

    delivery_id: DeliveryIdShown
    contact_id: (
        Annotated[str, Meta(description="The contact; the first one of several. Not there for the fallback.")]
        | UnsetType
    ) = UNSET
    channel: Annotated[str, Meta(description="email or sms.", examples=["email"])]
    recipient: Annotated[str, Meta(description="The address, or the number.", examples=["tom@example.com"])]
    state: Annotated[
        str,
        Meta(
            description="Queued: waits for its next try. Sent: a provider took it. Failed: given up. Kept: in the "
            "mailbox, as the channel has no provider. Suppressed: it does not go, for SuppressionReason. Forgotten: "
            "its letter was cleared already.",
            examples=["Sent"],
        ),
    ]
    suppression_reason: (
        Annotated[str, Meta(description="Refused: the owner of the address has said that it isn't theirs.")] | UnsetType
    ) = UNSET
    reasons: Annotated[list[ReasonShown], Meta(description="For whose sake; empty for the fallback.")]
    attempt_count: Annotated[int, Meta(description="How often it was tried.", examples=[1])]
    attempts: Annotated[list[AttemptShown], Meta(description="The last ten tries, oldest first.")]


class MessageSummary(Shape, kw_only=True):
    """A message, without what it says."""

    message_id: MessageIdShown
    account_id: Annotated[str, Meta(description="The account that it is about.", examples=["1997968394351234"])]
    message_type: Annotated[str, Meta(description="Its type.", examples=["FaultMessage"])]
    severity: Annotated[str, Meta(description="Critical, Warning or Info.", examples=["Critical"])]
    subject: Annotated[str, Meta(description="Its subject.", examples=["Database production-1 does not answer"])]
    create_date: ShownMoment
    deadline: Annotated[str, Meta(description="Until when it is tried.", examples=["2026-11-28T10:02:53.125Z"])]
    fallback: FallbackShown


class MessageShown(MessageSummary, kw_only=True):
    """A message, and what became of it."""

    content: Annotated[str, Meta(description="What it says.")]
    content_type: Annotated[str, Meta(description="Text or Markdown.", examples=["Text"])]
    link: Annotated[str, Meta(description="Where it leads.")] | UnsetType = UNSET
    sender: Annotated[str, Meta(description="Who published it, by its own word.")] | UnsetType = UNSET
    deliveries: Annotated[list[DeliveryShown], Meta(description="To whom it goes, by what and why; what became of it.")]
