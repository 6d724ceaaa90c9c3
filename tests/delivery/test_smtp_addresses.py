"""Addresses: one letter has one receiver, whatever the address looks like."""

import asyncio

import pytest

from callboard.delivery.letter import PermanentFailure
from tests.delivery.letters import email
from tests.delivery.mail_servers import Postbox, mail_server, smtp_sender


def test_a_domain_in_unicode_is_sent_to_in_ascii() -> None:
    postbox = Postbox()

    async def act() -> None:
        async with mail_server(postbox) as port, smtp_sender(port, smtp_from="a@例子.测试") as sender:
            await sender.send(email("tom@bücher.example"))

    asyncio.run(act())

    assert postbox.envelopes[0].mail_from == "a@xn--fsqu00a.xn--0zwm56d"
    assert postbox.envelopes[0].rcpt_tos == ["tom@xn--bcher-kva.example"]
    assert postbox.mails[0]["To"] == "tom@xn--bcher-kva.example"


def test_an_address_in_unicode_needs_a_server_that_takes_it() -> None:
    willing = Postbox()

    async def act() -> None:
        async with mail_server(willing, enable_SMTPUTF8=True) as port, smtp_sender(port) as sender:
            await sender.send(email("用户@example.org"))
        async with mail_server(Postbox()) as port, smtp_sender(port) as sender:
            await sender.send(email("用户@example.org"))

    with pytest.raises(PermanentFailure, match="ASCII"):
        asyncio.run(act())

    assert willing.envelopes[0].rcpt_tos == ["用户@example.org"]
    assert "To: 用户@example.org\r\n".encode() in willing.envelopes[0].content


@pytest.mark.parametrize(
    "recipient",
    [
        "tom",
        "@example.org",
        "tom@",
        "a@x.org, b@x.org",
        "a,b@x.org",
        "Tom <tom@x.org>",
        "tom@x.org>",
        "tom@x.org\r\nBcc: all@x.org",
        "tom\r\n@x.org",
        'tom"@x.org',
        "tom @x.org",
        "tom@x.org\n",
        "tom@x org",
        "tom\x00@x.org",
        "tom\u2028@x.org",
        "tom@例子\u3002\n测试",
        "=?utf-8?q?a?=@x.org",
        "a" * 320 + "@x.org",
    ],
)
def test_what_is_no_single_address_is_refused_for_good(recipient: str) -> None:
    async def act() -> None:
        async with smtp_sender(1) as sender:
            await sender.send(email(recipient))

    with pytest.raises(PermanentFailure, match="not an email address"):
        asyncio.run(act())


@pytest.mark.parametrize(
    "recipient",
    [
        '"a,b"@x.org',
        '"a b@c"@x.org',
        r'"a\"b"@x.org',
        "a..b@x.org",
        "a'b+c{d}@x_y.org",
        "a" * 64 + "@" + "b." * 90 + "org",
    ],
)
def test_an_odd_address_is_still_exactly_one(recipient: str) -> None:
    postbox = Postbox()

    async def act() -> None:
        async with mail_server(postbox) as port, smtp_sender(port) as sender:
            await sender.send(email(recipient))

    asyncio.run(act())

    assert len(postbox.envelopes[0].rcpt_tos) == 1
    assert [each.addr_spec for each in postbox.mails[0]["To"].addresses] == [recipient]
