"""Chats by Apprise: which URLs are taken, and a post to a server of the kind that people host themselves."""

import asyncio
from typing import Any

import pytest

from callboard.delivery.apprise_services import Services
from callboard.delivery.chat import ChatSender, read
from callboard.delivery.letter import Channel, Content, Letter, PermanentFailure, Target, TemporaryFailure
from callboard.delivery.outside import Forbidden
from callboard.settings import Settings
from tests.delivery.web_servers import Gateway, web_server
from tests.e2e.processes import until
from tests.endpoints.ears import confirm, created
from tests.endpoints.listener import Listener
from tests.messages.press import CONTENT, SUBJECT, published
from tests.messages.press import shown as message_of
from tests.messages.test_delivery import site
from tests.serving import LOG

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # Apprise looks whether it is there.
TOKEN = "s3cretofthetoken0123456789"
SLACK = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"

TAKEN = [
    f"dingtalk://{TOKEN}/",
    f"dingtalk://S3CRET@{TOKEN}/",
    f"feishu://{TOKEN}/",
    f"lark://{TOKEN}/",
    "wecombot://abcdefgh-0123-4567-89ab-0123456789ab",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcdefgh-0123-4567-89ab-0123456789ab",
    f"slack://{SLACK}/#general",
    f"https://hooks.slack.com/services/{SLACK}",
    "workflows://prod-180.westeurope.logic.azure.com:443/WorkflowID/Signature/",
    "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "tgram://123456789:abcdefg_hijklmnop/12315544?topic=3",
    "gchat://workspace/key/token",
]
REFUSED = [
    "json://10.0.0.1/",
    "jsons://example.com/",
    "form://127.0.0.1/",
    "file:///etc/passwd",
    "syslog://",
    "mailto://tom:pw@example.com",
    "https://example.com/hook",
    "http://169.254.169.254/latest",
    f"mmosts://chat.example.com/{TOKEN}",
    "nosuch://x",
    "slack",
    "slack://short",
    "workflows://10.0.0.1:443/WorkflowID/Signature/",
    "workflows://evil.example.com:443/WorkflowID/Signature/",
    "workflows://evillogic.azure.com.example.com:443/WorkflowID/Signature/",
    f"discord://4174216298/{TOKEN}/?template=/etc/passwd",
    f"discord://4174216298/{TOKEN}/?thread=1;template=/etc/passwd",
    f"discord://4174216298/{TOKEN}/?thread=1&+template=/etc/passwd",
    f"discord://4174216298/{TOKEN}/??template=/etc/passwd",
    f"slack://{SLACK}/?template=http://10.0.0.1/",
    f"slack://{SLACK}/?verify=no",
    f"dingtalk://{TOKEN}/?redirect=yes",
]


def open_(url: str, *, allowed: frozenset[str] = Settings().chat_schemas, allows_private: bool = False) -> Any:
    return read(Services(), url, allowed=allowed, allows_private=allows_private)


@pytest.mark.parametrize("url", TAKEN)
def test_the_services_that_are_hosted_somewhere_known_are_taken(url: str) -> None:
    service = open_(url)

    assert (service.redirects, service.verify_certificate) == (False, True)


@pytest.mark.parametrize("url", REFUSED)
def test_what_could_lead_elsewhere_or_read_something_is_refused(url: str) -> None:
    with pytest.raises(Forbidden):
        open_(url)


def test_a_service_that_people_host_must_be_allowed_and_outside() -> None:
    allowed = frozenset({"mmost", "mmosts"})

    assert open_(f"mmosts://chat.example.com/{TOKEN}", allowed=allowed).host == "chat.example.com"
    for host in ("10.0.0.1", "127.1", "[::1]"):
        with pytest.raises(Forbidden):
            open_(f"mmosts://{host}/{TOKEN}", allowed=allowed)
    with pytest.raises(Forbidden):
        open_(f"mmost://chat.example.com/{TOKEN}", allowed=frozenset({"mmosts"}))


def post(gateway: Gateway, url: str = "mmost://localhost:{port}/" + TOKEN, **settings: Any) -> str:
    async def act() -> str:
        async with web_server(gateway) as port:
            sender = ChatSender(Settings(chat_services="mmost", **settings))
            content = Content("text", subject="title", target=Target(url.format(port=port)))
            return await sender.send(Letter("l-1", Channel.CHAT, "e-1", content, 0))

    return asyncio.run(act())


def test_a_name_of_the_own_network_is_refused_before_anything_goes_there() -> None:
    gateway = Gateway()

    with pytest.raises(PermanentFailure, match="not public"):
        post(gateway)

    assert gateway.requests == []


def test_what_a_service_says_is_told_by_its_status_alone() -> None:
    gateway = Gateway(status="401 No", content=f"bad token {TOKEN}".encode())

    with pytest.raises(TemporaryFailure, match=r"^The service answered 401\.$"):
        post(gateway, webhook_private_addresses=True)

    assert gateway.requests


def test_redirects_are_not_followed() -> None:
    gateway = Gateway(status="307 There", headers="Location: /elsewhere\r\n")

    with pytest.raises(TemporaryFailure):
        post(gateway, webhook_private_addresses=True)

    assert {each.target for each in gateway.requests} == {f"/hooks/{TOKEN}"}


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_a_chat_is_proven_and_told(own_settings: Settings, listener: Listener) -> None:
    given = {"webhook_private_addresses": "true", "chat_services": "mmost"}
    with site(own_settings, **given, language="both", organisation="Example Ltd") as world:
        member = world.member(name="production")
        url = f"mmost://127.0.0.1:{listener.port}/{TOKEN}"
        endpoint_id, key = created(world.account, member, Kind="chat", Url=url, Name="Ops")
        first = str(listener.next("chat").tree)
        code = next(word for word in first.split() if word.strip("*").isdigit() and len(word.strip("*")) == 8)
        proven = confirm(world.account, endpoint_id, code.strip("*")).json
        message_id = published(world.account, member, Severity="Critical", Link="https://example.com/17")
        second = str(listener.next("chat", position=2).tree)
        until(lambda: message_of(world.account, message_id)["Deliveries"][0]["State"] == "Sent", "it is sent")
        (found,) = message_of(world.account, message_id)["Deliveries"]

    assert (key, proven["Confirmed"]) == ("", True)
    for part in ("Example Ltd would like to post messages here, as the endpoint", "Ops", endpoint_id, "验证码"):
        assert part in first
    for part in (SUBJECT, CONTENT, "Critical / 严重", "production", member, "https://example.com/17", "Example Ltd"):
        assert part in second
    assert (found["Channel"], found["Recipient"]) == ("chat", endpoint_id)
    assert found["Attempts"][0]["Answer"] == "The service has taken it."
    assert TOKEN not in LOG.getvalue()
