"""The base of every refusal: a code, an HTTP status and a message that a client is told.

ApiError
├── gateway refusals (api/errors.py): any action may answer them
└── an action's own refusals (contacts/errors.py, ...): declared in its record

Unavailable: the database cannot serve a call now; nothing of the call has been kept
└── KeyReplaced: nor will it serve this process, whose master key is not in force any more
Conflict: another transaction holds what the call needs
StartupError: the program cannot start; its text tells the operator what to do
"""

from collections.abc import Mapping
from typing import ClassVar


class _Values(dict[str, str]):
    """What a message is filled with; where the reason is not known in detail, nothing stands in its place."""

    def __missing__(self, _: str) -> str:
        return ""


class ApiError(Exception):
    """A refusal that the client is told: the class is the reason, its docstring the message.

    `{placeholders}` in the docstring are filled from the keyword arguments. `when` says, for the
    reference, on what occasion the code is answered. `is_conflict` marks the refusal that an action answers
    when another transaction holds what it needs.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 400
    when: ClassVar[str] = ""
    is_conflict: ClassVar[bool] = False
    is_audited: ClassVar[bool] = True
    """Whether the audit trail keeps that a change was refused with it; not where refusals come in floods."""
    retry_after_ms: int = 0
    """When the call may be sent again; told to clients in a header."""
    detail: Mapping[str, str] | None = None
    """What goes into the body as AccessDeniedDetail."""

    def __init__(self, **values: str) -> None:
        self.message = (type(self).__doc__ or "").format_map(_Values(values)) if values else (type(self).__doc__ or "")
        super().__init__(f"{self.code}: {self.message}")


class Unavailable(Exception):
    """The database cannot serve the call now. Nothing of the call was kept, so it may be sent again."""


class KeyReplaced(Unavailable):
    """The master key was replaced, and this process has the old one: it must be started again with the new key."""

    def __init__(self) -> None:
        super().__init__("the master key was replaced; start this process again with the new one")


class Conflict(Exception):
    """Another transaction holds what this one needs, and did not let go of it in time."""


class StartupError(Exception):
    """The program cannot start. The text is written for the operator and says what to do."""
