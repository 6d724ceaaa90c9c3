"""The action model: one record an action, and everything else is read from it.

A feature declares its actions with `@action`; the pipeline decodes, authorizes and runs by the record, and the
OpenAPI document, the reference and the contract tests are made from it. This is the only room of `api` that
features may import.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Any, TypeVar, get_args

import msgspec
from msgspec import Struct

from callboard.access.errors import DirectoryNotEnabled, MemberAccountNotAllowed, NoPermission
from callboard.api.errors import GatewayError
from callboard.call import Call
from callboard.errors import ApiError
from callboard.profile import Profile

EVERY_ACTION: tuple[type[ApiError], ...] = (DirectoryNotEnabled, MemberAccountNotAllowed, NoPermission)
"""What any action may answer besides its own refusals and the gateway's (message-contact-api.yaml)."""


class Request(Struct, rename="pascal", kw_only=True):
    """The parameters of an action. The class's name is the action's, its docstring the action's text."""


class Reply(Struct, rename="pascal", kw_only=True):
    """The answer of an action. RequestId is filled in by the pipeline."""

    request_id: str = ""


class Shape(Struct, rename="pascal", kw_only=True):
    """An object within a reply."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Parameter:
    """What a parameter is, wherever it occurs: kind, rule, refusals, and the text of the reference.

    `check` returns the value to keep or raises one of the refusals; it is asked in a first round, for every
    parameter in order, and `admit` in a second one. An optional parameter that is sent empty is `invalid`,
    unless `may_be_empty`.
    """

    description: str
    example: Any
    schema: Mapping[str, Any]
    invalid: type[ApiError]
    kind: type = str
    missing: type[ApiError] | None = None
    check: Callable[[Any, Profile], Any] | None = None
    admit: Callable[[Any, Profile], None] | None = None
    refusals: tuple[type[ApiError], ...] = ()
    may_be_empty: bool = False
    is_demanded: Callable[[Profile], bool] | None = None


class Field(Struct, frozen=True):
    """A parameter of one action."""

    attribute: str
    name: str
    parameter: Parameter
    is_required: bool

    @property
    def refusals(self) -> tuple[type[ApiError], ...]:
        """What the parameter may be refused with here: never as missing where nobody demands it."""
        is_demanded = self.is_required or self.parameter.is_demanded is not None
        missing = (self.parameter.missing,) if self.parameter.missing and is_demanded else ()
        return (*missing, self.parameter.invalid, *self.parameter.refusals)


class Action(Struct, frozen=True):
    """One record: the wire name and version, the shapes, the RAM data, the refusals and the handler."""

    name: str
    version: str
    product: str
    request: type[Request]
    reply: type[Reply]
    permission: str
    access_level: str
    resource: str
    resource_names: tuple[str, ...]
    errors: tuple[type[ApiError], ...]
    fields: tuple[Field, ...]
    handle: Callable[[Call, Any], Reply]
    stands_in_line: bool
    """Whether a flood of it is likely, so that such calls are answered one at a time."""
    checks_in_turn: bool
    """Whether each parameter is checked whole before the next one is looked at."""

    @property
    def is_read(self) -> bool:
        return self.access_level in ("get", "list")

    def resource_of(self, account_id: str, values: Mapping[str, Any]) -> str:
        """The RAM resource of a call; a parameter that is missing or no text stands as an empty one."""
        named = {name: values.get(name) for name in self.resource_names}
        texts = {name: value if isinstance(value, str) else "" for name, value in named.items()}
        return self.resource.format(AccountId=account_id, **texts)


PRODUCTS: dict[str, str] = {"2022-04-19": "ResourceDirectoryMaster"}
ACTIONS: dict[tuple[str, str], Action] = {}
"""Every action by version and name."""

Handler = TypeVar("Handler", bound=Callable[..., Reply])


class Operation:
    """Declares the actions of one version of a product."""

    def __init__(self, version: str, ram_code: str) -> None:
        self.version, self.ram_code = version, ram_code

    def __call__(
        self,
        *,
        access_level: str,
        resource: str,
        errors: Iterable[type[ApiError]] = (),
        checks_in_turn: bool = False,
        stands_in_line: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Register the handler below: its annotations name the request and the reply."""

        def register(handle: Handler) -> Handler:
            annotations = signature(handle).parameters
            request = annotations["request"].annotation
            fields = tuple(_fields(request))
            record = Action(
                name=request.__name__,
                version=self.version,
                product=PRODUCTS[self.version],
                request=request,
                reply=signature(handle).return_annotation,
                permission=f"{self.ram_code}:{request.__name__}",
                access_level=access_level,
                resource=resource,
                resource_names=tuple(field.name for field in fields if f"{{{field.name}}}" in resource),
                errors=tuple(dict.fromkeys(_errors(fields, errors))),
                fields=fields,
                handle=handle,
                checks_in_turn=checks_in_turn,
                stands_in_line=stands_in_line,
            )
            ACTIONS[self.version, record.name] = record
            return handle

        return register


def _fields(request: type[Request]) -> Iterable[Field]:
    hints = request.__annotations__
    for each in msgspec.structs.fields(request):
        yield Field(each.name, each.encode_name, _parameter(hints[each.name]), each.required)


def _parameter(hint: Any) -> Parameter:
    """The Parameter in Annotated[...], also where the type may be absent."""
    for option in (hint, *get_args(hint)):
        for extra in getattr(option, "__metadata__", ()):
            if isinstance(extra, Parameter):
                return extra
    raise TypeError(f"{hint} is annotated with no Parameter")


def _errors(fields: Iterable[Field], own: Iterable[type[ApiError]]) -> Iterable[type[ApiError]]:
    """The refusals of the parameters, then the action's own, each once; the gateway's are everybody's."""
    for field in fields:
        yield from (error for error in field.refusals if not issubclass(error, GatewayError))
    yield from own
