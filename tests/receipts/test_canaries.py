"""Canaries: a provider that takes everything and delivers nothing is found, and told once; and so is its recovery."""

import asyncio
import json
from pathlib import Path

from sqlalchemy import select

from callboard import aftercare
from callboard.database.statement import Connection, Statement
from callboard.database.tables import canaries as table
from callboard.database.tables import letters
from callboard.receipts import canaries
from callboard.receipts.rules import Heard
from callboard.settings import Settings
from tests.e2e.gateway import Gateway
from tests.e2e.mail import MailServer
from tests.e2e.processes import until
from tests.messages.press import published
from tests.messages.test_delivery import site
from tests.owner import Owner
from tests.receipts.steps import BOTH, SMS, take_mail, wait
from tests.recipients.world import World
from tests.serving import Server
from tests.signing import send

pytest_plugins = ["tests.e2e.surroundings"]
CANARY, NUMBER, TOKEN = "canary@callboard.example", "86-13900000000", "token-of-16-signs"
IDS = Statement(select(table.c.canary_id, table.c.channel, table.c.seen_at).order_by(table.c.created_at))


def watch(world: World) -> None:
    """Let the background send what is due, and tell what has changed."""
    asyncio.run(aftercare.send_canaries(world.server.runtime))


def overdue(server: Server, channel: str = "email") -> str:
    """The metric, as Prometheus reads it."""
    text = send(server.endpoint, "GET", "/metrics").body.decode()
    name = f'callboard_canary_overdue{{channel="{channel}"}} '
    return next(line.removeprefix(name) for line in text.splitlines() if line.startswith(name))


def told(world: World) -> list[str]:
    """What the administrator was told of it, oldest first, in English."""
    found = [each.content.subject for each in Owner(world.server, "administrator").letters]
    return [each.partition(" / ")[0] for each in reversed(found) if each.startswith("Letters by")]


def sent(world: World, channel: str = "email") -> list[str]:
    return [row[0] for row in world.run(lambda open_: open_.all(IDS)) if row[1] == channel]


def canary_mail(world: World, number: int = -1) -> bytes:
    """The canary as it comes back."""
    return f"Message-ID: <{sent(world)[number]}@callboard.example>\r\nSubject: Canary\r\n\r\n.\r\n".encode()


def a_maildir(folder: Path) -> str:
    for name in ("new", "cur", "tmp"):
        (folder / "maildir" / name).mkdir(parents=True)
    return str(folder / "maildir")


def test_a_mail_server_that_takes_and_never_delivers_is_found(
    own_settings: Settings, post: MailServer, tmp_path: Path
) -> None:
    given = {**post.settings, "canary_email": CANARY, "bounce_maildir": a_maildir(tmp_path), "canary_overdue_s": "60"}
    with site(own_settings, **given) as world:
        watch(world)
        post.next(CANARY)  # The server has said 250; the mail goes nowhere.
        early = (overdue(world.server), told(world))
        wait(world, 2)
        watch(world)
        late = (overdue(world.server), told(world))
        watch(world)
        again = told(world)
        text = Owner(world.server, "administrator").letter.content.text

    assert "No canary by email was seen again within 60 seconds." in text
    assert "在 60 秒内未被收到" in text
    assert early == ("0.0", [])
    assert late == ("1.0", ["Letters by email do not arrive"])
    assert again == late[1]


@BOTH
def test_an_outage_is_told_once_and_so_is_its_end(own_settings: Settings, tmp_path: Path) -> None:
    given = {**SMS, "canary_email": CANARY, "bounce_maildir": a_maildir(tmp_path), "canary_period_s": "600"}
    with site(own_settings, **given) as world:
        watch(world)
        seen = take_mail(world.server, canary_mail(world))
        wait(world, 20)
        watch(world)
        wait(world, 20)
        watch(world)
        wait(world, 20)
        watch(world)
        outage = (overdue(world.server), told(world))
        take_mail(world.server, canary_mail(world))
        watch(world)
        over = (overdue(world.server), told(world))
        wait(world, 20)
        watch(world)
        wait(world, 20)
        watch(world)
        next_one = told(world)

    assert seen is Heard.CANARY
    assert outage == ("2.0", ["Letters by email do not arrive"])
    assert over == ("0.0", ["Letters by email do not arrive", "Letters by email arrive again"])
    assert next_one == [*over[1], "Letters by email do not arrive"]


