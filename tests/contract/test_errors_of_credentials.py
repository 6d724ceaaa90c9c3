"""A wrong secret, an unknown key and an unknown action, as users of each client see them."""

from dataclasses import replace

import pytest
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import RpcRequest

from tests.contract.callers import CALLERS, Caller, Core, CorePost
from tests.contract.facts import VERSION
from tests.serving import Account

PREFIX = "Specified signature is not matched with our calculation. server string to sign is:"


@pytest.mark.parametrize("client", CALLERS)
def test_a_wrong_secret_shows_what_the_server_has_signed(account: Account, client: type[Caller]) -> None:
    caller = client(replace(account, secret="x" * 30))

    refused = caller.refused("ListMessageContacts")

    assert (refused.status, refused.code) == (400, "SignatureDoesNotMatch")
    assert refused.message.startswith(PREFIX)
    assert len(refused.message) > len(PREFIX)


def test_the_core_client_finds_its_own_string_to_sign_behind_the_colon(account: Account) -> None:
    """clients.md, trap 15: as the strings are the same, it blames the secret. CommonRequest forgets its string."""
    request = RpcRequest("ResourceDirectoryMaster", VERSION, "ListMessageContacts")
    request.set_endpoint(account.server.endpoint)

    refused = Core(account).refusal(
        lambda: AcsClient(account.key_id, "x" * 30, "cn-hangzhou").do_action_with_exception(request)
    )

    assert (refused.status, refused.code) == (400, "InvalidAccessKeySecret")
    assert refused.message.startswith("The AccessKeySecret is incorrect.")


@pytest.mark.parametrize("client", CALLERS)
def test_an_unknown_key_is_not_found(account: Account, client: type[Caller]) -> None:
    caller = client(replace(account, key_id="LTAInobody"))

    refused = caller.refused("ListMessageContacts")

    assert refused == (404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")


@pytest.mark.parametrize("client", [Core, CorePost])
def test_an_unknown_action_is_not_found(account: Account, client: type[Caller]) -> None:
    refused = client(account).refused("ForgetMessageContact")

    assert refused == (
        404,
        "InvalidAction.NotFound",
        "Specified api is not found, please check your url and method.",
    )
