"""Endpoints made, shown, changed and deleted; what their codes are worth; who sees them."""

import json
from typing import Any

import pytest

from callboard.audit import storage as audit
from callboard.contacts import refusals
from callboard.endpoints import storage
from callboard.settings import Settings
from tests.access.rights import allow, user_with
from tests.endpoints.ears import CHAT_URL, URL, confirm, create, created, letter, other, proven, shown
from tests.messages.press import FAULT, Present, call, published
from tests.messages.press import shown as message_of
from tests.messages.test_delivery import site
from tests.recipients.test_rights import account_path, folder_path
from tests.recipients.world import World
from tests.serving import Server

NAMES = (
    "CreateEndpoint", "GetEndpoint", "ListEndpoints", "UpdateEndpoint", "DeleteEndpoint", "SendEndpointCode",
    "ConfirmEndpoint", "RotateEndpointKey",
)  # fmt: skip
MASKED = "https://hooks.example.com/***"
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # Apprise looks whether it is there.


def ids(world: World, **named: Any) -> list[str]:
    found = call(world.account, "ListEndpoints", **named).json["Endpoints"]
    return [each["EndpointId"] for each in found]


def ears(world: World, message_id: str) -> set[str]:
    """The endpoints that a message goes to."""
    found = message_of(world.account, message_id)["Deliveries"]
    return {each["Recipient"] for each in found if each["Channel"] in ("webhook", "chat")}


def test_an_endpoint_is_shown_without_its_secrets(world: World) -> None:
    folder = world.folder("Finance")
    endpoint_id, key = created(world.account, folder, Name="Operations room · 值班")
    waiting = shown(world.account, endpoint_id)
    confirm(world.account, endpoint_id, letter(world, endpoint_id).content.code)
    found = shown(world.account, endpoint_id)

    assert key.startswith("whsec_")
    assert waiting.pop("CreateDate") == found["CreateDate"]
    assert waiting == {
        "EndpointId": endpoint_id,
        "Name": "Operations room · 值班",
        "Kind": "webhook",
        "OwnerId": folder,
        "MessageTypes": [FAULT],
        "Status": "Verifying",
        "PendingUrl": MASKED,
    }
    assert (found["Status"], found["Url"], "PendingUrl" in found) == ("Confirmed", MASKED, False)
    assert found["ConfirmDate"] >= found["CreateDate"]


@pytest.mark.parametrize(
    ("url", "shown_as"),
    [(CHAT_URL, "dingtalk://***"), ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
      "https://hooks.slack.com/***")],
)  # fmt: skip
def test_of_a_chat_no_token_is_shown_wherever_it_stands(world: World, url: str, shown_as: str) -> None:
    endpoint_id, key = created(world.account, world.directory_id, Kind="chat", Url=url)

    assert (shown(world.account, endpoint_id)["PendingUrl"], key) == (shown_as, "")
    assert url not in str(call(world.account, "ListEndpoints").json)


def test_endpoints_are_listed_in_their_order_a_page_at_a_time(world: World) -> None:
    tom, folder = world.contact("tom"), world.folder("one")
    made = [created(world.account, owner)[0] for owner in (tom, folder, world.root_id, tom)]

    first = call(world.account, "ListEndpoints", MaxResults=3).json
    second = call(world.account, "ListEndpoints", MaxResults=3, NextToken=first["NextToken"]).json

    assert [each["EndpointId"] for each in (*first["Endpoints"], *second["Endpoints"])] == sorted(
        made, key=lambda each: (shown(world.account, each)["CreateDate"], each)
    )
    assert "NextToken" not in second
    assert set(ids(world, OwnerId=tom)) == {made[0], made[3]}
    assert ids(world, OwnerId=world.directory_id) == ids(world, OwnerId=world.root_id) == [made[2]]


def test_who_owns_an_endpoint_decides_of_what_it_is_told(world: World) -> None:
    folder, other_folder = world.folder("one"), world.folder("two")
    member = world.member(folder)
    tom, tim = world.contact("tom", email="tom@example.com"), world.contact("tim")
    world.bind(tom, member)
    told = {proven(world, owner) for owner in (tom, member, folder, world.directory_id)}
    for owner in (tim, other_folder, world.member()):
        proven(world, owner)
    proven(world, member, **{"MessageTypes.1": "SecurityMessage"})
    created(world.account, member)  # Nobody has proven it.

    message_id = published(world.account, member)

    assert ears(world, message_id) == told


def test_an_endpoint_counts_as_somebody_who_is_told(world: World) -> None:
    member = world.member()
    endpoint_id = proven(world, member)

    message = message_of(world.account, published(world.account, member))

    assert message["Fallback"] is False
    assert [each["Recipient"] for each in message["Deliveries"]] == [endpoint_id]


