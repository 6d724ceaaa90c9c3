"""What a server that refuses, stalls or breaks off means for a letter by email."""

import asyncio

import pytest

from callboard.delivery.letter import PermanentFailure, TemporaryFailure
from tests.delivery.letters import email
from tests.delivery.mail_servers import Postbox, mail_server, scripted, smtp_sender


@pytest.mark.parametrize("code", ["451 later", "550 no such user"])
@pytest.mark.parametrize("place", ["at_rcpt", "at_end"])
def test_a_refusal_of_the_letter_ends_it_only_with_5xx(place: str, code: str) -> None:
    expected = PermanentFailure if code.startswith("5") else TemporaryFailure

    async def act() -> None:
        async with mail_server(Postbox(**{place: code})) as port, smtp_sender(port) as sender:
            await sender.send(email())

    with pytest.raises(expected, match=f"^{code}$"):
        asyncio.run(act())


@pytest.mark.parametrize("code", ["421 not now", "554 never"])
@pytest.mark.parametrize("verb", ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "end"])
def test_a_refusal_of_the_site_is_temporary_and_one_of_the_letter_is_not(verb: str, code: str) -> None:
    is_final = code.startswith("5") and verb in ("RCPT", "DATA", "end")
    answers = {verb: code, "HELO": code}

    async def act() -> None:
        async with scripted(answers) as port, smtp_sender(port, smtp_user="a", smtp_password="b") as sender:
            await sender.send(email())

    with pytest.raises(PermanentFailure if is_final else TemporaryFailure, match=code):
        asyncio.run(act())


def test_a_refusal_of_starttls_is_temporary() -> None:
    answers = {"EHLO": "250-test\r\n250 STARTTLS", "STAR": "554 no"}

    async def act() -> None:
        async with scripted(answers) as port, smtp_sender(port, smtp_security="starttls") as sender:
            await sender.send(email())

    with pytest.raises(TemporaryFailure, match=r"^554 no$"):
        asyncio.run(act())


@pytest.mark.parametrize("verb", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "end"])
def test_a_server_that_hangs_up_is_a_temporary_failure(verb: str) -> None:
    async def act() -> None:
        async with scripted({verb: ""}) as port, smtp_sender(port) as sender:
            await sender.send(email())

    with pytest.raises(TemporaryFailure):
        asyncio.run(act())


def test_a_server_that_hangs_up_within_the_message_is_a_temporary_failure() -> None:
    async def act() -> None:
        async with scripted({"middle": ""}) as port, smtp_sender(port) as sender:
            await sender.send(email())

    with pytest.raises(TemporaryFailure):
        asyncio.run(act())


def test_no_server_is_a_temporary_failure() -> None:
    async def act() -> None:
        async with scripted({}) as port:
            pass
        async with smtp_sender(port) as sender:
            await sender.send(email())

    with pytest.raises(TemporaryFailure, match="connect"):
        asyncio.run(act())


def test_a_server_that_stalls_is_a_temporary_failure() -> None:
    async def act() -> None:
        async with mail_server(Postbox(is_stalled=True)) as port, smtp_sender(port, smtp_timeout_s=0.1) as sender:
            await sender.send(email())

    with pytest.raises(TemporaryFailure, match="Timed out"):
        asyncio.run(act())


def test_a_server_slow_in_everything_does_not_hold_the_worker() -> None:
    """No step is slower than it may be, but there is no end to them."""
    answers = {"pause": "0.27"}
    given = {"smtp_user": "a", "smtp_password": "b", "smtp_timeout_s": 0.4}

    async def act() -> None:
        async with scripted(answers) as port, smtp_sender(port, **given) as sender:
            await sender.send(email())

    with pytest.raises(TemporaryFailure, match=r"more than 1.6 s"):
        asyncio.run(act())
