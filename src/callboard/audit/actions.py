"""The action that reads the audit trail. It sees the caller's own account alone, and changes nothing."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Operation, Reply, Request, Shape
from callboard.audit import query
from callboard.audit.parameters import (
    DEFAULT_RESULTS,
    ActionName,
    Actor,
    EndTime,
    ErrorCode,
    MaxResults,
    NextToken,
    ResourceArn,
    StartTime,
    period,
    write_token,
)
from callboard.audit.query import Found, Query
from callboard.call import Call
from callboard.clock import write_moment
from callboard.parameters import NextTokenShown

operation = Operation("2026-11-25", ram_code="callboard")


class ListAuditRecords(Request):
    """List who changed what, and what was refused, newest first.

    Go on with NextToken as long as there is one: a page may hold fewer records than MaxResults, even none, before the
    last one.
    """

    start_time: StartTime | UnsetType = UNSET
    end_time: EndTime | UnsetType = UNSET
    actor: Actor | UnsetType = UNSET
    action_name: ActionName | UnsetType = UNSET
    resource_arn: ResourceArn | UnsetType = UNSET
    error_code: ErrorCode | UnsetType = UNSET
    next_token: NextToken | UnsetType = UNSET
    max_results: MaxResults = DEFAULT_RESULTS


class AuditRecordShown(Shape, kw_only=True):
    """One change, or one refusal."""

    event_time: Annotated[str, Meta(description="When, in UTC.", examples=["2026-11-25T10:02:53.125Z"])]
    request_id: Annotated[str, Meta(description="The RequestId of the call.")]
    principal: Annotated[str, Meta(description="Who: an ARN, or operator, or owner.")]
    access_key_id: Annotated[str, Meta(description="The access key that was used.")] | UnsetType = UNSET
    source_address: Annotated[str, Meta(description="Where the call came from.")] | UnsetType = UNSET
    action_name: Annotated[str, Meta(description="The action.", examples=["AddMessageContact"])]
    resource: Annotated[str, Meta(description="What was concerned.")]
    error_code: Annotated[str, Meta(description="Why it was refused; not there for a change.")] | UnsetType = UNSET
    before: Annotated[str, Meta(description="What stood there before, as JSON.")] | UnsetType = UNSET
    after: Annotated[str, Meta(description="What stood there afterwards, as JSON.")] | UnsetType = UNSET
    seal_number: (
        Annotated[int, Meta(description="The number in the chain; not there for a second or so.")] | UnsetType
    ) = UNSET


class ListAuditRecordsReply(Reply):
    audit_records: list[AuditRecordShown]
    max_results: Annotated[int, Meta(description="The most records on a page.", examples=[50])]
    next_token: NextTokenShown | UnsetType = UNSET


@operation(access_level="list", resource="acs:callboard:*:{AccountId}:audit/*")
def list_audit_records(call: Call, request: ListAuditRecords) -> ListAuditRecordsReply:
    since, before = period(request.start_time, request.end_time)
    asked = Query(
        account_id=call.principal.account_id,
        since=since,
        before=before,
        action=request.action_name or None,
        resource=request.resource_arn or None,
        error=request.error_code or None,
    )
    if request.actor is not UNSET:
        asked = query.of_actor(call.connection, asked, request.actor)
    records, place = query.page(call.connection, asked, after=request.next_token or None, limit=request.max_results)
    return ListAuditRecordsReply(
        audit_records=[shown(record) for record in records],
        max_results=request.max_results,
        next_token=UNSET if place is None else write_token(place),
    )


def shown(record: Found) -> AuditRecordShown:
    """A record as it is answered."""
    return AuditRecordShown(
        event_time=write_moment(record.at),
        request_id=record.request_id,
        principal=record.principal,
        access_key_id=_or_unset(record.access_key_id),
        source_address=_or_unset(record.source_address),
        action_name=record.action,
        resource=record.resource,
        error_code=_or_unset(record.error),
        before=_or_unset(record.before),
        after=_or_unset(record.after),
        seal_number=UNSET if record.seal_number is None else record.seal_number,
    )


def _or_unset(text: str | None) -> str | UnsetType:
    return UNSET if text is None else text
