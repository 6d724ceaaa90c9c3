"""Messages gathered into one mail: when, which, in what order; and what does not go any more."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec

from callboard import background
from callboard.contacts import refusals, unreachable
from callboard.contacts.unreachable import Unreachable
from callboard.messages import digest_letters, digests
from callboard.messages.digests import Waiting
from callboard.messages.rules import Severity
from callboard.messages.shapes import Body, Text
from callboard.messages.storage import Message
from callboard.preferences import storage as preferences
from callboard.preferences.rules import Preferences
from callboard.settings import Settings
from callboard.tree import directories
from tests.e2e.mail import MailServer
from tests.e2e.processes import until
from tests.messages.press import CONTENT, letters, published, shown
from tests.messages.test_delivery import site
from tests.recipients.world import World

pytest_plugins = ["tests.e2e.surroundings"]
TOM, ANN = "tom@example.com", "ann@example.com"
PRODUCT, ACTIVITY = "ProductMessage", "ActivityMessage"
TYPES = (PRODUCT, ACTIVITY, "FaultMessage")
DAY_MS = 86_400_000


def reader(world: World, name: str, email: str, *targets: str, **wishes: Any) -> str:
    """A contact whose product and activity messages wait for the digest; its id."""
    contact_id = world.contact(name, email=email, types=TYPES)
    world.bind(contact_id, *targets)
    usual = Preferences(digest_minute=480, digest_types=(PRODUCT, ACTIVITY))
    wished = msgspec.structs.replace(usual, **wishes)
    world.run(lambda open_: preferences.put(open_, world.directory_id, contact_id, wished, at=world.now))
    return contact_id


def gather(world: World, *, days: int = 1) -> int:
    """What the background does a day later; for how many deliveries."""
    runtime = world.server.runtime

    def work(open_: Any) -> int:
        directory = directories.find(open_, world.directory_id)
        call = runtime.own_call(open_, directory)
        return digests.gather(msgspec.structs.replace(call, now=call.now + days * DAY_MS))

    return int(world.run(work))


def delivery(world: World, message_id: str, address: str = TOM) -> dict[str, Any]:
    return next(each for each in shown(world.account, message_id)["Deliveries"] if each["Recipient"] == address)


def publish(world: World, member: str, **changes: str) -> str:
    return published(world.account, member, **{"MessageType": PRODUCT, "Severity": "Info", **changes})


def test_what_waits_goes_as_one_mail_in_its_order_with_all_that_matters(world: World) -> None:
    member, other = world.member(name="production"), world.member()
    reader(world, "tom", TOM, member, other, time_zone="Asia/Shanghai", language="en")
    first = publish(world, member, Subject="A <b>first</b>", Content="x" * 600, Link="https://example.com/1")
    second = publish(world, other, Subject="A second", MessageType=ACTIVITY, Severity="Warning")
    at_once = [publish(world, member, **each) for each in ({"MessageType": "FaultMessage"}, {"Severity": "Critical"})]

    waiting = delivery(world, first)
    early, number, nothing_left = gather(world, days=0), gather(world), gather(world)
    (mail,) = [each for each in letters(world, TOM) if "2 messages" in each.content.subject]

    assert (early, number, nothing_left) == (0, 2, 0)
    assert (waiting["State"], waiting["DueDate"][11:]) == ("Queued", "00:00:00.000Z")
    for each in (first, second, *at_once):
        assert delivery(world, each)["State"] == "Kept"
    text, html = mail.content.text, mail.content.html
    assert text.index("A <b>first</b>") < text.index("A second") < text.index(CONTENT)
    for part in (
        f"About account production ({member})",
        f"About account {other}",
        "Product messages",
        "Warning",
        "For information",
        "(Asia/Shanghai)"[1:-1],
        "https://example.com/1",
        "x" * 499 + "…",
        "the contact tom",
    ):
        assert part in text  # fmt: skip
        assert part in html or part.startswith("About")
    assert "x" * 500 not in text
    assert "&lt;b&gt;first" in html
    assert "<b>" not in html


def test_whoever_shares_an_address_gets_one_mail_a_language_and_each_message_stands_in_it_once(world: World) -> None:
    member = world.member()
    reader(world, "tom", TOM, member, language="en")
    reader(world, "tim", TOM.title(), member, language="en")
    reader(world, "eve", TOM, member, language="zh")
    reader(world, "ann", ANN, member)
    message_id = publish(world, member)

    assert gather(world) == 4

    english, chinese = sorted(letters(world, TOM), key=lambda each: "汇总" in each.content.text)
    assert english.content.text.count(CONTENT) == chinese.content.text.count(CONTENT) == 1
    assert "the contact tom, tim wishes" in english.content.text
    assert "消息联系人 eve" in chinese.content.text
    assert "1 message / 1 条消息" in letters(world, ANN)[0].content.subject
    assert {each["State"] for each in shown(world.account, message_id)["Deliveries"]} == {"Kept"}


def test_what_is_refused_unreachable_or_unwanted_by_then_is_suppressed_for_that_reason(world: World) -> None:
    member, why = world.member(), {TOM: "Refused", ANN: "Unreachable", "eve@example.com": "Unsubscribed"}
    for number, address in enumerate([*why, "tim@example.com"]):
        reader(world, "abcd"[number] * 3, address, member)
    message_id = publish(world, member)
    directory_id = world.directory_id

    def close(open_: Any) -> None:
        refusals.add(open_, directory_id, TOM, "c-1", at=world.now)
        unreachable.add(open_, Unreachable(directory_id, ANN, "550 gone", "", world.now))
        preferences.unsubscribe(open_, directory_id, "eve@example.com", PRODUCT, at=world.now)

    world.run(close)
    assert gather(world) == 4

    for address, reason in why.items():
        assert delivery(world, message_id, address)["SuppressionReason"] == reason
        assert letters(world, address) == []
    assert delivery(world, message_id, "tim@example.com")["State"] == "Kept"


def test_a_suppressed_delivery_waits_for_nothing(world: World) -> None:
    member = world.member()
    reader(world, "tom", TOM, member)
    world.run(lambda open_: refusals.add(open_, world.directory_id, TOM, "c-1", at=world.now))

    publish(world, member)

    assert gather(world) == 0


def waiting(address: str, number: int) -> Waiting:
    return Waiting(f"m-{number}", f"d{number}", "c-1", "tom", address, "en", PRODUCT)


def test_more_than_a_mail_holds_goes_with_the_next_one() -> None:
    to_ann, to_tom = ([waiting(each, number) for number in range(digests.MOST + 1)] for each in (ANN, TOM))

    assert list(digests.mails([*to_ann, *to_tom])) == [to_ann[:-1], to_ann[-1:], to_tom[:-1], to_tom[-1:]]


def test_a_batch_cuts_no_mail_in_two_unless_there_is_no_other() -> None:
    both = [waiting(ANN, 1), waiting(TOM, 2), waiting(TOM.title(), 3)]

    assert digests.whole_mails(both, may_be_cut=True) == both[:1]
    assert digests.whole_mails(both, may_be_cut=False) == both
    assert digests.whole_mails(both[1:], may_be_cut=True) == both[1:]
    assert digests.whole_mails([], may_be_cut=False) == []


def test_several_processes_gather_each_delivery_once(world: World) -> None:
    member = world.member()
    for name, address in (("tom", TOM), ("ann", ANN)):
        reader(world, name, address, member)
    for _ in range(3):
        publish(world, member)

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: gather(world), range(4)))

    assert sorted(numbers) == [0, 0, 0, 6]
    assert [len(letters(world, each)) for each in (TOM, ANN)] == [1, 1]


def test_the_digest_of_another_directory_is_left_alone(world: World) -> None:
    other = type(world)(world.server.account())
    members = [each.member() for each in (world, other)]
    for each, member in zip((world, other), members, strict=True):
        reader(each, "tom", TOM, member)
    mine, theirs = publish(world, members[0]), publish(other, members[1])

    gather(world)

    assert delivery(world, mine)["State"] == "Kept"
    assert delivery(other, theirs)["State"] == "Queued"


def test_the_background_sends_it_by_the_mail_server(own_settings: Settings, post: MailServer) -> None:
    with site(own_settings, **post.settings) as world:
        member = world.member()
        reader(world, "tom", TOM, member, language="en")
        ids = [publish(world, member, Subject=each) for each in ("One", "Two")]
        runtime = world.server.runtime
        runtime.clock.advance(DAY_MS)

        asyncio.run(background.in_directories(runtime, digests.next_due, digests.gather)())
        until(lambda: delivery(world, ids[0])["State"] == "Sent", "it is sent")
        found = [delivery(world, each) for each in ids]
        none_left = world.run(lambda open_: digests.next_due(open_, now=runtime.clock()))

    (mail,) = post.to(TOM)
    assert none_left is None
    assert "2 messages" in mail.message["Subject"]
    assert [each["State"] for each in found] == ["Sent", "Sent"]
    assert [each["Attempts"][0]["Outcome"] for each in found] == ["sent", "sent"]


def test_what_a_message_says_in_two_languages_stands_in_both() -> None:
    message = Message("m-1", "1997", PRODUCT, Severity.INFO, "Hello", is_fallback=False, created_at=1, deadline_at=2)
    body = Body("World", account_name="production", translations={"zh": Text("你好", "世界")})

    both, chinese = (
        digest_letters.entry(message, body, moment="now", language=each) for each in ("both", "zh")
    )  # fmt: skip

    assert (both.subject, both.content) == ("Hello / 你好", "World\n\n世界")
    assert (chinese.subject, chinese.content) == ("你好", "世界")
    assert both.head.startswith("For information · Product messages · About account production (1997) · 通知")
