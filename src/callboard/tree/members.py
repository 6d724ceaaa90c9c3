"""SQL of member accounts: what they are called, and which folder each is in, now and before."""

from enum import StrEnum

from msgspec import Struct
from sqlalchemy import bindparam, delete, null, select, text, update

from callboard.call import Moment
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import accounts, folders, members, past_placements

COLUMNS = (
    members.c.account_id,
    members.c.folder_id,
    members.c.display_name,
    members.c.account_name,
    members.c.kind,
    members.c.status,
    members.c.payer_account_id,
    members.c.joined_at,
    members.c.modified_at,
    members.c.placed_at,
)
_PLACES = Statement(
    select(folders.c.path, members.c.placed_at, null().label("left_at"))
    .join(members, (members.c.directory_id == folders.c.directory_id) & (members.c.folder_id == folders.c.folder_id))
    .where(members.c.directory_id == bindparam("directory_id"), members.c.account_id == bindparam("account_id"))
    .union_all(
        select(past_placements.c.path, past_placements.c.placed_at, past_placements.c.left_at).where(
            past_placements.c.directory_id == bindparam("directory_id"),
            past_placements.c.account_id == bindparam("account_id"),
        )
    )
)
_ONE = (members.c.directory_id == bindparam("directory_id"), members.c.account_id == bindparam("account_id"))

_FIND = Statement(select(*COLUMNS).where(*_ONE))
_ADD = insertion(members)
_ADD_ACCOUNT = insertion(accounts)
_MOVE = Statement(
    update(members)
    .values(folder_id=bindparam("to"), placed_at=bindparam("at"), modified_at=bindparam("at"))
    .where(members.c.directory_id == bindparam("directory"), members.c.account_id == bindparam("account"))
)
_SAVED = ("display_name", "kind", "status", "payer_account_id", "modified_at")
_SAVE = Statement(
    update(members)
    .values({name: bindparam(name) for name in _SAVED})
    .where(members.c.directory_id == bindparam("directory"), members.c.account_id == bindparam("account"))
)
_HAS_DISPLAY_NAME = Statement(
    select(members.c.account_id).where(
        members.c.directory_id == bindparam("directory_id"), members.c.display_name == bindparam("name")
    )
)
_HAS_ACCOUNT_NAME = Statement(
    select(members.c.account_id).where(
        members.c.directory_id == bindparam("directory_id"), members.c.account_name == bindparam("name")
    )
)
_RELEASE = Statement(
    update(members)
    .values(payer_account_id=null())
    .where(members.c.directory_id == bindparam("directory"), members.c.payer_account_id == bindparam("payer"))
)
_REMOVE = Statement(delete(members).where(*_ONE))
_LEAVE = Statement(update(accounts).values(directory_id=null()).where(accounts.c.account_id == bindparam("account")))
_KEEP_PLACE = Statement(
    text(
        "INSERT INTO past_placements (directory_id, account_id, placed_at, left_at, path) "
        "SELECT members.directory_id, members.account_id, members.placed_at, :at, folders.path "
        "FROM members JOIN folders ON folders.directory_id = members.directory_id "
        "AND folders.folder_id = members.folder_id "
        "WHERE members.directory_id = :directory_id AND members.account_id = :account_id"
    )
)


class Kind(StrEnum):
    """The two types of accounts: one that the directory made and owns, and one with an owner of its own."""

    RESOURCE = "ResourceAccount"
    CLOUD = "CloudAccount"


class Member(Struct, frozen=True):
    """A member account."""

    account_id: str
    folder_id: str
    display_name: str
    account_name: str
    kind: str
    status: str
    """CreateSuccess or PromoteSuccess."""
    payer_account_id: str | None
    joined_at: Moment
    modified_at: Moment
    placed_at: Moment
    """Since when it is in its folder."""


class Place(Struct, frozen=True):
    """The folder that a member is or was in, from one moment to before another (None: still)."""

    path: str
    since: Moment
    until: Moment | None

    def was_at(self, moment: Moment) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


def places(connection: Connection, directory_id: str, account_id: str) -> list[Place]:
    """Where an account is and was in this directory, in no order; nothing for an account that never was in it."""
    return [Place(*row) for row in connection.all(_PLACES, directory_id=directory_id, account_id=account_id)]


def find(connection: Connection, directory_id: str, account_id: str) -> Member | None:
    row = connection.one(_FIND, directory_id=directory_id, account_id=account_id)
    return None if row is None else Member(*row)


def add(connection: Connection, directory_id: str, member: Member) -> None:
    """Add a member with its account. Raises Duplicate when its id, its account name or its display name is taken."""
    connection.run(
        _ADD_ACCOUNT,
        account_id=member.account_id,
        directory_id=directory_id,
        is_management=False,
        created_at=member.joined_at,
    )
    connection.run(
        _ADD,
        directory_id=directory_id,
        account_id=member.account_id,
        folder_id=member.folder_id,
        display_name=member.display_name,
        account_name=member.account_name,
        kind=member.kind,
        status=member.status,
        payer_account_id=member.payer_account_id,
        joined_at=member.joined_at,
        modified_at=member.modified_at,
        placed_at=member.placed_at,
    )


def has_display_name(connection: Connection, directory_id: str, name: str) -> bool:
    return connection.one(_HAS_DISPLAY_NAME, directory_id=directory_id, name=name) is not None


def has_account_name(connection: Connection, directory_id: str, name: str) -> bool:
    return connection.one(_HAS_ACCOUNT_NAME, directory_id=directory_id, name=name) is not None


def save(connection: Connection, directory_id: str, member: Member) -> None:
    """Write what has changed of a member, its place excepted. Raises Duplicate when its display name is taken."""
    values = {name: getattr(member, name) for name in _SAVED}
    connection.run(_SAVE, directory=directory_id, account=member.account_id, **values)


def release_payees(connection: Connection, directory_id: str, payer_account_id: str) -> None:
    """Let those pay for themselves for whom an account has paid that is about to go."""
    connection.run(_RELEASE, directory=directory_id, payer=payer_account_id)


def move(connection: Connection, directory_id: str, account_id: str, folder_id: str, *, at: Moment) -> None:
    """Put a member into another folder at the moment of a change of the directory; where it was is kept."""
    connection.run(_KEEP_PLACE, directory_id=directory_id, account_id=account_id, at=at)
    connection.run(_MOVE, directory=directory_id, account=account_id, to=folder_id, at=at)


def remove(connection: Connection, directory_id: str, account_id: str, *, at: Moment) -> None:
    """Take a member out at the moment of a change of the directory: it is an account without one from then on."""
    connection.run(_KEEP_PLACE, directory_id=directory_id, account_id=account_id, at=at)
    connection.run(_REMOVE, directory_id=directory_id, account_id=account_id)
    connection.run(_LEAVE, account=account_id)
