"""Which addresses webhooks may lead to, and how answers are bounded: the sender alone, over real sockets."""

import asyncio
import base64
from typing import Any

import pytest

from callboard.delivery import outside
from callboard.delivery.letter import Channel, Content, Letter, PermanentFailure, Target, TemporaryFailure
from callboard.delivery.outside import Forbidden
from callboard.delivery.signatures import new_key, signature
from callboard.delivery.webhook import WebhookSender
from callboard.settings import Settings
from tests.delivery.web_servers import Gateway, web_server

NOW = 1_700_000_000_000
KEY, FORMER = new_key(), new_key()

INSIDE = [
    "127.0.0.1", "10.0.0.1", "10.255.255.255", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "255.255.255.255", "224.0.0.1", "239.1.1.1", "192.0.2.1", "198.18.0.1", "240.0.0.1", "[::1]", "[::]", "[fe80::1]",
    "[fe80::1%25eth0]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[::ffff:10.0.0.1]", "[::ffff:127.0.0.1]",
    "[::127.0.0.1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:a00:1::1]",
    "[2001:db8::1]", "[2001:0:a00:1::1]",
]  # fmt: skip
UNUSUAL = [
    "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "127.0.1", "10.1", "0", "127.0.0.1.", "1.2.3.4.5",
    "010.8.8.8", "8.8.8.08", "example.0x7f",
]  # fmt: skip
OUTSIDE = [
    "8.8.8.8", "[2606:4700:4700::1111]", "[::ffff:8.8.8.8]", "[64:ff9b::8.8.8.8]", "hooks.example.com", "a_b.example",
    "xn--bcher-kva.example", "example.com.",
]  # fmt: skip


def read(url: str, **options: bool) -> outside.Place:
    return outside.read(url, **{"allows_private": False, **options})


@pytest.mark.parametrize("host", INSIDE)
def test_an_address_that_is_not_public_is_refused(host: str) -> None:
    with pytest.raises(Forbidden, match="not public"):
        read(f"https://{host}/hook")


@pytest.mark.parametrize("host", UNUSUAL)
def test_an_address_in_an_unusual_form_is_refused_even_where_private_ones_are_not(host: str) -> None:
    for allows_private in (False, True):
        with pytest.raises(Forbidden, match="unusual"):
            read(f"https://{host}/hook", allows_private=allows_private)


@pytest.mark.parametrize("host", OUTSIDE)
def test_a_public_address_and_a_name_are_taken(host: str) -> None:
    assert read(f"https://{host}:8443/a?b=c") == outside.Place("https", host.strip("[]"), 8443, "/a?b=c")
    assert read(f"https://{host}").port == 443


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "example.com", "//example.com/", "https://",
        "https:///x", "https://tom@example.com/", "https://tom:pw@example.com/", "https://example.com@10.0.0.1/",
        "https://example.com/#x", "https://example.com:0x50/", "https://example.com:99999/", "https://[::1", "https://[x]/",
        "https://exa mple.com/", "https://ex%61mple.com/", "https://example.com\\@10.0.0.1/", "https://-a.example/",
        "https://a..example/", "https://.example/", "https://" + "a" * 64 + "." * 250,
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(Forbidden):
        read(url)


def test_where_private_addresses_are_allowed_http_is_too() -> None:
    assert read("http://127.0.0.1:8080/x", allows_private=True) == outside.Place("http", "127.0.0.1", 8080, "/x")
    assert read("http://[::1]", allows_private=True) == outside.Place("http", "::1", 80, "/")


def letter(url: str, **target: Any) -> Letter:
    content = Content('{"type":"x"}', target=Target(url, KEY, **target))
    return Letter("0123-ab", Channel.WEBHOOK, "e-1", content, NOW)


def deliver(gateway: Gateway, *, target: dict[str, Any] | None = None, **settings: Any) -> str:
    async def act() -> str:
        async with web_server(gateway) as port:
            sender = WebhookSender(Settings(webhook_private_addresses=True, **settings), now=lambda: NOW)
            try:
                return await sender.send(letter(f"http://localhost:{port}/x?y=z", **(target or {})))
            finally:
                await sender.close()

    return asyncio.run(act())


