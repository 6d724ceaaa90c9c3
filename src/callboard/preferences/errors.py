"""What the actions about wishes refuse."""

from callboard.errors import ApiError


class SubscriptionNotFound(ApiError):
    """The address has not unsubscribed from messages of this type."""

    code, status = "EntityNotExists.UnsubscribedAddress", 404
    when = "an address that gets messages of the type in the caller's directory anyway"
