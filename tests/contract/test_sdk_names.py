"""The official SDK's models against the action model: the same actions, and the same names in requests and replies."""

import typing
from typing import Annotated, Any, get_args, get_origin

import msgspec
import pytest
from alibabacloud_resourcedirectorymaster20220419 import models
from alibabacloud_resourcedirectorymaster20220419.client import Client
from darabonba.model import DaraModel
from msgspec import UnsetType

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS, Action
from tests.contract.callers import pascal, snake
from tests.contract.facts import VERSION

ACTIONS_OF_THE_SDK = [action for action in ACTIONS.values() if action.version == VERSION]
EVERY = pytest.mark.parametrize("action", ACTIONS_OF_THE_SDK, ids=lambda action: action.name)


def sdk_shape(kind: Any) -> Any:
    """The wire names of an SDK model and of the models within: as `to_map` writes them."""
    if get_origin(kind) is list:
        return [sdk_shape(get_args(kind)[0])]
    if not issubclass(kind, DaraModel):
        return kind.__name__
    hints = typing.get_type_hints(kind.__init__)
    written = kind(**{name: filled(hint) for name, hint in hints.items()}).to_map()
    wire = {name: written_as(name, written) for name in hints}
    assert sorted(wire.values()) == sorted(written)
    return {wire[name]: sdk_shape(hint) for name, hint in hints.items()}


def request_model(action: Action) -> Any:
    """The SDK's model of a request; None, as it has none, for an action without parameters."""
    return getattr(models, f"{action.name}Request", None)


def filled(hint: Any) -> Any:
    """A value of a type, so that `to_map` does not leave it out."""
    if get_origin(hint) is list:
        return [filled(get_args(hint)[0])]
    return hint()


def written_as(name: str, written: dict[str, Any]) -> str:
    """The key that `to_map` gave an attribute, whatever its letter case."""
    (key,) = [key for key in written if key.lower() == name.replace("_", "")]
    return key


def kind_of(shape: Any) -> Any:
    """The kind of parameter that an SDK type is: a list of objects is a `dict`."""
    return ("list" if shape == ["str"] else "dict") if isinstance(shape, list) else shape


def model_shape(kind: Any) -> Any:
    """The wire names of a reply of the action model and of the shapes within."""
    if get_origin(kind) is Annotated:
        return model_shape(get_args(kind)[0])
    if get_origin(kind) in (list, tuple):
        return [model_shape(get_args(kind)[0])]
    options = [option for option in get_args(kind) if option is not UnsetType]
    if options:
        (kind,) = options
        return model_shape(kind)
    if not issubclass(kind, msgspec.Struct):
        return kind.__name__
    return {field.encode_name: model_shape(field.type) for field in msgspec.structs.fields(kind)}


@EVERY
def test_the_sdk_has_both_methods_of_the_action(action: Action) -> None:
    name = snake(action.name)

    assert callable(getattr(Client, name))
    assert callable(getattr(Client, f"{name}_async"))


@EVERY
def test_the_request_has_the_names_and_kinds_of_the_sdks(action: Action) -> None:
    model = request_model(action)
    documented = sdk_shape(model) if model else {}

    taken = {field.name: field.parameter.kind for field in action.fields}

    assert {name: kind_of(kind) for name, kind in documented.items()} == {
        name: kind.__name__ for name, kind in taken.items()
    }


@EVERY
def test_the_attributes_of_the_request_are_the_sdks(action: Action) -> None:
    model = request_model(action)
    documented = typing.get_type_hints(model.__init__) if model else {}

    assert {field.attribute for field in action.fields} == set(documented)
    assert {pascal(name) for name in documented} == {field.name for field in action.fields}


@EVERY
def test_the_reply_has_the_names_and_kinds_of_the_sdks(action: Action) -> None:
    documented = sdk_shape(getattr(models, f"{action.name}ResponseBody"))

    assert model_shape(action.reply) == documented