def refused(url: str, *found: str) -> str:
    """Why a letter is not sent to a name that has these addresses: it is resolved once, and no connection is made."""
    asked: list[str] = []

    async def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        return list(found)

    async def act() -> str:
        sender = WebhookSender(Settings(), now=lambda: NOW, resolve=resolve)
        with pytest.raises(PermanentFailure) as failure:
            await sender.send(letter(url))
        await sender.close()
        return str(failure.value)

    answer = asyncio.run(act())
    assert len(asked) <= 1
    return answer


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:169.254.169.254"], ["fe80::1%eth0"]]
)
def test_a_name_with_an_address_that_is_not_public_is_refused_for_good(found: list[str]) -> None:
    assert "not public" in refused("https://hooks.example.com/x", *found)


def test_what_was_allowed_when_it_was_made_is_refused_when_it_is_sent() -> None:
    assert "not public" in refused("https://10.0.0.1/x")
    assert "https://" in refused("http://hooks.example.com/x")


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """The name means nothing to anybody but the resolver: whoever resolved it again would not find it."""
    gateway = Gateway()

    async def act() -> str:
        async with web_server(gateway) as port:

            async def resolve(_: str, __: int) -> list[str]:
                return ["127.0.0.1"]

            sender = WebhookSender(Settings(webhook_private_addresses=True), now=lambda: NOW, resolve=resolve)
            try:
                return await sender.send(letter(f"http://nobody.knows.invalid:{port}/x"))
            finally:
                await sender.close()

    assert asyncio.run(act()) == "200 accepted"
    assert gateway.requests[0].header("host").startswith("nobody.knows.invalid:")


def test_a_name_that_nobody_knows_is_tried_again() -> None:
    async def resolve(_: str, __: int) -> list[str]:
        raise OSError("Name or service not known")

    async def act() -> None:
        sender = WebhookSender(Settings(), now=lambda: NOW, resolve=resolve)
        await sender.send(letter("https://hooks.example.com/x"))

    with pytest.raises(TemporaryFailure, match="cannot be resolved"):
        asyncio.run(act())


def test_a_signature_is_that_of_the_specification() -> None:
    """The example of the specification's own libraries (Python, TypeScript, Go and others test themselves by it)."""
    key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    made = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert len(base64.b64decode(KEY.removeprefix("whsec_"))) == 32


@pytest.mark.parametrize(("until", "number"), [(NOW + 1, 2), (NOW, 1)])
def test_the_key_before_signs_as_long_as_it_holds(until: int, number: int) -> None:
    gateway = Gateway()

    deliver(gateway, target={"former_key": FORMER, "former_until": until})

    (request,) = gateway.requests
    expected = [signature(each, "0123-ab", NOW // 1000, request.content) for each in (KEY, FORMER)][:number]
    assert request.header("webhook-signature") == " ".join(expected)
    assert (request.method, request.target) == ("POST", "/x?y=z")
    assert request.header("webhook-timestamp") == "1700000000"


@pytest.mark.parametrize(
    ("status", "headers", "after_s"),
    [
        ("503 Busy", "Retry-After: 120\r\n", 120.0),
        ("429 Slow", "Retry-After: Tue, 14 Nov 2023 22:14:20 GMT\r\n", 60.0),
        ("500 Broken", "Retry-After: soon\r\n", None),
        ("404 No", "", None),
        ("302 There", "Location: http://localhost:1/\r\n", None),
    ],
)
def test_what_is_not_taken_may_be_later_when_the_receiver_says(
    status: str, headers: str, after_s: float | None
) -> None:
    with pytest.raises(TemporaryFailure) as failure:
        deliver(Gateway(status=status, headers=headers, content=b"why"))

    assert (str(failure.value), failure.value.retry_after_s) == (f"{status[:3]} why", after_s)


def test_who_is_gone_is_gone_for_good() -> None:
    with pytest.raises(PermanentFailure, match="410"):
        deliver(Gateway(status="410 Gone"))


def test_a_huge_answer_is_read_no_further_than_it_is_of_use() -> None:
    assert len(deliver(Gateway(content=b"a" * 5_000_000))) < 70_000


def test_an_answer_that_dribbles_is_given_up_in_time() -> None:
    with pytest.raises(TemporaryFailure, match="more than 1 s"):
        deliver(Gateway(is_dribbling=True), webhook_timeout_s=1)
