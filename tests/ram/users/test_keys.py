"""Access keys through the official SDK: made, used, disabled, enabled, deleted, of others and of one's own."""

import re
import uuid

import pytest
from alibabacloud_ram20150501.client import Client
from alibabacloud_ram20150501.models import ListAccessKeysRequest
from alibabacloud_tea_openapi.models import Config

from callboard.access import sessions
from callboard.clock import wall_clock as now
from callboard.database.statement import Connection, insertion
from callboard.database.tables import attachments, roles
from tests.ram.users.clients import Ram, allow, deny, until
from tests.serving import Account, Server

OWN = "acs:ram:*:*:user/alice"
KEYS = ("ram:*AccessKey*",)


def with_alice(ram: Ram, *statements: dict[str, object]) -> Ram:
    """The client of a new user alice, who has these statements."""
    ram.call("CreateUser", user_name="alice")
    if statements:
        ram.allow_user("alice", *statements)
    return ram.key_of("alice")


def key_ids(ram: Ram, **given: str) -> list[str]:
    return [each["AccessKeyId"] for each in ram.call("ListAccessKeys", **given)["AccessKeys"]["AccessKey"]]


def code(ram: Ram) -> str:
    """How a call of alice fares."""
    return str(ram.refused("GetUser", user_name="nobody").code)


