"""Two directories do not see each other; a user sees the accounts, folders and contacts that it has the right to."""

import pytest

from callboard.clock import write_moment
from tests.access.rights import allow, user_with
from tests.audit.trail import VERSION, ask
from tests.recipients.world import World
from tests.serving import Account, Server
from tests.signing import Response, call_v3

FAULT = "FaultMessage"
ASKED = ("callboard:ListEffectiveContacts", "callboard:ListRecipients", "callboard:ListCoverageGaps")


def account_path(world: World, *path: str) -> str:
    return f"acs:resourcemanager:*:{world.account.account_id}:account/{'/'.join([world.directory_id, *path])}"


def folder_path(world: World, *path: str) -> str:
    return f"acs:resourcemanager:*:{world.account.account_id}:folder/{'/'.join([world.directory_id, *path])}"


def who_gets(account: Account, account_id: str, **more: str) -> Response:
    named = {"AccountId": account_id, "MessageType": FAULT}
    named |= {name.replace("_", "."): value for name, value in more.items()}
    return call_v3(account, "ListRecipients", named, version=VERSION)


@pytest.fixture
def other(server: Server) -> World:
    """A second management account with a directory of its own."""
    return World(server.account(), now=server.runtime.clock() - 3_600_000)


def test_an_account_of_another_directory_is_none(world: World, other: World) -> None:
    member, left = world.member(), world.member()
    world.remove(left)
    as_of = write_moment(world.now)

    for account_id in (member, left):
        for answer in (
            ask(other.account, "ListEffectiveContacts", account_id=account_id),
            ask(other.account, "ListEffectiveContacts", account_id=account_id, as_of=as_of),
            who_gets(other.account, account_id),
        ):
            assert (answer.status, answer.code) == (404, "EntityNotExists.Account")


def test_what_if_knows_nothing_of_another_directory(world: World, other: World) -> None:
    mine, theirs, folder = world.member(), other.member(), other.folder("one")
    own, contact = world.contact(), other.contact()

    def code(**change: str) -> str:
        return who_gets(world.account, mine, **change).code

    assert code(WhatIf="MoveAccount", DestinationFolderId=folder) == "EntityNotExists.Folder"
    assert code(WhatIf="DeleteMessageContact", ContactId=contact) == "EntityNotExists.Contact"
    assert code(WhatIf="AssociateMembers", ContactId=contact, Members_1=mine) == "EntityNotExists.Contact"
    assert code(WhatIf="AssociateMembers", ContactId=own, Members_1=theirs) == "EntityNotExists.Member"
    assert code(WhatIf="AssociateMembers", ContactId=own, Members_1=other.directory_id) == "EntityNotExists.Member"


def test_gaps_are_those_of_the_callers_own_directory(world: World, other: World) -> None:
    member, theirs, folder = world.member(), other.member(), other.folder("one")
    token = ask(world.account, "ListCoverageGaps", max_results="1").json["NextToken"]

    own = ask(other.account, "ListCoverageGaps", next_token=token).json["CoverageGaps"]

    assert {each["AccountId"] for each in own} <= {theirs}
    assert member not in ask(other.account, "ListCoverageGaps").body.decode()
    assert ask(world.account, "ListCoverageGaps", folder_id=folder).code == "EntityNotExists.Folder"


def test_a_change_in_one_directory_is_no_past_of_another(world: World, other: World) -> None:
    mine = world.member()
    tom = world.contact()
    world.bind(tom, mine)
    theirs = other.member()
    tim = other.contact()
    other.bind(tim, theirs)
    other.update(tim, message_types=("SecurityMessage",))
    world.update(tom, message_types=("SecurityMessage",))

    found = who_gets(world.account, mine, AsOf=write_moment(world.now - 1)).json

    assert [each["ContactId"] for each in found["Recipients"]] == [tom]


def test_a_user_needs_the_right_to_the_account(world: World) -> None:
    folder = world.folder("one")
    member, neighbour = world.member(folder), world.member()
    user = user_with(world.account, allow(*ASKED, resource=account_path(world, world.root_id, folder, "*")))

    assert who_gets(user, member).status == 200
    assert ask(user, "ListEffectiveContacts", account_id=member).status == 200
    for denied in (
        who_gets(user, neighbour),
        ask(user, "ListEffectiveContacts", account_id=neighbour),
        ask(user, "ListCoverageGaps"),
    ):
        assert (denied.status, denied.code) == (403, "NoPermission")


def test_gaps_are_asked_for_with_the_right_to_the_folder(world: World) -> None:
    folder, other = world.folder("one"), world.folder("two")
    member = world.member(folder)
    user = user_with(world.account, allow(*ASKED, resource=folder_path(world, world.root_id, folder)))

    found = ask(user, "ListCoverageGaps", folder_id=folder)

    assert {each["AccountId"] for each in found.json["CoverageGaps"]} == {member}
    assert ask(user, "ListCoverageGaps", folder_id=other).code == "NoPermission"
    assert ask(user, "ListCoverageGaps").code == "NoPermission"


def test_what_if_shows_no_contact_folder_or_member_without_the_right_to_it(world: World) -> None:
    folder = world.folder("one")
    member = world.member()
    tom, tim = world.contact(), world.contact()
    account = allow(*ASKED, resource=account_path(world, world.root_id, member))
    contact = allow(*ASKED, resource=f"acs:resourcemanager:*:{world.account.account_id}:messagecontact/{tom}")
    user = user_with(world.account, account, contact)
    bind = {"WhatIf": "AssociateMembers", "Members_1": member}

    assert who_gets(user, member, **bind, ContactId=tom).json["Added"] == [tom]
    assert who_gets(user, member, **bind, ContactId=tim).code == "NoPermission"
    assert who_gets(user, member, WhatIf="MoveAccount", DestinationFolderId=folder).code == "NoPermission"
    assert who_gets(user, member, **{**bind, "Members_1": folder}, ContactId=tom).code == "NoPermission"


def test_the_right_of_resource_manager_is_none_of_callboard(world: World) -> None:
    user = user_with(world.account, allow("resourcemanager:*"))

    assert who_gets(user, world.member()).code == "NoPermission"


def test_an_account_that_has_left_stands_by_its_id(world: World) -> None:
    member = world.member()
    world.remove(member)
    own = f"acs:resourcemanager:*:{world.account.account_id}:account/{member}"

    assert who_gets(user_with(world.account, allow(*ASKED, resource=own)), member).status == 200
