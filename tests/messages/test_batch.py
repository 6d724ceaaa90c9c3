"""PublishMessages: many at once, those that can be; what hinders the others is told in their places."""

from typing import Any

import pytest

from tests.access.rights import allow, user_with
from tests.audit.trail import records
from tests.messages.press import USUAL, call, letters, shown, with_bearer
from tests.recipients.test_rights import account_path, folder_path
from tests.recipients.world import World
from tests.serving import Account
from tests.signing import Response

NO_ONE = "1000000000000000"


def batch(account: Account, *messages: dict[str, Any]) -> Response:
    return with_bearer(account, "PublishMessages", {"Messages": list(messages)})


def about(member: str, **changes: Any) -> dict[str, Any]:
    return {"AccountId": member, **USUAL, **changes}


def test_all_that_can_be_are_published_and_the_others_are_told_in_their_places(world: World) -> None:
    member, lonely = world.member(), world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)
    template = {"SubjectEn": "{{ a }}", "ContentEn": "c"}
    assert with_bearer(world.account, "PutMessageTemplate", {"TemplateName": "t", **template}).status == 200
    by_template = {"AccountId": member, "MessageType": "FaultMessage", "Severity": "Info", "TemplateName": "t"}

    answer = batch(
        world.account,
        about(member, IdempotencyKey="k", TimeToLive=60),
        about(NO_ONE),
        about(member, IdempotencyKey="k", TimeToLive=60),
        about(member, IdempotencyKey="k", Subject="Other"),
        {**by_template, "Variables": [{"Name": "a", "Value": "from a template"}]},
        by_template,
        {**by_template, "TemplateName": "none"},
        {**by_template, "Subject": "s"},
        about(lonely),
        {name: value for name, value in about(member).items() if name != "Subject"},
    )
    results = answer.json["Results"]

    assert answer.status == 200, answer.body
    assert [each["Index"] for each in results] == list(range(1, 11))
    assert [each.get("Code") for each in results] == [
        None, "EntityNotExists.Account", None, "IdempotentParameterMismatch", None, "MissingParameter.Variables",
        "EntityNotExists.MessageTemplate", "InvalidParameter.TemplateName", None, "InvalidParameter",
    ]  # fmt: skip
    assert "variable a" in results[5]["Message"]
    assert (answer.json["PublishedCount"], answer.json["RefusedCount"]) == (4, 6)
    assert results[2] == {**results[0], "Index": 3}
    assert (results[0]["DeliveryCount"], results[0]["Fallback"], results[8]["Fallback"]) == (1, False, True)
    assert shown(world.account, results[4]["MessageId"])["Subject"] == "from a template"
    assert len(letters(world, "tom@example.com")) == 2
    trail = records(world.account, action_name="PublishMessages")
    assert sorted(record["ErrorCode"] for record in trail) == sorted(each["Code"] for each in results if "Code" in each)
    assert any(record["Resource"].endswith(f":{NO_ONE}") for record in trail)
    assert len(records(world.account, action_name="PublishMessage")) == 3


def test_each_message_has_a_moment_of_its_own_in_their_order(world: World) -> None:
    member = world.member()

    results = batch(world.account, *(about(member) for _ in range(100))).json["Results"]
    dates = [each["CreateDate"] for each in results]

    assert (len(set(dates)), dates) == (100, sorted(dates))


