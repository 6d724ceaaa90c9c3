"""The action model: one record an action, and everything else is read from it.

A feature declares its actions with `@action`; the pipeline decodes, authorizes and runs by the record, and the
OpenAPI document, the reference and the contract tests are made from it. This is the only room of `api` that
features may import.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import signature
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec
from msgspec import Struct

from callboard.access.errors import DirectoryNotEnabled, MemberAccountNotAllowed, NoPermission
from callboard.api.errors import GatewayError
from callboard.call import Call
from callboard.errors import ApiError
from callboard.profile import Profile

EVERY_ACTION: tuple[type[ApiError], ...] = (DirectoryNotEnabled, MemberAccountNotAllowed, NoPermission)
"""What any action of a directory may answer besides its own refusals and the gateway's (message-contact-api.yaml)."""


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
    unless `may_be_empty`. The kind `dict` is a list of objects whose values are texts, as tags are; or, with `items`,
    of objects that have the parameters of that request, each checked as it would be there.
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
    items: type["Request"] | None = None
    condition_key: str = ""
    """The condition key under which policies may look at the values, as `condition_of` gives them."""
    condition_of: Callable[[str], str] = str


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
        inner = fields_of(self.parameter.items) if self.parameter.items else ()
        within = (refusal for field in inner for refusal in field.refusals)
        return (*missing, self.parameter.invalid, *self.parameter.refusals, *within)


class Action(Struct, frozen=True):
    """One record: the wire name and version, the shapes, the RAM data, the refusals and the handler."""

    name: str
    version: str
    product: str
    request: type[Request]
    reply: type[Reply]
    permission: str
    access_level: str
    resources: tuple[str, ...]
    errors: tuple[type[ApiError], ...]
    fields: tuple[Field, ...]
    handle: Callable[[Call, Any], Reply]
    stands_in_line: bool
    """Whether a flood of it is likely, so that such calls are answered one at a time."""
    checks_in_turn: bool
    """Whether each parameter is checked whole before the next one is looked at."""

    is_read: bool
    needs_directory: bool
    """Whether only the management account of a resource directory may call it."""
    is_for_everybody: bool
    """Whether no policy needs to allow it."""
    changes_access: bool
    """Whether it changes who may do what, so that nothing read before is to be believed."""
    scopes: tuple[str, ...]
    """The parameters that name folders, members, the directory, or a contact beside them: the caller needs the right to
    each that is given, too. `Messages.AccountId` is the AccountId of each of the Messages.
    """

    def resources_of(self, account_id: str, values: Mapping[str, Any], *, user_name: str = "") -> list[str]:
        """The RAM resources of a call; a parameter that is missing or no text stands as an empty one.

        A call that names no user is about the caller, so `user_name` is the caller's: what is denied of a user must
        not be had by leaving the name out.
        """
        texts = {name: value for name, value in values.items() if isinstance(value, str)}
        texts["UserName"] = texts.get("UserName") or user_name
        return [each.format_map(_Named(texts, AccountId=account_id)) for each in self.resources]

    def resource_shown(self, account_id: str, values: Mapping[str, Any], *, user_name: str = "") -> str:
        """What a refused call was about, in one text: the first RAM resource, or the folders and members as named."""
        if self.resources:
            return self.resources_of(account_id, values, user_name=user_name)[0]
        named = (each for scope in self.scopes for each in _named_by(scope, values))
        return f"acs:resourcemanager:*:{account_id}:{'|'.join(named)}"

    @property
    def resource_patterns(self) -> tuple[str, ...]:
        """Its RAM resources as the reference shows them."""
        scopes = (_SCOPE_PATTERNS.get(name, f"{{ResourceDirectoryPath of {name}}}") for name in self.scopes)
        return (*self.resources, *(f"acs:resourcemanager:*:{{AccountId}}:{each}" for each in scopes))

    @property
    def everyones_errors(self) -> tuple[type[ApiError], ...]:
        """What it may answer besides its own refusals and the gateway's."""
        return EVERY_ACTION if self.needs_directory else (NoPermission,)


_SCOPE_PATTERNS = {"ContactId": "messagecontact/{ContactId}"}


def _named_by(scope: str, values: Mapping[str, Any]) -> Iterable[str]:
    """What a scope's parameter says, in whichever form it came: for the audit trail alone."""
    name, _, inner = scope.partition(".")
    for key, value in values.items():
        if key.partition(".")[0] != name:
            continue
        if isinstance(value, list) and inner:
            yield from (str(each.get(inner, "")) for each in value if isinstance(each, dict))
        elif not inner or key.endswith(f".{inner}"):
            yield str(value)


class _Named(dict[str, str]):
    def __missing__(self, _: str) -> str:
        return ""


PRODUCTS: dict[str, str] = {
    "2022-04-19": "ResourceDirectoryMaster",
    "2020-03-31": "ResourceManager",
    "2015-05-01": "Ram",
    "2015-04-01": "Sts",
    "2026-11-25": "Callboard",
}
"""Every product by its version, as a request names the version alone."""
ACTIONS: dict[tuple[str, str], Action] = {}
"""Every action by version and name."""

Handler = TypeVar("Handler", bound=Callable[..., Reply])


class Operation:
    """Declares the actions of a product, in one version or in several that do not differ."""

    def __init__(self, *versions: str, ram_code: str, needs_directory: bool = False) -> None:
        self.versions, self.ram_code, self.needs_directory = versions, ram_code, needs_directory

    def __call__(
        self,
        *,
        access_level: str,
        resource: str | tuple[str, ...] = (),
        scopes: tuple[str, ...] = (),
        errors: Iterable[type[ApiError]] = (),
        is_for_everybody: bool = False,
        changes_access: bool = False,
        checks_in_turn: bool = False,
        stands_in_line: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Register the handler below: its annotations name the request and the reply.

        Where there are several resources, the caller needs the right to each of them. Of the parameters that are
        `scopes`, one that is absent stands for the root folder.
        """

        def register(handle: Handler) -> Handler:
            annotations = signature(handle).parameters
            request = annotations["request"].annotation
            fields = fields_of(request)
            for version in self.versions:
                record = Action(
                    name=request.__name__,
                    version=version,
                    product=PRODUCTS[version],
                    request=request,
                    reply=signature(handle).return_annotation,
                    permission=f"{self.ram_code}:{request.__name__}",
                    access_level=access_level,
                    resources=(resource,) if isinstance(resource, str) else resource,
                    errors=tuple(dict.fromkeys(_errors(fields, errors))),
                    fields=fields,
                    handle=handle,
                    is_read=access_level in ("get", "list"),
                    needs_directory=self.needs_directory,
                    is_for_everybody=is_for_everybody,
                    changes_access=changes_access,
                    scopes=scopes,
                    checks_in_turn=checks_in_turn,
                    stands_in_line=stands_in_line,
                )
                ACTIONS[version, record.name] = record
            return handle

        return register


@cache
def fields_of(request: type[Request]) -> tuple[Field, ...]:
    """The parameters of a request."""
    hints = get_type_hints(request, include_extras=True)
    return tuple(
        Field(each.name, each.encode_name, _parameter(hints[each.name]), each.required)
        for each in msgspec.structs.fields(request)
    )


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