def test_an_endpoint_of_a_contact_whose_address_is_closed_is_told(world: World) -> None:
    tom, member = world.contact("tom", email="closed@example.com"), world.member()
    world.bind(tom, member)
    endpoint_id = proven(world, tom)
    world.run(lambda open_: refusals.add(open_, world.directory_id, "closed@example.com", tom, at=world.now))
    found = message_of(world.account, published(world.account, member))["Deliveries"]

    assert [(each["Recipient"], each["State"]) for each in found] == [
        ("closed@example.com", "Suppressed"), (endpoint_id, "Queued"),
    ]  # fmt: skip
    assert found[1]["ContactId"] == tom


def test_a_change_of_name_and_types_is_at_once_and_of_the_address_once_it_is_proven(world: World) -> None:
    endpoint_id = proven(world, world.member())
    named = {"EndpointId": endpoint_id}

    changed = call(
        world.account, "UpdateEndpoint", **named, Name="New", Url="https://new.example.com/x",
        **{"MessageTypes.1": "SecurityMessage"},
    ).json["Endpoint"]  # fmt: skip
    code = letter(world, endpoint_id).content.code
    assert letter(world, endpoint_id).content.target.url == "https://new.example.com/x"  # type: ignore[union-attr]
    dropped = call(world.account, "UpdateEndpoint", **named, Url=URL).json["Endpoint"]
    too_late = confirm(world.account, endpoint_id, code)

    assert (changed["Name"], changed["MessageTypes"], changed["Url"]) == ("New", ["SecurityMessage"], MASKED)
    assert changed["PendingUrl"] == "https://new.example.com/***"
    assert "PendingUrl" not in dropped
    assert too_late.code == "EntityNotExists.Endpoint.Verification"


def test_an_address_that_nobody_has_proven_is_replaced_and_its_code_is_void(world: World) -> None:
    endpoint_id, _ = created(world.account, world.member())
    old = letter(world, endpoint_id).content.code
    call(world.account, "UpdateEndpoint", EndpointId=endpoint_id, Url="https://new.example.com/x")
    new = letter(world, endpoint_id).content.code

    wrong = confirm(world.account, endpoint_id, old).json["Confirmed"] if old != new else False
    right = confirm(world.account, endpoint_id, new).json["Confirmed"]

    assert (wrong, right) == (False, True)
    assert shown(world.account, endpoint_id)["Url"] == "https://new.example.com/***"


def test_a_code_is_taken_once_and_five_wrong_ones_void_it(world: World) -> None:
    endpoint_id, _ = created(world.account, world.member())
    code = letter(world, endpoint_id).content.code

    left = [confirm(world.account, endpoint_id, other(code)).json["TriesLeft"] for _ in range(5)]
    refused = confirm(world.account, endpoint_id, code)
    call(world.account, "SendEndpointCode", EndpointId=endpoint_id)
    again = letter(world, endpoint_id).content.code
    taken = confirm(world.account, endpoint_id, again)
    replayed = confirm(world.account, endpoint_id, again)

    assert left == [4, 3, 2, 1, 0]
    assert taken.json["Confirmed"] is True
    for each in (refused, replayed):
        assert (each.status, each.code) == (404, "EntityNotExists.Endpoint.Verification")


def test_an_owner_has_twenty_endpoints_at_most(world: World) -> None:
    owner, neighbour = world.member(), world.member()
    made = [created(world.account, owner)[0] for _ in range(20)]

    refused = create(world.account, owner)
    elsewhere = create(world.account, neighbour)
    call(world.account, "DeleteEndpoint", EndpointId=made[0])

    assert (refused.status, refused.code, elsewhere.status) == (400, "LimitExceeded.Endpoints", 200)
    assert create(world.account, owner).status == 200


def test_what_changes_is_in_the_audit_trail_and_no_secret_is(world: World) -> None:
    endpoint_id, key = created(world.account, world.member())
    code = letter(world, endpoint_id).content.code
    call(world.account, "SendEndpointCode", EndpointId=endpoint_id)
    again = letter(world, endpoint_id).content.code
    confirm(world.account, endpoint_id, again)
    call(world.account, "UpdateEndpoint", EndpointId=endpoint_id, Name="Operations")  # As it was.
    call(world.account, "UpdateEndpoint", EndpointId=endpoint_id, Name="New")
    new_key = call(world.account, "RotateEndpointKey", EndpointId=endpoint_id).json["SigningKey"]
    call(world.account, "DeleteEndpoint", EndpointId=endpoint_id)

    records = world.run(lambda open_: audit.page(open_, world.account.account_id))
    mine = [each for each in records if each.resource.endswith(f":endpoint/{endpoint_id}")]

    assert [each.action for each in mine] == [
        "CreateEndpoint", "SendEndpointCode", "ConfirmEndpoint", "UpdateEndpoint", "RotateEndpointKey",
        "DeleteEndpoint",
    ]  # fmt: skip
    assert json.loads(mine[2].after)["url"] == MASKED
    for secret in (key, new_key, code, again, "s3cret"):
        assert secret not in repr(records)


