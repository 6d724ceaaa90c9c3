"""The register of provocations: for each declared error of each action, a way to have it answered."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.contract.callers import Caller

Provoke = Callable[[Caller], object]


@dataclass(frozen=True)
class Provocation:
    """Calls that end in one refusal, on a server that is set up for it."""

    action: str
    code: str
    provoke: Provoke
    server: str

    def __str__(self) -> str:
        return f"{self.action}-{self.code}"


PROVOCATIONS: list[Provocation] = []


def provokes(action: str, code: str, *, server: str = "usual") -> Callable[[Provoke], Provoke]:
    """Register the function below: its last call is refused with the code."""

    def register(provoke: Provoke) -> Provoke:
        PROVOCATIONS.append(Provocation(action, code, provoke, server))
        return provoke

    return register
