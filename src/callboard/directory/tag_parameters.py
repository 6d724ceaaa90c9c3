"""Tags on the wire, wherever they occur: given to folders and members, asked for in lists, shown in answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from msgspec import Meta

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter, Shape
from callboard.directory import tag_errors as errors
from callboard.tree.tags import MOST_TAGS

LENGTH = 128
_NOWHERE = ("http://", "https://")


def check_key(key: str) -> str:
    """A tag's key: up to 128 characters, not of the cloud's own, no address (directory-api.yaml, TagResources)."""
    plain = key.lower()
    if not key or len(key) > LENGTH or plain.startswith(("aliyun", "acs:")) or any(each in plain for each in _NOWHERE):
        raise errors.TagKeyInvalid
    return key


def check_value(value: str) -> str:
    plain = value.lower()
    if len(value) > LENGTH or plain.startswith("acs:") or any(each in plain for each in _NOWHERE):
        raise errors.TagValueInvalid
    return value


def _check_number(given: Sequence[Mapping[str, str]]) -> None:
    if len(given) > MOST_TAGS:
        raise ParameterInvalid(parameter="Tag")


def _check_tags(given: Sequence[Mapping[str, str]], _: object) -> tuple[tuple[str, str], ...]:
    """Keys and values, each key once."""
    _check_number(given)
    found: dict[str, str] = {}
    for each in given:
        key, value = check_key(each.get("Key", "")), check_value(each.get("Value", ""))
        if key in found:
            raise errors.TagKeyInvalid
        found[key] = value
    return tuple(found.items())


def _check_filter(given: Sequence[Mapping[str, str]], _: object) -> tuple[tuple[str, str | None], ...]:
    """Keys with values; without one, any value is meant."""
    _check_number(given)
    pairs = ((check_key(each.get("Key", "")), each.get("Value")) for each in given)
    return tuple((key, None if value is None else check_value(value)) for key, value in pairs)


_TAGS = Parameter(
    description="Up to 20 tags. A key has 1 to 128 characters and begins neither with aliyun nor with acs:, a value "
    "has up to 128 and does not begin with acs:; neither holds http:// or https://.",
    example=[{"Key": "team", "Value": "payments"}],
    schema={
        "type": "array",
        "maxItems": MOST_TAGS,
        "items": {
            "type": "object",
            "properties": {
                "Key": {"type": "string", "minLength": 1, "maxLength": LENGTH},
                "Value": {"type": "string", "maxLength": LENGTH},
            },
        },
    },
    kind=dict,
    missing=errors.TagKeyMissing,
    invalid=ParameterInvalid,
    check=_check_tags,
    refusals=(errors.TagKeyInvalid, errors.TagValueInvalid),
)
_TAG_FILTER = replace(
    _TAGS,
    description="Only what has every one of these tags, up to 20. A tag without Value stands for any value.",
    check=_check_filter,
)

Tags = Annotated[tuple[tuple[str, str], ...], _TAGS]
"""Keys with their values, in the order given, each key once."""
TagFilter = Annotated[tuple[tuple[str, str | None], ...], _TAG_FILTER]
"""Keys with the values asked for; None is any value (`tree.tags.asked_for`)."""


class TagShown(Shape):
    """A tag."""

    key: Annotated[str, Meta(description="The key.", examples=["team"])]
    value: Annotated[str, Meta(description="The value.", examples=["payments"])]


class TagsShown(Shape):
    """The tags of an entry of a list (in lists they are wrapped: directory-api.yaml, wire)."""

    tag: list[TagShown]


def shown(tags: Mapping[str, str]) -> list[TagShown]:
    return [TagShown(key=key, value=value) for key, value in tags.items()]
