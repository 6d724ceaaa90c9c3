"""The operators of conditions: how the values of a request are compared with those of a policy. Pure."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

from msgspec import Struct

from callboard.access.patterns import pattern


class Operator(Struct, frozen=True):
    """How one value of the request is compared with one of the policy.

    A negated operator is true when none of the values fits. `is_value` tells what a policy may compare with.
    """

    fits: Callable[[str, str], bool]
    is_value: Callable[[str], bool]
    is_negated: bool = False


def holds(operator: Operator, given: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether a condition is true. A key that the request does not have fails it, negated or not."""
    if not given:
        return False
    return any(operator.fits(have, want) for have in given for want in wanted) != operator.is_negated


def _like(have: str, want: str) -> bool:
    return pattern(want)(have) is not None


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


@lru_cache(maxsize=256)
def _date(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _compared(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Callable[[str, str], bool]:
    def fits(have: str, want: str) -> bool:
        left, right = read(have), read(want)
        return left is not None and right is not None and compare(left, right)

    return fits


@lru_cache(maxsize=256)
def _network(text: str) -> Any:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _is_within(have: str, want: str) -> bool:
    network = _network(want)
    try:
        address = ip_address(have)
    except ValueError:
        return False
    # A socket that serves both families has IPv4 callers as ::ffff:10.0.0.1.
    return network is not None and (getattr(address, "ipv4_mapped", None) or address) in network


def _is_text(_: str) -> bool:
    return True


def _is_number(text: str) -> bool:
    return _number(text) is not None


def _is_date(text: str) -> bool:
    return _date(text) is not None


def _is_network(text: str) -> bool:
    return _network(text) is not None


def _is_boolean(text: str) -> bool:
    return text.lower() in ("true", "false")


def _equal(have: str, want: str) -> bool:
    return have == want


def _equal_in_any_case(have: str, want: str) -> bool:
    return have.lower() == want.lower()


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda have, want: have == want,
    "LessThan": lambda have, want: have < want,
    "LessThanEquals": lambda have, want: have <= want,
    "GreaterThan": lambda have, want: have > want,
    "GreaterThanEquals": lambda have, want: have >= want,
}

OPERATORS: dict[str, Operator] = {
    "StringEquals": Operator(_equal, _is_text),
    "StringNotEquals": Operator(_equal, _is_text, is_negated=True),
    "StringEqualsIgnoreCase": Operator(_equal_in_any_case, _is_text),
    "StringNotEqualsIgnoreCase": Operator(_equal_in_any_case, _is_text, is_negated=True),
    "StringLike": Operator(_like, _is_text),
    "StringNotLike": Operator(_like, _is_text, is_negated=True),
    **{f"Numeric{name}": Operator(_compared(_number, each), _is_number) for name, each in _COMPARISONS.items()},
    "NumericNotEquals": Operator(_compared(_number, _COMPARISONS["Equals"]), _is_number, is_negated=True),
    **{f"Date{name}": Operator(_compared(_date, each), _is_date) for name, each in _COMPARISONS.items()},
    "DateNotEquals": Operator(_compared(_date, _COMPARISONS["Equals"]), _is_date, is_negated=True),
    "Bool": Operator(_equal_in_any_case, _is_boolean),
    "IpAddress": Operator(_is_within, _is_network),
    "NotIpAddress": Operator(_is_within, _is_network, is_negated=True),
}
