"""The written reference: docs/reference.md from the action model, docs/settings.md from the settings.

Run from the root of the repository: `python -m callboard.reference.pages --write` writes both pages, `--check`
tells whether they are fresh.
"""

import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from callboard.api import errors as gateway
from callboard.api.model import ACTIONS, EVERY_ACTION, PRODUCTS, Action
from callboard.errors import ApiError
from callboard.settings import PREFIX, SECRETS, Settings

USAGE = "usage: python -m callboard.reference.pages --check | --write"
NOTICE = "<!-- Made by `make fix`; change the code that it is made from, not this page. -->"
TYPES = {"string": "text", "integer": "integer", "boolean": "true or false", "array": "list", "object": "object"}
WORDS: Mapping[str, str] = {
    "minLength": "at least {} long",
    "maxLength": "at most {} long",
    "minItems": "at least {} of them",
    "minimum": "from {}",
    "maximum": "to {}",
}

Schema = Mapping[str, Any]


def reference() -> str:
    """docs/reference.md: every action, then what the gateway refuses."""
    actions = ACTIONS.values()
    return _page(
        "# API reference",
        _prose(
            f"{len(ACTIONS)} actions of {', '.join(f'{name} {version}' for version, name in PRODUCTS.items())}. Each "
            "is called with POST or GET on `/`. A list is sent as Name.1, Name.2 and so on. How a request is signed, "
            "and what is read from where, stands in [compatibility.md](compatibility.md)."
        ),
        "\n".join(f"- [{action.name}](#{action.name.lower()})" for action in actions),
        *(block for action in actions for block in _action(action)),
        "## Errors of every action",
        "An answer that is no success has the fields RequestId, HostId, Code, Message and Recommend. Any action may "
        "give these.",
        _errors((*EVERY_ACTION, *gateway.GatewayError.__subclasses__())),
    )


def settings() -> str:
    """docs/settings.md: every setting there is."""
    rows = [
        (
            f"`{each.name}`",
            f"`{PREFIX}{each.name.upper()}`",
            f"`{_shown(each.default)}`" if each.default != "" else "empty",
            each.metadata["help"] + (" Never shown." if each.name in SECRETS else ""),
        )
        for each in fields(Settings)
    ]
    return _page(
        "# Settings",
        "A setting stands in `callboard.toml` under its name, in the environment under its variable; the environment "
        "wins.\n`CALLBOARD_CONFIG` names another file. `callboard settings` prints what is in force.\n\n"
        "A value that does not fit, or a name in the file that is no setting, stops the start with a line that says "
        "why. An\nunknown variable only gives a warning.",
        _table(("Setting", "Variable", "Default", "What it does"), rows),
    )


PAGES: Mapping[str, Callable[[], str]] = {"docs/reference.md": reference, "docs/settings.md": settings}


def stale() -> list[str]:
    """The pages that are missing, or differ from what the code says."""
    return [name for name, made in PAGES.items() if _written(Path(name)) != made()]


def main(arguments: list[str]) -> int:
    """Write or check both pages; the exit code."""
    import_module("callboard.wiring")  # It registers the actions. By name, as it stands above this layer.
    match arguments[:1]:
        case ["--write"]:
            for name, made in PAGES.items():
                Path(name).parent.mkdir(exist_ok=True)
                Path(name).write_text(made(), encoding="utf-8")
            return 0
        case ["--check"]:
            found = stale()
            for name in found:
                sys.stdout.write(f"{name} is stale: run `make fix`.\n")
            return 1 if found else 0
        case _:
            sys.stdout.write(f"{USAGE}\n")
            return 2


def _written(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _action(action: Action) -> Iterator[str]:
    yield f"## {action.name}"
    yield _prose(action.request.__doc__ or "")
    yield _prose(
        f"RAM action `{action.permission}`, access level {action.access_level}, resource {_resources(action)}."
    )
    yield "### Parameters"
    yield _table(("Name", "Required", "Type", "Description", "Example"), _parameters(action))
    yield "### Reply"
    yield _table(("Field", "Always there", "Type", "Description", "Example"), _reply(action))
    yield "### Errors"
    yield _errors(action.errors)


def _prose(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 120, break_long_words=False, break_on_hyphens=False)


def _resources(action: Action) -> str:
    return " and ".join(f"`{each}`" for each in action.resource_patterns)


def _parameters(action: Action) -> Iterator[tuple[str, ...]]:
    defaults = {each.encode_name: each.default for each in msgspec.structs.fields(action.request)}
    for field in action.fields:
        parameter, default = field.parameter, defaults[field.name]
        has_default = not field.is_required and default not in (msgspec.UNSET, "")
        kind = _kind(parameter.schema) + (f"; default {_shown(default)}" if has_default else "")
        examples = parameter.example if isinstance(parameter.example, list) else [parameter.example]
        example = ", ".join(_shown(each) for each in examples)
        yield f"`{field.name}`", "yes" if field.is_required else "no", kind, parameter.description, f"`{example}`"


def _kind(schema: Schema) -> str:
    """The type of a value and what bounds it, in words."""
    items = schema.get("items", {})
    parts = [TYPES[schema["type"]] + (f" of {TYPES[items['type']]}" if items else "")]
    allowed = schema.get("enum") or items.get("enum")
    if allowed:
        parts.append("one of " + ", ".join(f"`{value}`" for value in allowed))
    if "pattern" in schema:
        parts.append(f"`{schema['pattern']}`")
    parts += [words.format(schema[name]) for name, words in WORDS.items() if name in schema]
    if schema.get("uniqueItems"):
        parts.append("each once")
    return "; ".join(parts)


def _reply(action: Action) -> Iterator[tuple[str, ...]]:
    yield "`RequestId`", "yes", "text", "The id of this call, an upper-case UUID.", ""
    _, shapes = msgspec.json.schema_components([action.reply], ref_template="{name}")
    for row in _fields(shapes, shapes[action.reply.__name__], prefix=""):
        if row[0] != "`RequestId`":
            yield row


def _fields(shapes: Mapping[str, Schema], shape: Schema, *, prefix: str) -> Iterator[tuple[str, ...]]:
    """The fields of an object, each followed by those within it: Contacts, then Contacts[].Name."""
    for name, schema in shape["properties"].items():
        of_list = schema.get("type") == "array"
        inner = shapes.get((schema["items"] if of_list else schema).get("$ref", ""))
        kind = ("list of objects" if of_list else "object") if inner else _kind(schema)
        text = schema.get("description") or (inner or {}).get("description", "")
        example = ", ".join(f"`{_shown(each)}`" for each in schema.get("examples", ()))
        yield f"`{prefix}{name}`", "yes" if name in shape["required"] else "no", kind, text, example
        if inner:
            yield from _fields(shapes, inner, prefix=f"{prefix}{name}{'[]' if of_list else ''}.")


def _errors(known: Iterable[type[ApiError]]) -> str:
    ordered = sorted(known, key=lambda error: (error.status, error.code))
    rows = [(str(error.status), f"`{error.code}`", error.__doc__ or "", error.when) for error in ordered]
    return _table(("HTTP", "Code", "Message", "When"), rows)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return msgspec.json.encode(value).decode()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    """What stands in code is shown as it is; elsewhere < and > would be taken for a tag."""
    parts = text.replace("|", "\\|").split("`")
    parts[::2] = [part.replace("<", "&lt;").replace(">", "&gt;") for part in parts[::2]]
    return "`".join(parts).replace("\n", " ")


def _page(title: str, *blocks: str) -> str:
    return "\n\n".join([title, NOTICE, *blocks]) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
