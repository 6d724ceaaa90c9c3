"""What happens around a letter, step by step: handed over, reported on, looked at again."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from callboard import aftercare
from callboard.contacts import unreachable
from callboard.database.statement import Statement
from callboard.database.tables import letters as table
from callboard.delivery.letter import Channel
from callboard.delivery.outbox import State
from callboard.messages.rules import Receipt
from callboard.receipts.receiving import receive
from callboard.receipts.rules import Heard, Report
from callboard.wiring import Inbound
from tests.messages.press import claimed, end, shown
from tests.recipients.world import World
from tests.serving import Server

MINUTE_MS = 60_000
BOTH = pytest.mark.parametrize("empty_url", ["sqlite", "postgresql"], indirect=True)
SMS = {
    "sms_gateway_url": "http://127.0.0.1:1/",
    "smtp_host": "127.0.0.1",
    "smtp_port": "1",
    "smtp_from": "no-reply@callboard.example",
    "worker": "false",
}
"""Providers that nobody asks: letters wait until the test says what became of them."""


def deliver(world: World, **fates: str) -> None:
    """Let everything that is due be tried: by `email` and `sms` it is `sent`, or fails with another answer."""
    for name, fate in fates.items():
        for each in claimed(world, Channel(name)):
            state = State.SENT if fate == "sent" else State.WAITING if fate.startswith("4") else State.FAILED
            end(world, each, state, fate)


def review(world: World) -> int:
    """Let the background look at what is due for it; at how many letters."""
    return asyncio.run(aftercare.review_letters(world.server.runtime))


def wait(world: World, minutes: float) -> None:
    world.server.runtime.clock.advance(int(minutes * MINUTE_MS))


def take_mail(server: Server, octets: bytes) -> Heard:
    """A mail comes in, by whichever way."""
    inbound = Inbound(server.runtime, replace(server.settings, bounce_maildir="", bounce_listen=""))
    return asyncio.run(inbound.desk.take_mail(octets))


def hear(world: World, letter_id: str, receipt: Receipt, answer: str = "", *, is_about_address: bool = False) -> Heard:
    report = Report((letter_id,), receipt, answer, is_about_address)
    runtime = world.server.runtime
    return Heard(world.run(lambda open_: receive(open_, runtime.own_call, report, at=runtime.clock())))


def rows(world: World, message_id: str) -> list[tuple[str, str, str, str]]:
    """Channel, recipient, cause and state of each delivery."""
    found = shown(world.account, message_id)["Deliveries"]
    return [(each["Channel"], each["Recipient"], each["Cause"], each["State"]) for each in found]


def letter_of(world: World, message_id: str, recipient: str) -> str:
    found = shown(world.account, message_id)["Deliveries"]
    return next(str(each["DeliveryId"]) for each in found if each["Recipient"] == recipient)


def letter_to(world: World, recipient: str) -> str:
    """The newest letter to somebody, of a message or not."""
    statement = Statement(
        select(table.c.letter_id).where(table.c.recipient == recipient).order_by(table.c.created_at.desc()).limit(1)
    )
    return str(world.run(lambda open_: open_.one(statement))[0])


def doubted(world: World) -> list[str]:
    """The addresses of the world's directory that are held to reach nobody."""
    found = world.run(lambda open_: unreachable.page(open_, world.directory_id, after=None, limit=100))
    return [each.target for each in found[0]]


def counted(server: Server, name: str, **labels: str) -> float:
    return server.runtime.metrics.registry.get_sample_value(name, labels) or 0.0
