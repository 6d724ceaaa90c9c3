"""Bearer keys: for scripts, with the same rights as a signed call, where nobody else reads what is sent."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from callboard.settings import Settings
from tests.access.rights import READING, user_with
from tests.serving import Account, Server, serving
from tests.signing import Response, send

LIST = "/?Action=ListMessageContacts&Version=2022-04-19"
ADD = (
    "/?Action=AddMessageContact&Version=2022-04-19&Name=tom&EmailAddress=tom@example.com&Title=CEO"
    "&MessageTypes.1=FaultMessage"
)


def bearer(
    account: Account, path: str = LIST, *, secret: str | None = None, method: str = "GET", **more: str
) -> Response:
    headers = {"Authorization": f"Bearer {account.key_id}.{secret or account.secret}", **more}
    return send(account.server.endpoint, method, path, headers)


def test_a_key_and_its_secret_do_in_place_of_a_signature(account: Account) -> None:
    added = bearer(account, ADD, method="POST")
    listed = bearer(account)

    assert (added.status, listed.status) == (200, 200)
    assert [each["Name"] for each in listed.json["Contacts"]] == ["tom"]


def test_the_same_call_may_be_sent_again_as_there_is_no_nonce(account: Account) -> None:
    assert [bearer(account).status for _ in range(3)] == [200, 200, 200]


def test_a_user_has_the_rights_that_it_has_with_a_signature(account: Account) -> None:
    user = user_with(account, READING)

    assert bearer(user).status == 200
    assert (bearer(user, ADD, method="POST").status, bearer(user, ADD, method="POST").code) == (403, "NoPermission")


def test_a_wrong_secret_and_an_unknown_key_are_refused_alike(account: Account) -> None:
    wrong = bearer(account, secret="x" * 30)
    unknown = bearer(replace(account, key_id="LTAInobody"))

    assert (wrong.status, wrong.code, wrong.json["Message"]) == (
        404,
        "InvalidAccessKeyId.NotFound",
        "Specified access key is not found.",
    )
    assert (unknown.status, unknown.code, unknown.json["Message"]) == (wrong.status, wrong.code, wrong.json["Message"])


@pytest.mark.parametrize("header", ["Bearer nodot", "Bearer .", "Bearer a.b.", "bearer a b.c d"])
def test_a_bearer_key_that_is_none_is_refused(account: Account, header: str) -> None:
    answer = send(account.server.endpoint, "GET", LIST, {"Authorization": header})

    assert answer.code in ("IncompleteSignature", "InvalidAccessKeyId.NotFound")


def test_a_bearer_key_that_is_empty_is_no_credential(account: Account) -> None:
    assert send(account.server.endpoint, "GET", LIST, {"Authorization": "Bearer "}).code == "MissingAccessKeyId"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_a_call_that_came_through_a_proxy_in_clear_is_refused(account: Account, header: str) -> None:
    answer = bearer(account, **{header: "192.0.2.7"})

    assert (answer.status, answer.code) == (400, "InvalidProtocol.NeedSsl")


@pytest.fixture(scope="module")
def strict(settings: Settings, server: Server) -> Iterator[Server]:
    """Another server over the same database, which takes signatures alone."""
    with serving(replace(settings, bearer_keys=False)) as running:
        yield running


def test_a_setting_turns_bearer_keys_off(strict: Server) -> None:
    answer = bearer(strict.account())

    assert (answer.status, answer.code) == (400, "InvalidSignatureType")
