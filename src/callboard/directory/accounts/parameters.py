"""The parameters of the account actions: rule, refusals and text of each, wherever it occurs."""

from dataclasses import replace
from typing import Annotated

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.directory.accounts import errors, rules
from callboard.directory.parameters import FOLDER_ID_SCHEMA
from callboard.parameters import boolean
from callboard.profile import Profile
from callboard.tree.members import Kind

_ACCOUNT_ID = Parameter(
    description="The ID of the member account.",
    example="1234567890123456",
    schema={"type": "string", "pattern": "^[0-9]{16}$"},
    missing=errors.AccountIdMissing,
    invalid=errors.AccountIdInvalid,
    check=rules.check_account_id,
)
_DESTINATION = Parameter(
    description="The ID of the folder to move to. The root folder's is one too.",
    example="fd-ZDNPiTabcd",
    schema=FOLDER_ID_SCHEMA,
    missing=errors.DestinationFolderIdMissing,
    invalid=errors.DestinationFolderIdInvalid,
    check=rules.check_destination,
)
_DISPLAY_NAME = Parameter(
    description="The display name: 2 to 50 Chinese characters, English letters, digits, _ . - and spaces. Unique in "
    "the resource directory.",
    example="Dev",
    schema={"type": "string", "minLength": 2, "maxLength": 50},
    missing=errors.DisplayNameMissing,
    invalid=errors.DisplayNameInvalid,
    check=rules.check_display_name,
    refusals=(errors.DisplayNameLengthInvalid,),
)
_NEW_DISPLAY_NAME = replace(
    _DISPLAY_NAME,
    description="The new display name. Not together with NewAccountType.",
    schema={"type": "string", "maxLength": 50},
    may_be_empty=True,
)
_NEW_ACCOUNT_TYPE = Parameter(
    description="The type to switch to: ResourceAccount or CloudAccount. Not together with NewDisplayName.",
    example=Kind.CLOUD.value,
    schema={"type": "string", "enum": ["", *[each.value for each in Kind]]},
    invalid=errors.AccountTypeMismatch,
    may_be_empty=True,
)
_PREFIX = Parameter(
    description="What the account name begins with: 2 to 50 letters and digits, with single _ . - between them. "
    "Generated where there is none.",
    example="alice",
    schema={"type": "string", "maxLength": 50},
    invalid=errors.AccountNamePrefixInvalid,
    check=rules.check_prefix,
    refusals=(errors.AccountNamePrefixLengthInvalid,),
    may_be_empty=True,
)
_PAYER = Parameter(
    description="The ID of the billing account: the management account's or a member's. The member pays for itself "
    "where there is none.",
    example="1234567890123456",
    schema={"type": "string"},
    missing=errors.PayerAccountIdMissing,
    invalid=errors.PayerElsewhere,
    may_be_empty=True,
)
_NEW_PAYER = replace(
    _PAYER, description="The ID of the billing account: the management account's or a member's.", may_be_empty=False
)


def _refuse_resale(_: str, __: Profile) -> str:
    raise errors.SiteNotSupported


_RESELL = Parameter(
    description="Not supported: nobody resells here.",
    example="resell",
    schema={"type": "string", "maxLength": 0},
    invalid=errors.SiteNotSupported,
    check=_refuse_resale,
    may_be_empty=True,
)


_ABANDONABLE = Parameter(
    description="Checks that the deletion shall pass over. There are none of that kind here, so whatever is named "
    "makes no difference.",
    example=["check-1"],
    schema={"type": "array", "items": {"type": "string"}},
    kind=list,
    invalid=ParameterInvalid,
    may_be_empty=True,
)

AccountId = Annotated[str, _ACCOUNT_ID]
DestinationFolderId = Annotated[str, _DESTINATION]
DisplayName = Annotated[str, _DISPLAY_NAME]
NewDisplayName = Annotated[str, _NEW_DISPLAY_NAME]
NewAccountType = Annotated[str, _NEW_ACCOUNT_TYPE]
AccountNamePrefix = Annotated[str, _PREFIX]
PayerAccountId = Annotated[str, _PAYER]
NewPayerAccountId = Annotated[str, _NEW_PAYER]
ResellAccountType = Annotated[str, _RESELL]
IncludeTags = Annotated[bool, boolean("Whether the tags are answered too.")]
AbandonableCheckId = Annotated[list[str], _ABANDONABLE]
