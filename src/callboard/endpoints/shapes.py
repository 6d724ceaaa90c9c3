"""What the answers about endpoints are made of, and what the audit trail keeps of them."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from callboard.api.model import Operation, Shape
from callboard.clock import write_moment
from callboard.endpoints.rules import Known, masked
from callboard.recipients.shapes import ShownMoment

operation = Operation("2026-11-25", ram_code="callboard", needs_directory=True)

ONE_ENDPOINT = "acs:callboard:*:{AccountId}:endpoint/{EndpointId}"
"""An endpoint as the audit trail names it."""

EndpointIdShown = Annotated[str, Meta(description="The ID of the endpoint.", examples=["e-qL4HqKONzOM7abcd"])]
SigningKey = Annotated[
    str,
    Meta(
        description="The key of its signatures (Standard Webhooks); shown this once.",
        examples=["whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="],
    ),
]


class EndpointShown(Shape, kw_only=True):
    """An endpoint. Of its addresses only so much is shown as is no secret."""

    endpoint_id: EndpointIdShown
    name: Annotated[str, Meta(description="What it is called.", examples=["Operations room"])]
    kind: Annotated[str, Meta(description="webhook or chat.", examples=["webhook"])]
    owner_id: Annotated[str, Meta(description="For whom it is told.", examples=["fd-ZDNPiTabcd"])]
    message_types: Annotated[list[str], Meta(description="The types of messages that it is told of.")]
    status: Annotated[
        str, Meta(description="Confirmed, or Verifying until the first address is proven.", examples=["Confirmed"])
    ]
    url: (
        Annotated[str, Meta(description="Where messages go.", examples=["https://hooks.example.com/***"])] | UnsetType
    ) = UNSET
    pending_url: (
        Annotated[str, Meta(description="The address that waits for its proof.", examples=["slack://***"])] | UnsetType
    ) = UNSET
    create_date: ShownMoment
    confirm_date: Annotated[str, Meta(description="When its address was proven.")] | UnsetType = UNSET


class Recorded(Struct, frozen=True):
    """What the audit trail keeps of an endpoint: no secret."""

    endpoint_id: str
    name: str
    kind: str
    owner_id: str
    message_types: tuple[str, ...]
    url: str
    pending_url: str
    confirmed_at: int | None

    @classmethod
    def of(cls, known: Known) -> "Recorded":
        each, secrets = known.endpoint, known.secrets
        return cls(
            each.endpoint_id,
            each.name,
            each.channel.value,
            each.owner_id,
            each.message_types,
            masked(each.channel, secrets.url),
            masked(each.channel, secrets.waiting),
            each.confirmed_at,
        )


class Sent(Struct, frozen=True):
    """What the audit trail keeps of a code: in which letter it went; never what it is."""

    letter_id: str


def shown(known: Known) -> EndpointShown:
    each = known.endpoint
    recorded = Recorded.of(known)
    return EndpointShown(
        endpoint_id=each.endpoint_id,
        name=each.name,
        kind=recorded.kind,
        owner_id=each.owner_id,
        message_types=list(each.message_types),
        status="Confirmed" if each.confirmed_at is not None else "Verifying",
        url=recorded.url or UNSET,
        pending_url=recorded.pending_url or UNSET,
        create_date=write_moment(each.created_at),
        confirm_date=UNSET if each.confirmed_at is None else write_moment(each.confirmed_at),
    )
