"""What the actions of users, access keys and groups share: shapes of replies."""

from typing import Annotated

from msgspec import Meta

from callboard.api.model import Shape
from callboard.ram.shapes import Date, wire_date
from callboard.ram.users.storage import User

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
