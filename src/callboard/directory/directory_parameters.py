"""The parameters of the actions on the directory itself: rule, refusals and text of each."""

from dataclasses import replace
from typing import Annotated

from callboard.api.model import Parameter
from callboard.directory import directory_errors as errors
from callboard.directory import rules

_ENABLE_MODE = Parameter(
    description="CurrentAccount: the caller's account becomes the management account. NewManagementAccount: a new one "
    "is to be made, which needs a verification code; none is ever sent here, so that it is always refused.",
    example=rules.CURRENT_ACCOUNT,
    schema={"type": "string", "enum": list(rules.ENABLE_MODES)},
    missing=errors.EnableModeMissing,
    invalid=errors.EnableModeInvalid,
    check=rules.check_enable_mode,
)
_MA_NAME = Parameter(
    description="The name of the new management account, <prefix>@rdadmin.aliyunid.com.",
    example="user01@rdadmin.aliyunid.com",
    schema={"type": "string", "maxLength": 71},
    invalid=errors.ManagementAccountNameInvalid,
    may_be_empty=True,
)
_MA_PHONE = Parameter(
    description="The security phone number of the new management account, as <country code>-<number>.",
    example="86-13900001234",
    schema={"type": "string", "maxLength": 20},
    invalid=errors.SecureMobilePhoneInvalid,
    may_be_empty=True,
)
_VERIFICATION_CODE = Parameter(
    description="The code that was sent for the new management account.",
    example="123456",
    schema={"type": "string"},
    invalid=errors.VerificationCodeInvalid,
    may_be_empty=True,
)
_STATUS = replace(
    _ENABLE_MODE,
    description="Enabled: members may be deleted. Disabled: they may not.",
    example=rules.ENABLED,
    schema={"type": "string", "enum": list(rules.STATUSES)},
    missing=errors.StatusMissing,
    invalid=errors.StatusInvalid,
    check=rules.check_status,
)

EnableMode = Annotated[str, _ENABLE_MODE]
ManagementAccountName = Annotated[str, _MA_NAME]
SecureMobilePhone = Annotated[str, _MA_PHONE]
VerificationCode = Annotated[str, _VERIFICATION_CODE]
Status = Annotated[str, _STATUS]
