"""Keys that an operator makes for users from the command line: the user is there from then on."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from callboard.errors import StartupError
from tests.ram.users.clients import Ram, names
from tests.serving import Account


def test_a_key_for_a_user_who_is_not_there_makes_the_user(account: Account) -> None:
    made = account.server.key(account.account_id, user_name="alice")

    ram = Ram(account)
    (key,) = ram.call("ListAccessKeys", user_name="alice")["AccessKeys"]["AccessKey"]
    assert key["AccessKeyId"] == made.key_id
    assert [record.action for record in ram.trail()[-2:]] == ["CreateUser", "CreateAccessKey"]


def test_keys_for_one_user_that_are_made_at_once_make_one_user(account: Account) -> None:
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: account.server.key(account.account_id, user_name="alice"), range(5)))

    assert names(Ram(account).call("ListUsers"), "Users", "User") == ["alice"]
    assert [record.action for record in Ram(account).trail()].count("CreateUser") == 1


def test_a_user_who_is_there_keeps_what_it_has(account: Account) -> None:
    ram = Ram(account)
    user = ram.call("CreateUser", user_name="alice", comments="Here before.")["User"]

    account.server.key(account.account_id, user_name="alice")

    found = ram.call("GetUser", user_name="alice")["User"]
    assert (found["UserId"], found["Comments"]) == (user["UserId"], "Here before.")


@pytest.mark.parametrize("name", ["", "a b", "a" * 65, "ä"])
def test_a_key_for_what_is_no_name_of_a_user_is_not_made(name: str, account: Account) -> None:
    with pytest.raises(StartupError, match="cannot be the name of a user"):
        account.server.key(account.account_id, user_name=name)
