"""What the answers about messages are made of, and what is kept of a message and its reasons."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from callboard.api.model import Operation, Shape
from callboard.recipients.shapes import PathShown, ShownMoment

operation = Operation("2026-11-25", ram_code="callboard", needs_directory=True)

ONE_MESSAGE = "acs:callboard:*:{AccountId}:message/{MessageId}"
"""A message as the audit trail names it."""

STATES = ("Queued", "Sent", "Accepted", "Bounced", "Failed", "Kept", "Suppressed", "Forgotten")
"""Where a delivery may stand."""

TEXT, MARKDOWN = CONTENT_TYPES = ("Text", "Markdown")

MessageIdShown = Annotated[str, Meta(description="The ID of the message.", examples=["m-qL4HqKONzOM7abcd"])]
LanguageShown = Annotated[str, Meta(description="en or zh.", examples=["zh"])]
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


class Text(Struct, frozen=True):
    """What a message says in one language."""

    subject: str
    content: str


class Body(Struct, frozen=True):
    """What a message says, as it is kept, with the names of that moment: so its letters stay the same to the byte."""

    content: str
    content_type: str = TEXT
    link: str = ""
    sender: str = ""
    organisation: str = ""
    account_name: str = ""
    """Empty for an account that has left."""
    translations: dict[str, Text] = {}
    """By language, where it says something else there than its subject and content."""

    @property
    def is_markdown(self) -> bool:
        return self.content_type == MARKDOWN


class AttemptShown(Shape, kw_only=True):
    """One try to hand a letter to a provider."""

    number: Annotated[int, Meta(description="From 1 on.", examples=[1])]
    attempt_date: ShownMoment
    provider: Annotated[str, Meta(description="smtp, gateway, apprise or aliyun.", examples=["smtp"])]
    outcome: Annotated[str, Meta(description="sent, temporary or permanent.", examples=["sent"])]
    answer: Annotated[str, Meta(description="What the provider said.", examples=["250 OK"])]


class DeliveryShown(Shape, kw_only=True):
    """A message on its way to one address by one channel."""

    message_id: MessageIdShown
    delivery_id: DeliveryIdShown
    cause: Annotated[
        str,
        Meta(
            description="Routed: the contact is told of the account. Fallback: nobody would have been told. Failover: "
            "it is not reached by the usual channels. Escalation: nobody acknowledged the message in time.",
            examples=["Routed"],
        ),
    ]
    contact_id: Annotated[str, Meta(description="The contact, if it is for one.")] | UnsetType = UNSET
    name: Annotated[str, Meta(description="Its name at that moment.", examples=["tom"])] | UnsetType = UNSET
    paths: Annotated[list[PathShown], Meta(description="How it came to the account at that moment, nearest first.")]
    channel: Annotated[str, Meta(description="email, sms, webhook or chat.", examples=["email"])]
    recipient: Annotated[
        str, Meta(description="The address, the number, or the ID of the endpoint.", examples=["tom@example.com"])
    ]
    state: Annotated[
        str,
        Meta(
            description="Queued: waits for its next try, or for DueDate. Sent: a provider took it. Accepted: it has "
            "arrived, as the provider says. Bounced: it came back. Failed: given up. Kept: in the mailbox, as the "
            "channel has no provider. Suppressed: it does not go, for SuppressionReason. Forgotten: its letter was "
            "cleared already.",
            examples=["Sent"],
        ),
    ]
    suppression_reason: (
        Annotated[
            str,
            Meta(
                description="Refused: the owner of the address has said that it isn't theirs. Unreachable: what was "
                "sent there before came back. Unsubscribed: its owner wants no messages of this type any more."
            ),
        ]
        | UnsetType
    ) = UNSET
    due_date: (
        Annotated[str, Meta(description="When a queued one is tried next, or goes with a digest.")] | UnsetType
    ) = UNSET
    receipt_date: Annotated[str, Meta(description="When it was known to be accepted or bounced.")] | UnsetType = UNSET
    receipt_answer: Annotated[str, Meta(description="What was said of that.")] | UnsetType = UNSET
    acknowledgement_date: Annotated[str, Meta(description="When the recipient acknowledged it.")] | UnsetType = UNSET
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
    kind: Annotated[str, Meta(description="Message, Test or Drill.", examples=["Message"])]
    acknowledgement_required: Annotated[bool, Meta(description="Whether recipients are asked to acknowledge it.")]
    acknowledgement_date: Annotated[str, Meta(description="When the first one did.")] | UnsetType = UNSET
    escalate_after: (
        Annotated[int, Meta(description="After how many seconds without it those of the next scope are told.")]
        | UnsetType
    ) = UNSET
    escalate_date: (
        Annotated[
            str, Meta(description="When that happens next; not there once it is acknowledged, or nobody is left.")
        ]
        | UnsetType
    ) = UNSET
    escalation_level: (
        Annotated[
            int,
            Meta(
                description="By which scope on people have been told: 0 is the directory, which is everybody, 1 the "
                "folder below the root, and so on down to the account.",
                examples=[2],
            ),
        ]
        | UnsetType
    ) = UNSET


class TranslationShown(Shape, kw_only=True):
    """What a message says in another language."""

    language: LanguageShown
    subject: Annotated[str, Meta(description="Its subject.")]
    content: Annotated[str, Meta(description="What it says.")]


class DeliveryListed(DeliveryShown, kw_only=True):
    """A delivery, with what its message is."""

    account_id: Annotated[
        str, Meta(description="The account that the message is about.", examples=["1997968394351234"])
    ]
    message_type: Annotated[str, Meta(description="Its type.", examples=["FaultMessage"])]
    severity: Annotated[str, Meta(description="Critical, Warning or Info.", examples=["Critical"])]
    subject: Annotated[str, Meta(description="Its subject.", examples=["Database production-1 does not answer"])]
    kind: Annotated[str, Meta(description="Message, Test or Drill.", examples=["Message"])]
    create_date: Annotated[
        str, Meta(description="When it was published, ISO 8601, in UTC.", examples=["2026-11-25T10:02:53.125Z"])
    ]


class MessageShown(MessageSummary, kw_only=True):
    """A message, and what became of it."""

    content: Annotated[str, Meta(description="What it says.")]
    content_type: Annotated[str, Meta(description="Text or Markdown.", examples=["Text"])]
    translations: (
        Annotated[list[TranslationShown], Meta(description="What it says in other languages, if it does.")] | UnsetType
    ) = UNSET
    link: Annotated[str, Meta(description="Where it leads.")] | UnsetType = UNSET
    sender: Annotated[str, Meta(description="Who published it, by its own word.")] | UnsetType = UNSET
    deliveries: Annotated[list[DeliveryShown], Meta(description="To whom it goes, by what and why; what became of it.")]
