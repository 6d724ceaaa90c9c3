"""Every declared refusal of the actions about endpoints, provoked; and what no parameter may hold."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from callboard.settings import Settings
from tests.declared import assert_declared
from tests.endpoints.ears import CHAT_URL, USUAL, create, created, proven
from tests.messages.press import VERSION, call, with_bearer
from tests.messages.test_delivery import site
from tests.recipients.world import World
from tests.serving import Account
from tests.signing import Response

NAMES = (
    "CreateEndpoint", "GetEndpoint", "ListEndpoints", "UpdateEndpoint", "DeleteEndpoint", "SendEndpointCode",
    "ConfirmEndpoint", "RotateEndpointKey",
)  # fmt: skip
NO_ENDPOINT, NO_CONTACT, NO_MEMBER = "e-0123456789abcdef", "c-0123456789abcdef", "1000000000000000"
INSIDE = "https://10.0.0.1/hook"
Provocation = Callable[[World], Response]

DECLARED = {(name, error.code) for name in NAMES for error in ACTIONS[VERSION, name].errors}


def _twenty(world: World) -> Response:
    member = world.member()
    for _ in range(20):
        created(world.account, member)
    return create(world.account, member)


def _chat(world: World) -> Response:
    endpoint_id, _ = created(world.account, world.directory_id, Kind="chat", Url=CHAT_URL)
    return call(world.account, "RotateEndpointKey", EndpointId=endpoint_id)


def _created_with(**changes: Any) -> Provocation:
    return lambda world: create(world.account, world.directory_id, **changes)


def _updated_with(**changes: Any) -> Provocation:
    return lambda world: call(world.account, "UpdateEndpoint", EndpointId=proven(world, world.directory_id), **changes)


def _proven(name: str, **more: Any) -> Provocation:
    return lambda world: call(world.account, name, EndpointId=proven(world, world.directory_id), **more)


def _unknown(name: str, **more: Any) -> Provocation:
    return lambda world: call(world.account, name, EndpointId=NO_ENDPOINT, **more)


def _without_types(world: World) -> Response:
    usual = {name: value for name, value in USUAL.items() if name != "MessageTypes.1"}
    return call(world.account, "CreateEndpoint", **usual, OwnerId=world.directory_id)


PROVOCATIONS: dict[tuple[str, str], Provocation] = {
    ("CreateEndpoint", "InvalidParameter.Url"): _created_with(Url=INSIDE),
    ("CreateEndpoint", "MissingParameter.MessageTypes"): _without_types,
    ("CreateEndpoint", "InvalidParameter.MessageTypes"): _created_with(**{"MessageTypes.1": "Spam"}),
    ("CreateEndpoint", "EntityNotExists.Contact"): lambda world: create(world.account, NO_CONTACT),
    ("CreateEndpoint", "EntityNotExists.Member"): lambda world: create(world.account, NO_MEMBER),
    ("CreateEndpoint", "LimitExceeded.Endpoints"): _twenty,
    ("ListEndpoints", "EntityNotExists.Contact"): lambda world: call(
        world.account, "ListEndpoints", OwnerId=NO_CONTACT
    ),
    ("ListEndpoints", "EntityNotExists.Member"): lambda world: call(world.account, "ListEndpoints", OwnerId=NO_MEMBER),
    ("UpdateEndpoint", "InvalidParameter.Url"): _updated_with(Url=INSIDE),
    ("UpdateEndpoint", "InvalidParameter.MessageTypes"): _updated_with(**{"MessageTypes.1": "Spam"}),
    ("SendEndpointCode", "EntityNotExists.Endpoint.Verification"): _proven("SendEndpointCode"),
    ("ConfirmEndpoint", "EntityNotExists.Endpoint.Verification"): _proven("ConfirmEndpoint", Code="00000000"),
    ("RotateEndpointKey", "EndpointKindMismatch"): _chat,
    **{
        (name, "EntityNotExists.Endpoint"): _unknown(
            name, **({"Code": "00000000"} if name == "ConfirmEndpoint" else {})
        )
        for name in NAMES
        if name not in ("CreateEndpoint", "ListEndpoints")
    },
}
ELSEWHERE = {
    (name, code)
    for name, code in DECLARED
    if code in ("SendValidateCodeExceedsLimitForAccount", "InvalidParameter.Kind")
}
"""Provoked below, on servers with other settings."""
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # Apprise looks whether it is there.


@pytest.mark.parametrize(("action", "code"), PROVOCATIONS)
def test_a_declared_error_surfaces_as_it_is_declared(world: World, action: str, code: str) -> None:
    refused = PROVOCATIONS[action, code](world)

    assert_declared(refused, action, code)


def test_every_declared_error_has_a_provocation_and_no_other() -> None:
    assert set(PROVOCATIONS) | ELSEWHERE == DECLARED


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_codes_are_sent_as_often_as_letters_that_ask_for_proofs(own_settings: Settings) -> None:
    with site(own_settings, worker="false") as world:
        endpoint_id, _ = created(world.account, world.directory_id)
        answers = [
            create(world.account, world.directory_id),
            call(world.account, "SendEndpointCode", EndpointId=endpoint_id),
        ]
        other, _ = created(world.account, world.directory_id, Url="https://other.example.com/")
        answers.append(call(world.account, "UpdateEndpoint", EndpointId=other, Url=USUAL["Url"]))

    assert {(each.status, each.code) for each in answers} == {(409, "SendValidateCodeExceedsLimitForAccount")}


def test_without_apprise_a_chat_is_refused() -> None:
    """In a process of its own, where the extra is not installed."""
    program = (
        "import sys; sys.modules['apprise'] = None\n"
        "from types import SimpleNamespace\n"
        "from callboard.delivery.letter import Channel\n"
        "from callboard.delivery.senders import open_senders\n"
        "from callboard.endpoints import finding\n"
        "from callboard.settings import Settings\n"
        "print(sorted(open_senders(Settings())))\n"
        "call = SimpleNamespace(terms=Settings().terms_at(''))\n"
        f"finding.check_url(call, Channel.CHAT, {CHAT_URL!r})\n"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert "webhook" in ended.stdout
    assert "chat" not in ended.stdout
    assert "ChatsNotServed: InvalidParameter.Kind: Chats are not served here" in ended.stderr


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        *((name, "", "InvalidParameter") for name in ("Name", "Kind", "OwnerId")),
        ("Url", "", "InvalidParameter.Url"),
        *(("Name", text, "InvalidParameter") for text in ("x" * 65, " a", "a\nb", "a\x00b", "\u202ea")),
        *(("Kind", text, "InvalidParameter") for text in ("Webhook", "email", "sms")),
        *(("OwnerId", text, "InvalidParameter") for text in ("tom", "c-1", "x" * 40, "fd-", "e-0123456789abcdef")),
        *(("Url", text, "InvalidParameter.Url") for text in (
            "https://example.com/ x", "https://exämple.com/", "https://example.com/".ljust(2001, "x"), "https://127.1/",
            "http://example.com/", "https://tom@example.com/", "https://2130706433/", "https://[::1]/", CHAT_URL,
            "https://169.254.169.254/latest/meta-data", "https://example.com/\r\nHost: x",
        )),
        ("MessageTypes", [], "MissingParameter.MessageTypes"),
        ("MessageTypes", ["FaultMessage", "FaultMessage"], "InvalidParameter.MessageTypes"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_its_name(world: World, name: str, value: Any, code: str) -> None:
    usual = {"Name": "a", "Kind": "webhook", "Url": "https://example.com/", "MessageTypes": ["FaultMessage"]}

    refused = with_bearer(world.account, "CreateEndpoint", {**usual, "OwnerId": world.directory_id, name: value})

    assert (refused.status, refused.code) == (400, code)
    assert name in refused.json["Message"]


@pytest.mark.parametrize(
    "url", ["json://10.0.0.1/", "file:///etc/passwd", "mmost://127.0.0.1/abcdefghijklmnop", "https://example.com/hook"]
)
def test_a_chat_that_is_none_that_is_allowed_is_refused(world: World, url: str) -> None:
    refused = create(world.account, world.directory_id, Kind="chat", Url=url)

    assert (refused.status, refused.code, url in refused.json["Message"]) == (400, "InvalidParameter.Url", False)


@pytest.mark.parametrize(
    ("action", "name", "value"),
    [
        ("GetEndpoint", "EndpointId", "e-1"),
        ("GetEndpoint", "OwnerId", "tom"),
        ("ConfirmEndpoint", "Code", "1234567"),
        ("ConfirmEndpoint", "Code", "١٢٣٤٥٦٧٨"),
        ("ListEndpoints", "NextToken", "x"),
        ("ListEndpoints", "NextToken", "01.e-0123456789abcdef"),
        ("ListEndpoints", "MaxResults", "0"),
    ],
)
def test_what_does_not_fit_another_action_is_refused_by_its_name(
    world: World, action: str, name: str, value: str
) -> None:
    usual = {"EndpointId": NO_ENDPOINT, "Code": "00000000"} if action != "ListEndpoints" else {}

    refused = call(world.account, action, **{**usual, name: value})

    assert (refused.status, refused.code, name in refused.json["Message"]) == (400, "InvalidParameter", True)


def test_a_long_address_with_everything_in_it_is_taken(world: World) -> None:
    account: Account = world.account

    assert create(account, world.directory_id, Url="https://example.com:8443/a?b=%20&c=".ljust(2000, "x")).status == 200
