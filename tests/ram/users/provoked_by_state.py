"""Provocations by what is in the database: names taken, nobody of a name, what still hangs on a user or group."""

from tests.ram.filling import fill
from tests.ram.users.clients import Ram, allow
from tests.ram.users.provocation import NAMES, NOBODYS, complete, provokes

OF_NOBODY = sorted(
    {name for name in NAMES if "user_name" in complete(name)} - {"CreateUser"},
)
OF_NO_GROUP = sorted({name for name in NAMES if "group_name" in complete(name)} - {"CreateGroup"})

for each in OF_NOBODY:

    @provokes(each, "EntityNotExist.User")
    def of_nobody(ram: Ram, action: str = each) -> None:
        ram.call("CreateGroup", group_name="dev")
        ram.call(action, **complete(action))


for each in OF_NO_GROUP:

    @provokes(each, "EntityNotExist.Group")
    def of_no_group(ram: Ram, action: str = each) -> None:
        ram.call("CreateUser", user_name="alice")
        ram.call(action, **complete(action))


for each in ("UpdateAccessKey", "DeleteAccessKey", "GetAccessKeyLastUsed"):

    @provokes(each, "EntityNotExist.User.AccessKey")
    def of_a_key_that_is_not_there(ram: Ram, action: str = each) -> None:
        ram.call("CreateUser", user_name="alice")
        ram.call(action, **complete(action, user_access_key_id=NOBODYS))


@provokes("CreateUser", "EntityAlreadyExists.User")
def a_second_alice(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.call("CreateUser", user_name="alice")


@provokes("UpdateUser", "EntityAlreadyExists.User")
def take_another_users_name(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.call("CreateUser", user_name="bob")
    ram.call("UpdateUser", user_name="bob", new_user_name="alice")


@provokes("CreateGroup", "EntityAlreadyExists.Group")
def a_second_group_of_the_name(ram: Ram) -> None:
    ram.call("CreateGroup", group_name="dev")
    ram.call("CreateGroup", group_name="dev")


@provokes("UpdateGroup", "EntityAlreadyExists.Group")
def take_another_groups_name(ram: Ram) -> None:
    ram.call("CreateGroup", group_name="dev")
    ram.call("CreateGroup", group_name="ops")
    ram.call("UpdateGroup", group_name="ops", new_group_name="dev")


@provokes("DeleteUser", "DeleteConflict.User.AccessKey")
def delete_a_user_with_a_key(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.call("CreateAccessKey", user_name="alice")
    ram.call("DeleteUser", user_name="alice")


@provokes("DeleteUser", "DeleteConflict.User.Group")
def delete_a_user_in_a_group(ram: Ram) -> None:
    let_alice_in(ram)
    ram.call("DeleteUser", user_name="alice")


@provokes("DeleteUser", "DeleteConflict.User.Policy")
def delete_a_user_with_a_policy(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.allow_user("alice", allow("ram:*"))
    ram.call("DeleteUser", user_name="alice")


@provokes("DeleteGroup", "DeleteConflict.Group.User")
def delete_a_group_with_a_user(ram: Ram) -> None:
    let_alice_in(ram)
    ram.call("DeleteGroup", group_name="dev")


@provokes("DeleteGroup", "DeleteConflict.Group.Policy")
def delete_a_group_with_a_policy(ram: Ram) -> None:
    ram.call("CreateGroup", group_name="dev")
    ram.allow_group("dev", allow("ram:*"))
    ram.call("DeleteGroup", group_name="dev")


@provokes("AddUserToGroup", "EntityAlreadyExists.User.Group")
def let_in_who_is_in(ram: Ram) -> None:
    let_alice_in(ram)
    ram.call("AddUserToGroup", user_name="alice", group_name="dev")


@provokes("RemoveUserFromGroup", "EntityNotExist.User.Group")
def take_out_who_is_not_in(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.call("CreateGroup", group_name="dev")
    ram.call("RemoveUserFromGroup", user_name="alice", group_name="dev")


@provokes("CreateAccessKey", "LimitExceeded.User.AccessKey")
def a_third_key(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.call("CreateAccessKey", user_name="alice")
    ram.call("CreateAccessKey", user_name="alice")
    ram.call("CreateAccessKey", user_name="alice")


for each, absent in (
    ("GetLoginProfile", "LoginProfile"),
    ("DeleteLoginProfile", "LoginProfile"),
    ("GetUserMFAInfo", "MFADevice"),
    ("UnbindMFADevice", "MFADevice"),
):

    @provokes(each, f"EntityNotExist.User.{absent}")
    def of_what_no_user_has(ram: Ram, action: str = each) -> None:
        ram.call("CreateUser", user_name="alice")
        ram.call(action, user_name="alice")


@provokes("CreateUser", "LimitExceeded.User")
def one_user_too_many(ram: Ram) -> None:
    fill(ram.account, "users", 5000)
    ram.call("CreateUser", user_name="alice")


@provokes("CreateGroup", "LimitExceeded.Group")
def one_group_too_many(ram: Ram) -> None:
    fill(ram.account, "groups", 300)
    ram.call("CreateGroup", group_name="dev")


@provokes("AddUserToGroup", "LimitExceeded.User.Group")
def let_into_an_eleventh_group(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    for number in range(11):
        ram.call("CreateGroup", group_name=f"group-{number}")
        ram.call("AddUserToGroup", user_name="alice", group_name=f"group-{number}")


def let_alice_in(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    ram.call("CreateGroup", group_name="dev")
    ram.call("AddUserToGroup", user_name="alice", group_name="dev")
