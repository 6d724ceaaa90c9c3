"""The account actions that read, as version 2022-04-19 has them. They change nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

from msgspec import UNSET, Meta, UnsetType

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Reply, Request, Shape
from callboard.call import Call
from callboard.contacts.parameters import PageNumber, PageSize
from callboard.directory.accounts import finding, shapes
from callboard.directory.accounts.parameters import AccountId, IncludeTags
from callboard.directory.accounts.shapes import AccountListed, AccountShown, ChildListed
from callboard.directory.errors import AccountNotFound, FolderNotFound
from callboard.directory.paging import DEFAULT_RESULTS, MaxResults, NextToken, write_token
from callboard.directory.parameters import ParentFolderId, QueryKeyword
from callboard.directory.shapes import newer_operation
from callboard.directory.tag_parameters import TagFilter, TagsShown, shown
from callboard.tree import member_lists, tags
from callboard.tree.member_lists import Listed, Position, Search

Entry = TypeVar("Entry")
Total = Annotated[int, Meta(description="The number of entries on all pages.", examples=[20])]
Size = Annotated[int, Meta(description="The number of entries on a page.", examples=[10])]
Number = Annotated[int, Meta(description="The number of this page.", examples=[1])]


class GetAccount(Request):
    """Read one member."""

    account_id: AccountId
    include_tags: IncludeTags = False


class GetAccountReply(Reply):
    account: AccountShown


@newer_operation(access_level="get", scopes=("AccountId",), errors=[AccountNotFound])
def get_account(call: Call, request: GetAccount) -> GetAccountReply:
    return GetAccountReply(account=AccountShown(has_secure_mobile_phone=False, **details(call, request)))


def details(call: Call, request: GetAccount) -> dict[str, Any]:
    """What both versions tell of a member; the values say that no address or number secures accounts here."""
    listed = finding.member(call, request.account_id)
    found = _tags_of(call, [listed]) if request.include_tags else {}
    return {
        **shapes.facts(call, listed.member),
        "account_name": listed.member.account_name,
        "resource_directory_path": listed.resource_directory_path(call.directory_id),
        "location": member_lists.location(call.connection, call.directory_id, listed.path),
        "email_status": "",
        "tags": shown(found[request.account_id]) if request.include_tags else UNSET,
    }


class ListAccounts(Request):
    """List the members of the directory in the order in which they joined, by pages or, with MaxResults, by tokens."""

    page_number: PageNumber = 1
    page_size: PageSize = 10
    query_keyword: QueryKeyword = ""
    tag: TagFilter | UnsetType = UNSET
    include_tags: IncludeTags = False
    max_results: MaxResults | UnsetType = UNSET
    next_token: NextToken | UnsetType = UNSET


class Accounts(Shape):
    account: list[AccountListed]


class ListAccountsReply(Reply):
    """A page. NextToken is there with MaxResults, and empty on the last page; PageSize and PageNumber without."""

    accounts: Accounts
    total_count: Total
    page_size: Size | UnsetType = UNSET
    page_number: Number | UnsetType = UNSET
    next_token: Annotated[str, Meta(description="To be sent with the next call.")] | UnsetType = UNSET


@newer_operation(access_level="list", resource=shapes.ALL_ACCOUNTS)
def list_accounts(call: Call, request: ListAccounts) -> ListAccountsReply:
    search = Search(keyword=request.query_keyword, tags=request.tag or ())

    def entry(listed: Listed, tags_shown: TagsShown | UnsetType) -> AccountListed:
        return AccountListed(
            resource_directory_path=listed.resource_directory_path(call.directory_id),
            tags=tags_shown,
            **shapes.newer_facts(listed),
            **shapes.facts(call, listed.member),
        )

    if request.max_results is UNSET and not request.next_token:
        found = pages(call, search, request.page_number, request.page_size)
        next_token: str | UnsetType = UNSET
    else:
        found, next_token = _after(call, search, request)
    is_paged = next_token is UNSET
    return ListAccountsReply(
        accounts=Accounts(account=entries(call, found, entry, include_tags=request.include_tags)),
        total_count=member_lists.count(call.connection, call.directory_id, search),
        page_size=request.page_size if is_paged else UNSET,
        page_number=request.page_number if is_paged else UNSET,
        next_token=next_token,
    )


class ListAccountsForParent(Request):
    """List the members directly in a folder, in the order in which they joined."""

    parent_folder_id: ParentFolderId = ""
    query_keyword: QueryKeyword = ""
    page_number: PageNumber = 1
    page_size: PageSize = 10
    tag: TagFilter | UnsetType = UNSET
    include_tags: IncludeTags = False


class Children(Shape):
    account: list[ChildListed]


class ListAccountsForParentReply(Reply):
    accounts: Children
    total_count: Total
    page_size: Size
    page_number: Number


@newer_operation(access_level="list", scopes=("ParentFolderId",), errors=[FolderNotFound])
def list_accounts_for_parent(call: Call, request: ListAccountsForParent) -> ListAccountsForParentReply:
    search = of_folder(call, request)

    def entry(listed: Listed, tags_shown: TagsShown | UnsetType) -> ChildListed:
        return ChildListed(tags=tags_shown, **shapes.newer_facts(listed), **shapes.facts(call, listed.member))

    found = pages(call, search, request.page_number, request.page_size)
    return ListAccountsForParentReply(
        accounts=Children(account=entries(call, found, entry, include_tags=request.include_tags)),
        total_count=member_lists.count(call.connection, call.directory_id, search),
        page_size=request.page_size,
        page_number=request.page_number,
    )


def of_folder(call: Call, request: ListAccountsForParent) -> Search:
    """Which members are wanted. Raises FolderNotFound."""
    folder = finding.folder(call, request.parent_folder_id)
    return Search(folder_id=folder.folder_id, keyword=request.query_keyword, tags=request.tag or ())


def pages(call: Call, search: Search, number: int, size: int) -> list[Listed]:
    """A page by its number; empty past the end."""
    return member_lists.page(call.connection, call.directory_id, search, limit=size, offset=(number - 1) * size)


def entries(
    call: Call,
    found: Sequence[Listed],
    entry: Callable[[Listed, TagsShown | UnsetType], Entry],
    *,
    include_tags: bool,
) -> list[Entry]:
    """What is shown of the members of a page, with their tags if they are wanted."""
    if not include_tags:
        return [entry(each, UNSET) for each in found]
    carried = _tags_of(call, found)
    return [entry(each, TagsShown(tag=shown(carried[each.member.account_id]))) for each in found]


def _tags_of(call: Call, found: Sequence[Listed]) -> Mapping[str, Mapping[str, str]]:
    ids = [each.member.account_id for each in found]
    return tags.of_resources(call.connection, call.directory_id, tags.ACCOUNT, ids)


def _after(call: Call, search: Search, request: ListAccounts) -> tuple[list[Listed], str]:
    """A page by a token, and the token of the next one, which is empty on the last."""
    limit = DEFAULT_RESULTS if request.max_results is UNSET else request.max_results
    after = _position(*request.next_token) if request.next_token else Position(-1, "")
    found = member_lists.page_after(call.connection, call.directory_id, search, after=after, limit=limit + 1)
    page = found[:limit]
    if len(found) <= limit:
        return page, ""
    last = page[-1].position
    return page, write_token(str(last.joined_at), last.account_id)


def _position(joined_at: str, account_id: str) -> Position:
    if not joined_at.isascii() or not joined_at.isdigit() or len(joined_at) > 18:
        raise ParameterInvalid(parameter="NextToken")
    return Position(int(joined_at), account_id)
