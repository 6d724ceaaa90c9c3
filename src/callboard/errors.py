"""The base of every refusal: a code, an HTTP status and a message that a client is told.

ApiError
├── gateway refusals (api/errors.py): any action may answer them
└── an action's own refusals (contacts/errors.py, ...): declared in its record

Unavailable: the database cannot serve a call now; nothing of the call has been kept
Conflict: another transaction holds what the call needs
StartupError: the program cannot start; its text tells the operator what to do
"""

from typing import ClassVar


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

    def __init__(self, **values: str) -> None:
        self.message = (type(self).__doc__ or "").format_map(values) if values else (type(self).__doc__ or "")
        super().__init__(f"{self.code}: {self.message}")


class Unavailable(Exception):
    """The database cannot serve the call now. Nothing of the call was kept, so it may be sent again."""


class Conflict(Exception):
    """Another transaction holds what this one needs, and did not let go of it in time."""


class StartupError(Exception):
    """The program cannot start. The text is written for the operator and says what to do."""
