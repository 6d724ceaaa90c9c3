"""Many messages published by one call."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter, Reply, Request, Shape, fields_of
from callboard.audit import storage as audit
from callboard.call import Call
from callboard.errors import ApiError
from callboard.messages import actions, publishing
from callboard.messages.actions import PUBLISH_ERRORS, PublishMessage
from callboard.messages.shapes import FallbackShown, MessageIdShown, operation
from callboard.profile import Profile
from callboard.recipients.shapes import ShownMoment
from callboard.tree.scopes import MOST_LOOKED_UP

MOST_MESSAGES = MOST_LOOKED_UP
"""In one call. The right to the account of each is looked up."""


def _check_number(given: Sequence[Mapping[str, Any]], _: Profile) -> Sequence[Mapping[str, Any]]:
    if len(given) > MOST_MESSAGES:
        raise ParameterInvalid(parameter="Messages")
    return given


_ITEM = {
    "type": "object",
    "properties": {field.name: dict(field.parameter.schema) for field in fields_of(PublishMessage)},
    "required": [field.name for field in fields_of(PublishMessage) if field.is_required],
}

Messages = Annotated[
    list[PublishMessage],
    Parameter(
        description=f"1 to {MOST_MESSAGES} messages, each with the parameters of PublishMessage; best as a JSON body. "
        "One that is not well-formed is refused by its number, as Messages.2.Severity, and with it the call.",
        example=[{"AccountId": "1997968394351234", "MessageType": "FaultMessage", "Severity": "Critical",
                  "Subject": "Database production-1 does not answer", "Content": "Since 10:02."}],
        schema={"type": "array", "minItems": 1, "maxItems": MOST_MESSAGES, "items": _ITEM},
        kind=dict,
        items=PublishMessage,
        invalid=ParameterInvalid,
        check=_check_number,
    ),
]  # fmt: skip


class PublishMessages(Request):
    """Publish many messages at once, each as PublishMessage does. Those that can be published are, together; what
    hinders another one, as an account that does not exist, is answered in its place. Whether a call that is sent twice
    has one effect is each message's own IdempotencyKey.
    """

    messages: Messages


class PublishedShown(Shape, kw_only=True):
    """What became of one of the messages: what PublishMessage answers, or why it was refused."""

    index: Annotated[int, Meta(description="Its number in the call, from 1 on.", examples=[1])]
    message_id: MessageIdShown | UnsetType = UNSET
    create_date: ShownMoment | UnsetType = UNSET
    delivery_count: (
        Annotated[int, Meta(description="How many go: to each contact by each channel.", examples=[3])] | UnsetType
    ) = UNSET
    suppressed_count: Annotated[int, Meta(description="How many more do not.", examples=[0])] | UnsetType = UNSET
    fallback: FallbackShown | UnsetType = UNSET
    code: Annotated[str, Meta(description="The code of the refusal.", examples=["EntityNotExists.Account"])] | (
        UnsetType
    ) = UNSET
    message: Annotated[str, Meta(description="Why it was refused.")] | UnsetType = UNSET


class PublishMessagesReply(Reply, kw_only=True):
    results: Annotated[list[PublishedShown], Meta(description="One for each message, in their order.")]
    published_count: Annotated[int, Meta(description="How many were published.", examples=[1])]
    refused_count: Annotated[int, Meta(description="How many were refused.", examples=[0])]


@operation(access_level="create", scopes=("Messages.AccountId",))
def publish_messages(call: Call, request: PublishMessages) -> PublishMessagesReply:
    results = [_published(call, index, each) for index, each in enumerate(request.messages, 1)]
    refused = sum(each.code is not UNSET for each in results)
    return PublishMessagesReply(results=results, published_count=len(results) - refused, refused_count=refused)


def _published(call: Call, index: int, request: PublishMessage) -> PublishedShown:
    """A refusal leaves nothing of its message behind: it is found before anything is written."""
    try:
        found = publishing.publish(call, actions.wanted(request))
    except (*PUBLISH_ERRORS, ParameterInvalid) as refusal:
        _record(call, request, refusal)
        return PublishedShown(index=index, code=refusal.code, message=refusal.message)
    reply = actions.published(found)
    return PublishedShown(
        index=index,
        message_id=reply.message_id,
        create_date=reply.create_date,
        delivery_count=reply.delivery_count,
        suppressed_count=reply.suppressed_count,
        fallback=reply.fallback,
    )


def _record(call: Call, request: PublishMessage, refusal: ApiError) -> None:
    """As the refusal of a call of its own would be kept."""
    resource = f"acs:resourcemanager:*:{call.principal.account_id}:{request.account_id}"
    audit.add(call.connection, audit.Source.of(call), PublishMessages.__name__, resource, error=refusal.code)
