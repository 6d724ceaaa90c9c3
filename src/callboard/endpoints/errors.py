"""What the actions about endpoints refuse, besides what the contact actions refuse of owners and message types."""

from callboard.errors import ApiError


class EndpointNotFound(ApiError):
    """The endpoint does not exist."""

    code, status = "EntityNotExists.Endpoint", 404
    when = "no such endpoint in the directory of the caller, or with OwnerId: none of that owner"


class UrlInvalid(ApiError):
    """The Url is invalid: {reason}."""

    code = "InvalidParameter.Url"
    when = (
        "not 1 to 2000 characters of ASCII; a webhook that is not https, or leads to an address that is not public; a "
        "chat whose service cannot be read or is not allowed"
    )


class ChatsNotServed(ApiError):
    """Chats are not served here: the server lacks the extra apprise."""

    code = "InvalidParameter.Kind"
    when = "a chat, where Apprise is not installed"


class EndpointsExceeded(ApiError):
    """The maximum number of endpoints of an owner exceeds the limit."""

    code = "LimitExceeded.Endpoints"
    when = "the owner has 20 endpoints"


class NothingToProve(ApiError):
    """No address of the endpoint waits for a code."""

    code, status = "EntityNotExists.Endpoint.Verification", 404
    when = "the endpoint is proven; ConfirmEndpoint: or its code has expired, or was typed wrong 5 times"


class NotSigned(ApiError):
    """The endpoint has no signing key: it is a chat."""

    code = "EndpointKindMismatch"
    when = "a chat, which is not signed"
