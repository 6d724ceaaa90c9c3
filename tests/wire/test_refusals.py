"""Every refusal of the gateway, provoked over HTTP, with its whole answer."""

import asyncio
import io
from typing import Any

import pytest
import structlog
from msgspec.structs import replace

from callboard.api import errors, pipeline
from callboard.api.wire import HttpRequest
from callboard.database.engine import Database
from callboard.errors import Conflict, Unavailable
from callboard.runtime import Runtime
from tests.serving import Account
from tests.signing import Response, call_v1, call_v3, v3_headers
from tests.wire.checking import check_refusal
from tests.wire.provocations import ACTION, ELSEWHERE, PROVOCATIONS, Provocation, invalid


@pytest.mark.parametrize("each", PROVOCATIONS, ids=[each.code for each in PROVOCATIONS])
def test_a_refusal_has_its_status_code_message_and_body(account: Account, each: Provocation) -> None:
    response = each.provoke(account)

    host = account.server.endpoint
    check_refusal(response, status=each.status, code=each.code, message=each.message, host=host)


def test_every_refusal_of_the_gateway_is_provoked() -> None:
    provoked = {each.refusal for each in PROVOCATIONS}

    assert provoked | ELSEWHERE == set(errors.GatewayError.__subclasses__())


def test_a_v1_signature_that_does_not_match_names_the_string_that_the_server_signed(account: Account) -> None:
    response = call_v1(Account(account.server, account.account_id, account.key_id, "wrong"), ACTION, {"Name": "a b"})

    text = "Specified signature is not matched with our calculation. server string to sign is:GET&%2F&AccessKeyId%3D"
    assert response.json["Message"].startswith(text)
    assert "%26Name%3Da%2520b%26Signature" in response.json["Message"]
    message = response.json["Message"]
    check_refusal(response, status=400, code="SignatureDoesNotMatch", message=message, host=account.server.endpoint)


def test_a_v3_signature_that_does_not_match_names_the_string_that_the_server_signed(account: Account) -> None:
    response = call_v3(account, ACTION, secret="wrong")

    message = response.json["Message"]
    start = "Specified signature is not matched with our calculation. server string to sign is:ACS3-HMAC-SHA256\n"
    assert message.startswith(start)
    assert len(message) == len(start) + 64
    check_refusal(response, status=400, code="SignatureDoesNotMatch", message=message, host=account.server.endpoint)


def test_a_name_that_comes_twice_is_refused(account: Account) -> None:
    response = call_v3(account, ACTION, [("PageSize", "1"), ("PageSize", "1")])

    message = invalid("PageSize")
    check_refusal(response, status=400, code="InvalidParameter", message=message, host=account.server.endpoint)


def test_a_refusal_is_written_in_xml_where_xml_is_asked_for(account: Account) -> None:
    response = call_v1(account, ACTION, {"Member": "<&>"}, Format="XML")

    assert response.headers["content-type"] == "text/xml;charset=utf-8"
    host = account.server.endpoint
    check_refusal(response, status=400, code="InvalidParameter.Member", message="The Member is invalid.", host=host)
    assert b"<Recommend><![CDATA[" in response.body


@pytest.mark.parametrize("each", PROVOCATIONS, ids=[each.code for each in PROVOCATIONS])
def test_a_refusal_leaves_the_key_usable(account: Account, each: Provocation) -> None:
    each.provoke(account)

    response = call_v3(account, ACTION)

    assert response.status == 200


class Broken:
    """A database that answers everything with a failure."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure

    async def transact(self, *_: Any, **__: Any) -> Any:
        raise self.failure

    def run(self, *_: Any) -> Any:
        raise self.failure

    def close(self) -> None:
        """There is nothing to let go of."""


def answered(account: Account, database: Database, action: str, parameters: dict[str, str]) -> tuple[Response, str]:
    """The answer, and the log, of a server that runs on another database but knows the key already."""
    log = io.StringIO()
    runtime: Runtime = replace(
        account.server.runtime,
        database=database,
        log=structlog.wrap_logger(structlog.WriteLogger(log), processors=[structlog.processors.JSONRenderer()]),
    )
    query = list(parameters.items())
    headers = v3_headers(endpoint="h:1", action=action, key_id=account.key_id, secret=account.secret, query=query)
    request = HttpRequest(
        method="POST",
        path="/",
        query="&".join(f"{name}={value}" for name, value in query).encode(),
        headers={name.lower(): value for name, value in headers.items()},
        body=b"",
    )

    async def answer() -> Response:
        await runtime.keyring.find(account.key_id)
        made = await pipeline.answer(runtime, request)
        sent = {"content-type": made.content_type[1].decode(), "content-length": str(len(made.body))}
        return Response(made.status, sent | {"x-acs-request-id": made.request_id}, made.body)

    return asyncio.run(answer()), log.getvalue()


def test_a_fault_of_the_server_is_an_internal_error_whose_detail_only_the_log_has(account: Account) -> None:
    response, log = answered(account, Broken(RuntimeError("the detail")), ACTION, {})

    message = "The request processing has failed due to some unknown error."
    check_refusal(response, status=500, code="InternalError", message=message, host="h:1")
    assert b"detail" not in response.body
    assert response.headers["x-acs-request-id"] in log


def test_a_database_that_does_not_answer_is_a_temporary_failure(account: Account) -> None:
    response, log = answered(account, Broken(Unavailable("the detail")), ACTION, {})

    message = "The request has failed due to a temporary failure of the server."
    check_refusal(response, status=503, code="ServiceUnavailable", message=message, host="h:1")
    assert b"detail" not in response.body
    assert "the detail" in log


@pytest.mark.parametrize(
    ("action", "status", "code"),
    [
        ("DeleteMessageContact", 429, "ConcurrentCallNotSupported"),
        ("CancelMessageContactUpdate", 503, "ServiceUnavailable"),
        ("GetMessageContact", 503, "ServiceUnavailable"),
    ],
)
def test_a_lock_held_too_long_is_refused_as_the_action_declares(
    account: Account, action: str, status: int, code: str
) -> None:
    response, _ = answered(account, Broken(Conflict("held")), action, {"ContactId": "c-qL4HqKONzOM7abcd"})

    assert (response.status, response.code) == (status, code)


def test_no_refusal_shows_a_secret(account: Account) -> None:
    responses = [each.provoke(account) for each in PROVOCATIONS]

    assert not [each for each in responses if account.secret.encode() in each.body]
