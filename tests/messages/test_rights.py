"""Two directories do not see each other's messages; a user has the rights to the accounts that it is given."""

import pytest

from tests.access.rights import allow, user_with
from tests.messages.press import Present, call, publish, published
from tests.recipients.test_rights import account_path, folder_path
from tests.recipients.world import World
from tests.serving import Server

EVERY = ("callboard:PublishMessage", "callboard:GetMessage", "callboard:ListMessages", "callboard:ResendMessage")


@pytest.fixture
def other(server: Server) -> World:
    """A second management account with a directory of its own."""
    return Present(server.account(), now=server.runtime.clock() - 3_600_000)


def test_nothing_of_another_directory_is_seen_or_touched(world: World, other: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)
    message_id = published(world.account, member)

    for action in ("GetMessage", "ResendMessage"):
        for named in ({}, {"AccountId": member}):
            answer = call(other.account, action, MessageId=message_id, **named)
            assert (answer.status, answer.code) == (404, "EntityNotExists.Message")
    assert publish(other.account, member).code == "EntityNotExists.Account"
    assert call(other.account, "ListMessages").json["Messages"] == []
    assert call(other.account, "ListMessages", AccountId=member).json["Messages"] == []


def test_a_user_publishes_and_reads_about_the_accounts_that_it_may(world: World) -> None:
    folder = world.folder("one")
    member, neighbour = world.member(folder), world.member()
    user = user_with(world.account, allow(*EVERY, resource=account_path(world, world.root_id, folder, "*")))
    mine, theirs = published(user, member), published(world.account, neighbour)

    assert call(user, "GetMessage", MessageId=mine, AccountId=member).status == 200
    assert call(user, "ListMessages", AccountId=member).json["Messages"][0]["MessageId"] == mine
    assert call(user, "ResendMessage", MessageId=mine, AccountId=member).status == 200
    # Naming an account that one may see does not show a message about another.
    assert call(user, "GetMessage", MessageId=theirs, AccountId=member).code == "EntityNotExists.Message"
    for denied in (
        publish(user, neighbour),
        call(user, "GetMessage", MessageId=mine),
        call(user, "GetMessage", MessageId=theirs, AccountId=neighbour),
        call(user, "ListMessages"),
        call(user, "ListMessages", AccountId=neighbour),
        call(user, "ResendMessage", MessageId=mine),
    ):
        assert (denied.status, denied.code) == (403, "NoPermission")


def test_who_may_everywhere_has_the_right_to_the_root_folder(world: World) -> None:
    message_id = published(world.account, world.member())
    user = user_with(world.account, allow(*EVERY, resource=folder_path(world, world.root_id)))

    assert call(user, "GetMessage", MessageId=message_id).status == 200
    assert call(user, "ListMessages").status == 200


@pytest.mark.parametrize("allowed", EVERY)
def test_each_action_needs_its_own_right(world: World, allowed: str) -> None:
    member = world.member()
    message_id = published(world.account, member)
    user = user_with(world.account, allow(allowed))
    answers = {
        "callboard:PublishMessage": publish(user, member),
        "callboard:GetMessage": call(user, "GetMessage", MessageId=message_id),
        "callboard:ListMessages": call(user, "ListMessages"),
        "callboard:ResendMessage": call(user, "ResendMessage", MessageId=message_id),
    }

    assert [name for name, answer in answers.items() if answer.status == 200] == [allowed]
    assert {answer.status for name, answer in answers.items() if name != allowed} == {403}
