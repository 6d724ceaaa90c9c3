"""What members keep: of contacts that were deleted, and of contacts that they had when they left; and its end."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import bindparam, select

from callboard.call import Moment
from callboard.contacts import bindings
from callboard.contacts.errors import ConcurrentCall
from callboard.contacts.membership import drop_folder
from callboard.contacts.retained import Retained
from callboard.database.statement import Statement
from callboard.database.tables import past_bindings
from callboard.settings import Settings
from tests.access.rights import allow, user_with
from tests.audit.trail import records
from tests.contract.callers import Sdk
from tests.contract.steps import NOBODYS, add, add_active, finish_deletions, shown
from tests.contract.test_bindings import associate, disassociate, finish_unbinding
from tests.contract.trees import Tree, kept_by
from tests.serving import Account, serving
from tests.signing import Response, call_v3

_PAST = Statement(
    select(
        past_bindings.c.contact_id, past_bindings.c.target_id, past_bindings.c.bound_at, past_bindings.c.unbound_at
    ).where(past_bindings.c.directory_id == bindparam("directory_id"))
)


@pytest.fixture
def tree(sdk: Sdk) -> Tree:
    return Tree(sdk.account)


def active(sdk: Sdk, *targets: str, name: str = "tom") -> str:
    contact_id = add_active(sdk, name=name)
    for target in targets:
        associate(sdk, contact_id, target)
    return contact_id


def deleted(sdk: Sdk, *targets: str, name: str = "tom") -> str:
    """A contact that was bound to these targets, and that members keep."""
    contact_id = active(sdk, *targets, name=name)
    assert sdk.call("DeleteMessageContact", contact_id=contact_id)["Status"] == "Deleted"
    return contact_id


def found(tree: Tree, account_id: str, *, at: Moment | None = None) -> list[Retained]:
    return list(tree.account.server.run(lambda open_: kept_by(open_, tree.directory_id, account_id, at=at)))


def kept(tree: Tree, account_id: str, *, at: Moment | None = None) -> list[tuple[str, str, str]]:
    return [(each.contact.contact_id, each.cause, each.bound_to) for each in found(tree, account_id, at=at)]


def moment(tree: Tree) -> Moment:
    """A moment after everything that has happened in the directory so far, and before what is to come."""
    return int(tree.change(lambda _, at: at))


def test_members_keep_a_copy_of_a_deleted_contact(sdk: Sdk, tree: Tree) -> None:
    member = tree.member(tree.folder())

    contact_id = deleted(sdk, tree.directory_id)

    (copy,) = found(tree, member)
    assert (copy.contact.contact_id, copy.contact.name, copy.contact.email.value) == (
        contact_id,
        "tom",
        "tom@example.com",
    )
    assert (copy.cause, copy.bound_to, copy.released_at) == ("Deleted", tree.directory_id, None)


def test_nobody_keeps_a_contact_that_was_never_in_effect(sdk: Sdk, tree: Tree) -> None:
    member, contact_id = tree.member(), add(sdk)
    associate(sdk, contact_id, tree.directory_id)

    sdk.call("DeleteMessageContact", contact_id=contact_id)

    assert kept(tree, member) == []


def test_nobody_keeps_a_contact_that_was_taken_out_of_everything(sdk: Sdk, tree: Tree) -> None:
    member, leaver = tree.member(), tree.member()
    contact_id, _ = active(sdk, tree.directory_id), active(sdk, tree.directory_id, name="other")
    tree.leave(leaver)
    before = kept(tree, leaver)
    sdk.call("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=False)

    finish_deletions(sdk.account.server)

    assert len(before) == 2
    assert kept(tree, member) == []
    assert [each[0] for each in kept(tree, leaver)] == [each[0] for each in before if each[0] != contact_id]


def test_who_came_later_or_stands_elsewhere_does_not_keep_it(sdk: Sdk, tree: Tree) -> None:
    folder = tree.folder()
    inside, outside, below = tree.member(folder), tree.member(), tree.member(tree.folder(folder))
    contact_id = deleted(sdk, folder)
    late = tree.member(folder)
    tree.move(outside, folder)

    assert [kept(tree, each) for each in (inside, below)] == [[(contact_id, "Deleted", folder)]] * 2
    assert [kept(tree, each) for each in (late, outside)] == [[], []]


def test_a_member_that_moves_keeps_it_wherever_it_goes(sdk: Sdk, tree: Tree) -> None:
    old, new = tree.folder(), tree.folder()
    member = tree.member(old)
    contact_id = deleted(sdk, old)
    tree.move(member, new)
    tree.move(member, old)
    tree.move(member, tree.root)
    tree.change(lambda call, at: drop_folder(call, old, at=at))

    assert kept(tree, member) == [(contact_id, "Deleted", old)]


def test_a_member_that_had_moved_away_before_does_not_keep_it(sdk: Sdk, tree: Tree) -> None:
    old = tree.folder()
    member = tree.member(old)
    contact_id = active(sdk, old)
    tree.move(member, tree.root)
    sdk.call("DeleteMessageContact", contact_id=contact_id)
    tree.move(member, old)

    assert kept(tree, member) == []


def test_of_several_scopes_the_nearest_comes_last(sdk: Sdk, tree: Tree) -> None:
    folder = tree.folder()
    member = tree.member(folder)

    contact_id = deleted(sdk, member, tree.directory_id, folder)

    assert kept(tree, member) == [(contact_id, "Deleted", each) for each in (tree.directory_id, folder, member)]


def test_a_member_that_leaves_keeps_what_it_has_by_the_nearest_binding(sdk: Sdk, tree: Tree) -> None:
    folder = tree.folder()
    member = tree.member(folder)
    own = active(sdk, tree.directory_id, folder, member, name="own")
    near = active(sdk, folder, tree.directory_id, name="near")
    associate(sdk, add(sdk, name="unproven"), tree.directory_id)
    gone = deleted(sdk, folder, tree.directory_id, name="gone")

    tree.leave(member)

    assert sorted(kept(tree, member)) == sorted([(own, "Left", member), (near, "Left", folder), (gone, "Left", folder)])
    assert shown(sdk, own)["Members"] == [tree.directory_id, folder]


def test_where_leavers_keep_nothing_they_lose_deleted_contacts_too(sdk: Sdk) -> None:
    tree = Tree(sdk.account, leavers_keep_contacts=False)
    member, stayer = tree.member(), tree.member()
    active(sdk, tree.directory_id, member)
    gone = deleted(sdk, tree.directory_id, member, name="gone")
    before = moment(tree)

    tree.leave(member)

    assert kept(tree, member) == []
    assert kept(tree, member, at=before) == [(gone, "Deleted", tree.directory_id), (gone, "Deleted", member)]
    assert kept(tree, stayer) == [(gone, "Deleted", tree.directory_id)]


def test_the_past_is_told_as_it_was(sdk: Sdk, tree: Tree) -> None:
    folder = tree.folder()
    member = tree.member(folder)
    contact_id = active(sdk, folder)
    moments = [moment(tree)]
    for step in (
        lambda: sdk.call("DeleteMessageContact", contact_id=contact_id),
        lambda: tree.move(member, tree.root),
        lambda: tree.leave(member),
        lambda: release(sdk.account, contact_id),
    ):
        step()
        moments.append(moment(tree))

    told = [kept(tree, member, at=at) for at in moments]

    once = [(contact_id, "Deleted", folder)]
    assert told == [[], once, once, [(contact_id, "Left", folder)], []]
    assert kept(tree, member) == []


def test_nothing_is_kept_by_who_was_never_a_member(sdk: Sdk, tree: Tree) -> None:
    tree.member()
    deleted(sdk, tree.directory_id)

    assert [kept(tree, each) for each in ("1234567890123456", sdk.account.account_id)] == [[], []]


def test_past_bindings_are_kept_however_they_end(sdk: Sdk, tree: Tree) -> None:
    folder, member = tree.folder(), tree.member()
    taken_out, kept_on, cleared = (active(sdk, folder, member, name=name) for name in ("one", "two", "three"))
    disassociate(sdk, taken_out, folder)
    sdk.call("DeleteMessageContact", contact_id=kept_on)
    sdk.call("DeleteMessageContact", contact_id=cleared, retain_contact_in_members=False)
    active(sdk, member, name="other")
    finish_deletions(sdk.account.server)
    tree.leave(member)

    rows = sdk.account.server.run(lambda open_: open_.all(_PAST, directory_id=tree.directory_id))

    assert all(bound_at < unbound_at for *_, bound_at, unbound_at in rows)
    assert {row[:2] for row in rows} >= {
        (each, of) for each in (taken_out, kept_on, cleared) for of in (folder, member)
    }


def test_no_member_moves_across_a_folder_that_a_contact_is_being_taken_out_of(sdk: Sdk, tree: Tree) -> None:
    folder, other = tree.folder(), tree.folder()
    inside, outside = tree.member(tree.folder(folder)), tree.member()
    contact_id = active(sdk, folder)
    disassociate(sdk, contact_id, folder)

    for member, destination in ((inside, other), (outside, folder)):
        with pytest.raises(ConcurrentCall):
            tree.move(member, destination)
    tree.move(outside, other)
    finish_unbinding(sdk.account.server)
    tree.move(inside, other)


def test_taking_a_contact_out_of_a_member_blocks_no_move(sdk: Sdk, tree: Tree) -> None:
    member = tree.member()
    disassociate(sdk, active(sdk, member), member)

    folder = tree.folder()
    tree.move(member, folder)

    assert tree.folder_of(member) == folder


def test_in_the_profile_open_nothing_blocks_a_move(own_settings: Settings) -> None:
    with serving(replace(own_settings, profile="open")) as server:
        sdk = Sdk(server.account())
        tree = Tree(sdk.account)
        folder, member = tree.folder(), tree.member()
        contact_id = active(sdk, folder, tree.directory_id)
        disassociate(sdk, contact_id, folder, tree.directory_id)

        tree.move(member, folder)
        associate(sdk, contact_id, folder)
        bound = server.run(lambda open_: bindings.targets(open_, tree.directory_id, contact_id))

        assert tree.folder_of(member) == folder
        assert [each.target_id for each in bound] == [folder]


def test_a_folder_that_goes_takes_its_bindings_along(sdk: Sdk, tree: Tree) -> None:
    folder = tree.folder()
    contact_id = active(sdk, folder, tree.directory_id)

    tree.change(lambda call, at: drop_folder(call, folder, at=at))

    assert shown(sdk, contact_id)["Members"] == [tree.directory_id]
    left = sdk.account.server.run(lambda open_: bindings.in_effect(open_, tree.directory_id, (folder,)))
    assert left == []


def release(account: Account, contact_id: str, **parameters: str) -> Response:
    return call_v3(account, "ReleaseRetainedContact", {"ContactId": contact_id, **parameters}, version="2026-11-25")


def test_a_released_contact_is_kept_by_nobody(sdk: Sdk, tree: Tree) -> None:
    member, leaver = tree.member(), tree.member()
    contact_id, other = active(sdk, tree.directory_id), deleted(sdk, member, name="other")
    tree.leave(leaver)
    sdk.call("DeleteMessageContact", contact_id=contact_id)

    answer = release(sdk.account, contact_id)

    assert (answer.status, answer.json["ReleasedTargets"]) == (200, 2)
    assert [kept(tree, each) for each in (member, leaver)] == [[(other, "Deleted", member)], []]


def test_a_contact_is_released_at_one_target(sdk: Sdk, tree: Tree) -> None:
    folder = tree.folder()
    member = tree.member(folder)
    contact_id = deleted(sdk, tree.directory_id, folder)

    by_root = release(sdk.account, contact_id, Member=tree.root)
    first = kept(tree, member)
    tree.change(lambda call, at: drop_folder(call, folder, at=at))
    by_folder = release(sdk.account, contact_id, Member=folder)

    assert [each.json["ReleasedTargets"] for each in (by_root, by_folder)] == [1, 1]
    assert first == [(contact_id, "Deleted", folder)]
    assert kept(tree, member) == []


def test_what_nobody_keeps_is_not_released(sdk: Sdk, other: Sdk, tree: Tree) -> None:
    member = tree.member()
    contact_id, bound = deleted(sdk, tree.directory_id), active(sdk, tree.directory_id, name="bound")
    refused = [
        release(sdk.account, NOBODYS),
        release(sdk.account, bound),
        release(other.account, contact_id),
        release(sdk.account, contact_id, Member=member),
    ]
    before = kept(tree, member)
    release(sdk.account, contact_id)

    refused.append(release(sdk.account, contact_id))

    assert [(each.status, each.code) for each in refused] == [(404, "EntityNotExists.Contact")] * 5
    assert [each[0] for each in before] == [contact_id]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "MissingParameter.ContactId"),
        ({"ContactId": "c-1"}, "InvalidParameter.ContactId"),
        ({"ContactId": NOBODYS, "Member": "fd_1"}, "InvalidParameter.Member"),
        ({"ContactId": NOBODYS, "Member": ""}, "InvalidParameter.Member"),
    ],
)
def test_what_is_malformed_is_refused(account: Account, given: dict[str, str], code: str) -> None:
    answer = call_v3(account, "ReleaseRetainedContact", given, version="2026-11-25")

    assert (answer.status, answer.code) == (400, code)


def test_a_user_needs_the_right_to_release(sdk: Sdk, tree: Tree) -> None:
    tree.member()
    contact_id = deleted(sdk, tree.directory_id)
    account = sdk.account
    resource = f"acs:callboard:*:{account.account_id}:retainedcontact/{{}}"

    def answer_to(*statements: dict[str, Any]) -> int:
        return release(user_with(account, *statements), contact_id).status

    assert answer_to(allow("resourcemanager:*")) == 403
    assert answer_to(allow("callboard:ReleaseRetainedContact", resource=resource.format(NOBODYS))) == 403
    assert answer_to(allow("callboard:ReleaseRetainedContact", resource=resource.format(contact_id))) == 200


def test_a_release_is_in_the_trail(sdk: Sdk, tree: Tree) -> None:
    tree.member()
    contact_id = deleted(sdk, tree.directory_id)

    release(sdk.account, contact_id)

    (record,) = records(sdk.account, action_name="ReleaseRetainedContact")
    assert record["Resource"] == f"acs:callboard:*:{sdk.account.account_id}:retainedcontact/{contact_id}"
