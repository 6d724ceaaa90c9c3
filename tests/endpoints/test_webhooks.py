"""Messages to webhooks over the wire: signed as the specification says, tried again, proven before they count."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from callboard.database.statement import Connection, Statement
from callboard.database.tables import attempts, metadata
from callboard.settings import Settings
from tests.e2e.processes import until
from tests.endpoints.ears import confirm, created, heard, other, shown
from tests.endpoints.listener import TAKEN, Listener
from tests.messages.press import CONTENT, FAULT, SUBJECT, call, published
from tests.messages.press import shown as message_of
from tests.messages.test_delivery import site
from tests.recipients.world import World
from tests.serving import LOG

PRIVATE = {"webhook_private_addresses": "true", "outbox_backoff_s": "1"}
PAGE = Path(__file__).parents[2] / "docs/how-to/endpoints.md"
EVENT = "message.published"
on_one_database = pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
ANSWERS = Statement(select(attempts.c.answer))


def delivery(world: World, message_id: str, endpoint_id: str) -> dict[str, Any]:
    found = message_of(world.account, message_id)["Deliveries"]
    (mine,) = [each for each in found if each["Recipient"] == endpoint_id]
    return dict(mine)


def is_genuine() -> Callable[[dict[str, str], bytes, str], bool]:
    """The example that the how-to page has for receivers."""
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, Any] = {}
    exec(example, found)
    return found["is_genuine"]  # type: ignore[no-any-return]


def stored(world: World) -> str:
    """Every value that the database holds."""

    def work(open_: Connection) -> str:
        rows = [row for table in metadata.sorted_tables for row in open_.all(Statement(select(table)))]
        return "\n".join(
            bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
            for row in rows
            for value in row
        )

    return str(world.run(work))


def has_ended(world: World, message_id: str, endpoint_id: str) -> bool:
    return bool(delivery(world, message_id, endpoint_id)["State"] != "Queued")


def test_a_proven_webhook_gets_each_message_signed(own_settings: Settings, listener: Listener) -> None:
    with site(own_settings, **PRIVATE, organisation="Example Ltd") as world:
        member = world.member(world.folder("Finance"), name="production")
        endpoint_id, key = created(world.account, member, Url=listener.url())
        first = listener.next("endpoint.verification")
        before = published(world.account, member)
        code = first.tree["data"]["Code"]
        wrong = confirm(world.account, endpoint_id, other(code)).json
        right = confirm(world.account, endpoint_id, code).json
        message_id = published(world.account, member, Severity="Critical", Link="https://example.com/17", Sender="M")
        post = listener.next(EVENT)
        until(lambda: has_ended(world, message_id, endpoint_id), "it is sent")
        found = delivery(world, message_id, endpoint_id)
        untold = message_of(world.account, before)
        everything = stored(world)

    assert (wrong["Confirmed"], wrong["TriesLeft"], right["Confirmed"]) == (False, 4, True)
    assert [each["Channel"] for each in untold["Deliveries"]] == ["email"]  # The fallback's alone.
    assert post.path == "/hooks/s3cret-of-the-path"
    for each in (first, post):
        assert each.signatures == [each.signature_by(key)]
        assert abs(int(each.headers["webhook-timestamp"]) - time.time()) < 300
        assert each.headers["content-type"] == "application/json"
        assert is_genuine()(each.headers, each.body, key)
        assert not is_genuine()(each.headers, each.body + b" ", key)
        assert not is_genuine()({**each.headers, "webhook-timestamp": "1700000000"}, each.body, key)
    assert post.headers["webhook-id"] == found["DeliveryId"]
    assert first.tree["data"]["Organisation"] == "Example Ltd"
    assert (post.tree["type"], post.tree["timestamp"]) == (EVENT, post.tree["data"]["CreateDate"])
    assert post.tree["data"] == {
        "MessageId": message_id,
        "DeliveryId": found["DeliveryId"],
        "EndpointId": endpoint_id,
        "Kind": "Message",
        "AccountId": member,
        "AccountName": "production",
        "MessageType": FAULT,
        "Severity": "Critical",
        "Subject": SUBJECT,
        "Content": CONTENT,
        "ContentType": "Text",
        "Link": "https://example.com/17",
        "Sender": "M",
        "Organisation": "Example Ltd",
        "CreateDate": post.tree["timestamp"],
        "Cause": "Routed",
    }
    assert (found["State"], found["Channel"], found["Attempts"][0]["Provider"]) == ("Sent", "webhook", "webhook")
    assert found["Attempts"][0]["Answer"] == "200 taken"
    assert len(listener.of(EVENT)) == 1
    assert endpoint_id in everything  # So it is all that was looked through.
    for secret in (key, key.removeprefix("whsec_"), "s3cret-of-the-path", code):
        assert not re.search(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])", everything + LOG.getvalue())


@on_one_database
def test_what_a_webhook_does_not_take_comes_again_under_the_same_id(own_settings: Settings, listener: Listener) -> None:
    answers = {0: TAKEN, 1: (503, {"retry-after": "1"}, b"s3cret-of-the-path: later"), 2: (404, {}, b"")}
    listener.answer = lambda _, number: answers.get(number, TAKEN)
    with site(own_settings, **PRIVATE) as world:
        tom = world.contact("tom", email="tom@example.com")
        member = world.member()
        world.bind(tom, member)
        endpoint_id, key = heard(world, listener, tom)
        message_id = published(world.account, member)
        posts = [listener.next(EVENT, position=number) for number in (1, 2, 3)]
        until(lambda: has_ended(world, message_id, endpoint_id), "it is sent")
        found = delivery(world, message_id, endpoint_id)

    assert len({each.headers["webhook-id"] for each in posts}) == 1
    assert len({each.body for each in posts}) == 1
    assert posts[0].headers["webhook-timestamp"] < posts[1].headers["webhook-timestamp"]
    assert all(each.signatures == [each.signature_by(key)] for each in posts)
    assert [each["Outcome"] for each in found["Attempts"]] == ["temporary", "temporary", "sent"]
    assert found["Attempts"][0]["Answer"] == "503 ***: later"
    assert (found["ContactId"], found["Name"]) == (tom, "tom")
    assert posts[0].tree["data"]["ContactId"] == tom
    assert "s3cret" not in LOG.getvalue()


@on_one_database
def test_a_webhook_that_is_gone_or_redirects_is_not_followed(own_settings: Settings, listener: Listener) -> None:
    with site(own_settings, **PRIVATE, outbox_attempts="1") as world:
        member = world.member()
        gone, _ = heard(world, listener, member, Url=listener.url("/gone"))
        moved, _ = heard(world, listener, member, Url=listener.url("/moved"))
        answers = {"/gone": (410, {}, b"no more"), "/moved": (307, {"location": listener.url("/elsewhere")}, b"")}
        listener.answer = lambda post, _: answers.get(post.path, TAKEN)
        message_id = published(world.account, member)
        for each in (gone, moved):
            until(lambda each=each: has_ended(world, message_id, each), "it is given up")
        tried = {each: delivery(world, message_id, each)["Attempts"] for each in (gone, moved)}

    assert [(each["Outcome"], each["Answer"]) for each in tried[gone]] == [("permanent", "410 no more")]
    assert [(each["Outcome"], each["Answer"]) for each in tried[moved]] == [("temporary", "307")]
    assert "/elsewhere" not in {each.path for each in listener.posts}


def test_a_new_address_counts_once_it_is_proven_and_a_new_key_signs_beside_the_old_one(
    own_settings: Settings, listener: Listener
) -> None:
    with site(own_settings, **PRIVATE) as world:
        member = world.member()
        endpoint_id, old_key = heard(world, listener, member, Url=listener.url("/old"))
        changed = call(world.account, "UpdateEndpoint", EndpointId=endpoint_id, Url=listener.url("/new"))
        proof = listener.next("endpoint.verification", position=2)
        published(world.account, member)
        before = listener.next(EVENT)
        confirm(world.account, endpoint_id, proof.tree["data"]["Code"])
        rotated = call(world.account, "RotateEndpointKey", EndpointId=endpoint_id).json
        published(world.account, member)
        after = listener.next(EVENT, position=2)
        found = shown(world.account, endpoint_id)

    assert changed.json["Endpoint"]["Status"] == "Confirmed"
    assert changed.json["Endpoint"]["PendingUrl"] == f"http://127.0.0.1:{listener.port}/***"
    assert "PendingUrl" not in found
    assert [each.path for each in (proof, before, after)] == ["/new", "/old", "/new"]
    assert before.signatures == [before.signature_by(old_key)]
    assert after.signatures == [after.signature_by(rotated["SigningKey"]), after.signature_by(old_key)]
    assert rotated["SigningKey"] != old_key


@on_one_database
def test_a_message_on_its_way_to_an_endpoint_that_is_deleted_fails(own_settings: Settings, listener: Listener) -> None:
    with site(own_settings, **PRIVATE) as world:
        member = world.member()
        endpoint_id, _ = heard(world, listener, member)
        listener.answer = lambda *_: (500, {}, b"")
        message_id = published(world.account, member)
        listener.next(EVENT)
        deleted = call(world.account, "DeleteEndpoint", EndpointId=endpoint_id)
        until(lambda: has_ended(world, message_id, endpoint_id), "it is given up")
        found = delivery(world, message_id, endpoint_id)

    assert deleted.status == 200
    assert (found["State"], found["Attempts"][-1]["Answer"]) == ("Failed", "What it carried is gone.")


@on_one_database
def test_a_name_of_the_own_network_is_refused_when_it_is_resolved(own_settings: Settings) -> None:
    with site(own_settings) as world:
        created(world.account, world.member(), Url="https://localhost:1/hook")

        def answers() -> list[str]:
            return [row[0] for row in world.run(lambda open_: open_.all(ANSWERS))]

        until(lambda: bool(answers()), "it is tried")
        found = answers()

    assert found == ["Nothing is sent there: it leads to an address that is not public."]
