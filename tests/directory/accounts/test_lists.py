"""Lists of members: order, pages by number and by token, search, tags, folders."""

import base64
from typing import Any

import pytest

from tests.contract.account_steps import add_folder, create, fill, listed, shown
from tests.contract.callers import Older, Sdk
from tests.contract.steps import root_folder


def by_token(sdk: Sdk, most: int, **given: Any) -> list[list[str]]:
    """The display names on each page, until the token is empty."""
    pages, token = [], None
    while token != "":
        reply = sdk.call("ListAccounts", max_results=most, next_token=token, **given)
        pages.append([each["DisplayName"] for each in reply["Accounts"]["Account"]])
        token = reply["NextToken"]
    return pages


def test_an_empty_directory_has_an_empty_list(sdk: Sdk) -> None:
    reply = sdk.call("ListAccounts")

    del reply["RequestId"]
    assert reply == {"TotalCount": 0, "PageNumber": 1, "PageSize": 10, "Accounts": {"Account": []}}


def test_members_are_listed_as_they_joined(sdk: Sdk) -> None:
    for name in ("Zoe", "Adam", "Mia"):
        create(sdk, name)

    assert listed(sdk) == ["Zoe", "Adam", "Mia"]
    assert listed(sdk, page_size=2, page_number=2) == ["Mia"]
    assert listed(sdk, page_size=2, page_number=3) == []


def test_an_entry_tells_what_is_documented(sdk: Sdk) -> None:
    account_id = create(sdk, tag=[{"Key": "team", "Value": "a"}])

    (entry,) = sdk.call("ListAccounts", include_tags=True)["Accounts"]["Account"]

    account = shown(sdk, account_id)
    for name in ("Location", "EmailStatus", "HasSecureMobilePhone"):
        del account[name]
    assert entry == {**account, "DeletionStatus": "", "Tags": {"Tag": [{"Key": "team", "Value": "a"}]}}


def test_the_older_version_tells_less(sdk: Sdk, older: Older) -> None:
    create(sdk)

    (new,) = sdk.call("ListAccounts")["Accounts"]["Account"]
    (old,) = older.call("ListAccounts", query_keyword="nothing")["Accounts"]["Account"]
    (new_child,) = sdk.call("ListAccountsForParent")["Accounts"]["Account"]
    (old_child,) = older.call("ListAccountsForParent")["Accounts"]["Account"]

    assert set(new) - set(old) == {"AccountName", "DeletionStatus"}
    assert set(new_child) - set(old_child) == {"AccountName", "DeletionStatus"}
    assert set(new) - set(new_child) == {"ResourceDirectoryPath"}


def test_tokens_lead_through_every_member_once(sdk: Sdk) -> None:
    fill(sdk.account, 7)

    assert by_token(sdk, 3) == [["m 0", "m 1", "m 2"], ["m 3", "m 4", "m 5"], ["m 6"]]
    assert by_token(sdk, 7) == [[f"m {number}" for number in range(7)]]


def test_a_page_by_token_has_no_number(sdk: Sdk) -> None:
    fill(sdk.account, 3)

    reply = sdk.call("ListAccounts", max_results=2, page_number=9)

    assert reply["TotalCount"] == 3
    assert len(reply["Accounts"]["Account"]) == 2
    assert not {"PageNumber", "PageSize"} & set(reply)


@pytest.mark.parametrize(
    "token",
    ["x", "WyJhIiwiYiJd", base64.b64encode(b'["1","\\u0000"]').decode(), "WyIxMjM0NTY3ODkwMTIzNDU2Nzg5MCIsIiJd"],
)
def test_a_token_that_nobody_gave_is_refused(sdk: Sdk, token: str) -> None:
    assert sdk.refused("ListAccounts", max_results=1, next_token=token).code == "InvalidParameter"


