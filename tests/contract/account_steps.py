"""Steps of the tests of member accounts: folders and members made, changed, read."""

from typing import Any

from sqlalchemy import bindparam, update

from callboard.clock import wall_clock as now
from callboard.database.statement import Connection, Statement
from callboard.database.tables import directories
from callboard.tree import folders, members
from callboard.tree.folders import Folder
from callboard.tree.members import Kind, Member
from tests.contract.callers import Caller
from tests.contract.steps import root_folder
from tests.serving import Account

_PERMIT = Statement(
    update(directories)
    .values(may_delete_members=bindparam("permitted"))
    .where(directories.c.directory_id == bindparam("directory"))
)


def create(caller: Caller, name: str = "Dev", **more: Any) -> str:
    """Make a member; its id."""
    return str(caller.call("CreateResourceAccount", display_name=name, **more)["Account"]["AccountId"])


def create_cloud(caller: Caller, name: str = "Dev", **more: Any) -> str:
    """Make a member, and a cloud account of it."""
    account_id = create(caller, name, **more)
    caller.call("UpdateAccount", account_id=account_id, new_account_type="CloudAccount")
    return account_id


def shown(caller: Caller, account_id: str, **more: Any) -> dict[str, Any]:
    return dict(caller.call("GetAccount", account_id=account_id, **more)["Account"])


def listed(caller: Caller, **more: Any) -> list[str]:
    """The display names of the members on a page."""
    return [each["DisplayName"] for each in caller.call("ListAccounts", **more)["Accounts"]["Account"]]


def add_folder(account: Account, folder_id: str, name: str, parent_id: str | None = None) -> str:
    """Add a folder below another one, or below the root folder."""
    directory_id, root_id = account.directory_id, root_folder(account)

    def work(open_: Connection) -> None:
        parent = folders.find(open_, directory_id, parent_id or root_id)
        assert parent is not None
        path = f"{parent.path}/{folder_id}"
        folders.add(open_, directory_id, Folder(folder_id, parent.folder_id, name, path, now()))

    account.server.run(work)
    return folder_id


def permit_deletion(account: Account) -> None:
    """Let the directory's members be deleted."""
    directory_id = account.directory_id
    account.server.run(lambda open_: open_.run(_PERMIT, directory=directory_id, permitted=True))


def fill(account: Account, number: int) -> None:
    """Add members straight to the database, named 0, 1, ..."""
    directory_id, root_id = account.directory_id, root_folder(account)
    first = int(account.account_id) % 10**11 * 10**5

    def work(open_: Connection) -> None:
        for each in range(number):
            at = now() + each
            account_id = f"{(first + each) % 10**16:016d}"
            member = Member(
                account_id, root_id, f"m {each}", f"m{each}@x", Kind.RESOURCE, "CreateSuccess", None, at, at, at
            )
            members.add(open_, directory_id, member)

    account.server.run(work)
