"""A tree for contacts to follow: folders and members put into a directory, moved, taken out, as its actions do."""

import uuid
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from callboard.call import Call, Moment, Principal
from callboard.clock import wall_clock as now
from callboard.contacts import membership, retained
from callboard.database.statement import Connection
from callboard.profile import Profile
from callboard.tree import directories, folders, members
from callboard.tree.folders import Folder
from callboard.tree.members import Kind, Member
from tests.serving import Account

Change = Callable[[Call, int], Any]


class Tree:
    """The tree of an account's directory, changed within its own moments."""

    def __init__(self, account: Account, **rules: Any) -> None:
        self.account, self.directory_id = account, account.directory_id
        self.profile: Profile = replace(account.server.runtime.profile, **rules)
        found = account.server.run(lambda open_: directories.find(open_, self.directory_id))
        self.root: str = found.root_folder_id

    def change(self, work: Change) -> Any:
        """Change the tree with a call of the management account, at the moment of the change."""
        runtime = self.account.server.runtime

        def changing(open_: Connection) -> Any:
            call = Call(
                open_,
                now(),
                "REQUEST",
                Principal(self.account.account_id, None),
                self.directory_id,
                self.profile,
                runtime.terms,
                runtime.vault,
                runtime.new_id,
            )
            return work(call, directories.change(open_, self.directory_id, now=call.now))

        return self.account.server.run(changing)

    def folder(self, parent_id: str | None = None) -> str:
        """Add a folder, in the root folder unless told otherwise; its id."""
        folder_id = f"fd-{uuid.uuid4().hex[:10]}"

        def work(call: Call, at: int) -> None:
            parent = folders.find(call.connection, self.directory_id, parent_id or self.root)
            assert parent is not None
            made = Folder(folder_id, parent.folder_id, folder_id, f"{parent.path}/{folder_id}", at)
            folders.add(call.connection, self.directory_id, made)

        self.change(work)
        return folder_id

    def member(self, folder_id: str | None = None, *, account_id: str | None = None) -> str:
        """Add a member, in the root folder unless told otherwise; its id."""
        account_id = account_id or f"{uuid.uuid4().int % 10**16:016d}"

        def work(call: Call, at: int) -> None:
            made = Member(
                account_id=account_id,
                folder_id=folder_id or self.root,
                display_name=account_id,
                account_name=f"{account_id}@{self.directory_id}.example.com",
                kind=Kind.RESOURCE,
                status="CreateSuccess",
                payer_account_id=None,
                joined_at=at,
                modified_at=at,
                placed_at=at,
            )
            members.add(call.connection, self.directory_id, made)

        self.change(work)
        return account_id

    def move(self, account_id: str, folder_id: str) -> None:
        """Move a member, unless unbinding forbids it."""

        def work(call: Call, at: int) -> None:
            destination = folders.find(call.connection, self.directory_id, folder_id)
            assert destination is not None
            membership.check_may_move(call, account_id, destination)
            members.move(call.connection, self.directory_id, account_id, folder_id, at=at)

        self.change(work)

    def folder_of(self, account_id: str) -> str:
        """Where a member is now."""
        found = self.account.server.run(lambda open_: members.find(open_, self.directory_id, account_id))
        return str(found.folder_id)

    def leave(self, account_id: str) -> None:
        """Take a member out of the directory."""
        self.change(lambda call, at: membership.leave(call, account_id, at=at))


def kept_by(
    connection: Connection, directory_id: str, account_id: str, *, at: Moment | None = None
) -> list[retained.Retained]:
    """What an account keeps, or kept at a moment."""
    places = members.places(connection, directory_id, account_id)
    return retained.of_account(connection, directory_id, account_id, places, at=at)
