"""Every declared error of every action, provoked through unmodified clients of both signature versions."""

from itertools import product

import pytest

from callboard.api.model import ACTIONS, EVERY_ACTION
from tests.contract import provoked_by_bindings, provoked_by_caller, provoked_by_parameters, provoked_by_state
from tests.contract.callers import Caller, Core, Sdk
from tests.contract.facts import VERSION, refusal
from tests.contract.provocation import PROVOCATIONS, Provocation
from tests.serving import Server

# Importing them registers the provocations.
REGISTERED = (provoked_by_bindings, provoked_by_caller, provoked_by_parameters, provoked_by_state)

DECLARED = [
    (name, error)
    for (version, name), action in ACTIONS.items()
    if version == VERSION
    for error in (*action.errors, *EVERY_ACTION)
]


@pytest.mark.parametrize(
    ("provocation", "client"),
    [pytest.param(*pair, id=f"{pair[0]}-{pair[1].__name__}") for pair in product(PROVOCATIONS, (Sdk, Core))],
)
def test_a_declared_error_surfaces_as_documented(
    provocation: Provocation, client: type[Caller], servers: dict[str, Server]
) -> None:
    caller = client(servers[provocation.server].account())
    documented = refusal(provocation.action, provocation.code)

    refused = caller.refusal(lambda: provocation.provoke(caller))

    assert refused == documented


@pytest.mark.parametrize(
    ("action", "code"), [pytest.param(name, error.code, id=f"{name}-{error.code}") for name, error in DECLARED]
)
def test_a_declared_error_has_a_provocation(action: str, code: str) -> None:
    provoked = {(each.action, each.code) for each in PROVOCATIONS}

    assert (action, code) in provoked


def test_every_provocation_is_of_a_declared_error() -> None:
    declared = {(name, error.code) for name, error in DECLARED}

    stray = [str(each) for each in PROVOCATIONS if (each.action, each.code) not in declared]

    assert stray == []
