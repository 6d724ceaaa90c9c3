"""Every declared refusal of the questions after recipients, provoked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from tests.audit.trail import VERSION
from tests.contract.steps import NOBODYS
from tests.declared import assert_declared
from tests.recipients.world import World
from tests.signing import Response, call_v3

NAMES = ("ListEffectiveContacts", "ListRecipients", "ListCoverageGaps")
DECLARED = {(name, error.code) for name in NAMES for error in ACTIONS[VERSION, name].errors}
NO_ONE = "1000000000000000"

Provoke = Callable[[World, str], dict[str, str]]
"""From a world and a member of it to the parameters of a call."""


def _moved(world: World, member: str) -> dict[str, str]:
    return {"WhatIf": "MoveAccount", "DestinationFolderId": "fd-nosuchfolder"}


def _deleting(world: World) -> str:
    contact_id = world.contact()
    world.start_deletion(contact_id)
    return contact_id


def _future(world: World, member: str) -> dict[str, str]:
    return {"AsOf": (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _updated(**changes: str) -> Provoke:
    return lambda world, _: {"WhatIf": "UpdateMessageContact", "ContactId": world.contact(), **changes}


PROVOCATIONS: dict[tuple[str, str], list[Provoke]] = {
    ("ListEffectiveContacts", "EntityNotExists.Account"): [lambda *_: {"AccountId": NO_ONE}],
    ("ListEffectiveContacts", "InvalidParameter.AsOf"): [
        lambda *_: {"AsOf": "yesterday"},
        lambda *_: {"AsOf": ""},
        lambda *_: {"AsOf": "2026-11-25T10:00:00+08:00"},
        _future,
    ],
    ("ListRecipients", "EntityNotExists.Account"): [lambda *_: {"AccountId": NO_ONE}],
    ("ListRecipients", "InvalidParameter.AsOf"): [
        _future,
        lambda *_: {"AsOf": "2026-01-01T00:00:00Z", "WhatIf": "MoveAccount", "DestinationFolderId": "fd-nosuchfolder"},
    ],
    ("ListRecipients", "InvalidParameter.WhatIf"): [
        lambda *_: {"WhatIf": "RemoveCloudAccount"},
        lambda *_: {"WhatIf": ""},
        lambda *_: {"WhatIf": "MoveAccount"},
        lambda *_: {"WhatIf": "AssociateMembers", "ContactId": NOBODYS},
        lambda *_: {"DestinationFolderId": "fd-nosuchfolder"},
        lambda *_: {"RetainContactInMembers": "true"},
        lambda *_: {"WhatIf": "DeleteMessageContact", "ContactId": NOBODYS, "EmailAddress": "a@example.com"},
    ],
    ("ListRecipients", "EntityNotExists.Folder"): [_moved],
    ("ListRecipients", "EntityNotExists.Contact"): [
        lambda *_: {"WhatIf": "DeleteMessageContact", "ContactId": NOBODYS},
        lambda _, member: {"WhatIf": "AssociateMembers", "ContactId": NOBODYS, "Members.1": member},
    ],
    ("ListRecipients", "EntityNotExists.Member"): [
        lambda world, _: {"WhatIf": "AssociateMembers", "ContactId": world.contact(), "Members.1": NO_ONE},
        lambda world, _: {"WhatIf": "DisassociateMembers", "ContactId": world.contact(), "Members.1": "rd-nosuchrd"},
    ],
    ("ListRecipients", "ContactStatusMismatchAction"): [
        lambda world, member: {"WhatIf": "AssociateMembers", "ContactId": _deleting(world), "Members.1": member},
        lambda world, member: {"WhatIf": "DisassociateMembers", "ContactId": _deleting(world), "Members.1": member},
        lambda world, _: {"WhatIf": "UpdateMessageContact", "ContactId": _deleting(world)},
    ],
    ("ListRecipients", "ConcurrentCallNotSupported"): [
        lambda world, _: {"WhatIf": "DeleteMessageContact", "ContactId": _deleting(world)}
    ],
    ("ListRecipients", "InvalidParameter.ContactId"): [
        lambda *_: {"WhatIf": "DeleteMessageContact", "ContactId": "tom"}
    ],
    ("ListRecipients", "InvalidParameter.MessageTypes"): [_updated(**{"MessageTypes.1": "Spam"})],
    ("ListRecipients", "InvalidParameter.EmailAddress"): [_updated(EmailAddress="nobody")],
    ("ListRecipients", "InvalidParameter.EmailAddress.Length"): [_updated(EmailAddress="a" * 250 + "@example.com")],
    ("ListRecipients", "InvalidParameter.PhoneNumber"): [_updated(PhoneNumber="none")],
    ("ListRecipients", "InvalidParameter.MobileCountryCode"): [_updated(PhoneNumber="44-13900001234")],
    ("ListCoverageGaps", "EntityNotExists.Folder"): [lambda *_: {"FolderId": "fd-nosuchfolder"}],
}


def called(world: World, action: str, parameters: dict[str, str]) -> Response:
    usual = {} if action == "ListCoverageGaps" else {"AccountId": "", "MessageType": "FaultMessage"}
    return call_v3(world.account, action, {**usual, **parameters}, version=VERSION)


@pytest.mark.parametrize(
    ("action", "code", "provoke"),
    [
        pytest.param(*key, provoke, id=f"{'-'.join(key)}-{number}")
        for key, provokes in PROVOCATIONS.items()
        for number, provoke in enumerate(provokes)
    ],
)
def test_a_declared_error_surfaces_as_it_is_declared(world: World, action: str, code: str, provoke: Provoke) -> None:
    member = world.member()
    parameters = provoke(world, member)
    refused = called(world, action, parameters if action == "ListCoverageGaps" else {"AccountId": member, **parameters})

    assert_declared(refused, action, code)


def test_every_declared_error_has_a_provocation_and_no_other() -> None:
    assert set(PROVOCATIONS) == DECLARED


@pytest.mark.parametrize(
    ("action", "name", "value"),
    [
        ("ListEffectiveContacts", "AccountId", ""),
        ("ListEffectiveContacts", "AccountId", "tom"),
        ("ListEffectiveContacts", "AccountId", "1" * 21),
        ("ListEffectiveContacts", "MessageType", "Spam"),
        ("ListRecipients", "MessageType", ""),
        ("ListRecipients", "MessageType", "faultmessage"),
        ("ListRecipients", "DestinationFolderId", "rd-abcdef"),
        ("ListRecipients", "Members.1", "tom"),
        ("ListRecipients", "RetainContactInMembers", "maybe"),
        ("ListCoverageGaps", "FolderId", "Finance"),
        ("ListCoverageGaps", "Kind", "Covered"),
        ("ListCoverageGaps", "NextToken", "x"),
        ("ListCoverageGaps", "NextToken", "12.34"),
        ("ListCoverageGaps", "MaxResults", "0"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(world: World, action: str, name: str, value: str) -> None:
    usual = {} if action == "ListCoverageGaps" else {"AccountId": NO_ONE, "MessageType": "FaultMessage"}

    refused = called(world, action, {**usual, name: value})

    assert (refused.status, refused.code) == (400, "InvalidParameter")
    assert name.partition(".")[0] in refused.json["Message"]


def test_too_many_members_of_one_change_are_refused(world: World) -> None:
    many = {f"Members.{number}": f"{number}" for number in range(1, 7)}

    refused = called(world, "ListRecipients", {"AccountId": NO_ONE, "WhatIf": "AssociateMembers", **many})

    assert (refused.code, "Members" in refused.json["Message"]) == ("InvalidParameter", True)


def test_a_refused_what_if_says_what_is_wrong(world: World) -> None:
    refused = called(world, "ListRecipients", {"AccountId": world.member(), "WhatIf": "MoveAccount"})

    assert refused.json["Message"] == "The WhatIf is invalid: MoveAccount needs DestinationFolderId."


def test_an_account_that_has_left_cannot_be_moved(world: World) -> None:
    member, folder = world.member(), world.folder("one")
    world.remove(member)

    refused = called(
        world, "ListRecipients", {"AccountId": member, "WhatIf": "MoveAccount", "DestinationFolderId": folder}
    )

    assert (refused.status, refused.code) == (404, "EntityNotExists.Account")
