"""How many calls a principal may make: counted per minute, for everybody but root, over all replicas."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from alibabacloud_resourcedirectorymaster20220419 import models
from alibabacloud_tea_openapi.exceptions import ThrottlingException

from callboard.access.throttle import Throttle
from callboard.call import Principal
from callboard.database.engine import Database
from callboard.settings import Settings
from tests.access.rights import READING, user_with
from tests.serving import Server, serving
from tests.signing import call_v1, call_v3

TOM = Principal("1234567890123456", "LTAItom", "tom", principal_id="201")
TIM = Principal("1234567890123456", "LTAItim", "tim", principal_id="202")
ROOT = Principal("1234567890123456", "LTAIroot")
HALF_PAST = 1_700_000_010_000 // 60_000 * 60_000 + 30_000


class Clock:
    def __init__(self) -> None:
        self.now = HALF_PAST

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def admitted(throttle: Throttle, principal: Principal, calls: int, action: str = "ListUsers") -> list[bool]:
    return [throttle.admit(principal, action) == 0 for _ in range(calls)]


def test_so_many_calls_are_admitted_in_a_minute_and_no_more(database: Database, clock: Clock) -> None:
    throttle = Throttle(database, clock, per_principal=3, per_action=0)

    assert admitted(throttle, TOM, 5) == [True, True, True, False, False]
    assert throttle.admit(TOM, "ListUsers") == 30_000


def test_the_next_minute_is_a_new_one(database: Database, clock: Clock) -> None:
    throttle = Throttle(database, clock, per_principal=1, per_action=0)
    admitted(throttle, TOM, 2)

    clock.now += 30_000

    assert admitted(throttle, TOM, 2) == [True, False]


def test_each_principal_has_its_own_count_and_root_has_none(database: Database, clock: Clock) -> None:
    throttle = Throttle(database, clock, per_principal=1, per_action=1)
    admitted(throttle, TOM, 2)

    assert admitted(throttle, TIM, 2) == [True, False]
    assert admitted(throttle, ROOT, 50) == [True] * 50


def test_each_action_has_a_limit_of_its_own(database: Database, clock: Clock) -> None:
    throttle = Throttle(database, clock, per_principal=10, per_action=2)

    assert admitted(throttle, TOM, 3, "ListUsers") == [True, True, False]
    assert admitted(throttle, TOM, 3, "ListGroups") == [True, True, False]


def test_a_refused_call_is_not_counted(database: Database, clock: Clock) -> None:
    throttle = Throttle(database, clock, per_principal=3, per_action=2)

    assert admitted(throttle, TOM, 9, "ListUsers").count(True) == 2
    assert admitted(throttle, TOM, 9, "ListGroups").count(True) == 1


def test_replicas_know_of_each_others_calls_once_they_have_told(database: Database, clock: Clock) -> None:
    one, other = (Throttle(database, clock, per_principal=10, per_action=0) for _ in range(2))
    admitted(one, TOM, 6)
    admitted(other, TOM, 3)

    asyncio.run(one.flush())
    asyncio.run(other.flush())

    assert admitted(other, TOM, 3) == [True, False, False]


def test_what_was_told_is_told_once(database: Database, clock: Clock) -> None:
    throttle = Throttle(database, clock, per_principal=4, per_action=0)
    admitted(throttle, TOM, 2)

    asyncio.run(throttle.flush())
    asyncio.run(throttle.flush())

    assert admitted(throttle, TOM, 3) == [True, True, False]


@pytest.fixture(scope="module")
def slow_server(settings: Settings, server: Server) -> Iterator[Server]:
    """Another server over the same database, where a user has five calls a minute."""
    with serving(replace(settings, calls_per_minute=5)) as running:
        yield running


def test_a_user_who_calls_too_often_is_refused_in_the_form_that_clients_wait_for(slow_server: Server) -> None:
    user = user_with(slow_server.account(), READING)

    def call_too_often() -> None:
        for _ in range(11):  # Even if a minute ends in between.
            user.client().list_message_contacts(models.ListMessageContactsRequest())

    with pytest.raises(ThrottlingException) as refused:
        call_too_often()

    assert (refused.value.status_code, refused.value.code) == (400, "Throttling.User")
    assert 0 < refused.value.retry_after <= 60_000


def test_a_refused_call_leaves_its_nonce_unused(slow_server: Server) -> None:
    user = user_with(slow_server.account(), READING)
    answers = [call_v3(user, "ListMessageContacts", nonce="the-same-nonce") for _ in range(12)]

    codes = [answer.code for answer in answers[1:]]

    assert answers[0].status == 200
    assert set(codes) == {"SignatureNonceUsed", "Throttling.User"}


def test_root_is_never_refused_for_the_number_of_its_calls(slow_server: Server) -> None:
    account = slow_server.account()

    assert {call_v1(account, "ListMessageContacts").status for _ in range(12)} == {200}