def test_a_new_key_is_shown_with_its_secret(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")

    key = ram.call("CreateAccessKey", user_name="alice")["AccessKey"]

    assert sorted(key) == ["AccessKeyId", "AccessKeySecret", "CreateDate", "Status"]
    assert re.fullmatch(r"LTAI[A-Za-z0-9]{20}", key["AccessKeyId"])
    assert re.fullmatch(r"[A-Za-z0-9]{30}", key["AccessKeySecret"])
    assert key["Status"] == "Active"


def test_keys_are_listed_without_their_secrets(ram: Ram) -> None:
    ram.call("CreateUser", user_name="alice")
    made = [ram.call("CreateAccessKey", user_name="alice")["AccessKey"] for _ in range(2)]

    shown = ram.call("ListAccessKeys", user_name="alice")["AccessKeys"]["AccessKey"]

    expected = [{name: key[name] for name in ("AccessKeyId", "Status", "CreateDate")} for key in made]
    assert sorted(shown, key=str) == sorted(expected, key=str)


def test_a_new_users_key_signs_calls_that_no_policy_allows_yet(ram: Ram) -> None:
    alice = with_alice(ram)

    refused = alice.refused("GetUser", user_name="alice")

    assert (refused.status, refused.code) == (403, "NoPermission")


def test_a_new_users_key_does_what_a_policy_allows(ram: Ram) -> None:
    alice = with_alice(ram, allow("ram:GetUser", resource=OWN))

    user = alice.call("GetUser", user_name="alice")["User"]

    assert user["UserName"] == "alice"
    assert alice.refused("GetUser", user_name="bob").code == "NoPermission"


def test_a_disabled_key_is_refused_at_once_and_an_enabled_one_taken_again(ram: Ram) -> None:
    alice = with_alice(ram, allow("ram:GetUser"))
    change = {"user_name": "alice", "user_access_key_id": alice.account.key_id}
    found = [code(alice)]

    for status in ("Inactive", "Active"):
        ram.call("UpdateAccessKey", **change, status=status)
        found.append(code(alice))

    assert found == ["EntityNotExist.User", "InvalidAccessKeyId.Inactive", "EntityNotExist.User"]


def test_a_deleted_key_is_refused_at_once(ram: Ram) -> None:
    alice = with_alice(ram, allow("ram:GetUser"))
    before = code(alice)

    ram.call("DeleteAccessKey", user_name="alice", user_access_key_id=alice.account.key_id)

    assert (before, code(alice)) == ("EntityNotExist.User", "InvalidAccessKeyId.NotFound")
    assert key_ids(ram, user_name="alice") == []


@pytest.mark.parametrize("action", ["UpdateAccessKey", "DeleteAccessKey"])
def test_another_server_refuses_within_a_second(action: str, ram: Ram, replica: Server) -> None:
    alice = with_alice(ram, allow("ram:GetUser"))
    elsewhere = Ram(Account(replica, alice.account.account_id, alice.account.key_id, alice.account.secret))
    before = code(elsewhere)
    status = {"status": "Inactive"} if action == "UpdateAccessKey" else {}

    ram.call(action, user_name="alice", user_access_key_id=alice.account.key_id, **status)

    assert before == "EntityNotExist.User"
    assert until(lambda: code(elsewhere).startswith("InvalidAccessKeyId"), within_s=1.5)


def test_a_renamed_user_keeps_keys_groups_and_policies(ram: Ram) -> None:
    alice = with_alice(ram, allow("ram:GetUser"))
    ram.call("CreateGroup", group_name="dev")
    ram.allow_group("dev", allow("ram:ListUsers"))
    ram.call("AddUserToGroup", user_name="alice", group_name="dev")

    ram.call("UpdateUser", user_name="alice", new_user_name="alicia")

    assert key_ids(ram, user_name="alicia") == [alice.account.key_id]
    assert alice.call("GetUser", user_name="alicia")["User"]["UserName"] == "alicia"
    assert alice.call("ListUsers")["IsTruncated"] is False
    assert ram.refused("ListAccessKeys", user_name="alice").code == "EntityNotExist.User"


def test_a_name_that_was_given_up_gives_its_new_user_nothing(ram: Ram) -> None:
    alice = with_alice(ram, allow("ram:GetUser"))
    ram.call("UpdateUser", user_name="alice", new_user_name="alicia")

    ram.call("CreateUser", user_name="alice")

    assert key_ids(ram, user_name="alice") == []
    assert ram.key_of("alice").refused("GetUser", user_name="alice").code == "NoPermission"
    assert code(alice) == "EntityNotExist.User"


def test_the_account_has_keys_of_its_own_two_at_most(ram: Ram) -> None:
    second = ram.call("CreateAccessKey")["AccessKey"]

    refused = ram.refused("CreateAccessKey")

    assert sorted(key_ids(ram)) == sorted([ram.account.key_id, second["AccessKeyId"]])
    assert key_ids(ram.with_key(second)) == key_ids(ram)
    assert refused.code == "LimitExceeded.User.AccessKey"


def test_the_account_changes_its_own_keys(ram: Ram) -> None:
    second = ram.call("CreateAccessKey")["AccessKey"]
    rooted = ram.with_key(second)

    ram.call("UpdateAccessKey", user_access_key_id=second["AccessKeyId"], status="Inactive")

    assert code(rooted) == "InvalidAccessKeyId.Inactive"
    ram.call("DeleteAccessKey", user_access_key_id=second["AccessKeyId"])
    assert key_ids(ram) == [ram.account.key_id]


def test_keys_of_users_are_not_among_the_accounts_own(ram: Ram) -> None:
    alice = with_alice(ram)

    refused = ram.refused("DeleteAccessKey", user_access_key_id=alice.account.key_id)

    assert refused.code == "EntityNotExist.User.AccessKey"


def test_a_user_changes_its_own_keys_without_naming_itself(ram: Ram) -> None:
    alice = with_alice(ram, allow(*KEYS, resource="acs:ram:*:*:user/*"))

    second = alice.call("CreateAccessKey")["AccessKey"]
    alice.call("UpdateAccessKey", user_access_key_id=second["AccessKeyId"], status="Inactive")

    assert sorted(key_ids(alice)) == sorted(key_ids(ram, user_name="alice"))
    asked = alice.call("GetAccessKeyLastUsed", user_access_key_id=alice.account.key_id)
    assert asked["AccessKeyLastUsed"].keys() <= {"LastUsedDate"}
    alice.call("DeleteAccessKey", user_access_key_id=second["AccessKeyId"])
    assert key_ids(alice) == [alice.account.key_id]


def test_a_user_who_may_do_so_to_itself_alone_names_itself(ram: Ram) -> None:
    alice = with_alice(ram, allow(*KEYS, resource=OWN))

    key = alice.call("CreateAccessKey", user_name="alice")["AccessKey"]

    assert key["Status"] == "Active"
    assert alice.refused("CreateAccessKey", user_name="bob").code == "NoPermission"


@pytest.mark.parametrize("given", [{}, {"user_name": ""}, {"user_name": "alice"}], ids=str)
def test_what_is_denied_of_a_user_is_not_to_be_had_without_its_name(given: dict[str, str], ram: Ram) -> None:
    alice = with_alice(ram, allow("*"), deny("ram:CreateAccessKey", resource=OWN))

    refused = alice.refused("CreateAccessKey", **given)

    assert refused.code == "NoPermission"
    assert len(key_ids(ram, user_name="alice")) == 1


def test_the_session_of_a_role_has_no_keys_of_its_own(ram: Ram) -> None:
    client = session_client(ram)

    with pytest.raises(Exception, match=r"EntityNotExist\.User|The user does not exist"):
        client.list_access_keys(ListAccessKeysRequest())


def test_the_last_use_of_a_key_is_known_once_it_was_used(ram: Ram) -> None:
    alice = with_alice(ram)
    question = {"user_name": "alice", "user_access_key_id": alice.account.key_id}
    before = ram.call("GetAccessKeyLastUsed", **question)["AccessKeyLastUsed"]

    code(alice)

    # The server tells the database once a second.
    assert until(lambda: bool(ram.call("GetAccessKeyLastUsed", **question)["AccessKeyLastUsed"]), within_s=10)
    after = ram.call("GetAccessKeyLastUsed", **question)["AccessKeyLastUsed"]
    assert before == {}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", after["LastUsedDate"])


def session_client(ram: Ram) -> Client:
    """A client with the temporary key of a role that may do everything."""
    server, account_id, role_id = ram.account.server, ram.account.account_id, f"3{uuid.uuid4().int % 10**17:017d}"
    vault, key_id = server.runtime.vault, f"STS.{uuid.uuid4().hex}"

    def work(connection: Connection) -> None:
        connection.run(
            insertion(roles),
            account_id=account_id,
            role_id=role_id,
            role_name="helper",
            description="",
            trust_policy="{}",
            max_session_s=3600,
            created_at=now(),
            modified_at=now(),
        )
        connection.run(
            insertion(attachments),
            account_id=account_id,
            entity_id=role_id,
            policy_type="System",
            policy_name="AdministratorAccess",
            entity_kind="role",
            attached_at=now(),
        )
        sessions.add(
            connection,
            access_key_id=key_id,
            account_id=account_id,
            role_id=role_id,
            session_name="test",
            secret=vault.encrypt("geheimnis", belongs_to=key_id),
            token_digest=vault.digest("token", of="security token"),
            policy=None,
            now=now(),
            expires_at=now() + 900_000,
        )

    server.run(work)
    return Client(
        Config(
            access_key_id=key_id,
            access_key_secret="geheimnis",
            security_token="token",
            endpoint=server.endpoint,
            protocol="http",
        )
    )
