"""What the actions about messages refuse, besides what the questions after recipients refuse."""

from callboard.errors import ApiError


class IdempotencyKeyReused(ApiError):
    """The IdempotencyKey was used for another message within the last 24 hours."""

    code, status = "IdempotentParameterMismatch", 409
    when = "an IdempotencyKey that came with other parameters in the directory within the last 24 hours"


class MessageNotFound(ApiError):
    """The message does not exist."""

    code, status = "EntityNotExists.Message", 404
    when = "no such message in the directory of the caller, or with AccountId: none about that account; or forgotten"


class AcknowledgementNotRequired(ApiError):
    """The message asks for no acknowledgement."""

    code, status = "AcknowledgementNotRequired", 409
    when = "a message that was published without AcknowledgementRequired and EscalateAfter"


class DeliveryNotFound(ApiError):
    """The message does not go to the contact."""

    code, status = "EntityNotExists.Delivery", 404
    when = "a ContactId to which the message has no delivery"


class NothingProven(ApiError):
    """The contact has neither a proven address nor a confirmed endpoint."""

    code, status = "NotVerified.Contact", 409
    when = "a test for a contact that could not be reached by anything"
