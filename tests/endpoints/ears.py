"""Endpoints as the tests make and prove them."""

from typing import Any

from callboard.contacts.addresses import key_of
from callboard.delivery import lists
from callboard.delivery.letter import Letter
from tests.endpoints.listener import Listener
from tests.messages.press import FAULT, call
from tests.recipients.world import World
from tests.serving import Account
from tests.signing import Response

URL, CHAT_URL = "https://hooks.example.com/s3cret-of-the-path", "dingtalk://s3cretofthetoken0123456789/"
USUAL = {"Name": "Operations", "Kind": "webhook", "Url": URL, "MessageTypes.1": FAULT}


def create(account: Account, owner_id: str, **changes: Any) -> Response:
    return call(account, "CreateEndpoint", **{**USUAL, "OwnerId": owner_id, **changes})


def created(account: Account, owner_id: str, **changes: Any) -> tuple[str, str]:
    """A new endpoint: its id, and its key."""
    answer = create(account, owner_id, **changes)
    assert answer.status == 200, answer.body
    return str(answer.json["Endpoint"]["EndpointId"]), str(answer.json.get("SigningKey", ""))


def shown(account: Account, endpoint_id: str) -> dict[str, Any]:
    answer = call(account, "GetEndpoint", EndpointId=endpoint_id)
    assert answer.status == 200, answer.body
    return dict(answer.json["Endpoint"])


def confirm(account: Account, endpoint_id: str, code: str) -> Response:
    return call(account, "ConfirmEndpoint", EndpointId=endpoint_id, Code=code)


def letter(world: World, endpoint_id: str) -> Letter:
    """The newest letter to an endpoint, as its sender would get it."""
    vault = world.server.runtime.vault
    found = world.run(lambda open_: lists.last(open_, vault, key_of(endpoint_id)))
    assert isinstance(found, Letter)
    return found


def proven(world: World, owner_id: str, **changes: Any) -> str:
    """An endpoint that was proven by the code of its letter, which nobody delivered."""
    endpoint_id, _ = created(world.account, owner_id, **changes)
    assert confirm(world.account, endpoint_id, letter(world, endpoint_id).content.code).json["Confirmed"] is True
    return endpoint_id


def heard(world: World, listener: Listener, owner_id: str, **changes: Any) -> tuple[str, str]:
    """An endpoint at the listener, which proved it; its id, and its key."""
    before = len(listener.of("endpoint.verification"))
    endpoint_id, key = created(world.account, owner_id, **{"Url": listener.url(), **changes})
    answer = confirm(world.account, endpoint_id, listener.code(position=before + 1))
    assert answer.json["Confirmed"] is True
    return endpoint_id, key


def other(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 10**8:08}"
