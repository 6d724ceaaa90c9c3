"""From the values that arrived to the typed request of an action, or the refusal of the parameter at fault.

Three rounds, in the documented order: what is missing, then the form of each parameter, then what the site admits.
Where the documentation has it so, the first two are gone through parameter by parameter.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Action, Field, Request, fields_of
from callboard.errors import ApiError
from callboard.profile import Profile

INT32 = 2**31
_NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


def decode(action: Action, values: Mapping[str, Any], profile: Profile) -> Request:
    """The request, or the first refusal. Unknown parameters are ignored (protocol.md, 1.1)."""
    return _decoded(action.request, values, profile, checks_in_turn=action.checks_in_turn)


def _decoded(
    request: type[Request], values: Mapping[str, Any], profile: Profile, *, checks_in_turn: bool = False
) -> Request:
    found: dict[str, Any] = {}
    every = fields_of(request)
    for fields in [(field,) for field in every] if checks_in_turn else [every]:
        found |= _collected(fields, values, profile)
        for field in fields:
            if field.attribute in found:
                found[field.attribute] = _checked(field, found[field.attribute], profile)
    for field in every:
        if field.parameter.admit is not None and found.get(field.attribute):
            field.parameter.admit(found[field.attribute], profile)
    return request(**found)


def _collected(fields: Iterable[Field], values: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    """What arrived of these parameters. Raises the refusal of the first one that is missing."""
    found: dict[str, Any] = {}
    for field in fields:
        value = collect(field, values)
        is_empty = value in (None, "", [])
        if is_empty and (field.is_required or _is_demanded(field, profile)):
            raise _refusal(field.parameter.missing or field.parameter.invalid, field)
        if value is not None:
            found[field.attribute] = "" if is_empty else value
    return found


def _is_demanded(field: Field, profile: Profile) -> bool:
    return field.parameter.is_demanded is not None and field.parameter.is_demanded(profile)


def _checked(field: Field, value: Any, profile: Profile) -> Any:
    parameter = field.parameter
    if value == "":  # Sent, but empty: which is not the same as absent.
        if parameter.may_be_empty:
            return value
        raise _refusal(parameter.invalid, field)
    typed = _CONVERSIONS[parameter.kind](value) if parameter.items is None else _items(value)
    if typed is UNSET:
        raise _refusal(parameter.invalid, field)
    checked = typed if parameter.check is None else parameter.check(typed, profile)
    return checked if parameter.items is None else _requests(field, parameter.items, checked, profile)


def _requests(
    field: Field, request: type[Request], items: Iterable[Mapping[str, Any]], profile: Profile
) -> list[Request]:
    """Each item as a request. What is wrong with one is told by its number, from 1 on."""
    found = []
    for number, item in enumerate(items, 1):
        try:
            found.append(_decoded(request, item, profile))
        except ParameterInvalid as refusal:
            raise ParameterInvalid(parameter=f"{field.name}.{number}.{refusal.parameter}") from refusal
    return found


def _refusal(error: type[ApiError], field: Field) -> ApiError:
    return error(parameter=field.name)


def collect_list(field: Field, values: Mapping[str, Any]) -> Any:
    """The items of `Name.1`, `Name.2`, ... by number, or of a bare `Name` (clients.md, section 1)."""
    prefix = field.name + "."
    numbered = {name[len(prefix) :]: value for name, value in values.items() if name.startswith(prefix)}
    bare = values.get(field.name)
    if not numbered:
        return _split(bare) if isinstance(bare, str) else bare
    if bare is not None:
        raise ParameterInvalid(parameter=field.name)
    if not all(_NUMBER.fullmatch(number) for number in numbered):
        raise _refusal(field.parameter.invalid, field)
    return [numbered[number] for number in sorted(numbered, key=int)]


def collect_objects(field: Field, values: Mapping[str, Any]) -> Any:
    """The objects of `Name.1.Key`, `Name.1.Value`, `Name.2.Key`, ... by number, or of a JSON array."""
    prefix = field.name + "."
    bare = values.get(field.name)
    found: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        if name.startswith(prefix):
            number, _, key = name[len(prefix) :].partition(".")
            if not key or not _NUMBER.fullmatch(number):
                raise _refusal(field.parameter.invalid, field)
            found.setdefault(number, {})[key] = value
    if not found:
        return _split(bare) if isinstance(bare, str) and bare else bare
    if bare is not None:
        raise ParameterInvalid(parameter=field.name)
    return [found[number] for number in sorted(found, key=int)]


_COLLECTORS: dict[type, Callable[[Field, Mapping[str, Any]], Any]] = {list: collect_list, dict: collect_objects}


def collect(field: Field, values: Mapping[str, Any]) -> Any:
    """What arrived of a parameter, not yet checked; None where nothing did."""
    collector = _COLLECTORS.get(field.parameter.kind)
    return values.get(field.name) if collector is None else collector(field, values)


def texts_of(field: Field, values: Mapping[str, Any], *, inner: str = "") -> list[str]:
    """The texts that arrived of a parameter, or of one of its items' own parameters, not yet checked."""
    value = collect(field, values)
    items = value if isinstance(value, list) else [value]
    if inner:
        items = [each.get(inner) for each in items if isinstance(each, dict)]
    return [each for each in items if isinstance(each, str) and each]


def condition_values(action: Action, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What policies may look at of a call's parameters, read as `decode` reads them, but not yet checked."""
    found = {}
    for field in action.fields:
        if field.parameter.condition_key:
            texts = tuple(field.parameter.condition_of(each) for each in texts_of(field, values))
            if texts:
                found[field.parameter.condition_key] = texts
    return found


def _split(text: str) -> Any:
    """A bare key holds a JSON array, a single value, or values with commas between them."""
    if not text.startswith("["):
        return text.split(",") if text else []
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return text


def _text(value: Any) -> Any:
    """No parameter may hold a NUL: PostgreSQL has no place for it."""
    return value if isinstance(value, str) and "\0" not in value else UNSET


def _integer(value: Any) -> Any:
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    is_integer = isinstance(value, int) and not isinstance(value, bool)
    return value if is_integer and -INT32 <= value < INT32 else UNSET


def _boolean(value: Any) -> Any:
    return (
        value if isinstance(value, bool) else _BOOLEANS.get(value.lower(), UNSET) if isinstance(value, str) else UNSET
    )


def _texts(value: Any) -> Any:
    is_texts = isinstance(value, list) and all(_text(item) is not UNSET for item in value)
    return value if is_texts else UNSET


def _objects(value: Any) -> Any:
    """Objects whose values are texts; null in a JSON body is the same as absent."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        return UNSET
    found = [{key: text for key, text in item.items() if text is not None} for item in value]
    texts = [text for item in found for pair in item.items() for text in pair]
    return UNSET if any(_text(text) is UNSET for text in texts) else found


def _items(value: Any) -> Any:
    """Objects of any values."""
    return value if isinstance(value, list) and all(isinstance(item, dict) for item in value) else UNSET


_CONVERSIONS = {str: _text, int: _integer, bool: _boolean, list: _texts, dict: _objects}