def test_a_right_to_the_owner_is_a_right_to_its_endpoints_alone(world: World) -> None:
    folder = world.folder("one")
    member, neighbour = world.member(folder), world.member()
    every = [f"callboard:{name}" for name in NAMES]
    user = user_with(world.account, allow(*every, resource=account_path(world, world.root_id, folder, "*")))
    mine, _ = created(user, member)
    theirs, _ = created(world.account, neighbour)

    assert [each["EndpointId"] for each in call(user, "ListEndpoints", OwnerId=member).json["Endpoints"]] == [mine]
    for name in ("GetEndpoint", "UpdateEndpoint", "SendEndpointCode", "RotateEndpointKey", "DeleteEndpoint"):
        denied = call(user, name, EndpointId=mine)
        hidden = call(user, name, EndpointId=theirs, OwnerId=member)
        taken = call(user, name, EndpointId=mine, OwnerId=member)
        assert (denied.code, hidden.code, taken.status) == ("NoPermission", "EntityNotExists.Endpoint", 200)
    assert create(user, neighbour).code == "NoPermission"
    assert call(user, "ListEndpoints").code == "NoPermission"
    root = user_with(world.account, allow(*every, resource=folder_path(world, world.root_id)))
    assert call(root, "GetEndpoint", EndpointId=theirs).status == 200
    assert call(root, "GetEndpoint", EndpointId=theirs, OwnerId=world.root_id).code == "EntityNotExists.Endpoint"


@pytest.mark.parametrize("allowed", NAMES)
def test_each_action_needs_its_own_right(world: World, allowed: str) -> None:
    member = world.member()
    user, answers = user_with(world.account, allow(f"callboard:{allowed}")), {}
    for name in NAMES:
        endpoint_id, _ = created(world.account, member)
        named = {"EndpointId": endpoint_id, "Code": "00000000"}
        answers[name] = create(user, member) if name == "CreateEndpoint" else call(user, name, **named)

    assert [name for name, answer in answers.items() if answer.status == 200] == [allowed]
    assert {answer.code for name, answer in answers.items() if name != allowed} == {"NoPermission"}


def test_nothing_of_another_directory_is_seen_or_told(world: World, silent: Server) -> None:
    stranger = Present(silent.account())
    endpoint_id = proven(world, world.directory_id)

    for name in NAMES[3:]:
        refused = call(stranger.account, name, EndpointId=endpoint_id, Code="00000000")
        assert (refused.status, refused.code) == (404, "EntityNotExists.Endpoint")
    assert create(stranger.account, world.directory_id).code == "EntityNotExists.Member"
    assert create(stranger.account, world.contact("tom")).code == "EntityNotExists.Contact"
    assert ids(stranger) == []
    assert ears(stranger, published(stranger.account, stranger.member())) == set()


def test_in_time_codes_expire_keys_too_and_what_has_no_owner_goes(own_settings: Settings) -> None:
    """On both databases, with the limits of letters that ask for proofs."""
    with site(own_settings, worker="false", history_days="1") as world:
        folder, kept, deleted = world.folder("one"), world.contact("tom"), world.contact("tim")
        member, staying = world.member(folder), world.member()
        world.bind(kept, staying)
        gone = [proven(world, member), proven(world, deleted, Url="https://b.example.com/")]
        left = [proven(world, each, Url=f"https://{number}.example.com/") for number, each in enumerate(
            (folder, kept, staying, world.directory_id))]  # fmt: skip
        waiting, _ = created(world.account, staying, Url="https://c.example.com/")
        too_soon = call(world.account, "SendEndpointCode", EndpointId=waiting)
        code = letter(world, waiting).content.code
        world.server.runtime.clock.advance(24 * 60 * 60 * 1000)
        expired = confirm(world.account, waiting, code)
        sent = call(world.account, "SendEndpointCode", EndpointId=waiting)
        world.remove(member)
        world.delete(deleted, is_kept=False)
        world.delete(kept, is_kept=True)
        cleared = [world.run(storage.clear), world.run(storage.clear)]
        found = ids(world)
        told = ears(world, published(world.account, staying))

    assert (too_soon.status, too_soon.code) == (409, "SendValidateCodeExceedsLimitForAccount")
    assert (expired.status, expired.code, sent.status) == (404, "EntityNotExists.Endpoint.Verification", 200)
    assert (cleared, set(found)) == ([len(gone), 0], {*left, waiting})
    assert told == set(left[1:])  # Also that of the contact that the member keeps.
