"""The OpenAPI document, made from the action model: one path item an action, told apart by its query."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

import callboard
from callboard.api import errors as gateway
from callboard.api.model import ACTIONS, EVERY_ACTION, Action, Field
from callboard.errors import ApiError

_ERROR_SCHEMA = {
    "type": "object",
    "required": ["RequestId", "HostId", "Code", "Message"],
    "properties": {
        "RequestId": {"type": "string"},
        "HostId": {"type": "string"},
        "Code": {"type": "string"},
        "Message": {"type": "string"},
        "Recommend": {"type": "string"},
    },
}


def errors() -> list[type[ApiError]]:
    """Every refusal there is, by code."""
    found = {error for action in ACTIONS.values() for error in action.errors}
    found.update(EVERY_ACTION)
    found.update(gateway.GatewayError.__subclasses__())
    return sorted(found, key=lambda error: (error.code, error.status))


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1. The path carries the action as a query, since the wire has the one path /."""
    replies = [action.reply for action in ACTIONS.values()]
    _, components = msgspec.json.schema_components(replies, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Callboard",
            "version": callboard.__version__,
            "description": "Message contacts, over the wire protocol of ResourceDirectoryMaster 2022-04-19.",
        },
        "paths": {_place(action): _path(action) for action in ACTIONS.values()},
        "components": {
            "schemas": {**components, "Error": _ERROR_SCHEMA},
            "securitySchemes": {
                "ACS3-HMAC-SHA256": {"type": "apiKey", "in": "header", "name": "Authorization"},
            },
        },
        "security": [{"ACS3-HMAC-SHA256": []}],
    }


def _is_older(action: Action) -> bool:
    """Whether a later version has an action of that name."""
    return any(name == action.name and version > action.version for version, name in ACTIONS)


def _place(action: Action) -> str:
    """Its name is enough for an action, unless a later version has it too."""
    return f"/?Action={action.name}" + (f"&Version={action.version}" if _is_older(action) else "")


def _path(action: Action) -> dict[str, Any]:
    operation = {
        "operationId": action.name + (f"-{action.version}" if _is_older(action) else ""),
        "summary": (action.request.__doc__ or "").split("\n", 1)[0],
        "tags": [f"{action.product} {action.version}"],
        "x-ram-action": action.permission,
        "x-ram-resources": list(action.resource_patterns),
        "parameters": [
            {"name": "Version", "in": "query", "required": True, "schema": {"const": action.version}},
            *[_parameter(field) for field in action.fields],
        ],
        "responses": {
            "200": {
                "description": "Success.",
                "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{action.reply.__name__}"}}},
            },
            **dict(_refusals(action)),
        },
    }
    return {"post": operation}


def _parameter(field: Field) -> dict[str, Any]:
    parameter = field.parameter
    return {
        "name": field.name,
        "in": "query",
        "required": field.is_required,
        "description": parameter.description,
        "schema": dict(parameter.schema),
        "example": parameter.example,
        # One key with commas between the items: the API's own form, Name.1 and Name.2, has no name in OpenAPI.
        **({"style": "form", "explode": False} if parameter.kind is list else {}),
    }


def _refusals(action: Action) -> Iterator[tuple[str, Any]]:
    """The refusals of an action by status; a gateway's refusal may come with any of them."""
    by_status: dict[int, list[type[ApiError]]] = {}
    known_everywhere: tuple[type[ApiError], ...] = (*action.everyones_errors, *gateway.GatewayError.__subclasses__())
    for error in (*action.errors, *known_everywhere):
        by_status.setdefault(error.status, []).append(error)
    for status, known in sorted(by_status.items()):
        codes = sorted({error.code for error in known})
        yield (
            str(status),
            {
                "description": "; ".join(codes),
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        )