def test_a_canary_that_comes_late_ends_the_outage(own_settings: Settings, tmp_path: Path) -> None:
    given = {**SMS, "canary_email": CANARY, "bounce_maildir": a_maildir(tmp_path)}
    with site(own_settings, **given) as world:
        watch(world)
        wait(world, 16)
        watch(world)
        wait(world, 1)
        take_mail(world.server, canary_mail(world, 0))
        watch(world)
        watch(world)

        assert told(world) == ["Letters by email do not arrive", "Letters by email arrive again"]
        assert take_mail(world.server, canary_mail(world, 0)) is Heard.NO_REPORT


@BOTH
def test_there_is_one_canary_a_period_however_many_replicas_send_it(own_settings: Settings, tmp_path: Path) -> None:
    given = {**SMS, "canary_email": CANARY, "bounce_maildir": a_maildir(tmp_path)}
    with site(own_settings, **given) as world:
        runtime = world.server.runtime

        async def all_at_once() -> list[list[str]]:
            def work(open_: Connection) -> list[str]:
                return canaries.send(open_, runtime.vault, runtime.terms, now=runtime.clock())

            return await asyncio.gather(*(runtime.database.transact(work) for _ in range(8)))

        channels = asyncio.run(all_at_once())
        wait(world, 61)
        watch(world)
        statement = Statement(select(letters.c.letter_id, letters.c.directory_id, letters.c.label))
        rows = world.run(lambda open_: open_.all(statement))

        assert sorted(channels) == [[]] * 7 + [["email"]]
        assert len(sent(world)) == 2
        assert {(each, "", "Canary") for each in sent(world)} <= set(rows)


def test_an_sms_canary_is_seen_by_its_receipt(own_settings: Settings, gateway: Gateway) -> None:
    given = {**gateway.settings, "canary_sms": NUMBER, "receipts_token": TOKEN}
    with site(own_settings, **given) as world:
        watch(world)
        sms = gateway.next("+8613900000000")
        wait(world, 16)
        before = overdue(world.server, "sms")
        body = json.dumps({"id": sms.letter_id, "status": "delivered"}).encode()
        send(world.server.endpoint, "POST", f"/receipts/generic/{TOKEN}", {}, body)

        assert (before, overdue(world.server, "sms")) == ("1.0", "0.0")


def test_what_bounces_was_not_seen(own_settings: Settings, gateway: Gateway) -> None:
    given = {**gateway.settings, "canary_sms": NUMBER, "receipts_token": TOKEN}
    with site(own_settings, **given) as world:
        watch(world)
        body = json.dumps({"id": sent(world, "sms")[0], "status": "bounced"}).encode()
        send(world.server.endpoint, "POST", f"/receipts/generic/{TOKEN}", {}, body)
        wait(world, 16)
        watch(world)

        assert told(world) == ["Letters by sms do not arrive"]


def test_no_message_is_taken_for_a_canary(own_settings: Settings, tmp_path: Path) -> None:
    given = {**SMS, "canary_email": CANARY, "bounce_maildir": a_maildir(tmp_path)}
    with site(own_settings, **given) as world:
        member = world.member()
        world.bind(world.contact("tom", email=CANARY), member)
        message_id = published(world.account, member)
        letter = world.run(lambda open_: open_.one(Statement(select(letters.c.letter_id))))[0]

        heard = take_mail(world.server, f"Message-ID: <{letter}@callboard.example>\r\n\r\n.\r\n".encode())

        assert message_id
        assert heard is Heard.NO_REPORT


def test_a_running_server_sends_canaries_and_sees_them_come_back(
    own_settings: Settings, post: MailServer, tmp_path: Path
) -> None:
    folder = Path(a_maildir(tmp_path))
    given = {**post.settings, "canary_email": CANARY, "bounce_maildir": str(folder), "background": "true"}
    with site(own_settings, **given) as world:
        (folder / "new/1").write_bytes(post.next(CANARY).octets)
        until(lambda: list((folder / "cur").iterdir()), "the canary is taken in")
        ((_, _, seen_at),) = world.run(lambda open_: open_.all(IDS))

    assert seen_at is not None


def test_old_canaries_are_cleared(own_settings: Settings, tmp_path: Path) -> None:
    given = {**SMS, "canary_email": CANARY, "bounce_maildir": a_maildir(tmp_path)}
    with site(own_settings, **given) as world:
        watch(world)
        now = world.server.runtime.clock()

        assert world.run(lambda open_: canaries.clear(open_, before=now - 60_000)) == 0
        assert world.run(lambda open_: canaries.clear(open_, before=now + 60_000)) == 1
        assert sent(world) == []
