"""Who pays for members: the management account, another member, or each for itself."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from callboard.api.model import Reply, Request
from callboard.audit import storage as audit
from callboard.call import Call
from callboard.directory.accounts import errors, finding, shapes
from callboard.directory.accounts.parameters import AccountId, NewPayerAccountId
from callboard.directory.errors import AccountNotFound, ConcurrentChange
from callboard.directory.shapes import newer_operation, operation
from callboard.tree import directories, members


def payer(call: Call, account_id: str) -> str:
    """A billing account that there is in the directory. Raises PayerElsewhere."""
    is_management = account_id == call.principal.account_id
    if not is_management and members.find(call.connection, call.directory_id, account_id) is None:
        raise errors.PayerElsewhere
    return account_id


class GetPayerForAccount(Request):
    """Who pays for a member."""

    account_id: AccountId


class GetPayerForAccountReply(Reply):
    """The billing account; the RequestId alone for a member that pays for itself."""

    payer_account_id: Annotated[str, Meta(description="The ID of the billing account.")] | UnsetType = UNSET
    payer_account_name: (
        Annotated[str, Meta(description="The account name of the billing account, if it is a member.")] | UnsetType
    ) = UNSET


@operation(access_level="get", scopes=("AccountId",), errors=[AccountNotFound])
def get_payer_for_account(call: Call, request: GetPayerForAccount) -> GetPayerForAccountReply:
    payer_id = finding.member(call, request.account_id).member.payer_account_id
    if payer_id is None:
        return GetPayerForAccountReply()
    found = members.find(call.connection, call.directory_id, payer_id)
    return GetPayerForAccountReply(
        payer_account_id=payer_id, payer_account_name=UNSET if found is None else found.account_name
    )


class UpdatePayerForAccount(Request):
    """Let another account pay for a member."""

    account_id: AccountId
    payer_account_id: NewPayerAccountId


class UpdatePayerForAccountReply(Reply):
    """The RequestId alone."""


@newer_operation(access_level="update", scopes=("AccountId",), errors=[AccountNotFound, ConcurrentChange])
def update_payer_for_account(call: Call, request: UpdatePayerForAccount) -> UpdatePayerForAccountReply:
    directories.lock(call.connection, call.directory_id)
    listed = finding.member(call, request.account_id)
    changed = replace(listed.member, payer_account_id=payer(call, request.payer_account_id))
    if changed != listed.member:
        changed = replace(changed, modified_at=call.now)
        members.save(call.connection, call.directory_id, changed)
        source, resource = audit.Source.of(call), shapes.resource(call, listed)
        audit.add(call.connection, source, "UpdatePayerForAccount", resource, before=listed.member, after=changed)
    return UpdatePayerForAccountReply()
