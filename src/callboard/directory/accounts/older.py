"""The account actions as version 2020-03-31 has them, where it differs (directory-api.yaml, older_version)."""

from msgspec import UNSET, UnsetType

from callboard.api.model import Reply, Request, Shape
from callboard.call import Call
from callboard.contacts.parameters import PageNumber, PageSize
from callboard.directory.accounts import actions, reads, shapes
from callboard.directory.accounts.actions import CreateResourceAccountReply, UpdateAccountReply
from callboard.directory.accounts.parameters import AccountId, IncludeTags
from callboard.directory.accounts.reads import GetAccount, ListAccountsForParent, Number, Size, Total
from callboard.directory.accounts.shapes import OlderAccountListed, OlderAccountShown, OlderChildListed
from callboard.directory.errors import AccountNotFound, FolderNotFound
from callboard.directory.shapes import older_operation
from callboard.directory.tag_parameters import TagFilter, TagsShown
from callboard.tree import member_lists
from callboard.tree.member_lists import Listed, Search


class CreateResourceAccount(actions.NewAccount):
    """Make a member account of the resource account type, in a folder."""


@older_operation(access_level="create", scopes=("ParentFolderId",), errors=actions.CREATE_ERRORS)
def create_resource_account(call: Call, request: CreateResourceAccount) -> CreateResourceAccountReply:
    return actions.create(call, request)


class UpdateAccount(actions.AccountUpdate, kw_only=True):
    """Give a member another display name, or make it another type of account."""

    account_id: AccountId


@older_operation(access_level="update", scopes=("AccountId",), errors=actions.UPDATE_ERRORS)
def update_account(call: Call, request: UpdateAccount) -> UpdateAccountReply:
    return actions.update(call, request.account_id, request)


class OlderGetAccountReply(Reply):
    account: OlderAccountShown


@older_operation(access_level="get", scopes=("AccountId",), errors=[AccountNotFound])
def get_account(call: Call, request: GetAccount) -> OlderGetAccountReply:
    return OlderGetAccountReply(account=OlderAccountShown(**reads.details(call, request)))


class ListAccounts(Request):
    """List the members of the directory in the order in which they joined."""

    page_number: PageNumber = 1
    page_size: PageSize = 10
    tag: TagFilter | UnsetType = UNSET
    include_tags: IncludeTags = False


class OlderAccounts(Shape):
    account: list[OlderAccountListed]


class OlderListAccountsReply(Reply):
    accounts: OlderAccounts
    total_count: Total
    page_size: Size
    page_number: Number


@older_operation(access_level="list", resource=shapes.ALL_ACCOUNTS)
def list_accounts(call: Call, request: ListAccounts) -> OlderListAccountsReply:
    search = Search(tags=request.tag or ())

    def entry(listed: Listed, tags_shown: TagsShown | UnsetType) -> OlderAccountListed:
        path = listed.resource_directory_path(call.directory_id)
        return OlderAccountListed(resource_directory_path=path, tags=tags_shown, **shapes.facts(call, listed.member))

    found = reads.pages(call, search, request.page_number, request.page_size)
    return OlderListAccountsReply(
        accounts=OlderAccounts(account=reads.entries(call, found, entry, include_tags=request.include_tags)),
        total_count=member_lists.count(call.connection, call.directory_id, search),
        page_size=request.page_size,
        page_number=request.page_number,
    )


class OlderChildren(Shape):
    account: list[OlderChildListed]


class OlderListAccountsForParentReply(Reply):
    accounts: OlderChildren
    total_count: Total
    page_size: Size
    page_number: Number


@older_operation(access_level="list", scopes=("ParentFolderId",), errors=[FolderNotFound])
def list_accounts_for_parent(call: Call, request: ListAccountsForParent) -> OlderListAccountsForParentReply:
    search = reads.of_folder(call, request)

    def entry(listed: Listed, tags_shown: TagsShown | UnsetType) -> OlderChildListed:
        return OlderChildListed(tags=tags_shown, **shapes.facts(call, listed.member))

    found = reads.pages(call, search, request.page_number, request.page_size)
    return OlderListAccountsForParentReply(
        accounts=OlderChildren(account=reads.entries(call, found, entry, include_tags=request.include_tags)),
        total_count=member_lists.count(call.connection, call.directory_id, search),
        page_size=request.page_size,
        page_number=request.page_number,
    )
