"""Tags of members and folders: given, taken, listed."""

from typing import Any

import pytest

from tests.contract.account_steps import add_folder, create
from tests.contract.callers import Older, Sdk
from tests.contract.test_audit_trail import trail


def tagged(caller: Sdk, *, kind: str = "Account", **given: Any) -> list[tuple[str, str, str]]:
    """What ListTagResources answers, over all pages."""
    found, token = [], None
    while True:
        reply = caller.call("ListTagResources", resource_type=kind, next_token=token, **given)
        assert all(each["ResourceType"] == kind for each in reply["TagResources"])
        found += [(each["ResourceId"], each["TagKey"], each["TagValue"]) for each in reply["TagResources"]]
        if "NextToken" not in reply:
            return found
        token = reply["NextToken"]


def give(caller: Sdk, *ids: str, kind: str = "Account", **tags: str) -> None:
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    caller.call("TagResources", resource_id=list(ids), resource_type=kind, tag=pairs)


def test_tags_are_given_replaced_and_taken(sdk: Sdk) -> None:
    first, second = sorted([create(sdk, "First"), create(sdk, "Second")])
    give(sdk, first, second, team="a", env="prod")
    give(sdk, first, team="b")

    sdk.call("UntagResources", resource_id=[second], resource_type="Account", tag_key=["env", "absent"])

    assert tagged(sdk) == [(first, "env", "prod"), (first, "team", "b"), (second, "team", "a")]
    sdk.call("UntagResources", resource_id=[first], resource_type="Account", all=True)
    assert tagged(sdk) == [(second, "team", "a")]


@pytest.mark.parametrize("kind", ["Account", "Folder"])
def test_nothing_tagged_is_an_empty_list_without_token(sdk: Sdk, kind: str) -> None:
    reply = sdk.call("ListTagResources", resource_type=kind)

    assert set(reply) == {"RequestId", "TagResources"}
    assert reply["TagResources"] == []


def test_both_versions_list_the_same(sdk: Sdk, older: Older) -> None:
    account_id = create(sdk)
    give(older, account_id, team="a")

    assert tagged(sdk) == tagged(older) == [(account_id, "team", "a")]


def test_folders_have_tags_of_their_own(sdk: Sdk) -> None:
    folder_id = add_folder(sdk.account, "fd-abcdefghij", "teams")
    give(sdk, folder_id, kind="Folder", team="a")

    assert (
        tagged(sdk, kind="Folder") == tagged(sdk, kind="Folder", resource_id=[folder_id]) == [(folder_id, "team", "a")]
    )
    assert tagged(sdk) == []


def test_a_token_leads_on_within_a_member(sdk: Sdk) -> None:
    first, second = sorted([create(sdk, "First"), create(sdk, "Second")])
    give(sdk, first, second, a="1", b="2", c="3")

    assert tagged(sdk, max_results=2) == tagged(sdk, max_results=100)
    assert len(tagged(sdk, max_results=1)) == 6


def test_a_filter_names_members_and_tags(sdk: Sdk) -> None:
    first, second = create(sdk, "First"), create(sdk, "Second")
    give(sdk, first, team="a", env="prod")
    give(sdk, second, team="b")

    assert tagged(sdk, resource_id=[second]) == [(second, "team", "b")]
    assert tagged(sdk, tag=[{"Key": "env"}]) == [(first, "env", "prod"), (first, "team", "a")]
    assert tagged(sdk, tag=[{"Key": "team", "Value": "b"}], resource_id=[first, second]) == [(second, "team", "b")]
    assert tagged(sdk, tag=[{"Key": "team", "Value": "b"}], resource_id=[first]) == []


def test_of_several_one_that_is_not_there_changes_none(sdk: Sdk) -> None:
    account_id = create(sdk)

    refused = sdk.refused(
        "TagResources",
        resource_id=[account_id, "9999999999999999"],
        resource_type="Account",
        tag=[{"Key": "a", "Value": "b"}],
    )

    assert refused.code == "EntityNotExists.Account"
    assert tagged(sdk) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"tag": [{"Key": "a"}] * 2}, "InvalidParameter.TagKey"),
        ({"tag": [{"Value": "a"}]}, "InvalidParameter.TagKey"),
        ({"tag": [{"Key": "AliyunTeam"}]}, "InvalidParameter.TagKey"),
        ({"tag": [{"Key": f"k{number}"} for number in range(21)]}, "InvalidParameter"),
        ({"resource_type": "Folder", "tag": [{"Key": "a"}]}, "InvalidParameter.ResourceId"),
        ({"resource_id": ["9999999999999999"] * 51, "tag": [{"Key": "a"}]}, "InvalidParameter.ResourceId"),
    ],
)
def test_what_breaks_a_rule_is_refused(sdk: Sdk, given: dict[str, Any], code: str) -> None:
    call = {"resource_id": [create(sdk)], "resource_type": "Account", **given}

    assert sdk.refused("TagResources", **call).code == code


def test_twenty_tags_of_the_longest_keys_and_values_fit(sdk: Sdk) -> None:
    account_id = create(sdk)
    tags = {f"{number:02}键{'k' * 125}": "v" * 127 + "值" for number in range(20)}

    give(sdk, account_id, **tags)

    assert tagged(sdk, max_results=100) == [(account_id, key, value) for key, value in tags.items()]
    assert len(tagged(sdk, tag=[{"Key": key, "Value": value} for key, value in tags.items()])) == 20


def test_the_trail_has_a_record_for_each_member_that_changed(sdk: Sdk) -> None:
    first, second = create(sdk, "First"), create(sdk, "Second")
    give(sdk, first, team="a")

    give(sdk, first, second, team="a")

    records = [each for each in trail(sdk.account) if each.action == "TagResources"]
    assert [each.resource.rpartition("/")[2] for each in records] == [first, second]
    assert [(each.before, each.after) for each in records] == [("{}", '{"team":"a"}')] * 2
