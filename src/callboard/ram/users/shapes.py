"""What the actions of users, access keys and groups share: RAM resources, shapes of replies, and the audit trail."""

from typing import Annotated, Any

from msgspec import Meta

from callboard.api.model import Shape
from callboard.audit import storage as audit
from callboard.call import Call
from callboard.ram.shapes import Date, wire_date
from callboard.ram.users.storage import User

ONE_USER = "acs:ram:*:{AccountId}:user/{UserName}"
ALL_USERS = "acs:ram:*:{AccountId}:user/*"
ONE_GROUP = "acs:ram:*:{AccountId}:group/{GroupName}"
ALL_GROUPS = "acs:ram:*:{AccountId}:group/*"

UserIdShown = Annotated[str, Meta(description="The id of the user.", examples=["222748924538123456"])]
UserNameShown = Annotated[str, Meta(description="The name of the user.", examples=["alice"])]
DisplayNameShown = Annotated[str, Meta(description="The display name; empty where there is none.")]
GroupNameShown = Annotated[str, Meta(description="The name of the group.", examples=["dev-team"])]
CommentsShown = Annotated[str, Meta(description="The description; empty where there is none.")]


class NewUserShown(Shape):
    """A user that was just made."""

    user_id: UserIdShown
    user_name: UserNameShown
    display_name: DisplayNameShown
    mobile_phone: Annotated[str, Meta(description="The mobile phone number; empty where there is none.")]
    email: Annotated[str, Meta(description="The email address; empty where there is none.")]
    comments: CommentsShown
    create_date: Date


class UserShown(NewUserShown, kw_only=True):
    """A user."""

    update_date: Date


def new_user_shown(user: User) -> NewUserShown:
    return NewUserShown(
        user_id=user.user_id,
        user_name=user.user_name,
        display_name=user.display_name,
        mobile_phone=user.mobile_phone,
        email=user.email,
        comments=user.comments,
        create_date=wire_date(user.created_at),
    )


def record(call: Call, action: str, resource: str, *, before: Any = None, after: Any = None, **names: str) -> None:
    """Enter a change in the audit trail."""
    named = resource.format(AccountId=call.principal.account_id, **names)
    audit.add(call.connection, audit.Source.of(call), action, named, before=before, after=after)
