"""The parameters of the actions of users, access keys and groups: rule, refusals and text of each."""

from dataclasses import replace
from typing import Annotated

from callboard.api.model import Parameter
from callboard.errors import ApiError
from callboard.ram.parameters import checked, lines, no_longer, one_of
from callboard.ram.users import errors, group_errors, rules
from callboard.settings.server import KEY_ID

ACTIVE, INACTIVE = "Active", "Inactive"


def _name(what: str, example: str, invalid: type[ApiError], too_long: type[ApiError]) -> Parameter:
    return Parameter(
        description=f"The {what}: 1 to 64 letters, digits, periods, hyphens and underscores.",
        example=example,
        schema={"type": "string", "pattern": "^[A-Za-z0-9._-]+$", "maxLength": rules.NAME_LENGTH},
        invalid=invalid,
        check=no_longer(rules.NAME_LENGTH, too_long, checked(rules.is_name, invalid)),
        refusals=(too_long,),
    )


def _display_name(invalid: type[ApiError], too_long: type[ApiError]) -> Parameter:
    return Parameter(
        description="The display name: up to 128 characters. An empty text is none.",
        example="Alice",
        schema={"type": "string", "maxLength": rules.TEXT_LENGTH},
        invalid=invalid,
        check=no_longer(rules.TEXT_LENGTH, too_long, checked(str.isprintable, invalid)),
        refusals=(too_long,),
        may_be_empty=True,
    )


def _mobile_phone(invalid: type[ApiError]) -> Parameter:
    return Parameter(
        description="The mobile phone number, as <country code>-<number>. An empty text is none.",
        example="86-13900001234",
        schema={"type": "string", "pattern": "^([0-9]{1,4}-[0-9]{4,15})?$"},
        invalid=invalid,
        check=checked(rules.is_phone, invalid),
        may_be_empty=True,
    )


def _email(invalid: type[ApiError]) -> Parameter:
    return Parameter(
        description="The email address. An empty text is none.",
        example="alice@example.com",
        schema={"type": "string", "maxLength": rules.EMAIL_LENGTH},
        invalid=invalid,
        check=checked(rules.is_email, invalid),
        may_be_empty=True,
    )


def _comments(name: str, too_long: type[ApiError]) -> Parameter:
    return lines(name, rules.TEXT_LENGTH, too_long, example="On call at night.")


_USER_NAME = replace(
    _name("name of the user", "alice", errors.UserNameInvalid, errors.UserNameLengthInvalid),
    missing=errors.UserNameMissing,
)
_KEY_OWNER = replace(
    _USER_NAME,
    description="The name of the user whose access keys are meant; without: whoever makes the call.",
    may_be_empty=True,
)
_GROUP_NAME = replace(
    _name("name of the group", "dev-team", group_errors.GroupNameInvalid, group_errors.GroupNameLengthInvalid),
    missing=group_errors.GroupNameMissing,
)
_NEW_USER_NAME = _name("new name", "bob", errors.NewUserNameInvalid, errors.NewUserNameLengthInvalid)
_NEW_GROUP_NAME = _name("new name", "op-team", group_errors.NewGroupNameInvalid, group_errors.NewGroupNameLengthInvalid)
_ACCESS_KEY_ID = Parameter(
    description="The id of the access key.",
    example="LTAI4GFTgcR8abcdefghijkl",
    schema={"type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"},
    missing=errors.UserAccessKeyIdMissing,
    invalid=errors.AccessKeyNotFound,
    check=checked(lambda text: KEY_ID.fullmatch(text) is not None, errors.AccessKeyNotFound),
)
_STATUS = Parameter(
    description="Active: the key can sign calls. Inactive: it cannot.",
    example=INACTIVE,
    schema={"type": "string", "enum": [ACTIVE, INACTIVE]},
    missing=errors.StatusMissing,
    invalid=errors.StatusInvalid,
    check=one_of((ACTIVE, INACTIVE), errors.StatusInvalid),
)

UserName = Annotated[str, _USER_NAME]
KeyOwner = Annotated[str, _KEY_OWNER]
NewUserName = Annotated[str, _NEW_USER_NAME]
DisplayName = Annotated[str, _display_name(errors.DisplayNameInvalid, errors.DisplayNameLengthInvalid)]
NewDisplayName = Annotated[str, _display_name(errors.NewDisplayNameInvalid, errors.NewDisplayNameLengthInvalid)]
MobilePhone = Annotated[str, _mobile_phone(errors.MobilePhoneInvalid)]
NewMobilePhone = Annotated[str, _mobile_phone(errors.NewMobilePhoneInvalid)]
Email = Annotated[str, _email(errors.EmailInvalid)]
NewEmail = Annotated[str, _email(errors.NewEmailInvalid)]
Comments = Annotated[str, _comments("Comments", errors.CommentsLengthInvalid)]
NewComments = Annotated[str, _comments("NewComments", errors.NewCommentsLengthInvalid)]
AccessKeyId = Annotated[str, _ACCESS_KEY_ID]
Status = Annotated[str, _STATUS]
GroupName = Annotated[str, _GROUP_NAME]
NewGroupName = Annotated[str, _NEW_GROUP_NAME]
