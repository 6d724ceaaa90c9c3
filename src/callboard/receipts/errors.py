"""What the actions about unreachable addresses refuse."""

from callboard.errors import ApiError


class AddressNotUnreachable(ApiError):
    """The address is not held to be unreachable."""

    code, status = "EntityNotExists.UnreachableAddress", 404
    when = "no such address in the directory of the caller, or one that nothing came back from"
