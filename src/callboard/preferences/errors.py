"""What the actions about contacts' wishes refuse, besides what the contact actions refuse."""

from callboard.errors import ApiError


class DigestTypeAlwaysAtOnce(ApiError):
    """Messages of the type {message_type} always pass at once, so they cannot wait for a digest."""

    code = "InvalidParameter.DigestMessageTypes"
    when = "SecurityMessage or FaultMessage among DigestMessageTypes: nobody may put those off"


class DigestIncomplete(ApiError):
    """DigestTime and DigestMessageTypes go together: one without the other says nothing."""

    code = "InvalidParameter.DigestTime"
    when = "a DigestTime without DigestMessageTypes, or the other way round"


class SubscriptionNotFound(ApiError):
    """The address has not unsubscribed from messages of this type."""

    code, status = "EntityNotExists.UnsubscribedAddress", 404
    when = "an address that gets messages of the type in the caller's directory anyway"
