"""Temporary keys in use: both signatures, what narrows a session, and what ends it."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from callboard.access import sessions
from callboard.audit import storage as audit
from callboard.settings import Settings
from tests.ram.policies.cloud import TOM, Cloud, allow, deny, document
from tests.ram.policies.test_attachments import at_once
from tests.serving import serving

ASSUMES = allow("sts:AssumeRole")
HOUR_MS = 3_600_000
MISMATCH = (
    400,
    "InvalidSecurityToken.MismatchWithAccessKey",
    "Specified SecurityToken mismatch with the AccessKey.",
)


def begin(root: Cloud, *statements: dict[str, object], **more: object) -> tuple[Cloud, str, str]:
    """A session of a new role with a policy of these statements; the role and the policy."""
    role = root.role()
    policy = root.attach("Role", role, *statements)
    return root.user(ASSUMES).assume(root.arn_of(role), **more), role, policy


def soon(is_so: Callable[[], bool], *, within_s: float) -> float:
    """How long it takes until something is so."""
    started = time.monotonic()
    while not is_so():
        assert time.monotonic() - started < within_s
        time.sleep(0.02)
    return time.monotonic() - started


@pytest.mark.parametrize("signed", [Cloud.signing_v1, lambda session: session], ids=["V1", "V3"])
def test_a_session_may_do_what_its_role_may(root: Cloud, signed: Callable[[Cloud], Cloud]) -> None:
    session = signed(begin(root, allow("resourcemanager:Add*"))[0])

    assert session.call("AddMessageContact", **TOM)["Contact"]["ContactId"]
    assert session.code("ListMessageContacts") == "NoPermission"


def test_a_session_has_no_right_of_who_began_it(root: Cloud) -> None:
    role = root.role()
    user = root.user(ASSUMES, allow("resourcemanager:*"))

    assert not user.assume(root.arn_of(role)).may("ListMessageContacts")


def test_what_a_session_did_is_in_the_audit_trail_under_its_name(root: Cloud) -> None:
    session, role, _ = begin(root, allow("resourcemanager:Add*"))

    session.call("AddMessageContact", **TOM)

    record = root.server.run(lambda open_: audit.page(open_, root.account_id))[-1]
    assert (record.action, record.access_key_id) == ("AddMessageContact", session.key_id)
    assert record.principal == f"acs:ram::{root.account_id}:assumed-role/{role}/session"


def test_a_session_policy_narrows_and_never_widens(root: Cloud) -> None:
    policy = document(allow(["resourcemanager:List*", "ram:*"]))
    session, _, _ = begin(root, allow("resourcemanager:*"), policy=policy)

    assert session.may("ListMessageContacts")
    assert not session.may("AddMessageContact", **TOM)
    assert not session.may("ListRoles")


@pytest.mark.parametrize(
    ("policy", "kind"), [(allow("ram:*"), "ImplicitDeny"), (deny("resourcemanager:*"), "ExplicitDeny")]
)
def test_a_refusal_tells_that_the_session_policy_is_the_reason(
    root: Cloud, policy: dict[str, object], kind: str
) -> None:
    session, _, _ = begin(root, allow("*"), policy=document(policy))

    detail = session.error("ListMessageContacts").access_denied_detail

    assert (detail["NoPermissionType"], detail["PolicyType"]) == (kind, "SessionPolicy")
    assert detail["AuthPrincipalType"] == "AssumedRoleUser"
    assert detail["AuthPrincipalDisplayName"] == session.call("GetCallerIdentity")["PrincipalId"]


def test_a_session_ends_with_its_time(root: Cloud, settings: Settings) -> None:
    session, _, _ = begin(root, allow("resourcemanager:*"))

    with serving(settings) as later:
        later.runtime.clock.advance(HOUR_MS - 60_000)
        assert session.at(later).may("ListMessageContacts")
        later.runtime.clock.advance(60_000)
        refused = session.at(later).refused("ListMessageContacts")

    assert refused == (400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")


def test_a_wrong_token_is_refused(root: Cloud) -> None:
    session, _, _ = begin(root, allow("resourcemanager:*"))

    assert replace(session, token=f"{session.token}A").refused("ListMessageContacts") == MISMATCH
    assert replace(session, token="CAIS").signing_v1().refused("ListMessageContacts") == MISMATCH


def test_the_token_of_another_session_is_refused(root: Cloud) -> None:
    one, role, _ = begin(root, allow("resourcemanager:*"))
    two = root.user(ASSUMES).assume(root.arn_of(role))

    assert replace(one, token=two.token).refused("ListMessageContacts") == MISMATCH


@pytest.mark.parametrize("signed", [Cloud.signing_v1, lambda session: session], ids=["V1", "V3"])
def test_a_temporary_key_without_its_token_is_refused(root: Cloud, signed: Callable[[Cloud], Cloud]) -> None:
    session, _, _ = begin(root, allow("resourcemanager:*"))

    refused = signed(replace(session, token=None)).refused("ListMessageContacts")

    assert refused == (400, "MissingSecurityToken", "SecurityToken is mandatory for this action.")


@pytest.mark.parametrize("signed", [Cloud.signing_v1, lambda session: session], ids=["V1", "V3"])
def test_a_token_with_a_permanent_key_is_refused(root: Cloud, signed: Callable[[Cloud], Cloud]) -> None:
    session, _, _ = begin(root, allow("resourcemanager:*"))

    assert signed(replace(root, token=session.token)).refused("ListMessageContacts") == MISMATCH


def test_a_wrong_secret_with_the_right_token_is_refused(root: Cloud) -> None:
    session, _, _ = begin(root, allow("resourcemanager:*"))

    assert replace(session, secret="wrong").code("ListMessageContacts") == "SignatureDoesNotMatch"


def test_a_session_ends_at_once_with_its_role(root: Cloud) -> None:
    session, role, policy = begin(root, allow("resourcemanager:*"))
    assert session.may("ListMessageContacts")
    root.call("DetachPolicyFromRole", policy_type="Custom", policy_name=policy, role_name=role)

    root.call("DeleteRole", role_name=role)

    assert session.code("ListMessageContacts") == "InvalidAccessKeyId.NotFound"
    assert root.server.run(lambda open_: sessions.find(open_, session.key_id)) is None


def test_a_role_that_is_made_anew_under_the_same_name_has_none_of_the_old_sessions(root: Cloud) -> None:
    session, role, policy = begin(root, allow("resourcemanager:*"))
    trust = root.call("GetRole", role_name=role)["Role"]["AssumeRolePolicyDocument"]
    root.call("DetachPolicyFromRole", policy_type="Custom", policy_name=policy, role_name=role)
    root.call("DeleteRole", role_name=role)

    root.call("CreateRole", role_name=role, assume_role_policy_document=trust)

    assert session.code("GetCallerIdentity") == "InvalidAccessKeyId.NotFound"


def test_a_detached_policy_stops_a_session_at_once_and_elsewhere_within_a_second(
    root: Cloud, settings: Settings
) -> None:
    session, role, policy = begin(root, allow("resourcemanager:*"))

    with serving(settings) as second:
        elsewhere = session.at(second)
        assert elsewhere.may("ListMessageContacts")
        assert session.may("ListMessageContacts")
        root.call("DetachPolicyFromRole", policy_type="Custom", policy_name=policy, role_name=role)
        is_stopped_here = not session.may("ListMessageContacts")
        took = soon(lambda: not elsewhere.may("ListMessageContacts"), within_s=1.5)

    assert is_stopped_here
    assert took < 1.2


def test_a_new_deny_stops_a_session_at_once(root: Cloud) -> None:
    session, role, _ = begin(root, allow("resourcemanager:*"))
    assert session.may("ListMessageContacts")

    root.attach("Role", role, deny("*"))

    assert not session.may("ListMessageContacts")


def test_a_role_is_assumed_or_deleted_and_nothing_else_comes_of_it(root: Cloud) -> None:
    user = root.user(ASSUMES)
    for _ in range(5):
        role = root.role()
        arn = root.arn_of(role)

        *assumed, deleted = at_once(
            *[lambda arn=arn: user.assume(arn)] * 3, lambda role=role: root.call("DeleteRole", role_name=role)
        )

        assert deleted == "ok"
        assert set(assumed) <= {"ok", "EntityNotExist.Role"}
