"""Which connection carries a letter by email, and what a lost one costs."""

import asyncio

import pytest

from callboard.delivery.letter import PermanentFailure
from tests.delivery.letters import email
from tests.delivery.mail_servers import Postbox, mail_server, scripted, smtp_sender


def test_letters_one_after_the_other_share_a_connection() -> None:
    postbox = Postbox()

    async def act() -> None:
        async with mail_server(postbox) as port, smtp_sender(port) as sender:
            for _ in range(3):
                await sender.send(email())

    asyncio.run(act())

    assert (len(postbox.mails), len(postbox.connections)) == (3, 1)


def test_letters_at_once_have_a_connection_each_and_keep_them() -> None:
    postbox = Postbox()

    async def act() -> None:
        async with mail_server(postbox) as port, smtp_sender(port) as sender:
            for _ in range(2):
                await asyncio.gather(*(sender.send(email(f"tom{each}@example.org")) for each in range(5)))

    asyncio.run(act())

    assert (len(postbox.mails), len(postbox.connections)) == (10, 5)
    assert all(
        mail["To"] == envelope.rcpt_tos[0] for mail, envelope in zip(postbox.mails, postbox.envelopes, strict=True)
    )


def test_a_connection_that_the_server_closed_costs_no_attempt() -> None:
    postbox = Postbox()

    async def act() -> None:
        async with mail_server(postbox) as port, smtp_sender(port) as sender:
            await sender.send(email())
            postbox.hang_up()
            await sender.send(email())

    asyncio.run(act())

    assert (len(postbox.mails), len(postbox.connections)) == (2, 2)


@pytest.mark.parametrize("answer", ["421 enough letters", "451 idle for too long", "503 greet first"])
def test_a_connection_on_which_the_server_takes_no_more_costs_no_attempt(answer: str) -> None:
    async def act() -> str:
        answers: dict[str, str] = {}
        async with scripted(answers) as port, smtp_sender(port) as sender:
            await sender.send(email())
            answers["MAIL once"] = answer
            return await sender.send(email())

    assert asyncio.run(act()) == "250 OK queued as 1"


def test_a_connection_is_not_used_again_after_a_refusal() -> None:
    postbox = Postbox()

    async def act() -> None:
        async with mail_server(postbox) as port, smtp_sender(port) as sender:
            await sender.send(email())
            postbox.at_rcpt = "550 unknown"
            with pytest.raises(PermanentFailure):
                await sender.send(email())
            postbox.at_rcpt = ""
            await sender.send(email())

    asyncio.run(act())

    assert (len(postbox.mails), len(postbox.connections)) == (2, 2)


def test_an_idle_connection_is_closed() -> None:
    postbox = Postbox()

    async def act() -> None:
        async with mail_server(postbox) as port, smtp_sender(port, idle_s=0.01) as sender:
            await sender.send(email())
            async with asyncio.timeout(5):
                await postbox.left.wait()
            await sender.send(email())

    asyncio.run(act())

    assert (len(postbox.mails), len(postbox.connections)) == (2, 2)


def test_a_connection_is_closed_after_a_hundred_letters() -> None:
    postbox = Postbox()

    async def act() -> None:
        async with mail_server(postbox) as port, smtp_sender(port) as sender:
            for _ in range(101):
                await sender.send(email(text="x"))

    asyncio.run(act())

    assert (len(postbox.mails), len(postbox.connections)) == (101, 2)


def test_a_letter_whose_task_is_cancelled_leaves_no_connection_behind() -> None:
    postbox = Postbox()

    async def act() -> None:
        async with mail_server(postbox) as port, smtp_sender(port) as sender:
            await sender.send(email())
            postbox.is_stalled = True
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(sender.send(email()), 0.1)
            postbox.is_stalled = False
            await sender.send(email())

    asyncio.run(act())

    assert (len(postbox.mails), len(postbox.connections)) == (2, 2)
