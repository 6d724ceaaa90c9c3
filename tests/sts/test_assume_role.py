"""AssumeRole and GetCallerIdentity, through the official client of STS, on both databases."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from callboard.audit import storage as audit
from tests.contract.steps import other_account
from tests.ram.policies.cloud import Cloud, allow, deny, document, fresh, of, trust, trusting
from tests.serving import Server

ASSUMES = allow("sts:AssumeRole")


def assumed(caller: Cloud, arn: str, **more: Any) -> dict[str, Any]:
    return caller.call("AssumeRole", role_arn=arn, **{"role_session_name": "session", **more})


def why(caller: Cloud, arn: str, **more: Any) -> dict[str, str]:
    """The AccessDeniedDetail of a refusal."""
    error = caller.error("AssumeRole", role_arn=arn, role_session_name="session", **more)
    assert error.code == "NoPermission"
    return {name: error.access_denied_detail[name] for name in ("NoPermissionType", "PolicyType")}


def test_a_role_is_assumed(root: Cloud) -> None:
    role = root.role()
    role_id = root.call("GetRole", role_name=role)["Role"]["RoleId"]

    reply = assumed(root.user(ASSUMES), root.arn_of(role), duration_seconds=900)

    found = reply["Credentials"]
    left = datetime.fromisoformat(found["Expiration"]) - datetime.now(UTC)
    assert reply["AssumedRoleUser"] == {
        "AssumedRoleId": f"{role_id}:session",
        "Arn": f"acs:ram::{root.account_id}:assumed-role/{role}/session",
    }
    assert re.fullmatch(r"STS\.[A-Za-z0-9]{16}", found["AccessKeyId"])
    assert re.fullmatch(r"CAIS[A-Za-z0-9_-]{80,}", found["SecurityToken"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["Expiration"])
    assert 890 < left.total_seconds() <= 900


def test_no_two_sessions_share_a_key_a_secret_or_a_token(root: Cloud) -> None:
    user, arn = root.user(ASSUMES), root.arn_of(root.role())

    found = [assumed(user, arn)["Credentials"] for _ in range(3)]

    assert all(len({each[name] for each in found}) == 3 for name in ("AccessKeyId", "AccessKeySecret", "SecurityToken"))


def test_neither_secret_nor_token_is_kept_in_clear(root: Cloud) -> None:
    found = assumed(root.user(ASSUMES), root.arn_of(root.role()), policy=document(allow("*")))["Credentials"]

    def everything(open_: Any) -> list[Any]:
        (driver,) = [getattr(open_, name) for name in ("driver", "cursor") if hasattr(open_, name)]
        rows = driver.execute("SELECT * FROM sessions").fetchall()
        return [*rows, *driver.execute("SELECT * FROM audit_records").fetchall()]

    kept = repr(root.server.run(everything))
    assert found["AccessKeyId"] in kept
    assert found["AccessKeySecret"] not in kept
    assert found["SecurityToken"] not in kept


def test_the_audit_trail_tells_who_began_which_session(root: Cloud) -> None:
    user, arn = root.user(ASSUMES), root.arn_of(root.role())

    found = assumed(user, arn)["Credentials"]

    (record,) = [
        each
        for each in root.server.run(lambda open_: audit.page(open_, root.account_id))
        if each.action == "AssumeRole"
    ]
    after = json.loads(record.after)
    assert (record.principal, record.resource) == (f"acs:ram::{root.account_id}:user/{user.name}", arn)
    assert (after["access_key_id"], after["session_name"]) == (found["AccessKeyId"], "session")
    assert set(after) == {"access_key_id", "session_name", "expires_at", "policy"}


def test_the_account_itself_assumes_no_role(root: Cloud) -> None:
    assert root.code("AssumeRole", role_arn=root.arn_of(root.role()), role_session_name="session") == "NoPermission"


def test_a_caller_needs_a_policy_that_allows_that_role(root: Cloud) -> None:
    mine, other = root.arn_of(root.role()), root.arn_of(root.role())
    user = root.user(allow("sts:AssumeRole", mine))

    assert assumed(user, mine)
    assert why(user, other) == {
        "NoPermissionType": "ImplicitDeny",
        "PolicyType": "AccountLevelIdentityBasedPolicy",
    }


def test_the_letter_case_of_a_role_gets_nobody_around_a_deny(root: Cloud) -> None:
    role = root.role()
    user = root.user(ASSUMES, deny("*", root.arn_of(role)))

    spelt = root.arn_of(role).replace("role/role", "role/Role")

    assert user.code("AssumeRole", role_arn=root.arn_of(role), role_session_name="session") == "NoPermission"
    assert user.code("AssumeRole", role_arn=spelt, role_session_name="session") == "InvalidParameter.RoleArn"


def test_a_role_that_trusts_one_user_is_not_for_another(root: Cloud) -> None:
    alice, bob = root.user(ASSUMES), root.user(ASSUMES)
    arn = root.arn_of(root.role(trusting(f"acs:ram::{root.account_id}:user/{alice.name.upper()}")))

    assert assumed(alice, arn)
    assert why(bob, arn) == {"NoPermissionType": "ImplicitDeny", "PolicyType": "AssumeRolePolicy"}


def test_a_deny_of_the_trust_policy_beats_its_allow(root: Cloud) -> None:
    alice, bob = root.user(ASSUMES), root.user(ASSUMES)
    statements = (trust("Allow", root.root), trust("Deny", f"acs:ram::{root.account_id}:user/{bob.name}"))
    arn = root.arn_of(root.role(document(*statements)))

    assert assumed(alice, arn)
    assert why(bob, arn) == {"NoPermissionType": "ExplicitDeny", "PolicyType": "AssumeRolePolicy"}


def test_a_trust_policy_that_is_changed_counts_at_once(root: Cloud) -> None:
    alice, role = root.user(ASSUMES), root.role()
    assert assumed(alice, root.arn_of(role))

    nobody = trusting(f"acs:ram::{root.account_id}:user/nobody")
    root.call("UpdateRole", role_name=role, new_assume_role_policy_document=nobody)

    assert alice.code("AssumeRole", role_arn=root.arn_of(role), role_session_name="session") == "NoPermission"


def test_a_service_is_no_principal_that_a_user_is(root: Cloud) -> None:
    service = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["ecs.aliyuncs.com"]}}
    arn = root.arn_of(root.role(document(service)))

    assert why(root.user(ASSUMES), arn)["PolicyType"] == "AssumeRolePolicy"


def test_an_external_id_is_asked_for(root: Cloud) -> None:
    condition = {"StringEquals": {"sts:ExternalId": "abc-123"}}
    user, arn = root.user(ASSUMES), root.arn_of(root.role(trusting(root.root, **condition)))

    assert assumed(user, arn, external_id="abc-123")
    assert why(user, arn) == why(user, arn, external_id="abc-124")


@pytest.mark.parametrize(
    ("condition", "is_allowed"),
    [
        ({"IpAddress": {"acs:SourceIp": "127.0.0.1"}}, True),
        ({"IpAddress": {"acs:SourceIp": "10.0.0.1"}}, False),
        ({"DateLessThan": {"acs:CurrentTime": "2099-01-01T00:00:00Z"}}, True),
        ({"DateLessThan": {"acs:CurrentTime": "2020-01-01T00:00:00Z"}}, False),
        ({"Bool": {"acs:SecureTransport": "false"}}, True),
        ({"Bool": {"acs:SecureTransport": "true"}}, False),
        ({"Bool": {"acs:MFAPresent": "true"}}, False),
    ],
)
def test_a_trust_policy_has_the_conditions_of_every_policy(
    root: Cloud, condition: dict[str, Any], *, is_allowed: bool
) -> None:
    arn = root.arn_of(root.role(trusting(root.root, **condition)))

    assert root.user(ASSUMES).may("AssumeRole", role_arn=arn, role_session_name="session") == is_allowed


def test_a_role_of_another_account_is_assumed_when_it_says_so(root: Cloud, other: Cloud) -> None:
    user = root.user(ASSUMES)
    arn = other.arn_of(other.role(trusting(root.root)))

    session = user.assume(arn)

    trail = root.server.run(lambda open_: audit.page(open_, other.account_id))
    (record,) = [each for each in trail if each.action == "AssumeRole"]
    assert session.call("GetCallerIdentity")["AccountId"] == other.account_id
    assert (record.principal, record.access_key_id) == (f"acs:ram::{root.account_id}:user/{user.name}", None)


def test_a_session_in_another_account_may_what_the_role_there_may(root: Cloud, other: Cloud) -> None:
    role = other.role(trusting(root.root))
    other.attach("Role", role, allow("resourcemanager:List*"))
    user = root.user(ASSUMES, allow("resourcemanager:*"))

    session = user.assume(other.arn_of(role))

    assert session.may("ListMessageContacts")
    assert not session.may("GetMessageContact", contact_id="c-aaaaaaaaaaaaaaaa")


def test_strangers_are_not_told_whether_a_role_exists(root: Cloud, other: Cloud) -> None:
    user = root.user(ASSUMES)
    there, nowhere = other.arn_of(other.role()), other.arn_of("nothing")

    assert why(user, there) == why(user, nowhere)
    assert user.code("AssumeRole", role_arn=root.arn_of("nothing"), role_session_name="s-1") == "EntityNotExist.Role"


def test_a_session_lasts_as_long_as_its_role_lets_it(root: Cloud) -> None:
    user, arn = root.user(ASSUMES), root.arn_of(root.role(max_session_duration=43200))

    found = assumed(user, arn, duration_seconds=43200)["Credentials"]

    left = datetime.fromisoformat(found["Expiration"]) - datetime.now(UTC)
    assert 43190 < left.total_seconds() <= 43200


@pytest.mark.parametrize("seconds", [899, 3601, 43201, 0, -1])
def test_a_session_lasts_neither_too_short_nor_longer_than_its_role_lets_it(root: Cloud, seconds: int) -> None:
    user, arn = root.user(ASSUMES), root.arn_of(root.role())

    refused = user.refused("AssumeRole", role_arn=arn, role_session_name="session", duration_seconds=seconds)

    assert refused == (400, "InvalidParameter.DurationSeconds", "The Min/Max value of DurationSeconds is 15min/1hr.")


def test_a_session_begins_another_one_for_an_hour_at_most(root: Cloud) -> None:
    first, second = root.role(max_session_duration=43200), root.role(max_session_duration=43200)
    root.attach("Role", first, ASSUMES)
    only_first = trusting(f"acs:ram::{root.account_id}:role/{first}")
    root.call("UpdateRole", role_name=second, new_assume_role_policy_document=only_first)
    user = root.user(ASSUMES)
    session = user.assume(root.arn_of(first))

    chained = session.assume(root.arn_of(second), duration_seconds=3600)

    refused = session.code(
        "AssumeRole", role_arn=root.arn_of(second), role_session_name="session", duration_seconds=3601
    )
    assert chained.call("GetCallerIdentity")["Arn"].endswith(f":assumed-role/{second}/session")
    assert refused == "InvalidParameter.DurationSeconds"
    assert why(user, root.arn_of(second))["PolicyType"] == "AssumeRolePolicy"


def test_the_account_is_told_that_it_is_the_account(root: Cloud) -> None:
    reply = root.call("GetCallerIdentity")

    del reply["RequestId"]
    assert reply == {
        "IdentityType": "Account",
        "AccountId": root.account_id,
        "PrincipalId": root.account_id,
        "UserId": root.account_id,
        "Arn": f"acs:ram::{root.account_id}:root",
    }


def test_a_user_without_any_policy_is_told_who_it_is(root: Cloud) -> None:
    name = fresh("user")
    root.call("CreateUser", user_name=name)
    user_id = root.call("GetUser", user_name=name)["User"]["UserId"]
    key = root.server.key(root.account_id, user_name=name)

    reply = Cloud(root.server, root.account_id, key.key_id, key.secret).call("GetCallerIdentity")

    del reply["RequestId"]
    assert reply == {
        "IdentityType": "RAMUser",
        "AccountId": root.account_id,
        "PrincipalId": user_id,
        "UserId": user_id,
        "Arn": f"acs:ram::{root.account_id}:user/{name}",
    }


def test_a_session_is_told_whose_role_it_has(root: Cloud) -> None:
    role = root.role()
    role_id = root.call("GetRole", role_name=role)["Role"]["RoleId"]

    reply = root.user(ASSUMES).assume(root.arn_of(role)).call("GetCallerIdentity")

    del reply["RequestId"]
    assert reply == {
        "IdentityType": "AssumedRoleUser",
        "AccountId": root.account_id,
        "PrincipalId": f"{role_id}:session",
        "RoleId": role_id,
        "Arn": f"acs:ram::{root.account_id}:assumed-role/{role}/session",
    }


def test_an_account_without_a_directory_has_users_and_roles_all_the_same(server: Server) -> None:
    alone = of(other_account(server, directory_id=None, is_management=False))
    session = alone.user(ASSUMES).assume(alone.arn_of(alone.role()))

    assert session.call("GetCallerIdentity")["AccountId"] == alone.account_id
