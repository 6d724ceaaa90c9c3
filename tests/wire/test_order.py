"""Which refusal comes first (protocol.md, section 6.2), and what uses a nonce up."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callboard import provision
from callboard.clock import wall_clock as now
from tests.serving import Account
from tests.signing import Response, call_v1, call_v3, timestamp
from tests.wire.provocations import ACTION, inactive

FAULTS = (
    ("format", "InvalidParameter.Format"),
    ("action", "MissingAction"),
    ("version", "InvalidVersion"),
    ("credentials", "MissingAccessKeyId"),
    ("time", "InvalidTimeStamp.Expired"),
    ("unknown key", "InvalidAccessKeyId.NotFound"),
    ("inactive key", "InvalidAccessKeyId.Inactive"),
    ("token", "InvalidSecurityToken.MismatchWithAccessKey"),
    ("signature", "SignatureDoesNotMatch"),
    ("nonce", "SignatureNonceUsed"),
    ("permission", "NoPermission"),
    ("missing parameter", "MissingParameter.ContactId"),
    ("malformed parameter", "InvalidParameter.ContactId"),
    ("state", "EntityNotExists.Contact"),
)
NAMES = [name for name, _ in FAULTS]


def faulty(account: Account, faults: list[str]) -> Response:
    """A call of GetMessageContact with all of these faults."""
    caller = account.server.key(account.account_id, "somebody") if "permission" in faults else account
    if "inactive key" in faults:
        caller = inactive(account)
    nonce = uuid.uuid4().hex
    if "nonce" in faults and "inactive key" not in faults:
        call_v1(caller, ACTION, SignatureNonce=nonce)
    common: dict[str, Any] = {
        "format": {"Format": "YAML"},
        "action": {"Action": None},
        "version": {"Version": "2020-03-30"},
        "credentials": {"AccessKeyId": None},
        "time": {"Timestamp": timestamp(ahead=timedelta(hours=-1))},
        "token": {"SecurityToken": "t"},
    }
    changed = {name: value for fault in faults for name, value in common.get(fault, {}).items()}
    if "unknown key" in faults and "credentials" not in faults:
        changed["AccessKeyId"] = "LTAInobody"
    secret = "wrong" if "signature" in faults else caller.secret
    contact_id = "" if "missing parameter" in faults else "x" if "malformed parameter" in faults else "c-" + "a" * 16
    signer = replace(caller, secret=secret)
    return call_v1(signer, "GetMessageContact", {"ContactId": contact_id}, SignatureNonce=nonce, **changed)


@pytest.mark.parametrize("first", range(len(FAULTS)), ids=NAMES)
def test_of_several_faults_the_first_in_the_order_of_checks_is_answered(account: Account, first: int) -> None:
    response = faulty(account, NAMES[first:])

    assert response.code == FAULTS[first][1]


@pytest.mark.parametrize(("fault", "code"), FAULTS, ids=NAMES)
def test_each_fault_alone_is_answered_too(account: Account, fault: str, code: str) -> None:
    response = faulty(account, [fault])

    assert response.code == code


@pytest.mark.parametrize("call", [call_v1, call_v3], ids=["V1", "V3"])
@pytest.mark.parametrize("minutes", [-14.8, -5, 5, 14.8])
def test_a_clock_within_a_quarter_of_an_hour_is_accepted(account: Account, call: Any, minutes: float) -> None:
    moment = timestamp(ahead=timedelta(minutes=minutes))

    response = call(account, ACTION, **({"Timestamp": moment} if call is call_v1 else {"date": moment}))

    assert response.status == 200


@pytest.mark.parametrize("call", [call_v1, call_v3], ids=["V1", "V3"])
@pytest.mark.parametrize("minutes", [-15.2, 15.2, -60 * 24 * 365, 60 * 24 * 365])
def test_a_clock_further_away_is_refused_in_both_directions(account: Account, call: Any, minutes: float) -> None:
    moment = timestamp(ahead=timedelta(minutes=minutes))

    response = call(account, ACTION, **({"Timestamp": moment} if call is call_v1 else {"date": moment}))

    assert response.code == "InvalidTimeStamp.Expired"


def sent(account: Account, scheme: str, nonce: str, action: str = ACTION, **options: Any) -> Response:
    if scheme == "V1":
        return call_v1(account, action, SignatureNonce=nonce, **options)
    return call_v3(account, action, nonce=nonce, **options)


@pytest.mark.parametrize("first", ["V1", "V3"])
@pytest.mark.parametrize("second", ["V1", "V3"])
def test_a_nonce_is_taken_once_from_a_key_whatever_the_scheme(account: Account, first: str, second: str) -> None:
    nonce = uuid.uuid4().hex

    responses = [sent(account, scheme, nonce) for scheme in (first, second)]

    assert responses[0].status == 200
    assert responses[1].code == "SignatureNonceUsed"


@pytest.mark.parametrize("scheme", ["V1", "V3"])
def test_another_key_of_the_account_may_use_the_same_nonce(account: Account, scheme: str) -> None:
    nonce = uuid.uuid4().hex
    other = account.server.key(account.account_id)

    responses = [sent(key, scheme, nonce) for key in (account, other)]

    assert [each.status for each in responses] == [200, 200]


@pytest.mark.parametrize("scheme", ["V1", "V3"])
@pytest.mark.parametrize("action", ["GetMessageContact", "DeleteMessageContact"], ids=["read", "write"])
def test_a_refused_call_uses_its_nonce_up(account: Account, scheme: str, action: str) -> None:
    nonce = uuid.uuid4().hex

    responses = [sent(account, scheme, nonce, action) for _ in range(2)]

    assert [each.code for each in responses] == ["MissingParameter.ContactId", "SignatureNonceUsed"]


@pytest.mark.parametrize("scheme", ["V1", "V3"])
def test_a_wrong_signature_does_not_burn_the_nonce(account: Account, scheme: str) -> None:
    nonce = uuid.uuid4().hex

    refused = sent(replace(account, secret="wrong"), scheme, nonce)
    response = sent(account, scheme, nonce)

    assert refused.code == "SignatureDoesNotMatch"
    assert response.status == 200


def test_an_expired_call_does_not_burn_the_nonce(account: Account) -> None:
    nonce = uuid.uuid4().hex

    refused = call_v3(account, ACTION, nonce=nonce, date=timestamp(ahead=timedelta(hours=-1)))
    response = call_v3(account, ACTION, nonce=nonce)

    assert refused.code == "InvalidTimeStamp.Expired"
    assert response.status == 200


@pytest.mark.parametrize("nonce", ["1", "n" * 4000, "a b/c?d", "<'\">"])
def test_a_nonce_may_be_any_text(account: Account, nonce: str) -> None:
    responses = [call_v3(account, ACTION, nonce=nonce) for _ in range(2)]

    assert responses[0].status == 200
    assert responses[1].code == "SignatureNonceUsed"


def test_a_key_that_was_enabled_again_is_accepted(account: Account) -> None:
    key = inactive(account)
    server = account.server
    server.run(lambda connection: provision.set_key_active(connection, key.key_id, is_active=True, now=now()))

    response = call_v3(key, ACTION)

    assert response.status == 200


@pytest.mark.parametrize("token", ["t", "tok+/=en"])
@pytest.mark.parametrize("scheme", ["V1", "V3"])
def test_a_security_token_does_not_go_with_a_permanent_key(account: Account, scheme: str, token: str) -> None:
    if scheme == "V1":
        response = call_v1(account, ACTION, SecurityToken=token)
    else:
        response = call_v3(account, ACTION, extra={"x-acs-security-token": token})

    assert response.code == "InvalidSecurityToken.MismatchWithAccessKey"


def test_an_empty_security_token_is_none_at_all(account: Account) -> None:
    responses = [
        call_v1(account, ACTION, SecurityToken=""),
        call_v3(account, ACTION, extra={"x-acs-security-token": ""}),
    ]

    assert [each.status for each in responses] == [200, 200]