@pytest.mark.parametrize(
    ("keyword", "found"),
    [
        ("DEV", ["Dev_1", "web dev"]),
        ("v_", ["Dev_1"]),
        ("%", []),
        ("!", []),
        ("开", ["开发"]),
        ("", ["Dev_1", "web dev", "开发"]),
    ],
)
def test_a_keyword_is_part_of_a_name_in_whatever_case(sdk: Sdk, keyword: str, found: list[str]) -> None:
    for name in ("Dev_1", "web dev", "开发"):
        create(sdk, name)

    assert listed(sdk, query_keyword=keyword) == found
    assert sdk.call("ListAccounts", query_keyword=keyword)["TotalCount"] == len(found)


def test_a_keyword_is_part_of_an_id(sdk: Sdk) -> None:
    create(sdk, "First")
    account_id = create(sdk, "Second")

    assert listed(sdk, query_keyword=account_id[3:]) == ["Second"]


def test_a_keyword_longer_than_anything_is_refused(sdk: Sdk) -> None:
    assert sdk.refused("ListAccounts", query_keyword="x" * 129).code == "InvalidParameter"


def test_a_filter_wants_every_tag(sdk: Sdk) -> None:
    create(sdk, "Both", tag=[{"Key": "env", "Value": "prod"}, {"Key": "team", "Value": "a"}])
    create(sdk, "One", tag=[{"Key": "env", "Value": "prod"}])
    create(sdk, "Other", tag=[{"Key": "env", "Value": "test"}, {"Key": "team", "Value": ""}])
    create(sdk, "None")

    def found(*tags: dict[str, str]) -> list[str]:
        assert sdk.call("ListAccountsForParent", tag=list(tags))["TotalCount"] == len(listed(sdk, tag=list(tags)))
        return listed(sdk, tag=list(tags))

    assert found({"Key": "env", "Value": "prod"}) == ["Both", "One"]
    assert found({"Key": "env", "Value": "prod"}, {"Key": "team"}) == ["Both"]
    assert found({"Key": "team"}) == ["Both", "Other"]
    assert found({"Key": "team", "Value": ""}) == ["Other"]
    assert found({"Key": "env"}, {"Key": "env", "Value": "test"}) == ["Other"]
    assert found({"Key": "env", "Value": "prod"}, {"Key": "env", "Value": "test"}) == []
    assert by_token(sdk, 1, tag=[{"Key": "env"}], query_keyword="o") == [["Both"], ["One"], ["Other"]]


def test_a_folder_lists_what_is_directly_in_it(sdk: Sdk) -> None:
    upper = add_folder(sdk.account, "fd-abcdefghij", "upper")
    lower = add_folder(sdk.account, "fd-klmnopqrst", "lower", upper)
    create(sdk, "Root")
    create(sdk, "Upper", parent_folder_id=upper)
    create(sdk, "Lower", parent_folder_id=lower)

    def found(**given: Any) -> list[str]:
        reply = sdk.call("ListAccountsForParent", **given)
        assert reply["TotalCount"] == len(reply["Accounts"]["Account"])
        return [each["DisplayName"] for each in reply["Accounts"]["Account"]]

    assert found(parent_folder_id=upper) == ["Upper"]
    assert found() == found(parent_folder_id=root_folder(sdk.account)) == ["Root"]
    assert found(parent_folder_id=lower, query_keyword="low") == ["Lower"]
    assert found(parent_folder_id=lower, query_keyword="up") == []
    assert listed(sdk) == ["Root", "Upper", "Lower"]


@pytest.mark.parametrize(
    "given", [{"page_size": 0}, {"page_size": 101}, {"page_number": 0}, {"max_results": 0}, {"max_results": 101}]
)
def test_a_page_out_of_range_is_refused(sdk: Sdk, given: dict[str, int]) -> None:
    assert sdk.refused("ListAccounts", **given).code == "InvalidParameter"


def test_the_last_page_that_a_number_can_name_is_empty(sdk: Sdk) -> None:
    create(sdk)

    assert listed(sdk, page_number=2**31 - 1, page_size=100) == []
