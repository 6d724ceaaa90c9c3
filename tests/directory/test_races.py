"""Calls at the same time, from two servers over one database: the tree stays whole, and none ends in a fault."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException

from tests.contract.callers import Sdk
from tests.contract.steps import TOM
from tests.directory.steps import create, listed
from tests.serving import Account, Server

ROUNDS = 6
GONE = "EntityNotExists.ResourceDirectory"
Call = tuple[str, dict[str, Any]]


def outcome(sdk: Sdk, call: Call) -> str:
    action, given = call
    try:
        sdk.call(action, **given)
    except AlibabaCloudException as error:
        return str(error.code)
    return "OK"


def on_both(sdk: Sdk, replica: Server, calls: list[Call]) -> list[str]:
    """What came of calls that were sent at once, to the two servers in turn."""
    account = sdk.account
    clients = [sdk, Sdk(Account(replica, account.account_id, account.key_id, account.secret))]
    works: list[Callable[[], str]] = [
        lambda client=clients[number % 2], call=call: outcome(client, call)  # type: ignore[misc]
        for number, call in enumerate(calls)
    ]
    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result() for each in [pool.submit(work) for work in works]]


def test_of_folders_of_one_name_that_are_made_at_once_there_is_one(sdk: Sdk, replica: Server) -> None:
    found = on_both(sdk, replica, [("CreateFolder", {"folder_name": "team"})] * 8)

    assert Counter(found) == {"OK": 1, "InvalidParameter.Folder.Name.AlreadyUsed": 7}
    assert listed(sdk) == ["team"]


def test_the_quota_holds_for_folders_that_are_made_at_once(sdk: Sdk, replica: Server) -> None:
    for number in range(96):
        create(sdk, f"f{number}")

    found = on_both(sdk, replica, [("CreateFolder", {"folder_name": f"g{number}"}) for number in range(8)])

    assert Counter(found) == {"OK": 4, "QuotaExceeded.Folder.Count": 4}


def test_a_folder_is_not_deleted_from_above_one_that_is_made_in_it(sdk: Sdk, replica: Server) -> None:
    for number in range(ROUNDS):
        outer = create(sdk, f"outer{number}")

        made, deleted = on_both(
            sdk,
            replica,
            [
                ("CreateFolder", {"parent_folder_id": outer, "folder_name": "in"}),
                ("DeleteFolder", {"folder_id": outer}),
            ],
        )

        assert (made, deleted) in [("OK", "DeleteConflict.Folder.SubFolder"), ("EntityNotExists.Folder", "OK")]


def test_of_directories_that_are_enabled_at_once_there_is_one(alone: Account, replica: Server) -> None:
    found = on_both(Sdk(alone), replica, [("EnableResourceDirectory", {"enable_mode": "CurrentAccount"})] * 6)

    assert Counter(found) == {"OK": 1, "EntityAlreadyExists.ResourceDirectory": 5}


@pytest.mark.parametrize(
    ("call", "conflict"),
    [
        (("CreateFolder", {"folder_name": "team"}), "DeleteConflict.Folder.SubFolder"),
        (("AddMessageContact", TOM), "OK"),
        (("EnableControlPolicy", {}), "OK"),
        (("ListFoldersForParent", {}), "OK"),
        (("DestroyResourceDirectory", {}), GONE),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) else each,
)
def test_whoever_comes_after_the_end_of_a_directory_is_told_so(
    server: Server, replica: Server, call: Call, conflict: str
) -> None:
    for _ in range(ROUNDS):
        sdk = Sdk(server.account())

        destroyed, called = on_both(sdk, replica, [("DestroyResourceDirectory", {}), call])

        assert (destroyed, called) in [("OK", GONE), (conflict, "OK")]


def test_a_server_that_has_not_heard_yet_tells_what_it_finds(server: Server, replica: Server) -> None:
    sdk = Sdk(server.account())
    account = sdk.account
    late = Sdk(Account(replica, account.account_id, account.key_id, account.secret))
    late.call("ListFoldersForParent")

    sdk.call("DestroyResourceDirectory")

    calls = [("CreateFolder", {"folder_name": "team"}), ("AddMessageContact", TOM), ("ListFoldersForParent", {})]
    assert {late.refused(action, **given).code for action, given in calls} == {GONE}
