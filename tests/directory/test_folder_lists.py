"""ListFoldersForParent: pages, words, tags, and the form of the answer on both wires."""

from itertools import count
from typing import Any

import pytest

from tests.contract.callers import Sdk
from tests.contract.steps import root_folder
from tests.directory.steps import create, create_chain, fill, listed
from tests.signing import call_v1

RED, BLUE = {"Key": "colour", "Value": "red"}, {"Key": "colour", "Value": "blue"}
BIG = {"Key": "size", "Value": "big"}


def test_only_what_is_directly_in_the_folder_is_listed_oldest_first(either: Sdk) -> None:
    create_chain(either, 3)
    for name in ("z", "a", "m"):
        create(either, name)

    assert listed(either) == ["level1", "z", "a", "m"]
    assert listed(either, parent_folder_id="") == listed(either, parent_folder_id=root_folder(either.account))


def test_an_empty_folder_has_an_empty_list(either: Sdk) -> None:
    reply = either.call("ListFoldersForParent", parent_folder_id=create(either))

    assert reply["Folders"] == {"Folder": []}
    assert (reply["TotalCount"], reply["PageNumber"], reply["PageSize"]) == (0, 1, 10)


def test_pages_of_fifty_hold_every_folder_once_and_end_with_an_empty_one(either: Sdk) -> None:
    fill(either.account, 100)
    found: list[str] = []

    for number in count(1):
        reply = either.call("ListFoldersForParent", page_size=50, page_number=number)
        page = reply["Folders"]["Folder"]
        assert (reply["TotalCount"], reply["PageNumber"], reply["PageSize"]) == (100, number, 50)
        found += [each["FolderName"] for each in page]
        if len(page) < 50:
            break

    assert found == [f"f{number:04}" for number in range(100)]
    assert number == 3


def test_the_last_page_that_can_be_named_is_empty(either: Sdk) -> None:
    create(either)

    assert listed(either, page_number=2**31 - 1) == []


@pytest.mark.parametrize(
    "given",
    [{"page_number": 0}, {"page_number": -1}, {"page_size": 0}, {"page_size": 101}, {"query_keyword": "a" * 129}],
)
def test_what_is_out_of_range_is_refused(either: Sdk, given: dict[str, Any]) -> None:
    assert either.refused("ListFoldersForParent", **given).code == "InvalidParameter"


@pytest.mark.parametrize(
    ("keyword", "found"),
    [
        ("team", ["team-a", "TEAM_B", "myteam"]),
        ("TEAM", ["team-a", "TEAM_B", "myteam"]),
        ("_", ["TEAM_B"]),
        ("%", []),
        ("!", []),
        ("-", ["team-a"]),
        ("务", ["财务部"]),
        ("", ["team-a", "TEAM_B", "myteam", "财务部"]),
        ("teams", []),
    ],
)
def test_a_word_is_found_in_any_part_of_a_name_and_in_either_letter_case(
    either: Sdk, keyword: str, found: list[str]
) -> None:
    for name in ("team-a", "TEAM_B", "myteam", "财务部"):
        create(either, name)

    reply = either.call("ListFoldersForParent", query_keyword=keyword)

    assert [each["FolderName"] for each in reply["Folders"]["Folder"]] == found
    assert reply["TotalCount"] == len(found)


def test_a_folder_is_listed_with_its_tags(either: Sdk) -> None:
    create(either, "plain")
    create(either, "tagged", tag=[BIG, RED])

    reply = either.call("ListFoldersForParent")

    assert [each["Tags"] for each in reply["Folders"]["Folder"]] == [{"Tag": []}, {"Tag": [RED, BIG]}]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([RED], ["red", "big-red"]),
        ([RED, BIG], ["big-red"]),
        ([{"Key": "colour"}], ["red", "blue", "big-red"]),
        ([{"Key": "colour"}, RED], ["red", "big-red"]),
        ([RED, BLUE], []),
        ([{"Key": "colour", "Value": ""}], []),
        ([{"Key": "shape"}], []),
        ([], ["plain", "red", "blue", "big-red"]),
    ],
)
def test_folders_are_found_by_every_tag_that_is_asked_for(
    either: Sdk, wanted: list[dict[str, str]], found: list[str]
) -> None:
    for name, tag in {"plain": [], "red": [RED], "blue": [BLUE], "big-red": [BIG, RED]}.items():
        create(either, name, tag=tag)

    reply = either.call("ListFoldersForParent", tag=wanted)

    assert [each["FolderName"] for each in reply["Folders"]["Folder"]] == found
    assert reply["TotalCount"] == len(found)
    assert listed(either, tag=wanted, query_keyword="BLUE") == [name for name in found if name == "blue"]


def test_a_folder_that_is_refused_has_no_tags_either(either: Sdk) -> None:
    assert either.refused("CreateFolder", folder_name="team", tag=[RED, RED]).code == "InvalidParameter.TagKey"
    assert listed(either) == []


@pytest.mark.parametrize("version", ["2022-04-19", "2020-03-31"])
def test_xml_repeats_the_element_of_the_folders(sdk: Sdk, version: str) -> None:
    first, second = create(sdk, "a"), create(sdk, "b")

    answer = call_v1(sdk.account, "ListFoldersForParent", Version=version, Format="XML")

    text = answer.body.decode()
    assert answer.status == 200
    assert text.count("<Folders>") == 1
    assert text.index(f"<Folder><FolderId>{first}</FolderId>") < text.index(f"<Folder><FolderId>{second}</FolderId>")
