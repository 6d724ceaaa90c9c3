"""The actions about messages: publish one, read what became of it, list them, send again what failed."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Reply, Request
from callboard.audit.parameters import DEFAULT_RESULTS, EndTime, MaxResults, StartTime, period
from callboard.call import Call
from callboard.clock import write_moment
from callboard.messages import answers, publishing, rules, storage
from callboard.messages.errors import IdempotencyKeyReused, MessageNotFound
from callboard.messages.parameters import (
    AcknowledgementRequired,
    Content,
    ContentType,
    EscalateAfter,
    IdempotencyKey,
    Link,
    MessageId,
    NextToken,
    Sender,
    Severity,
    Subject,
    TimeToLive,
    write_token,
)
from callboard.messages.publishing import Published, Wanted
from callboard.messages.shapes import (
    TEXT,
    Body,
    DeliveryIdShown,
    FallbackShown,
    MessageIdShown,
    MessageShown,
    MessageSummary,
    operation,
)
from callboard.messages.storage import Message, Query
from callboard.messages.wordings.errors import TemplateNotFound, TemplateOrTexts, VariableMissing, VariablesInvalid
from callboard.messages.wordings.parameters import TemplateName, Variables
from callboard.parameters import NextTokenShown
from callboard.recipients.errors import AccountNotFound
from callboard.recipients.parameters import AccountId, MessageType
from callboard.recipients.shapes import ShownMoment


class PublishMessage(Request):
    """Publish a message about a member: everybody who is told of that type gets it, once by each channel. By SMS it
    goes besides, to proven numbers, if it is Critical, a SecurityMessage or a FaultMessage. Where nobody would be told,
    the fallback address gets it. Once this is answered, the message and its letters are kept durably.

    It says Subject and Content, or what the template TemplateName makes of Variables at this moment.
    """

    account_id: AccountId
    message_type: MessageType
    severity: Severity
    subject: Subject | UnsetType = UNSET
    content: Content | UnsetType = UNSET
    content_type: ContentType | UnsetType = UNSET
    template_name: TemplateName | UnsetType = UNSET
    variables: Variables | UnsetType = UNSET
    link: Link | UnsetType = UNSET
    time_to_live: TimeToLive | UnsetType = UNSET
    sender: Sender | UnsetType = UNSET
    idempotency_key: IdempotencyKey | UnsetType = UNSET
    acknowledgement_required: AcknowledgementRequired = False
    escalate_after: EscalateAfter | UnsetType = UNSET


class PublishMessageReply(Reply, kw_only=True):
    message_id: MessageIdShown
    create_date: ShownMoment
    delivery_count: Annotated[
        int,
        Meta(description="How many go: to each contact by each channel, the fallback's too.", examples=[3]),
    ]
    suppressed_count: Annotated[int, Meta(description="How many more do not; GetMessage tells why.", examples=[0])]
    fallback: FallbackShown


PUBLISH_ERRORS = (
    AccountNotFound,
    IdempotencyKeyReused,
    TemplateNotFound,
    TemplateOrTexts,
    VariableMissing,
    VariablesInvalid,
)


@operation(access_level="create", scopes=("AccountId",), errors=PUBLISH_ERRORS)
def publish_message(call: Call, request: PublishMessage) -> PublishMessageReply:
    return published(publishing.publish(call, wanted(request)))


def wanted(request: PublishMessage) -> Wanted:
    """What a request asks to be published. Raises TemplateOrTexts, or ParameterInvalid for a text that is missing."""
    has_texts = bool(request.subject or request.content or request.content_type)
    if has_texts if request.template_name else request.variables:
        raise TemplateOrTexts
    for name, text in (("Subject", request.subject), ("Content", request.content)):
        if not text and not request.template_name:
            raise ParameterInvalid(parameter=name)
    lifetime_s = None if request.time_to_live is UNSET else request.time_to_live
    escalates_after_s = None if request.escalate_after is UNSET else request.escalate_after
    if escalates_after_s is not None and escalates_after_s >= rules.lifetime_s(request.severity, lifetime_s):
        raise ParameterInvalid(parameter="EscalateAfter")
    return Wanted(
        account_id=request.account_id,
        message_type=request.message_type,
        severity=request.severity,
        subject=request.subject or "",
        body=Body(request.content or "", request.content_type or TEXT, request.link or "", request.sender or ""),
        lifetime_s=lifetime_s,
        idempotency_key=request.idempotency_key or "",
        template_name=request.template_name or "",
        variables=request.variables or (),
        asks_acknowledgement=request.acknowledgement_required,
        escalates_after_s=escalates_after_s,
    )


def published(found: Published) -> PublishMessageReply:
    """The answer for a message: the same whenever it is given, as nothing in it ever changes."""
    suppressed = sum(found.suppressed)
    return PublishMessageReply(
        message_id=found.message.message_id,
        create_date=write_moment(found.message.created_at),
        delivery_count=len(found.suppressed) - suppressed,
        suppressed_count=suppressed,
        fallback=found.message.is_fallback,
    )


class GetMessage(Request):
    """Show a message: what it says, to whom it goes and why, and what became of each delivery. Without AccountId the
    caller needs the right to the root folder; with it, to that account alone, which the message must be about.
    """

    message_id: MessageId
    account_id: AccountId | UnsetType = UNSET


class GetMessageReply(Reply, kw_only=True):
    message: MessageShown


@operation(access_level="get", scopes=("AccountId",), errors=[MessageNotFound])
def get_message(call: Call, request: GetMessage) -> GetMessageReply:
    message, body = find(call, request.message_id, request.account_id)
    return GetMessageReply(message=answers.whole(call.connection, call.directory_id, message, body))


class ListMessages(Request):
    """List messages, newest first: all, or those about one account.

    Go on with NextToken as long as there is one: a page may hold fewer messages than MaxResults, even none, before the
    last one.
    """

    account_id: AccountId | UnsetType = UNSET
    message_type: MessageType | UnsetType = UNSET
    start_time: StartTime | UnsetType = UNSET
    end_time: EndTime | UnsetType = UNSET
    next_token: NextToken | UnsetType = UNSET
    max_results: MaxResults = DEFAULT_RESULTS


class ListMessagesReply(Reply, kw_only=True):
    messages: list[MessageSummary]
    max_results: Annotated[int, Meta(description="The most messages on a page.", examples=[50])]
    next_token: NextTokenShown | UnsetType = UNSET


@operation(access_level="list", scopes=("AccountId",))
def list_messages(call: Call, request: ListMessages) -> ListMessagesReply:
    since, before = period(request.start_time, request.end_time)
    query = Query(
        account_id=request.account_id or None,
        message_type=request.message_type or None,
        since=since,
        before=before,
    )
    found, place = storage.page(
        call.connection, call.directory_id, query, after=request.next_token or None, limit=request.max_results
    )
    return ListMessagesReply(
        messages=[answers.summary(each) for each in found],
        max_results=request.max_results,
        next_token=UNSET if place is None else write_token(place),
    )


class ResendMessage(Request):
    """Try the failed deliveries of a message again, with the same ids, for as long as the message was of use when it
    was published. Addresses that were refused meanwhile, or reach nobody, are left out. AccountId is as in GetMessage.
    """

    message_id: MessageId
    account_id: AccountId | UnsetType = UNSET


class ResendMessageReply(Reply, kw_only=True):
    message_id: MessageIdShown
    delivery_ids: Annotated[list[DeliveryIdShown], Meta(description="The deliveries that wait again; maybe none.")]


@operation(access_level="update", scopes=("AccountId",), errors=[MessageNotFound])
def resend_message(call: Call, request: ResendMessage) -> ResendMessageReply:
    message, _ = find(call, request.message_id, request.account_id)
    return ResendMessageReply(message_id=message.message_id, delivery_ids=publishing.resend(call, message))


def find(call: Call, message_id: str, account_id: str | UnsetType) -> tuple[Message, Body]:
    """The message that a call names; with an account: about that one. Raises MessageNotFound."""
    found = storage.find(call.connection, call.vault, call.directory_id, message_id)
    if found is None or account_id not in (UNSET, found[0].account_id):
        raise MessageNotFound
    return found
