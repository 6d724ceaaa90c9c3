"""Member accounts in answers. Each list and each version shows its own choice of fields (directory-api.yaml)."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Shape
from callboard.call import Call
from callboard.directory.accounts import rules
from callboard.directory.shapes import wire_time
from callboard.directory.tag_parameters import TagShown, TagsShown
from callboard.tree.account_deletions import CHECK_FAILED
from callboard.tree.member_lists import Listed
from callboard.tree.members import Member

JOIN_METHOD = "created"
"""Nobody is invited here: every member was made in its directory."""

ONE_ACCOUNT = "acs:resourcemanager:*:{account_id}:account/{path}"
ALL_ACCOUNTS = "acs:resourcemanager:*:{AccountId}:account/*"

Path = Annotated[str, Meta(description="The IDs from the directory down to the member.")]


class AccountFacts(Shape):
    """What every answer tells of a member."""

    status: Annotated[str, Meta(description="The status of the member.", examples=[rules.CREATED])]
    type: Annotated[str, Meta(description="ResourceAccount or CloudAccount.", examples=["ResourceAccount"])]
    display_name: Annotated[str, Meta(description="The display name.", examples=["Dev"])]
    folder_id: Annotated[str, Meta(description="The ID of the folder that it is in.", examples=["fd-ZDNPiTabcd"])]
    resource_directory_id: Annotated[str, Meta(description="The ID of the directory.", examples=["rd-54abcd"])]
    join_time: Annotated[str, Meta(description="When it joined, in UTC.", examples=["2026-11-25T10:02:53.125Z"])]
    account_id: Annotated[str, Meta(description="The ID of the member account.", examples=["1234567890123456"])]
    join_method: Annotated[str, Meta(description="How it joined: created.", examples=[JOIN_METHOD])]
    modify_time: Annotated[str, Meta(description="When it was changed, in UTC.")]


class AccountChanged(AccountFacts):
    """A member that was made or changed."""

    account_name: Annotated[str, Meta(description="The account name.", examples=["alice@rd-54abcd.aliyunid.com"])]


class OlderAccountShown(AccountChanged):
    """A member. IdentityInformation is not there: no real names are known here."""

    resource_directory_path: Path
    location: Annotated[str, Meta(description="The names of the folders that it is in.", examples=["root/Teams"])]
    email_status: Annotated[str, Meta(description="Empty: the account's address is not being changed.")]
    identity_information: str | UnsetType = UNSET
    tags: Annotated[list[TagShown], Meta(description="The tags, with IncludeTags.")] | UnsetType = UNSET


class AccountShown(OlderAccountShown, kw_only=True):
    """A member. IdentityInformation and SecureMobilePhone are not there: neither is known here."""

    has_secure_mobile_phone: Annotated[bool, Meta(description="Whether a phone number secures the account.")]
    secure_mobile_phone: str | UnsetType = UNSET


class OlderChildListed(AccountFacts):
    """A member of a folder."""

    tags: Annotated[TagsShown, Meta(description="The tags, with IncludeTags.")] | UnsetType = UNSET


class OlderAccountListed(OlderChildListed, kw_only=True):
    """A member of the directory."""

    resource_directory_path: Path


class ChildListed(OlderChildListed, kw_only=True):
    """A member of a folder."""

    account_name: Annotated[str, Meta(description="The account name.", examples=["alice@rd-54abcd.aliyunid.com"])]
    deletion_status: Annotated[str, Meta(description="CheckFailed: it cannot be deleted. Empty: nobody tried.")]


class AccountListed(ChildListed, kw_only=True):
    """A member of the directory."""

    resource_directory_path: Path


def facts(call: Call, member: Member) -> dict[str, Any]:
    return {
        "status": member.status,
        "type": member.kind,
        "display_name": member.display_name,
        "folder_id": member.folder_id,
        "resource_directory_id": call.directory_id,
        "join_time": wire_time(member.joined_at),
        "account_id": member.account_id,
        "join_method": JOIN_METHOD,
        "modify_time": wire_time(member.modified_at),
    }


def changed(call: Call, member: Member) -> AccountChanged:
    return AccountChanged(account_name=member.account_name, **facts(call, member))


def newer_facts(listed: Listed) -> dict[str, Any]:
    """What the lists of the newer version tell besides."""
    deletion_status = CHECK_FAILED if listed.deletion == CHECK_FAILED else ""
    return {"account_name": listed.member.account_name, "deletion_status": deletion_status}


def resource(call: Call, listed: Listed) -> str:
    """A member's RAM resource, for the audit trail."""
    path = listed.resource_directory_path(call.directory_id)
    return ONE_ACCOUNT.format(account_id=call.principal.account_id, path=path)
