"""The actions that tell who is told, why, what if, and as of when; and where nobody is. They change nothing."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Reply, Request, Shape
from callboard.audit.parameters import DEFAULT_RESULTS, MaxResults
from callboard.call import Call, Moment
from callboard.contacts import errors as contact_errors
from callboard.contacts.parameters import ContactId, EmailAddress, MessageTypes, PhoneNumber, RetainContactInMembers
from callboard.contacts.rules import MESSAGE_TYPES
from callboard.database.statement import Connection
from callboard.parameters import NextTokenShown
from callboard.recipients import rules, storage, whatif
from callboard.recipients.coverage import GAPS, Line, Place
from callboard.recipients.errors import AccountNotFound, AsOfInvalid, FolderNotFound, WhatIfInvalid
from callboard.recipients.parameters import (
    AccountId,
    AsOf,
    DestinationFolderId,
    FolderId,
    GapKind,
    Members,
    MessageType,
    NextToken,
    WhatIf,
    write_token,
)
from callboard.recipients.report import Report
from callboard.recipients.rules import Situation
from callboard.recipients.shapes import EffectiveContact, NotToldShown, RecipientShown, Writer, operation
from callboard.recipients.whatif import Change
from callboard.tree import directories, folders
from callboard.tree.folders import Folder

Ids = Annotated[list[str], Meta(description="The IDs of contacts.")]


class ListEffectiveContacts(Request):
    """List the contacts that come to a member, proven or not, and every way in which each does: bound to the member, to
    a folder above it or to the directory, or retained. Of a member that has left: what it keeps.
    """

    account_id: AccountId
    message_type: MessageType | UnsetType = UNSET
    as_of: AsOf | UnsetType = UNSET


class ListEffectiveContactsReply(Reply, kw_only=True):
    account_id: str
    contacts: list[EffectiveContact]


@operation(access_level="list", scopes=("AccountId",), errors=[AccountNotFound])
def list_effective_contacts(call: Call, request: ListEffectiveContacts) -> ListEffectiveContactsReply:
    return effective_contacts(
        call.connection, call.directory_id, _situation(call, request.account_id, request.as_of), request.message_type
    )


def effective_contacts(
    connection: Connection, directory_id: str, found: Situation, message_type: str | UnsetType = UNSET
) -> ListEffectiveContactsReply:
    """The answer for a situation."""
    contacts = [
        each for each in rules.effective(found) if message_type is UNSET or message_type in each.contact.message_types
    ]
    shown = Writer(connection, directory_id, found).contacts(contacts)
    return ListEffectiveContactsReply(account_id=found.account_id, contacts=shown)


class ListRecipients(Request):
    """Tell who is told when a member gets a message of one type, and who is not, and why: now, at a moment of the past,
    or after a change that is not made. A change that is asked for may still be refused when it is made: for a limit, or
    (DeleteMessageContact without retention) as another member would have no recipient left.
    """

    account_id: AccountId
    message_type: MessageType
    as_of: AsOf | UnsetType = UNSET
    what_if: WhatIf | UnsetType = UNSET
    destination_folder_id: DestinationFolderId | UnsetType = UNSET
    contact_id: ContactId | UnsetType = UNSET
    members: Members | UnsetType = UNSET
    message_types: MessageTypes | UnsetType = UNSET
    email_address: EmailAddress | UnsetType = UNSET
    phone_number: PhoneNumber | UnsetType = UNSET
    retain_contact_in_members: RetainContactInMembers | UnsetType = UNSET


class ListRecipientsReply(Reply, kw_only=True):
    """Added and Removed are there with WhatIf alone: who would be told besides, and who no more."""

    account_id: str
    message_type: str
    recipients: list[RecipientShown]
    not_told: list[NotToldShown]
    added: Ids | UnsetType = UNSET
    removed: Ids | UnsetType = UNSET


@operation(
    access_level="list",
    scopes=("AccountId", "DestinationFolderId", "Members", "ContactId"),
    errors=[
        AccountNotFound,
        FolderNotFound,
        WhatIfInvalid,
        contact_errors.ContactNotFound,
        contact_errors.MemberNotFound,
        contact_errors.ContactStatusMismatch,
        contact_errors.ConcurrentCall,
    ],
)
def list_recipients(call: Call, request: ListRecipients) -> ListRecipientsReply:
    given = {name: getattr(request, name) for name in whatif.PARAMETERS}
    whatif.check(request.what_if, given)
    if request.what_if is not UNSET and request.as_of is not UNSET:
        raise AsOfInvalid
    found = _situation(call, request.account_id, request.as_of)
    if request.what_if is UNSET:
        return recipients(call.connection, call.directory_id, found, request.message_type)
    changed = whatif.after(call, found, Change(name=request.what_if, **given))
    reply = recipients(call.connection, call.directory_id, changed, request.message_type)
    before, after = (rules.verdict(each, request.message_type) for each in (found, changed))
    reply.added, reply.removed = rules.difference(before, after)
    return reply


def recipients(connection: Connection, directory_id: str, found: Situation, message_type: str) -> ListRecipientsReply:
    """The answer for a situation."""
    verdict = rules.verdict(found, message_type)
    writer = Writer(connection, directory_id, found)
    return ListRecipientsReply(
        account_id=found.account_id,
        message_type=message_type,
        recipients=writer.told(verdict.told),
        not_told=writer.not_told(verdict.not_told),
    )


def _situation(call: Call, account_id: str, as_of: Moment | UnsetType) -> Situation:
    if as_of is not UNSET and as_of > call.now:
        raise AsOfInvalid
    return situation(
        call.connection,
        call.directory_id,
        account_id,
        management_account_id=call.principal.account_id,
        as_of=None if as_of is UNSET else as_of,
    )


def situation(
    connection: Connection, directory_id: str, account_id: str, *, management_account_id: str, as_of: Moment | None
) -> Situation:
    """How things are, or were, with an account. Raises AccountNotFound."""
    if as_of is None:
        found = storage.now(connection, directory_id, account_id)
    else:
        found = storage.at(
            connection, directory_id, account_id, management_account_id=management_account_id, moment=as_of
        )
    if found is None:
        raise AccountNotFound
    return found


class ListCoverageGaps(Request):
    """List the members that have, for a type of messages, nobody at all (None), only contacts that have not proven
    their email address (Unverified), or a single recipient (One).

    Go on with NextToken as long as there is one: a page may hold fewer gaps than MaxResults, even none, before the
    last one.
    """

    folder_id: FolderId | UnsetType = UNSET
    message_type: MessageType | UnsetType = UNSET
    kind: GapKind | UnsetType = UNSET
    next_token: NextToken | UnsetType = UNSET
    max_results: MaxResults = DEFAULT_RESULTS


class CoverageGap(Shape, kw_only=True):
    """A member and a type of messages."""

    account_id: Annotated[str, Meta(description="The ID of the member.", examples=["1997968394351234"])]
    display_name: Annotated[str, Meta(description="What the member is called.", examples=["production"])]
    folder_id: Annotated[str, Meta(description="The folder that it is in.", examples=["fd-ZDNPiTabcd"])]
    message_type: Annotated[str, Meta(description="The type of messages.", examples=["FaultMessage"])]
    kind: Annotated[str, Meta(description="None, Unverified or One.", examples=["Unverified"])]
    verified: Annotated[int, Meta(description="How many contacts are told: 0 or 1.", examples=[0])]
    unverified: Annotated[int, Meta(description="How many would be, had they proven their address.", examples=[2])]


class ListCoverageGapsReply(Reply, kw_only=True):
    coverage_gaps: list[CoverageGap]
    max_results: Annotated[int, Meta(description="The most gaps on a page.", examples=[50])]
    next_token: NextTokenShown | UnsetType = UNSET


@operation(access_level="list", scopes=("FolderId",), errors=[FolderNotFound])
def list_coverage_gaps(call: Call, request: ListCoverageGaps) -> ListCoverageGapsReply:
    report = Report(call.connection, call.directory_id, top(call.connection, call.directory_id, request.folder_id))
    found, place = report.page(call.connection, request.next_token or None)
    kinds = GAPS if request.kind is UNSET else (request.kind,)
    gaps = [line for line in found if line.kind in kinds and request.message_type in (UNSET, line.message_type)]
    if len(gaps) > request.max_results:
        gaps = gaps[: request.max_results]
        place = Place(gaps[-1].account_id, MESSAGE_TYPES.index(gaps[-1].message_type) + 1)
    return ListCoverageGapsReply(
        coverage_gaps=[_gap(line) for line in gaps],
        max_results=request.max_results,
        next_token=UNSET if place is None else write_token(place),
    )


def top(connection: Connection, directory_id: str, folder_id: str | UnsetType) -> Folder:
    """The folder that is named, or the root folder. Raises FolderNotFound."""
    if folder_id is UNSET:
        directory = directories.find(connection, directory_id)
        assert directory is not None, "the caller manages it"
        folder_id = directory.root_folder_id
    found = folders.find(connection, directory_id, folder_id)
    if found is None:
        raise FolderNotFound
    return found


def _gap(line: Line) -> CoverageGap:
    return CoverageGap(
        account_id=line.account_id,
        display_name=line.display_name,
        folder_id=line.folder_id,
        message_type=line.message_type,
        kind=line.kind.value,
        verified=line.verified,
        unverified=line.unverified,
    )
