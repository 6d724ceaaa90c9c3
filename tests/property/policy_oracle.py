"""A naive reading of policies, written apart from the product: slow, plain, over the JSON itself."""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

Context = Mapping[str, tuple[str, ...]]


def verdict(
    policies: Sequence[str], session: str | None, action: str, resources: Sequence[str], context: Context
) -> str:
    """Allow, ExplicitDeny or ImplicitDeny: of the first resource that is refused, or of all of them."""
    found = [one_verdict(policies, session, action, resource, context) for resource in resources]
    return next((each for each in found if each != "Allow"), "Allow")


def one_verdict(policies: Sequence[str], session: str | None, action: str, resource: str, context: Context) -> str:
    layers = [list(policies)] + ([] if session is None else [[session]])
    effects = [
        {statement["Effect"] for text in layer for statement in speaking(text, action, resource, context)}
        for layer in layers
    ]
    if any("Deny" in each for each in effects):
        return "ExplicitDeny"
    return "Allow" if all("Allow" in each for each in effects) else "ImplicitDeny"


def speaking(text: str, action: str, resource: str, context: Context) -> list[Any]:
    """The statements of a document that speak of a request."""
    statements = json.loads(text)["Statement"]
    statements = statements if isinstance(statements, list) else [statements]
    return [
        each
        for each in statements
        if names(each, "Action", action.lower(), str.lower)
        and names(each, "Resource", resource, str)
        and all(
            condition_holds(operator, context.get(key, ()), many(values))
            for operator, keys in each.get("Condition", {}).items()
            for key, values in keys.items()
        )
    ]


def names(statement: Any, key: str, wanted: str, spelt: Any) -> bool:
    if key in statement:
        return any(is_like(wanted, spelt(each)) for each in many(statement[key]))
    return not any(is_like(wanted, spelt(each)) for each in many(statement[f"Not{key}"]))


def many(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def is_like(text: str, pattern: str) -> bool:
    """Whether a text fits a pattern, found by trying everything."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return is_like(text, pattern[1:]) or (bool(text) and is_like(text[1:], pattern))
    return bool(text) and pattern[0] in ("?", text[0]) and is_like(text[1:], pattern[1:])


def condition_holds(operator: str, given: Sequence[str], wanted: Sequence[str]) -> bool:
    if not given:
        return False
    negated = "Not" in operator
    plain = operator.replace("Not", "")
    hit = any(compare(plain, have, want) for have in given for want in wanted)
    return hit is not negated


def compare(operator: str, have: str, want: str) -> bool:  # noqa: PLR0911 (a table in prose)
    match operator:
        case "StringEquals":
            return have == want
        case "StringEqualsIgnoreCase":
            return have.casefold() == want.casefold()
        case "StringLike":
            return is_like(have, want)
        case "Bool":
            return have.casefold() == want.casefold()
        case "IpAddress":
            return within(have, want)
    if operator.startswith("Numeric"):
        return ordered(operator.removeprefix("Numeric"), Fraction(have), Fraction(want))
    return ordered(operator.removeprefix("Date"), have, want)  # Dates of one form sort as texts.


def ordered(comparison: str, have: Any, want: Any) -> bool:
    results = {
        "Equals": have == want,
        "LessThan": have < want,
        "LessThanEquals": have <= want,
        "GreaterThan": have > want,
        "GreaterThanEquals": have >= want,
    }
    return bool(results[comparison])


def within(address: str, network: str) -> bool:
    """IPv4 by its bits."""
    base, _, length = network.partition("/")
    kept = int(length or 32)
    return bits(address)[:kept] == bits(base)[:kept]


def bits(address: str) -> str:
    return "".join(f"{int(part):08b}" for part in address.split("."))
