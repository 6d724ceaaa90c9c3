"""Every declared error of every action, provoked through unmodified clients of both signature versions."""

import pytest

from callboard.api.model import ACTIONS
from tests.contract import (
    facts_accounts,
    provoked_by_accounts,
    provoked_by_bindings,
    provoked_by_caller,
    provoked_by_parameters,
    provoked_by_state,
)
from tests.contract.callers import Caller, Core, Older, Sdk
from tests.contract.facts import OLDER_VERSION, OPERATIONS, VERSION, refusal
from tests.contract.provocation import PROVOCATIONS, Provocation
from tests.directory import facts_directory, provoked_by_names, provoked_by_tree
from tests.serving import Server

# Importing them registers the provocations and the facts.
REGISTERED = (
    provoked_by_bindings,
    provoked_by_caller,
    provoked_by_parameters,
    provoked_by_state,
    facts_directory,
    provoked_by_names,
    provoked_by_tree,
    provoked_by_accounts,
    facts_accounts,
)

DECLARED = {
    (name, error.code)
    for (version, name), action in ACTIONS.items()
    if version in (VERSION, OLDER_VERSION)
    for error in (*action.errors, *action.everyones_errors)
}
CLIENTS = {VERSION: (Sdk, Core), OLDER_VERSION: (Older,)}


@pytest.mark.parametrize(
    ("provocation", "client"),
    [
        pytest.param(provocation, client, id=f"{provocation}-{client.__name__}")
        for provocation in PROVOCATIONS
        for version in OPERATIONS[provocation.action].versions
        for client in CLIENTS[version]
    ],
)
def test_a_declared_error_surfaces_as_documented(
    provocation: Provocation, client: type[Caller], servers: dict[str, Server]
) -> None:
    caller = client(servers[provocation.server].account())
    documented = refusal(provocation.action, provocation.code)

    refused = caller.refusal(lambda: provocation.provoke(caller))

    assert refused == documented


@pytest.mark.parametrize(("action", "code"), [pytest.param(*each, id="-".join(each)) for each in sorted(DECLARED)])
def test_a_declared_error_has_a_provocation(action: str, code: str) -> None:
    provoked = {(each.action, each.code) for each in PROVOCATIONS}

    assert (action, code) in provoked


def test_every_provocation_is_of_a_declared_error() -> None:
    stray = [str(each) for each in PROVOCATIONS if (each.action, each.code) not in DECLARED]

    assert stray == []