@pytest.mark.parametrize(
    ("messages", "name"),
    [
        ([about(NO_ONE), about(NO_ONE, Severity="Fatal")], "Messages.2.Severity"),
        ([about(NO_ONE, TimeToLive="1")], "Messages.1.TimeToLive"),
        ([about(NO_ONE, TimeToLive={})], "Messages.1.TimeToLive"),
        ([about(NO_ONE, Variables=[{"Name": "?"}])], "Messages.1.Variables"),
        ([about(NO_ONE, Subject="a\0b")], "Messages.1.Subject"),
        ([about(NO_ONE), {}], "Messages.2.AccountId"),
        ([about("tom")], "Messages.1.AccountId"),
        ([{**about(NO_ONE), "AccountId": None}], "Messages.1.AccountId"),
        ([{**about(NO_ONE), "AccountId": [NO_ONE]}], "Messages.1.AccountId"),
        ([about(NO_ONE)] * 101, "Messages"),
        ([about(NO_ONE), "x"], "Messages"),
        ([], "Messages"),
        ("x", "Messages"),
        ({"AccountId": NO_ONE}, "Messages"),
        (None, "Messages"),
    ],
)  # fmt: skip
def test_what_is_not_well_formed_is_refused_whole_and_named(world: World, messages: Any, name: str) -> None:
    refused = with_bearer(world.account, "PublishMessages", {"Messages": messages})

    assert (refused.status, refused.code) == (400, "InvalidParameter")
    assert f" {name} " in refused.json["Message"]
    assert call(world.account, "ListMessages").json["Messages"] == []


def test_a_form_names_messages_by_number(world: World) -> None:
    member = world.member()
    numbered = {f"Messages.1.{name}": value for name, value in about(member).items()}
    variables = {"Messages.2.Variables.1.Name": "a", "Messages.2.TemplateName": "none"}
    second = {
        f"Messages.2.{name}": value for name, value in about(member).items() if name not in ("Subject", "Content")
    }

    results = call(world.account, "PublishMessages", **numbered, **second, **variables).json["Results"]

    assert [each.get("Code") for each in results] == [None, "EntityNotExists.MessageTemplate"]


def test_a_caller_needs_the_right_to_the_account_of_each(world: World) -> None:
    folder = world.folder("one")
    mine, also_mine, theirs = world.member(folder), world.member(folder), world.member()
    user = user_with(
        world.account, allow("callboard:PublishMessages", resource=account_path(world, world.root_id, folder, "*"))
    )
    everywhere = user_with(
        world.account, allow("callboard:PublishMessages", resource=folder_path(world, world.root_id))
    )

    assert batch(user, about(mine), about(also_mine)).json["PublishedCount"] == 2
    for denied in (
        batch(user, about(mine), about(theirs)),
        batch(user, *(about(mine) for _ in range(99)), about(theirs)),
        batch(user, about(NO_ONE)),
        batch(user),
        batch(everywhere, about(mine)),
        call(user, "PublishMessages", **{f"Messages.1.{name}": value for name, value in about(theirs).items()}),
    ):
        assert (denied.status, denied.code) == (403, "NoPermission")
    assert len(call(world.account, "ListMessages").json["Messages"]) == 2
    (record, *_) = [each for each in records(world.account, action_name="PublishMessages") if "ErrorCode" in each]
    assert record["Resource"].endswith(f":{theirs}")


def test_no_form_of_an_account_comes_past_the_check_of_rights(world: World) -> None:
    mine, theirs = world.member(), world.member()
    user = user_with(
        world.account, allow("callboard:PublishMessages", resource=account_path(world, world.root_id, mine))
    )
    fields = {f"Messages.1.{name}": value for name, value in about(mine).items()}
    sent: list[dict[str, Any]] = [
        {"Messages": [about(mine), {**about(theirs), "accountId": mine}]},
        {**fields, "Messages": [about(theirs)]},
        {**fields, "Messages.01.AccountId": theirs},
        {**fields, "Messages.1.AccountId.1": theirs},
        {"Messages": [{**about(mine), "AccountId": [theirs]}]},
        {"Messages": [about(mine), {**about(mine), "AccountId": {"x": theirs}}]},
        {"Messages.1.AccountId": mine, "Messages.2": about(theirs)},
    ]

    for parameters in sent:
        answer = with_bearer(user, "PublishMessages", parameters)
        assert answer.status < 500
    told = [each["AccountId"] for each in call(world.account, "ListMessages").json["Messages"]]
    assert theirs not in told
