"""Bindings, deletions and changes of the tree at the same time, on two servers: no fault, and nothing that dangles."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from sqlalchemy import bindparam, delete, select

from callboard.call import Call
from callboard.contacts.membership import drop_folder
from callboard.database.statement import Statement
from callboard.database.tables import bindings, folders, members
from callboard.settings import Settings
from tests.contract.callers import Sdk
from tests.contract.steps import add, add_active, finish_deletions, shown
from tests.contract.test_bindings import associate, finish_unbinding
from tests.contract.trees import Tree
from tests.serving import Account, Server, serving

ROUNDS = 6
_TARGETS = Statement(select(bindings.c.target_id).where(bindings.c.directory_id == bindparam("directory_id")))
_FOLDERS = Statement(select(folders.c.folder_id).where(folders.c.directory_id == bindparam("directory_id")))
_MEMBERS = Statement(select(members.c.account_id).where(members.c.directory_id == bindparam("directory_id")))
_DELETE_FOLDER = Statement(delete(folders).where(folders.c.folder_id == bindparam("folder_id")))


@pytest.fixture(scope="module")
def replica(settings: Settings, server: Server) -> Iterator[Server]:
    """Another server over the same database."""
    with serving(settings) as running:
        yield running


@pytest.fixture
def second(sdk: Sdk, replica: Server) -> Sdk:
    """The same account's key, used at the other server."""
    account = sdk.account
    return Sdk(Account(replica, account.account_id, account.key_id, account.secret))


@pytest.fixture
def tree(sdk: Sdk) -> Tree:
    return Tree(sdk.account)


def outcome(sdk: Sdk, action: str, **given: Any) -> str:
    try:
        sdk.call(action, **given)
    except AlibabaCloudException as error:
        return str(error.code)
    return "OK"


def together(*calls: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(call) for call in calls]]


def dangling(tree: Tree) -> set[str]:
    """Targets of bindings that are no folder and no member of the directory, nor the directory itself."""
    found = [
        {row[0] for row in tree.account.server.run(lambda open_, of=of: open_.all(of, directory_id=tree.directory_id))}
        for of in (_TARGETS, _FOLDERS, _MEMBERS)
    ]
    return found[0] - found[1] - found[2] - {tree.directory_id}


def delete_folder(tree: Tree, folder_id: str) -> None:
    """As DeleteFolder does."""

    def work(call: Call, at: int) -> None:
        drop_folder(call, folder_id, at=at)
        call.connection.run(_DELETE_FOLDER, folder_id=folder_id)

    tree.change(work)


def test_binding_and_taking_out_at_once(sdk: Sdk, second: Sdk, tree: Tree) -> None:
    contact_id, folder = add(sdk), tree.folder()
    for _ in range(ROUNDS):
        named = {"contact_id": contact_id, "members": [folder, tree.directory_id]}
        codes = together(
            *[
                lambda client=client, action=action: outcome(client, action, **named)  # noqa: B023
                for client in (sdk, second)
                for action in ("AssociateMembers", "DisassociateMembers", "AssociateMembers", "DisassociateMembers")
            ],
            lambda: finish_unbinding(sdk.account.server),
        )

        assert set(codes) <= {"OK", "ConcurrentCallNotSupported", None}
        assert set(shown(sdk, contact_id)["Members"]) in (set(), {folder, tree.directory_id})


def test_no_more_than_ten_targets_are_bound_at_once(sdk: Sdk, second: Sdk, tree: Tree) -> None:
    contact_id, targets = add(sdk), [[tree.folder() for _ in range(3)] for _ in range(6)]

    codes = together(
        *[
            lambda client=client, three=three: outcome(client, "AssociateMembers", contact_id=contact_id, members=three)
            for client, three in zip((sdk, second) * 3, targets, strict=True)
        ]
    )

    assert sorted(codes) == ["LimitExceeded.ContactMembers"] * 3 + ["OK"] * 3
    assert len(shown(sdk, contact_id)["Members"]) == 9


def test_binding_to_a_folder_that_is_being_deleted(sdk: Sdk, second: Sdk, tree: Tree) -> None:
    contacts = [add(sdk, name=name) for name in ("one", "two", "three")]
    for _ in range(ROUNDS):
        folder = tree.folder()
        codes = together(
            *[
                lambda client=client, contact_id=contact_id: outcome(
                    client,
                    "AssociateMembers",
                    contact_id=contact_id,
                    members=[folder],  # noqa: B023
                )
                for client in (sdk, second)
                for contact_id in contacts
            ],
            lambda: delete_folder(tree, folder),  # noqa: B023
        )

        assert set(codes) <= {"OK", "InvalidMember", None}
        assert dangling(tree) == set()


def test_binding_to_a_member_that_is_leaving(sdk: Sdk, second: Sdk, tree: Tree) -> None:
    contacts = [add_active(sdk, name=name) for name in ("one", "two", "three")]
    for _ in range(ROUNDS):
        member = tree.member()
        codes = together(
            *[
                lambda client=client, contact_id=contact_id: outcome(
                    client,
                    "AssociateMembers",
                    contact_id=contact_id,
                    members=[member],  # noqa: B023
                )
                for client in (sdk, second)
                for contact_id in contacts
            ],
            lambda: tree.leave(member),  # noqa: B023
        )

        assert set(codes) <= {"OK", "InvalidMember", None}
        assert dangling(tree) == set()


@pytest.mark.parametrize("retain", [True, False])
def test_binding_and_taking_out_a_contact_that_is_being_deleted(
    sdk: Sdk, second: Sdk, tree: Tree, *, retain: bool
) -> None:
    folder, _ = tree.folder(), tree.member()
    for number in range(ROUNDS):
        contact_id = add_active(sdk, name="abcdef"[number] * 2)
        associate(sdk, contact_id, tree.directory_id)
        named = {"contact_id": contact_id, "members": [folder]}
        codes = together(
            lambda: outcome(sdk, "AssociateMembers", **named),  # noqa: B023
            lambda: outcome(second, "DisassociateMembers", **named),  # noqa: B023
            lambda: outcome(
                second,
                "DeleteMessageContact",
                contact_id=contact_id,  # noqa: B023
                retain_contact_in_members=retain,
            ),
            lambda: outcome(sdk, "UpdateMessageContact", contact_id=contact_id, title="Other"),  # noqa: B023
            lambda: finish_deletions(sdk.account.server),
            lambda: finish_deletions(second.account.server),
        )

        assert codes[2] == "OK"
        assert set(codes) <= {"OK", "EntityNotExists.Contact", "ContactStatusMismatchAction", None}
        finish_deletions(sdk.account.server)
        listed = sdk.call("ListMessageContacts")["Contacts"]
        assert all(each["Status"] == "Active" for each in listed)
        assert dangling(tree) == set()


def test_deletions_started_and_finished_at_once_end_once_each(sdk: Sdk, second: Sdk, tree: Tree) -> None:
    tree.member()
    contacts = [add_active(sdk, name=letter * 2) for letter in "abcdefgh"]
    for contact_id in contacts:
        associate(sdk, contact_id, tree.directory_id)

    together(
        *[
            lambda client=client, contact_id=contact_id: outcome(
                client, "DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=False
            )
            for client, contact_id in zip((sdk, second) * 4, contacts, strict=True)
        ],
        *[lambda client=client: finish_deletions(client.account.server) for client in (sdk, second) * 2],
    )
    finish_deletions(sdk.account.server)

    (left,) = sdk.call("ListMessageContacts")["Contacts"]
    assert left["Status"] == "Active"
