"""Who may assume a role, by its trust policy alone: pure."""

import pytest

from callboard.access.policy import read_trust_policy
from callboard.access.rules import Reason
from callboard.call import Principal
from callboard.sts.rules import longest_session_s, trust
from tests.ram.policies.cloud import document
from tests.ram.policies.cloud import trust as statement

ALICE = Principal("1", "LTAIalice", "Alice", principal_id="201")
SESSION = Principal("1", "STS.a", role_name="Night", session_name="alice", principal_id="301:alice")
STRANGER = Principal("11", "LTAIalice", "Alice", principal_id="202")
ROOT, USER, ROLE = "acs:ram::1:root", "acs:ram::1:user/alice", "acs:ram::1:role/NIGHT"


def said(who: Principal, *statements: dict[str, object], **context: tuple[str, ...]) -> Reason:
    return trust(read_trust_policy(document(*statements)), who, context)


@pytest.mark.parametrize(
    ("who", "named", "is_allowed"),
    [
        (ALICE, ROOT, True),
        (ALICE, USER, True),
        (ALICE, "acs:ram::1:user/ALICE", True),
        (ALICE, "acs:ram::1:user/alice2", False),
        (ALICE, "acs:ram::1:role/alice", False),
        (SESSION, ROOT, True),
        (SESSION, ROLE, True),
        (SESSION, "acs:ram::1:role/day", False),
        (SESSION, "acs:ram::1:user/night", False),
        (SESSION, USER, False),
        (STRANGER, ROOT, False),
        (STRANGER, USER, False),
        (STRANGER, "acs:ram::11:root", True),
    ],
)
def test_a_principal_is_meant_by_its_name_and_by_its_accounts_root(
    who: Principal, named: str, *, is_allowed: bool
) -> None:
    assert said(who, statement("Allow", named)) is (Reason.ALLOW if is_allowed else Reason.IMPLICIT_DENY)


def test_a_deny_is_stronger_wherever_it_stands() -> None:
    allow, deny = statement("Allow", ROOT), statement("Deny", USER)

    assert said(ALICE, allow, deny) is said(ALICE, deny, allow) is Reason.EXPLICIT_DENY
    assert said(SESSION, allow, deny) is Reason.ALLOW


def test_another_action_than_to_assume_the_role_is_not_meant() -> None:
    other = {**statement("Allow", ROOT), "Action": "sts:Tag"}

    assert said(ALICE, other) is Reason.IMPLICIT_DENY
    assert said(ALICE, {**other, "Action": ["sts:Tag", "STS:assume*"]}) is Reason.ALLOW


def test_a_condition_must_hold() -> None:
    external = statement("Allow", ROOT, StringEquals={"sts:ExternalId": "a"})

    assert said(ALICE, external) is Reason.IMPLICIT_DENY
    assert said(ALICE, external, **{"sts:ExternalId": ("a",)}) is Reason.ALLOW
    assert said(ALICE, external, **{"sts:ExternalId": ("b",)}) is Reason.IMPLICIT_DENY


def test_a_session_begins_another_for_an_hour_at_most() -> None:
    assert [longest_session_s(ALICE, 43_200), longest_session_s(SESSION, 43_200)] == [43_200, 3600]
